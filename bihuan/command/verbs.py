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
from bihuan.environment import ENGINES


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
LINES = Argument(
    ("--format",), "输出给人看（text）还是每行一个 JSON（jsonl）", "print for people (text) or one JSON object a line (jsonl)",
    {"choices": ("text", "jsonl"), "default": "text"},
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

ONE_SHEET = (
    Argument(("--register",), "台账，写作 包.机制", "the register, written pack.mechanism", {"required": True, "metavar": "REGISTER"}),
    Argument(("--sheet",), "表（交换）的名称；不写则列由表头决定", "the sheet's key; without it the titles decide",
             {"default": "", "dest": "exchange", "metavar": "SHEET"}),
    Argument(("--as",), "以谁的身份（用户名）", "as whom (a username)", {"required": True, "dest": "member", "metavar": "MEMBER"}),
)
ADMINISTRATOR = Argument(
    ("--as",), "以哪位管理员的身份；一位都没有时可不写", "as which administrator; not needed while there is none",
    {"default": "", "dest": "administrator", "metavar": "MEMBER"},
)  # fmt: skip

VERBS: tuple[Verb, ...] = (
    Verb(
        "demo", "建一座虚构的演示城市并打开网站", "build the invented demo city and open its site", "bihuan.command.demo:demo",
        (
            BIND,
            Argument(("--port",), "网站端口，默认 8000", "the site's port, 8000 by default", {"type": int, "default": 0}),
            Argument(("--build-only",), "只建城市，不开网站", "build the city and stop before serving it", {"action": "store_true"}),
            Argument(("--projects",), "另加这么多个虚构项目，用来试规模", "add so many invented projects, for trying it at size", {"type": int, "default": 0, "metavar": "N"}),
            Argument(("--fresh",), "先清掉上一次的演示城市", "throw the last demo city away first", {"action": "store_true"}),
        ),
        needs_site=False,
    ),
    Verb(
        "serve", "运行网站和后台跟随进程", "run the site and its follower", "bihuan.command.serving:serve",
        (
            BIND,
            Argument(("--workers",), "网站进程数，默认 1；PostgreSQL 上合计最多 80 个连接", "web processes, 1 by default; on PostgreSQL they hold at most 80 connections together",
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
        (
            Argument(("--at",), "哪一天，默认今天", "which day, today by default", {"metavar": "YYYY-MM-DD"}),
            Argument(("--confirm",), "隔了很久，经人确认后继续", "go on after a long gap, as a person has confirmed", {"action": "store_true"}),
            FORMAT,
        ),
    ),
    Verb("lint", "检查应用包写得对不对", "check that packs are well written", "bihuan.command.lint:lint_packs", (PACKS, FORMAT), needs_site=False),
    Verb("schema", "打印应用包的 JSON Schema（供编辑器补全）", "print the JSON Schema of packs (for editors)", "bihuan.command.schema:schema", needs_site=False),
    Verb("examples", "运行应用包里的算例", "run the worked examples of packs", "bihuan.command.examples:examples", (PACKS, FORMAT), needs_site=False),
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
        "match", "逐户逐条比对会付款的政策，算出该付给谁多少", "hold every row against every policy that pays", "bihuan.command.matching:match",
        (
            Argument(("--register",), "台账，写作 包.机制；只有一本有政策时可不写", "the register; not needed where only one has policies", {"default": "", "metavar": "REGISTER"}),
            Argument(("--at",), "算哪一天的，默认今天", "for which day, today by default", {"metavar": "YYYY-MM-DD"}),
            Argument(("--rules-of",), "用哪一天现行的规则，默认当日", "by the rules in force on which day, the same by default", {"metavar": "YYYY-MM-DD"}),
            Argument(("--with",), "用这个目录里的应用包代替现行的一版", "with the pack in this folder in place of the one in force", {"dest": "pack", "metavar": "PACK"}),
            Argument(("--rehearse",), "与现行规则比：谁多谁少、多花多少", "compare with the rules in force: who gains, who loses, what it costs", {"action": "store_true"}),
            Argument(("--row",), "只看一行：每条政策的每个条件", "one row: every condition of every policy", {"default": "", "metavar": "KEY"}),
            Argument(("--near",), "某项政策只差一条的各户", "the rows that miss one condition of a policy", {"default": "", "metavar": "POLICY"}),
            Argument(("--engine",), "用哪个引擎：local（本进程）或 cluster（集群），默认由 BIHUAN_ENGINE 定；结果一样",
                     "which engine: local (in process) or cluster, by default what BIHUAN_ENGINE says; results are the same", {"choices": ENGINES}),
            Argument(("--draft",), "以谁的身份拟成兑付表", "draft the list of payments as this member", {"default": "", "metavar": "MEMBER"}),
            FORMAT,
        ),
    ),
    Verb(
        "duplicates", "列出一本台账里疑似重复的行和理由，待人认定", "list the rows of a register that are probably one thing, with reasons", "bihuan.command.duplicates:duplicates",
        (
            Argument(
                ("register",), "台账，写作 包.机制；不写则逐本列出", "the register, written pack.mechanism; left out: each that tells duplicates",
                {"metavar": "REGISTER", "nargs": "?"},
            ),
            FORMAT,
        ),
    ),
    Verb(
        "payments", "兑付表：复核、确认、作废、付款文件、公示、从账本重算", "lists of payments: review, confirm, lay aside, write out, compute again",
        "bihuan.command.payments:payments",
        (
            Argument(("deed",), "做什么；不写则列出", "what to do; without it they are listed",
                     {"nargs": "?", "default": "list", "choices": ("list", "review", "confirm", "drop", "write", "publish", "again")}),
            Argument(("number",), "第几号", "which list", {"nargs": "?", "type": int, "metavar": "NUMBER"}),
            Argument(("--as",), "以谁的身份（用户名）", "as whom (a username)", {"default": "", "dest": "member", "metavar": "MEMBER"}),
            Argument(("--reason",), "作废的理由", "why it is laid aside", {"default": "", "metavar": "TEXT"}),
            Argument(("--out",), "写到哪个文件（write、publish）", "the file to write (write, publish)", {"default": "", "metavar": "FILE"}),
            FORMAT,
        ),
    ),
    Verb(
        "quota", "额度各户头的余额；写明数量则记一笔账", "what the accounts of a quota hold; with an amount, book it", "bihuan.command.allocating:quota",
        (
            Argument(("quota",), "额度，如 land", "the quota, such as land", {"metavar": "QUOTA"}),
            Argument(("--period",), "哪一期，默认当期", "of which period, by default the running one", {"default": "", "metavar": "PERIOD"}),
            Argument(("--from",), "转出户头", "the account it comes from", {"default": "", "dest": "giver", "metavar": "ACCOUNT"}),
            Argument(("--to",), "转入户头；分单位的写 户头/单位", "the account it goes to; one of an office is account/office", {"default": "", "dest": "taker", "metavar": "ACCOUNT"}),
            Argument(("--amount",), "数量，如 500亩", "the amount, such as 500亩", {"default": "", "metavar": "AMOUNT"}),
            Argument(("--basis",), "依据", "what it rests on", {"default": "", "metavar": "TEXT"}),
            Argument(("--as",), "以谁的身份（用户名）", "as whom (a username)", {"default": "", "dest": "member", "metavar": "MEMBER"}),
            FORMAT,
        ),
    ),
    Verb(
        "allocate", "算出额度该配给谁多少，每件写明理由", "who gets how much of a quota, each with its reason", "bihuan.command.allocating:allocate",
        (
            Argument(("quota",), "额度，如 land", "the quota, such as land", {"metavar": "QUOTA"}),
            Argument(("--at",), "算哪一天的，默认今天", "for which day, today by default", {"metavar": "YYYY-MM-DD"}),
            Argument(("--take-back",), "不是配给，而是收回未用的", "not to grant, but to take back what is unused", {"action": "store_true"}),
            Argument(("--draft",), "以谁的身份拟成方案", "draft it as this member", {"default": "", "metavar": "MEMBER"}),
            FORMAT,
        ),
    ),
    Verb(
        "allocations", "分配方案：复核、确认、作废、从账本重算", "allocations: review, confirm, lay aside, compute again", "bihuan.command.allocating:allocations",
        (
            Argument(("deed",), "做什么；不写则列出", "what to do; without it they are listed",
                     {"nargs": "?", "default": "list", "choices": ("list", "review", "confirm", "drop", "again")}),
            Argument(("number",), "第几号", "which allocation", {"nargs": "?", "type": int, "metavar": "NUMBER"}),
            Argument(("--as",), "以谁的身份（用户名）", "as whom (a username)", {"default": "", "dest": "member", "metavar": "MEMBER"}),
            Argument(("--reason",), "作废的理由", "why it is laid aside", {"default": "", "metavar": "TEXT"}),
            FORMAT,
        ),
    ),
    Verb(
        "cluster", "在集群上计算：看设置、在本机起一个（start）、写出列（copy）、核对算得一样（check）",
        "computing on a cluster: the settings, start one on this machine, copy the columns, check that it computes the same", "bihuan.command.cluster:cluster",
        (
            Argument(("deed",), "做什么；不写则显示设置", "what to do; without it the settings are shown",
                     {"nargs": "?", "default": "show", "choices": ("show", "start", "copy", "check")}),
            Argument(("--at",), "核对哪一天的，默认今天", "check which day, today by default", {"metavar": "YYYY-MM-DD"}),
            FORMAT,
        ),
    ),
    Verb(
        "papers", "公文：起草、核稿、签发、印发、归档，写成 PDF 或 Word，查档案",
        "official papers: draft, check, sign, issue, archive, write as PDF or Word, search the archive",
        "bihuan.command.papers:papers",
        (
            Argument(("deed",), "做什么；不写则列出", "what to do; without it they are listed",
                     {"nargs": "?", "default": "list",
                      "choices": ("list", "show", "find", "draft", "check", "sign", "issue", "return", "renew", "keep", "archive", "drop", "write")}),
            Argument(("number",), "第几号公文", "which paper", {"nargs": "?", "type": int, "metavar": "NUMBER"}),
            Argument(("--as",), "以谁的身份（用户名）", "as whom (a username)", {"default": "", "dest": "member", "metavar": "MEMBER"}),
            Argument(("--document",), "起草：哪种文书，如 major_projects.leader_charge.duty_list", "draft: which document, such as major_projects.leader_charge.duty_list",
                     {"default": "", "metavar": "NAME"}),
            Argument(("--about",), "起草：写谁（用户名），或哪一行（编号）", "draft: about whom (a username), or which row (its key)", {"default": "", "metavar": "WHOM"}),
            Argument(("--reason",), "退回、作废、保留原数的理由", "why it is sent back, laid aside, or its figures kept", {"default": "", "metavar": "TEXT"}),
            Argument(("--retention",), "归档的保管期限", "how long an archived paper is kept", {"default": "30年", "choices": ("永久", "30年", "10年")}),
            Argument(("--out",), "写到哪个文件（write：.pdf 或 .docx）", "the file to write (write: .pdf or .docx)", {"default": "", "metavar": "FILE"}),
            Argument(("--words",), "查：文中的几个字", "find: words that stand in it", {"default": "", "metavar": "TEXT"}),
            Argument(("--numbered",), "查：文号", "find: its number", {"default": "", "metavar": "TEXT"}),
            Argument(("--period",), "查：时期，如 2025年6月", "find: its period, such as 2025-06", {"default": "", "metavar": "TEXT"}),
            Argument(("--unit",), "查：发文、主送或所属单位", "find: who sent it, whom it goes to, or whose it is", {"default": "", "metavar": "TEXT"}),
            Argument(("--kind",), "查：种类，如 通报", "find: its kind, such as 通报", {"default": "", "metavar": "KIND"}),
            FORMAT,
        ),
    ),
    Verb(
        "verify", "校验账本链是否完整", "verify the chain of the ledger", "bihuan.command.ledger:verify",
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
        "import", "核对一张表，加 --confirm 才入账", "check a sheet, and with --confirm record it", "bihuan.command.import_:import_sheet",
        (
            Argument(("sheet",), "文件（.xlsx 或 .csv）", "the file (.xlsx or .csv)", {"metavar": "FILE"}),
            *ONE_SHEET,
            Argument(("--period",), "哪一期，例 2024-06；列名里写明的不必", "which period, such as 2024-06, where the titles do not say it",
                     {"default": "", "metavar": "PERIOD"}),
            Argument(("--confirm",), "没有问题就入账", "record it where nothing is wrong", {"action": "store_true"}),
            Argument(("--reason",), "更正已冻结期别的理由", "why figures of a frozen period are corrected", {"default": "", "metavar": "TEXT"}),
            FORMAT,
        ),
    ),
    Verb(
        "export", "导出一张表，改后可以原样导入", "write a sheet out that can be imported again", "bihuan.command.export:export_sheet",
        (
            *ONE_SHEET,
            Argument(("--out",), "写到哪个文件（.xlsx 或 .csv）", "the file to write (.xlsx or .csv)", {"required": True, "metavar": "FILE"}),
            Argument(("--period",), "哪几期，可写多次", "which periods, may be given several times",
                     {"action": "append", "default": [], "metavar": "PERIOD"}),
            Argument(("--columns",), "只要哪些列，用逗号隔开", "only these columns, parted by commas", {"default": "", "metavar": "KEYS"}),
            Argument(("--blank",), "只要空表", "an empty form to fill in", {"action": "store_true"}),
        ),
    ),
    Verb(
        "office", "设立单位，或改动写明的各项", "make an office, or change of it what is said", "bihuan.command.members:set_office",
        (
            Argument(("office",), "单位名称，全市唯一", "its name, the only one in the city", {"metavar": "OFFICE"}),
            Argument(("--kind",), "类别：city、department、county、township 等", "city, department, county, township or another word", {"metavar": "KIND"}),
            Argument(("--above",), "上级单位", "the office above it", {"metavar": "OFFICE"}),
            Argument(("--english",), "英文名称", "its English name", {"metavar": "NAME"}),
            Argument(("--close",), "撤销", "close it", {"action": "store_true"}),
            ADMINISTRATOR,
        ),
    ),
    Verb(
        "member", "设立账号（没有任何权限），或改动写明的各项", "make an account, which has no rights, or change of it what is said", "bihuan.command.members:set_member",
        (
            Argument(("username",), "用户名", "the username", {"metavar": "USERNAME"}),
            Argument(("--name",), "姓名", "the person's name", {"metavar": "NAME"}),
            Argument(("--office",), "单位", "the office", {"metavar": "OFFICE"}),
            Argument(("--phone",), "电话", "the telephone number", {"metavar": "NUMBER"}),
            Argument(("--enterprise",), "企业（企业账号用）", "the enterprise, for an account of one", {"metavar": "NAME"}),
            Argument(("--language",), "页面用哪种语言", "the language of the pages", {"choices": ("zh", "en")}),
            Argument(("--password",), "设密码：在终端输入，或从标准输入读一行", "set a password: asked for, or a line of standard input", {"action": "store_true"}),
            Argument(("--close",), "停用", "close the account", {"action": "store_true"}),
            ADMINISTRATOR,
        ),
    ),
    Verb(
        "roles", "给一个账号这些角色，不多不少", "give an account exactly these roles", "bihuan.command.members:set_roles",
        (
            Argument(("username",), "用户名", "the username", {"metavar": "USERNAME"}),
            Argument(("roles",), "角色，如 officer；不写则全部收回", "roles, such as officer; none takes all away", {"nargs": "*", "metavar": "ROLE"}),
            ADMINISTRATOR,
        ),
    ),
    Verb(
        "read", "从文件里读出带数字的目标、实绩和规定", "read the targets, actuals and rules with numbers out of a document",
        "bihuan.command.reading:read",
        (
            Argument(("file",), "文件（txt、html、docx、带文字的 pdf）", "the file (txt, html, docx, or pdf with text)", {"metavar": "FILE"}),
            Argument(("--tasks",), "改为列出没有数字、但可以核对的任务", "list the checkable promises without a number instead", {"action": "store_true"}),
            Argument(("--holidays",), "改为读放假通知，写通知是哪一年的", "read a holiday notice instead, of this year",
                     {"type": int, "default": 0, "metavar": "YEAR"}),
            Argument(("--propose",), "规则拿不准的句子另问模型（要设 BIHUAN_MODEL_ADDRESS）；提议只打印，不入台账",
                     "ask a model about the sentences the rules are unsure of (needs BIHUAN_MODEL_ADDRESS); proposals are printed, never recorded",
                     {"action": "store_true"}),
            Argument(("--into",), "读入这个台账，等人核对；要写 --by 和 --set", "record what is found in this register, for people to look at; needs --by and --set",
                     {"default": "", "metavar": "REGISTER"}),
            Argument(("--by",), "以谁的名义读入", "who reads it in", {"dest": "member", "default": "", "metavar": "MEMBER"}),
            Argument(("--set",), "文件那一行的一个字段，可写几次", "a field of the row of the document; may be given several times",
                     {"action": "append", "default": [], "metavar": "FIELD=VALUE"}),
            LINES,
        ),
        needs_site=False,
    ),
    Verb(
        "check", "核对文件里的数字彼此对不对得上", "check whether the numbers printed in documents agree", "bihuan.command.reading:check",
        (Argument(("files",), "一个或几个文件", "one or more files", {"nargs": "+", "metavar": "FILE"}), LINES), needs_site=False,
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
