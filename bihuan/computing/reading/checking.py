"""Whether the numbers printed in documents agree with one another."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bihuan.computing.reading.checks_across import Known, across
from bihuan.computing.reading.checks_inside import inside, lists
from bihuan.computing.reading.checks_wholes import wholes
from bihuan.computing.reading.measures import measures
from bihuan.computing.reading.passages import passages
from bihuan.computing.reading.relations import Relation
from bihuan.computing.reading.statements import Statement, statements

_TORN = re.compile(r"\d $")


def _whole(found: Sequence[Statement]) -> list[Statement]:
    """The statements of paragraphs in which no number was torn apart by blanks (1 86个): of the others nothing can be said."""
    passages_torn = {
        id(one.sentence.passage) for one in found if _TORN.search(one.sentence.passage.text[max(0, one.mention.start - 2) : one.mention.start])
    }
    return [one for one in found if id(one.sentence.passage) not in passages_torn]


def check(documents: Sequence[tuple[str, Sequence[str]]]) -> list[Relation]:
    """The relations among the numbers of documents, each a name and its lines; by document and line, none of them twice."""
    found: list[Relation] = []
    known: list[Known] = []
    every: dict[str, list[Statement]] = {}
    for name, lines in documents:
        read = passages(lines)
        stated = every[name] = _whole(statements(read))
        named = measures(stated)
        known += [Known(name, stated[place], measure) for place, measure in named.items()]
        found += inside(name, stated, named)
        found += wholes(name, stated)
        found += lists(name, read)
    found += across(known, every)
    order = {name: place for place, (name, _) in enumerate(documents)}
    once = {(one.place, one.name, one.operands, one.printed): one for one in found}
    return sorted(once.values(), key=lambda one: (order[one.place.doc], one.place.line, one.name))
