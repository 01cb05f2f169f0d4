"""`bihuan schema`: print the JSON Schema of packs for editors, and the generated tables of the author's guide."""

import json
from argparse import Namespace
from pathlib import Path

from bihuan.command.language import say
from bihuan.command.outcomes import OK, USAGE, Refused
from bihuan.foundation.grammar.schema import json_schema, with_tables

SCHEMA, GUIDE = "pack.schema.json", "packs.md"


def schema(options: Namespace) -> int:
    """Write the schema and the guide's tables into a folder of documentation, or print the schema where none is named."""
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if options.folder is None:
        print(text, end="")
        return OK
    folder = Path(options.folder)
    guide = folder / GUIDE
    if not guide.is_file():
        raise Refused(f"{folder} 里没有 {GUIDE}。例：bihuan schema docs", f"there is no {GUIDE} in {folder}. For example: bihuan schema docs", USAGE)
    (folder / SCHEMA).write_text(text, "utf-8")
    guide.write_text(with_tables(guide.read_text("utf-8")), "utf-8")
    print(say(f"已写好 {folder / SCHEMA} 和 {guide}", f"wrote {folder / SCHEMA} and {guide}"))
    return OK
