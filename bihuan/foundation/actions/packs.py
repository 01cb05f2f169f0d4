"""Making a pack count from a day."""

from collections.abc import Mapping
from datetime import date, datetime

from bihuan.foundation.access import Actor, may
from bihuan.foundation.actions.writing import allow, record
from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.packs import read_pack
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.grammar.shape import first_day
from bihuan.foundation.ledger import New, writing
from bihuan.foundation.loading import linked_with, next_number
from bihuan.foundation.models import Event, PackVersion


def adopt(actor: Actor, files: Mapping[str, str], since: date | None, at: datetime) -> Event:
    """Record a pack's files and the day from which they count (None: the day its head names). Raises PackError for a bad pack.

    Rejected where the same text is in force already. An earlier `since` than today's judges no old month again: what was
    judged stands, and only what is judged from now on follows the new version.
    """
    allow(may(actor, "pack.adopt"))
    pack = read_pack(files)
    day = since or first_day(pack.head.in_force)
    with writing():
        linked_with(pack, day)
        fingerprints = pack.fingerprints
        last = PackVersion.objects.filter(pack=pack.key).order_by("-number").first()
        if last and dict(last.files) == dict(files) and last.in_force_from == day:
            raise rejected(Refused(f"{pack.key} 第 {last.number} 版就是这些内容", f"version {last.number} of {pack.key} has this very text", ""))
        body = {
            "pack": pack.key,
            "number": next_number(pack.key),
            "numbers_fingerprint": fingerprints.numbers,
            "words_fingerprint": fingerprints.words,
            "files": dict(files),
            "in_force_from": day.isoformat(),
        }
        return record(New("pack.adopted", body, actor.username, at))
