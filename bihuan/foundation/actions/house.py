"""Saying that a city is invented, sealing the ledger, and keeping a list as somebody likes to see it."""

from datetime import datetime
from typing import Any

from bihuan.foundation.access import SYSTEM, Actor, may
from bihuan.foundation.actions.writing import allow, record
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import Checkpoint, New, checkpoint, head, writing
from bihuan.foundation.models import Event, Member, Preference, SavedView

INVENTED = "city.invented"


def declare_invented(seed: int, at: datetime) -> Event:
    """Say, as the very first entry of a ledger, that the city is invented: such a ledger can never be passed off as a real one."""
    with writing():
        if head()[0]:
            raise rejected(Refused("账本里已有记录，不能再声明为虚构城市", "the ledger has entries and cannot become an invented city", "使用空的数据库"))
        return record(New(INVENTED, {"seed": seed}, SYSTEM.username, at))


def is_invented() -> bool:
    """Whether this ledger says of itself that its city is invented."""
    return Event.objects.filter(seq=1, kind=INVENTED).exists()


def seal(actor: Actor, at: datetime) -> Checkpoint:
    """A checkpoint to be kept outside, and the record that it was made. It covers everything before that record."""
    allow(may(actor, "ledger.seal"))
    with writing():
        made = checkpoint(at)
        body = {"origin": made.origin, "size": made.size, "hash": made.hash, "algorithm": made.algorithm, "at": made.at}
        record(New("ledger.sealed", body, actor.username, at))
    return made


def save_view(member: Member, register: str, name: str, query: dict[str, Any], audience: str = SavedView.SELF) -> SavedView:
    """Keep a list under a name; the same name again replaces it. Not in the ledger: it is nobody's record.

    `audience` says who finds it: this person, their office, or everybody who may open the register.
    """
    kept = {"query": query, "audience": audience}
    saved, _made = SavedView.objects.update_or_create(member=member, register=register, name=name, defaults=kept)
    return saved


def forget_view(member: Member, number: int) -> None:
    """Forget a kept list of one's own, and with it take it back from whom it was shared with."""
    SavedView.objects.filter(member=member, pk=number).delete()


def read_notices(member: Member, up_to: datetime) -> None:
    """Remember the moment up to which somebody has read; never an earlier one than before."""
    kept, made = Preference.objects.get_or_create(member=member, defaults={"read_to": up_to})
    if not made and (kept.read_to is None or kept.read_to < up_to):
        Preference.objects.filter(member=member).update(read_to=up_to)


def put_tour_away(member: Member, face: str) -> None:
    """Remember that somebody was shown a tour."""
    kept, _made = Preference.objects.get_or_create(member=member)
    if face not in kept.tours:
        Preference.objects.filter(member=member).update(tours=[*kept.tours, face])


def choose_type(member: Member, *, large: bool) -> None:
    """Remember whether somebody reads in large type."""
    Preference.objects.update_or_create(member=member, defaults={"large": large})


def arrange(member: Member, register: str, query: dict[str, Any]) -> None:
    """Remember the columns and the row height somebody chose for a list; nothing chosen forgets them. Not in the ledger."""
    kept, _made = Preference.objects.get_or_create(member=member)
    lists = {name: asked for name, asked in {**kept.lists, register: query}.items() if asked}
    Preference.objects.filter(member=member).update(lists=lists)
