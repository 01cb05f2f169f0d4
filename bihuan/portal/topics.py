"""What a board is about: a register, a day, a light and a score. Every page for leaders starts from here.

Nothing here knows a pack: a topic is a register with lights or scores, and what it shows first is what its pack declares first.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing import lists
from bihuan.computing.boards import Table
from bihuan.computing.judge import row_lights
from bihuan.computing.lists import Found
from bihuan.computing.past import NotYet, columns_on
from bihuan.computing.tables import Columns
from bihuan.foundation import access
from bihuan.foundation.evaluating import TooSlow
from bihuan.foundation.grammar.items import Item
from bihuan.foundation.grammar.ranking import Line
from bihuan.foundation.grammar.scores import Score
from bihuan.foundation.grammar.views import RegisterView
from bihuan.portal import guarded
from bihuan.portal.lists import FIELD, leading_lights
from bihuan.portal.visits import Shaped, Visit, query


@dataclass(frozen=True)
class Board:
    """What a board is about: a register, a day, the light and the score it shows first.

    On a day gone by `columns` are those of that day, and register, light and score as the packs in force then declare them.
    """

    visit: Visit
    view: RegisterView
    columns: Columns
    day: date
    light: str
    score: Item[Score] | None

    @cached_property
    def scope(self) -> access.Scope:
        """The rows the reader sees; the board counts no others."""
        return access.visible(self.visit.actor, self.view)

    @cached_property
    def standing(self) -> Found:
        """How many rows there are, by state and by colour of each light, on the day shown."""
        return lists.find(self.columns, self.view, lists.Asked(size=1), self.scope, self.day)

    @property
    def past(self) -> bool:
        """Whether it shows a day gone by."""
        return self.day < self.visit.day

    @property
    def on(self) -> str:
        """What addresses say for a day gone by; nothing for today."""
        return self.day.isoformat() if self.past else ""

    def past_notice(self) -> Shaped | None:
        """That a day gone by is shown and the same page of today, as components/past.html reads it; None for today."""
        given = self.visit.request.GET.copy()
        given.pop("on", None)
        return {"on": self.day, "href": self.visit.request.path + query(**dict(given.lists()))} if self.past else None

    def register_href(self, **asked: object) -> str:
        """The list behind a figure, as it was on the day shown."""
        return reverse("register", args=[self.view.name]) + query(**asked, on=self.on)


def topics(visit: Visit) -> list[RegisterView]:
    """The registers a board can be about: with lights or scores, as far as the reader may open them; those with lights, a ranking and figures first."""
    views = [view for view in visit.catalogue.registers_in_order if (row_lights(view) or view.scores) and guarded.may_open(visit.actor, view)]
    return sorted(views, key=lambda view: (not (row_lights(view) and view.scores), view.shape.figures is None, not view.scores))


def board_of(visit: Visit, view: RegisterView) -> Board:
    """The light asked for, else the one with most to say; the score asked for, else the first that is declared."""
    asked = visit.request.GET
    shown = board_on(visit, view, day_of(visit))
    scores = shown.view.scores
    shown = replace(shown, score=scores.find(asked["score"]) if asked.get("score") else next(iter(scores.values()), None))
    lights = leading_lights(shown.view, shown.standing.colours)
    light = asked.get("light", "")
    return replace(shown, light=light if light in lights else next(iter(lights), ""))


class NothingThen(LookupError):
    """The day asked for cannot be shown. `why` says so to whoever asked, `first` is a day that can be, where there is one."""

    def __init__(self, why: str, first: date | None = None) -> None:
        super().__init__(why)
        self.why, self.first = why, first


def board_on(visit: Visit, view: RegisterView, day: date) -> Board:
    """What a board of a register starts from on a day, without a light or score yet. Raises NothingThen."""
    if day >= visit.day:
        return Board(visit, view, visit.columns, day, "", None)
    try:
        columns = columns_on(day)
    except NotYet as why:
        raise NothingThen(_("账本从 %(first)s 开始，那天还没有账。") % {"first": why.first}, why.first) from why
    except TooSlow as why:
        raise NothingThen(_("那天的账太久没有算完，已停止。请换一个近些的日子，或稍后再试。")) from why
    then = columns.catalogue.registers.get(view.name)
    if then is None:
        raise NothingThen(_("那天还没有采用“%(title)s”的规则包。") % {"title": visit.title(view.shape)})
    return Board(visit, then, columns, day, "", None)


def day_of(visit: Visit) -> date:
    """The day the board shows: today, or a day gone by that was asked for."""
    try:
        asked = date.fromisoformat(visit.request.GET.get("on", ""))
    except ValueError:
        return visit.day
    return min(asked, visit.day)


def scored(visit: Visit, register: str, score: str) -> tuple[Board, Item[Score]]:
    """A board about one score on the day asked for; 404 where there is no such score."""
    shown = board_on(visit, guarded.register_of(visit, register), day_of(visit))
    item = shown.view.scores.find(score)
    if item is None:
        raise Http404
    return replace(shown, score=item), item


def group_href(shown: Board, table: Table, group: str) -> str:
    """The rows behind a group of a score: one row, those of an office, or those with a value of the grouping field."""
    per = table.score.shape.per
    if per == "entry":
        return shown.register_href(q=group)
    return shown.register_href(office=group) if per == shown.view.shape.office else shown.register_href(**{FIELD + per: group})


def explain_href(view: RegisterView, item: Item[Score], group: str, on: str) -> str:
    """Where the points of one group are explained."""
    return reverse("explanation", args=[view.name, item.short]) + query(group=group, on=on)


def lacking(shown: Board, item: Item[Score], line: Line) -> list[str]:
    """The parts a line has no number for, as the reader's language calls them."""
    titles = {part.title: shown.visit.title(part) for part in item.shape.parts.values()}
    return [titles.get(one, one) for one in line.missing]


def number(value: Decimal) -> str:
    """A score or weight without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
