"""`bihuan docs`: write the parts of the documentation that are printed from declarations, or say which of them are out of date.

A page marks such a part with `<!-- table: name -->` and `<!-- end -->`; everything around it is written by hand. The names are those of
`printed`: the verbs, the settings, the words, the functions of formulas, every shape of a pack, and the measured figures.
"""

import json
import re
from argparse import Namespace
from pathlib import Path

import bihuan
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, Refused
from bihuan.command.verbs import VERBS, Argument, Verb
from bihuan.environment import SETTINGS
from bihuan.foundation.grammar.formula_functions import FN
from bihuan.foundation.grammar.schema import json_schema, tables, with_tables
from bihuan.foundation.grammar.words import glossary

ROOT = Path(bihuan.__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")
SCHEMA = "docs/pack.schema.json"
MEASURED = "docs/benchmarks.md"
_BENCH = re.compile(r"<!-- bench -->\n(.*?)<!-- end -->", re.DOTALL)


def docs(options: Namespace) -> int:
    """Write the generated parts again; with --check only name the files that would change."""
    stale = {path: text for path, text in generated(ROOT).items() if not path.is_file() or path.read_text("utf-8") != text}
    for path, text in stale.items():
        name = path.relative_to(ROOT)
        if options.check:
            print(say(f"{name} 与代码不符。请执行：bihuan docs", f"{name} is not what the code says. Run: bihuan docs"))
        else:
            path.write_text(text, "utf-8")
            print(say(f"已更新 {name}", f"wrote {name}"))
    if not stale:
        print(say("文档与代码一致。", "The documentation says what the code says."))
    return PROBLEMS if stale and options.check else OK


def generated(root: Path) -> dict[Path, str]:
    """Every file with generated parts in the checkout at `root`, and the text it must have."""
    pages = [root / name for name in READMES] + sorted((root / "docs").glob("*.md"))
    if not all(page.is_file() for page in [*pages[:2], root / MEASURED]):
        raise Refused(
            f"{root} 里没有文档；文档只在源代码目录里。例：git clone 后在其中执行 bihuan docs",
            f"there is no documentation in {root}: it comes with the source only. Run bihuan docs inside a checkout",
        )
    parts = printed((root / MEASURED).read_text("utf-8"))
    texts = {page: with_tables(page.read_text("utf-8"), parts) for page in pages}
    texts[root / SCHEMA] = json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return texts


def printed(measured: str) -> dict[str, str]:
    """Every generated part by name. `measured` is the page of benchmarks, which a benchmark run writes and the READMEs repeat."""
    found = _BENCH.search(measured)
    own = {
        "commands": "\n\n".join(verb_section(verb) for verb in VERBS),
        "settings": setting_table(),
        "words": glossary("en").partition("\n")[2].strip(),
        "functions": function_table(),
        "bench": found[1].strip() if found else "",
    }
    return tables() | own


def verb_section(verb: Verb) -> str:
    """One verb: what it does, how it is written, and its arguments."""
    lines = [f"### `bihuan {verb.name}`", "", f"{_sentence(verb.en)}. {verb.zh}。", "", f"    {usage(verb)}"]
    if verb.arguments:
        lines += ["", "| argument | what it is | 含义 |", "|---|---|---|"]
        lines += [f"| `{_cell(spelled(argument))}` | {_cell(argument.en)} | {_cell(argument.zh)} |" for argument in verb.arguments]
    return "\n".join(lines)


def usage(verb: Verb) -> str:
    """How a verb is written, options last and what may be left out in brackets: ``bihuan plan PACK [--from YYYY-MM-DD]``."""
    words = []
    for argument in sorted(verb.arguments, key=lambda argument: argument.names[0].startswith("-")):
        optional = not argument.keywords.get("required") if argument.names[0].startswith("-") else argument.keywords.get("nargs") in ("?", "*")
        dots = " …" if argument.keywords.get("nargs") == "*" else ""
        words.append(f"[{spelled(argument)}{dots}]" if optional else spelled(argument) + dots)
    return " ".join(["bihuan", verb.name, *words])


def spelled(argument: Argument) -> str:
    """An argument as it is typed: ``--bind HOST:PORT``, ``--format text|json``, ``PACK``."""
    name, keywords = argument.names[0], argument.keywords
    choices = "|".join(map(str, keywords.get("choices", ())))
    value = choices or str(keywords.get("metavar") or name.lstrip("-").upper())
    if not name.startswith("-"):
        return value
    return name if keywords.get("action") == "store_true" else f"{name} {value}"


def setting_table() -> str:
    """The settings as a Markdown table."""
    lines = ["| setting | default | what it does | 含义 | example |", "|---|---|---|---|---|"]
    for one in SETTINGS:
        default = f"`{one.default}`" if one.default else "empty"
        lines.append(f"| `{one.name}` | {default} | {_cell(one.en)} | {_cell(one.zh)} | `{one.example}` |")
    return "\n".join(lines)


def function_table() -> str:
    """The functions of formulas as a Markdown table."""
    lines = ["| 函数 | English | 参数 | 结果 | 含义 | 例 |", "|---|---|---|---|---|---|"]
    for one in dict.fromkeys(FN.values()):
        lines.append(f"| `{one.chinese}` | `{one.english}` | {one.takes} | {one.gives} | {one.meaning}<br>{one.meaning_en} | `{one.example}` |")
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
