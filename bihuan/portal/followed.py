"""What somebody handed in, as they follow it: the steps done, now and next, who has it, the clock it runs on, and what is theirs to decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.foundation import access
from bihuan.foundation.actions import Made
from bihuan.foundation.grammar.histories import way_to
from bihuan.foundation.grammar.lifecycles import Lifecycle
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.grammar.workdays import BeyondCalendar, Span, state_council
from bihuan.foundation.models import Duty, Entry, Paper
from bihuan.portal import guarded, tasks, words
from bihuan.portal.visits import Shaped, Visit

FEW_CHOICES = 7
"""Up to so many choices are shown beside one another to be tapped; more go into a list."""


@dataclass(frozen=True)
class Followed:
    """What a card is made of, asked once for all cards of a register."""

    duties: Mapping[int, Sequence[Duty]]
    moved: Mapping[int, Sequence[Made]]
    held: Mapping[int, frozenset[str]]
    letters: Mapping[int, Sequence[Paper]]


def cards(visit: Visit, view: RegisterView, rows: Sequence[Entry]) -> list[Shaped]:
    """The rows as `components/followed.html` reads them; a fixed number of questions for any number of rows."""
    if not rows or view.lifecycle is None:
        return []
    ids = [entry.pk for entry in rows]
    known = Followed(guarded.open_duties(ids), guarded.moves_of_rows(rows), guarded.carried_roles(visit), guarded.letters_of(visit, rows))
    return [_card(visit, view, entry, known) for entry in rows]


def urgency(card: Shaped) -> int:
    """Where a card stands among others: the graver the colour of a clock it runs on, the earlier."""
    return min((guarded.GRAVITY.index(clock["colour"]) for clock in card["clocks"]), default=len(guarded.GRAVITY))


def anchor(entry: Entry) -> str:
    """Where a row's card stands on the page."""
    return f"row-{entry.pk}"


def easy(field: Shaped) -> Shaped:
    """A field for somebody in a hurry: few choices to be tapped, a file that a phone's camera may make."""
    if field["kind"] == "choice" and field["required"] and len(field["options"]) <= FEW_CHOICES:
        return {**field, "kind": "pick"}
    return {**field, "accept": "image/*,application/pdf"} if field["kind"] == "file" else field


def _card(visit: Visit, view: RegisterView, entry: Entry, known: Followed) -> Shaped:
    assert view.lifecycle is not None
    life = view.lifecycle.shape
    state = life.states.get(entry.state)
    moved = known.moved.get(entry.pk, ())
    moves = _moves(visit, life, entry, known.held.get(entry.pk, frozenset()))
    clocks = [_clock(visit, duty) for duty in known.duties.get(entry.pk, ()) if duty.kind == "clock"]
    shown = access.shown(visit.actor, view, entry)
    return {
        "id": anchor(entry), "key": entry.key, "title": entry.title or entry.key, "href": reverse("row", args=[entry.pk]),
        "register": visit.title(view.shape), "state": words.state_title(visit, view, entry.state), "closed": bool(state and state.final),
        "office": entry.office, "steps": steps(visit, life, entry, moved), "clocks": clocks, "moves": moves,
        "yours": any(move["forward"] for move in moves), "facts": list(_told(visit, view, shown, moved)), "stars": _stars(view, shown),
        "letters": [_letter(paper) for paper in known.letters.get(entry.pk, ())],
        "times": sum(made.to in _again(life) for made in moved),
    }  # fmt: skip


def _letter(paper: Paper) -> Shaped:
    return {"title": paper.title, "href": reverse("letter", args=[paper.pk]), "number": paper.number, "on": paper.issued_on}


def steps(visit: Visit, life: Lifecycle, entry: Entry, moved: Sequence[Made]) -> list[Shaped]:
    """The way that was gone and the way still to go: the shortest to an end, through the state it is in."""
    entered = {life.start: ""}
    for made in moved:
        entered[made.to] = made.on
    ends = [name for name, state in life.states.items() if state.final]
    whole = next(([life.start, *(move.to for move in way)] for end in ends if (way := way_to(life, end))), list(life.states))
    ahead = _ahead(life, entry.state, whole)
    behind = [name for name in whole if name not in {*ahead, entry.state} and name in entered]
    line = [*((name, "done") for name in behind), (entry.state, "done" if life.states[entry.state].final else "now"), *((name, "ahead") for name in ahead)]
    return [{"title": visit.title(life.states[name]), "note": entered.get(name, "") if stage != "ahead" else "", "state": stage} for name, stage in line]


def _ahead(life: Lifecycle, state: str, whole: Sequence[str]) -> list[str]:
    """The states still to come on the ordinary way, from the first of them that a move leads to."""
    if life.states[state].final:
        return []
    if state in whole:
        return list(whole[whole.index(state) + 1 :])
    reached = [move.to for move in life.moves.values() if state in move.source and move.to in whole]
    return list(whole[min((whole.index(name) for name in reached), default=len(whole)) :])


def _again(life: Lifecycle) -> set[str]:
    """The states that only a way back leads to: what was sent back."""
    order = list(life.states)
    ordinary = {move.to for end in order if life.states[end].final for move in way_to(life, end) or ()}
    return set(order) - ordinary - {life.start}


def _moves(visit: Visit, life: Lifecycle, entry: Entry, held: frozenset[str]) -> list[Shaped]:
    """What this person may do from here; forward is what brings it nearer to an end without taking it back."""
    mine = (visit.actor.roles & access.OUTSIDE) | held
    found = []
    for name, move in life.moves.items():
        if entry.state in move.source and mine & frozenset(move.who):
            lone = len(move.source) > 1 and life.states[move.to].final
            found.append({
                "title": visit.title(move), "href": reverse("move-by", args=[entry.pk, name]), "forward": not lone,
                "primary": not lone and life.states[move.to].final,
            })  # fmt: skip
    return found


def _left(whole: int, *, working: bool) -> str:
    """How many days are left of a whole that is counted in working days or in all days."""
    if working:
        return ngettext("还剩 %(n)s 个工作日，共 %(all)s 个工作日", "还剩 %(n)s 个工作日，共 %(all)s 个工作日", whole)
    return ngettext("还剩 %(n)s 天，共 %(all)s 天", "还剩 %(n)s 天，共 %(all)s 天", whole)


def _clock(visit: Visit, duty: Duty) -> Shaped:
    """A running clock in words: how many days are left of how many, from when, until when, and whether it stands still."""
    working, left, whole = _days(duty, visit.day)
    if duty.paused_on:
        text = _("计时自 %(day)s 起暂停，暂停的日子不计") % {"day": duty.paused_on}
    elif duty.due is None or left is None:
        text = _("到期日要等放假安排公布后才数得出来")
    elif left < 0:
        over = ngettext("已超过 %(n)s 个工作日", "已超过 %(n)s 个工作日", -left) if working else ngettext("已超过 %(n)s 天", "已超过 %(n)s 天", -left)
        text = over % {"n": -left}
    elif left == 0:
        text = _("今天到期")
    else:
        text = _left(whole, working=working) % {"n": left, "all": whole}
    return {
        "title": tasks.title_of(visit, duty), "colour": tasks.colour_of(duty, visit.day), "text": text, "from": duty.opened, "due": duty.due,
        "gone": round(100 * (whole - max(left, 0)) / whole) if whole and left is not None else 100, "risen": duty.level,
        "asked": {"extend": _("承办单位已申请延期，等待批准"), "pause": _("承办单位已申请暂停计时，等待批准")}.get(duty.asked, ""),
        "extended": duty.extended,
    }  # fmt: skip


def _days(duty: Duty, today: date) -> tuple[bool, int | None, int]:
    """Whether a clock counts working days, how many are left (below zero: over), and how many there were in all."""
    begun = duty.counted_from or duty.opened
    working = bool(duty.spans) and Span.parse(duty.spans[0]).unit == "working_days"
    if duty.due is None:
        return working, None, 0
    try:
        calendar = state_council()
        return (True, calendar.count(today, duty.due), calendar.count(begun, duty.due)) if working else (False, (duty.due - today).days, (duty.due - begun).days)
    except BeyondCalendar:
        return False, (duty.due - today).days, (duty.due - begun).days


def _told(visit: Visit, view: RegisterView, data: Mapping[str, object], moved: Sequence[Made]) -> Iterable[Shaped]:
    """What was answered and said along the way: the texts that moves fill in, and the last reason given."""
    assert view.lifecycle is not None
    asked = dict.fromkeys(name for move in view.lifecycle.shape.moves.values() for name in (*move.needs, *move.also))
    for name in asked:
        shape = view.shape.fields[name]
        if shape.kind in ("text", "long_text") and data.get(name):
            yield {"title": visit.title(shape), "text": words.value_text(shape, data[name])}
    reason = next((made.reason for made in reversed(moved) if made.reason), "")
    if reason:
        yield {"title": _("最近一次写明的理由"), "text": reason}


def _stars(view: RegisterView, data: Mapping[str, object]) -> Shaped | None:
    """The rating given, as stars and in its word; None where there is none."""
    for name, shape in view.shape.fields.items():
        if shape.rated and data.get(name) in shape.choices:
            count = shape.choices.index(str(data[name])) + 1
            return {"full": "★" * count, "empty": "☆" * (len(shape.choices) - count), "word": words.choice_text(shape, str(data[name]))}
    return None
