"""`bihuan examples`: an example that does not come out is named by the file and line it stands in."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MECHANISM = """
mechanism: works
title: 工程
basis: 《办法》
register:
  title: 工程
  key: code
  office: county
  fields:
    code: {title: 编码, kind: text, required: 是}
    county: {title: 县区, kind: office, required: 是}
    estimate: {title: 概算, kind: money, unit: 万元}
indicators:
  double: {title: 双倍, formula: 概算 * 2, needs: nothing, unit: 万元, basis: 第一条}
"""
EXAMPLES = """
- example: 双倍
  mechanism: works
  day: 2025-07-08
  given: {W-1: {概算: 5}}
  expect: {W-1: {双倍: ~}}
"""


def test_an_example_that_fails_is_named_by_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    head = "pack: small\ntitle: 小\nversion: '1'\nowner: 市\nbasis: 办法\nin_force: 2024-01\nroles:\n  officer: {title: 经办}\n"
    (folder / "pack.yaml").write_text(head, "utf-8")
    (folder / "works.yaml").write_text(MECHANISM, "utf-8")
    (folder / "examples.yaml").write_text(EXAMPLES, "utf-8")
    environ = {**os.environ, "BIHUAN_LANGUAGE": "zh", "BIHUAN_HOME": str(tmp_path)}
    words = [sys.executable, "-m", "bihuan.command", "examples", str(folder)]
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr
    assert "✗ small/examples.yaml:2  双倍" in done.stdout
    assert "双倍 应为 （无数据），实为 10" in done.stdout
