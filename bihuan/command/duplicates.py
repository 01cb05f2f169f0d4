"""`bihuan duplicates [REGISTER]`: the rows of a register that are probably one thing, each pair with its reasons. Nothing is written."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, Refused, print_json
from bihuan.computing import tables
from bihuan.computing.linking.pairs import Pair
from bihuan.computing.linking.proposals import open_pairs, percent, reasons, said
from bihuan.foundation import loading
from bihuan.foundation.grammar.catalogue import RegisterView
from bihuan.foundation.models import Entry


def duplicates(options: Namespace) -> int:
    """Print the pairs about which nobody has said yet whether they are one thing, of one register or of each that tells duplicates."""
    views = _registers(options.register)
    columns = tables.current(clock.today())
    found = [(view, open_pairs(columns, view)) for view in views]
    if options.format == "json":
        told = [_told(view, pairs) for view, pairs in found]
        print_json(told[0] if options.register else {"registers": told})
        return OK
    for view, pairs in found:
        rows = _rows(pairs)
        for pair in pairs:
            left, right = rows[pair.left], rows[pair.right]
            print(f"{percent(pair.probability)}  {left.key} {left.title}  =?  {right.key} {right.title}")
            print(f"    {say(*said(view, pair))}")
        title, named = view.shape.title, view.shape.title_en or view.name
        print(say(f"{title}：{len(pairs)} 对疑似重复，待人认定", f"{named}: {len(pairs)} pairs are probably one thing; somebody has to say so"))
    return OK


def _registers(named: str | None) -> list[RegisterView]:
    """The register named, or each that says how duplicates are told. Raises `Refused` where it says nothing of that, or none does."""
    views = [view for view in loading.catalogue(clock.today()).registers.values() if view.shape.duplicates]
    asked = [view for view in views if named in (None, view.name)]
    if not asked:
        there, called = "、".join(view.name for view in views) or say("没有", "none"), named or say("现行的应用包", "The packs in force")
        raise Refused(
            f"{called} 没有写明凭什么判定重复（register.duplicates）；写明了的台账：{there}",
            f"{called} says nothing of duplicates (register.duplicates); registers that do: {there}",
        )
    return asked


def _rows(pairs: Sequence[Pair]) -> dict[int, Entry]:
    return Entry.objects.in_bulk([number for pair in pairs for number in (pair.left, pair.right)])


def _told(view: RegisterView, pairs: Sequence[Pair]) -> dict[str, Any]:
    rows = _rows(pairs)
    return {"register": view.name, "pairs": [_described(view, pair, rows) for pair in pairs]}


def _described(view: RegisterView, pair: Pair, rows: dict[int, Entry]) -> dict[str, Any]:
    return {
        "rows": [{"key": rows[number].key, "title": rows[number].title} for number in (pair.left, pair.right)],
        "probability": f"{pair.probability:.6f}", "weight": f"{pair.weight:.2f}", "said": said(view, pair)._asdict(),
        "fields": [{"field": one.field, "step": one.step._asdict(), "weight": f"{one.weight:.2f}"} for one in reasons(view, pair)],
    }  # fmt: skip
