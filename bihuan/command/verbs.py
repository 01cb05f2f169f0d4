"""The table of verbs: what `bihuan` can do, in two languages, and where the function is that does it.

A verb names its function as text, `module:function`. Nothing is imported until that verb is asked for, so `bihuan --help`
answers at once and without Django; and a verb whose module is not installed is not offered.
docs/commands.md is written from this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from bihuan.command.language import say


@dataclass(frozen=True)
class Argument:
    """One argument or option: how it is written, what it means, and argparse's own keywords for it."""

    names: tuple[str, ...]
    zh: str
    en: str
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verb:
    """One thing `bihuan` does. `needs_site`: Django is set up and the database looked at before the function is imported."""

    name: str
    zh: str
    en: str
    run: str
    arguments: tuple[Argument, ...] = ()
    needs_site: bool = True

    @property
    def module(self) -> str:
        """The module the function is in."""
        return self.run.partition(":")[0]

    def help(self) -> str:
        """What it does, in the reader's language."""
        return say(self.zh, self.en)


FORMAT = Argument(
    ("--format",), "输出给人看（text）还是给程序看（json）", "print for people (text) or for programs (json)",
    {"choices": ("text", "json"), "default": "text"},
)  # fmt: skip
BIND = Argument(
    ("--bind",), "监听的地址和端口，默认 127.0.0.1:8000", "the address and port to listen on, 127.0.0.1:8000 by default",
    {"default": "127.0.0.1:8000", "metavar": "HOST:PORT"},
)  # fmt: skip
PACKS = Argument(
    ("packs",), "应用包目录；不写则是随系统安装的全部", "pack folders; all that are installed where none is named",
    {"nargs": "*", "metavar": "PACK"},
)  # fmt: skip
ONE_PACK = Argument(("pack",), "应用包目录", "the folder of a pack", {"metavar": "PACK"})

VERBS: tuple[Verb, ...] = (
    Verb(
        "demo", "建一座虚构的演示城市并打开网站", "build the invented demo city and open its site", "bihuan.command.demo:demo",
        (
            BIND,
            Argument(("--build-only",), "只建城市，不开网站", "build the city and stop before serving it", {"action": "store_true"}),
            Argument(("--fresh",), "先清掉上一次的演示城市", "throw the last demo city away first", {"action": "store_true"}),
        ),
        needs_site=False,
    ),
    Verb(
        "serve", "运行网站和后台跟随进程", "run the site and its follower", "bihuan.command.serving:serve",
        (
            BIND,
            Argument(("--workers",), "网站进程数，默认 1（每个 8 线程）", "web processes, 1 by default (8 threads each)",
                     {"type": int, "default": 1, "metavar": "N"}),
            Argument(("--no-follow",), "不带跟随进程（另行运行 bihuan follow 时用）", "without the follower (where `bihuan follow` runs elsewhere)",
                     {"action": "store_true"}),
        ),
    ),
    Verb("migrate", "建立或更新数据库的表", "make or update the tables of the database", "bihuan.command.serving:migrate"),
    Verb(
        "follow", "跟随台账，持续计算灯和时限", "follow the ledger and keep lights and clocks up to date", "bihuan.command.following:follow",
        (Argument(("--once",), "追上当前位置就结束", "stop when caught up", {"action": "store_true"}),),
    ),
    Verb(
        "tick", "把“今天”推进到某一天，处理到期事项", "move time on to a day and do what falls due", "bihuan.command.following:tick",
        (Argument(("--at",), "哪一天，默认今天", "which day, today by default", {"metavar": "YYYY-MM-DD"}), FORMAT),
    ),
    Verb("lint", "检查应用包写得对不对", "check that packs are well written", "bihuan.command.lint:lint_packs", (PACKS, FORMAT), needs_site=False),
    Verb("schema", "打印应用包的 JSON Schema（供编辑器补全）", "print the JSON Schema of packs (for editors)", "bihuan.command.schema:schema", needs_site=False),
    Verb("examples", "运行应用包里的算例", "run the worked examples of packs", "bihuan.command.packs:examples", (PACKS, FORMAT)),
    Verb(
        "plan", "预览改动后的应用包会改变什么", "show what a changed pack would move", "bihuan.command.adopting:plan",
        (ONE_PACK, Argument(("--from",), "从哪一天起生效", "the day it would count from", {"dest": "since", "metavar": "YYYY-MM-DD"}), FORMAT),
    ),
    Verb(
        "adopt", "让应用包从某一天起生效", "make a pack count from a day", "bihuan.command.adopting:adopt",
        (
            ONE_PACK,
            Argument(("--from",), "从哪一天起生效", "the day it counts from", {"dest": "since", "metavar": "YYYY-MM-DD"}),
            Argument(("--by",), "由谁决定（用户名）", "who decides it (a username)", {"metavar": "MEMBER", "required": True}),
        ),
    ),
    Verb(
        "verify", "校验台账链是否完整", "verify the chain of the ledger", "bihuan.command.ledger:verify",
        (
            Argument(("--checkpoint",), "与存放在别处的检查点比对", "compare with a checkpoint kept elsewhere", {"metavar": "FILE"}),
            Argument(("--write-checkpoint",), "完整则写一份新的检查点", "write a new checkpoint when all is sound", {"metavar": "FILE"}),
            FORMAT,
        ),
    ),
    Verb(
        "replay", "从台账重放全部表并逐字段比对", "replay the ledger and compare every table", "bihuan.command.ledger:replay",
        (Argument(("--rebuild",), "按台账重建全部表", "put what the ledger says in place of the tables", {"action": "store_true"}), FORMAT),
    ),
    Verb(
        "import", "导入一张表", "read a sheet in", "bihuan.command.sheets:import_sheet",
        (
            Argument(("exchange",), "交换表，写作 包.机制.表", "the exchange, written pack.mechanism.exchange", {"metavar": "EXCHANGE"}),
            Argument(("sheet",), "文件（.xlsx 或 .csv）", "the file (.xlsx or .csv)", {"metavar": "FILE"}),
            Argument(("--by",), "以谁的身份（用户名）", "as whom (a username)", {"metavar": "MEMBER", "required": True}),
            FORMAT,
        ),
    ),
    Verb(
        "export", "导出一张表", "write a sheet out", "bihuan.command.sheets:export_sheet",
        (
            Argument(("exchange",), "交换表，写作 包.机制.表", "the exchange, written pack.mechanism.exchange", {"metavar": "EXCHANGE"}),
            Argument(("sheet",), "写到哪个文件", "the file to write", {"metavar": "FILE"}),
            Argument(("--by",), "以谁的身份（用户名）", "as whom (a username)", {"metavar": "MEMBER", "required": True}),
        ),
    ),
    Verb("published", "核对公开发布过的真实数字", "check against figures really published", "bihuan.command.published:published", (FORMAT,), needs_site=False),
    Verb(
        "docs", "按代码重写文档里生成的部分", "write the generated parts of the documentation again", "bihuan.command.docs:docs",
        (Argument(("--check",), "只检查，不改动", "only say what is out of date", {"action": "store_true"}),), needs_site=False,
    ),
)  # fmt: skip


def available(exists: Callable[[str], object] = find_spec) -> dict[str, Verb]:
    """The verbs whose modules are there, by name, in the order of the table."""
    return {verb.name: verb for verb in VERBS if exists(verb.module)}
