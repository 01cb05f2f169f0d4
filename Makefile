# Bihuan 闭环. `make` alone lists what there is.

PYTHON  ?= $(shell command -v python3.11 2>/dev/null || command -v python3 2>/dev/null || echo python3.11)
BIN     := .venv/bin
PIP     := $(BIN)/pip --disable-pip-version-check install --quiet
# The PostgreSQL the second half of the tests runs on; it makes and removes a database of its own there.
POSTGRES ?= postgres://$(shell id -un)@127.0.0.1:5432/postgres

# Which of the slow tests: all of them. SLOW=browser runs those in a real browser alone; their city takes a minute to build.
SLOW ?= slow

.DEFAULT_GOAL := help
.PHONY: help demo test test-sqlite test-postgres test-slow lint bench bench-quick docs screenshots lighthouse lock clean assets cluster

help:  ## 列出所有命令 / list the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-15s %s\n", $$1, $$2}'

demo: .venv/.installed assets  ## 建演示城市并打开网站 / build the demo city and open its site
	$(BIN)/bihuan demo

test: lint test-sqlite test-postgres  ## 全部检查和测试 / every check and test

test-sqlite: .venv/.installed-dev assets  ## 测试（内嵌 SQLite）/ the tests, on the embedded SQLite
	$(BIN)/pytest -n auto --dist worksteal -m "not slow and not postgres_only"

test-postgres: .venv/.installed-dev assets  ## 标了 postgres 的测试在 PostgreSQL 上再跑一遍 / the tests marked postgres, on PostgreSQL
	@if $(BIN)/python -m tests.reachable "$(POSTGRES)"; then \
	  BIHUAN_TEST_DATABASE="$(POSTGRES)" $(BIN)/pytest -n auto --dist worksteal -m "postgres or postgres_only"; \
	elif [ "$(CI)" = true ]; then echo "no PostgreSQL answers at $(POSTGRES), and CI=true allows no skipping" >&2; exit 1; \
	else echo "skipped: no PostgreSQL answers at $(POSTGRES)"; fi

test-slow: .venv/.installed-dev assets  ## 费时的测试 / the tests that take minutes
	$(BIN)/pytest -n auto --dist worksteal -m "$(SLOW)"

lint: .venv/.installed-dev  ## 代码检查：ruff、mypy --strict、分层 / ruff, mypy --strict and the layers
	$(BIN)/ruff check bihuan tests $(wildcard bench tools)
	BIHUAN_HOME=build/lint $(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.installed-peers  ## 运行性能测量，写进文档 / run the benchmarks and write them into the documentation
	$(BIN)/python -m bench

bench-quick: .venv/.installed-peers  ## 一分钟内的小规模测量，不写文档 / the same in small, in about a minute; writes nothing
	$(BIN)/python -m bench --quick

docs: .venv/.installed  ## 按代码重写文档里生成的部分 / print the generated parts of the documentation again
	$(BIN)/bihuan docs

screenshots: .venv/.installed-dev assets  ## 给演示城市拍照，放进文档 / photograph the demo city for the READMEs
	$(BIN)/python -m tools.screenshots

lighthouse: .venv/.installed-dev assets  ## 用 Lighthouse 给三个页面打分 / what Lighthouse says of three pages
	$(BIN)/python -m tools.lighthouse

lock: .venv/.installed  ## 依清单重新锁定依赖 / pin the dependencies again, with hashes and without any host
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip --disable-pip-version-check install --quiet uv
	for list in requirements requirements-dev requirements-node; do \
	  build/lock/bin/uv pip compile --quiet --upgrade --python-version 3.11 --universal --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate $$list.in --output-file $$list.lock || exit 1; done
	build/lock/bin/uv pip compile --quiet --upgrade --constraint requirements-dev.lock --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements-cluster.in --output-file requirements-cluster.lock
	build/lock/bin/uv pip compile --quiet --upgrade --no-deps --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements-map.in --output-file requirements-map.lock
	@if command -v npm >/dev/null; then npm install --package-lock-only; else echo "no npm here: package-lock.json left as it is"; fi

cluster: .venv/.installed  ## 装上在集群上计算用的软件包（含 Sail）/ put in what computing on a cluster needs, Sail included
	$(PIP) --no-build-isolation --require-hashes -r requirements-cluster.lock

clean:  ## 删去生成的东西（不动 data/）/ remove what was built; data/ stays
	rm -rf .venv build node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info
	find bihuan tests -name __pycache__ -prune -exec rm -rf {} +
	find bihuan -name '*.mo' -delete

assets: .venv/.installed
	@$(BIN)/python -m bihuan.assets

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "需要 Python 3.11，而 $(PYTHON) 不是。请装好后执行 make PYTHON=/path/to/python3.11" >&2; \
	  echo "Bihuan needs Python 3.11, and $(PYTHON) is not. Install it, then: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(PIP) --no-build-isolation --require-hashes -r requirements-dev.lock
	@touch $@

# The engines that ours is measured beside. The product uses none of them; their versions are pinned in the list.
.venv/.installed-peers: .venv/.installed-dev bench/requirements-peers.txt
	$(PIP) -r bench/requirements-peers.txt
	@touch $@
