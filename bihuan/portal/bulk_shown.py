"""A preview of what is done to many rows, and what was done, in the reader's words."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.foundation.actions.bulk import Outcome, Preview
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.ledger import body_of
from bihuan.foundation.models import Event
from bihuan.foundation.sheets.delimited import write_csv
from bihuan.portal import guarded, words
from bihuan.portal.visits import Shaped, Visit

SHOWN = 200
"""So many rows of a preview a page lists; the file that it offers has them all."""

KINDS: Mapping[str, Callable[[], str]] = {
    "entries.changed": lambda: _("已成批修改"), "entries.moved": lambda: _("已成批办理"), "entries.assigned": lambda: _("已成批指派"),
}  # fmt: skip
"""The kinds of event a deed on many rows leaves, and what each says when it is done."""


def shaped(visit: Visit, view: RegisterView, found: Preview, *, quicker: bool) -> Shaped:
    """A preview as `bulk.html` reads it: first how many, then who is refused and why, then each change."""
    passing = found.passing()
    refused = [one for one in found.outcomes if one.refusals]
    same = len(found.outcomes) - len(passing) - len(refused)
    said = _Said(visit, view, [*passing[:SHOWN], *refused[:SHOWN]])
    return {
        "quicker": quicker, "passing": len(passing), "refused": len(refused), "same": same,
        "changes": [{**_row(one), "pairs": said.pairs(one)} for one in passing[:SHOWN]],
        "refusals": [{**_row(one), "whys": _whys(visit, one)} for one in refused[:SHOWN]],
        "more_changes": max(0, len(passing) - SHOWN), "more_refusals": max(0, len(refused) - SHOWN),
    }  # fmt: skip


def _row(one: Outcome) -> Shaped:
    return {"key": one.entry.key, "title": one.entry.title or one.entry.key, "href": reverse("row", args=[one.entry.pk])}


def _whys(visit: Visit, one: Outcome) -> list[str]:
    return list(dict.fromkeys(refusal.why.text(visit.language) for refusal in one.refusals))


class _Said:
    """The changes of some outcomes in words, with the names of people and the titles of rows looked up once."""

    def __init__(self, visit: Visit, view: RegisterView, outcomes: Sequence[Outcome]) -> None:
        self.visit, self.view = visit, view
        people, pairs = set[str](), set[tuple[str, str]]()
        for one in outcomes:
            for name, values in one.changes.items():
                given = [str(value) for value in values if value]
                shape = view.shape.fields.get(name)
                if name == "_holder" or (shape and shape.kind == "person"):
                    people.update(given)
                elif shape and shape.kind == "entry" and (target := visit.catalogue.referred(shape.of, view.pack)):
                    pairs.update((target.name, value) for value in given)
        self.people = guarded.people(people) if people else {}
        self.titles = guarded.titles_of(visit, pairs) if pairs else {}

    def pairs(self, one: Outcome) -> list[Shaped]:
        """Each value of a row before and after."""
        return [{"title": self._title(name), "old": self._text(name, old), "new": self._text(name, new)} for name, (old, new) in one.changes.items()]

    def _title(self, name: str) -> str:
        if name == "_state":
            return _("状态")
        if name == "_holder":
            return _("责任人")
        return self.visit.title(self.view.shape.fields[name])

    def _text(self, name: str, value: Any) -> str | None:
        if value is None or value == "":
            return None
        if name == "_state":
            return words.state_title(self.visit, self.view, str(value))
        if name == "_holder":
            return self.people.get(str(value), (str(value), ""))[0]
        shape = self.view.shape.fields[name]
        if shape.personal:
            return words.secret(value)
        if shape.kind == "person":
            return self.people.get(str(value), (str(value), ""))[0]
        target = self.visit.catalogue.referred(shape.of, self.view.pack) if shape.kind == "entry" else None
        if target:
            return self.titles.get((target.name, str(value)), (0, str(value)))[1]
        return words.with_unit(shape, value)


def as_csv(visit: Visit, view: RegisterView, found: Preview) -> bytes:
    """The whole preview, one line a change or refusal."""
    said = _Said(visit, view, found.outcomes)
    rows = [[_("编号"), _("名称"), _("字段"), _("原值"), _("新值"), _("为什么不行")]]
    for one in found.outcomes:
        start = [one.entry.key, one.entry.title]
        if one.refusals:
            rows.append([*start, "", "", "", words.clauses(_whys(visit, one))])
        else:
            rows += [[*start, pair["title"], pair["old"] or "", pair["new"] or "", ""] for pair in said.pairs(one)]
    file = io.BytesIO()
    write_csv(file, rows)
    return file.getvalue()


def done(visit: Visit, view: RegisterView, event: Event) -> Shaped:
    """What was done, from the event itself."""
    body = body_of(event)
    name, office = guarded.people([event.actor]).get(event.actor, (event.actor, ""))
    return {
        "count": len(body["edits"]), "seq": event.seq, "who": name, "office": office, "when": event.at, "reason": str(body.get("reason") or ""),
        "lasting": _lasting(event.kind),
    }  # fmt: skip


def _lasting(kind: str) -> str:
    """Why something cannot be taken back as it was; nothing for what can."""
    return {
        "entries.moved": _("办理不能退回：状态按顺序向前，时限已随之起止。办错的请逐条按流程更正，或撤销后重新登记。"),
        "entries.assigned": _("指派不能退回：谁在哪几天负责已经记下。要换人，请再指派一次。"),
    }.get(kind, "")
