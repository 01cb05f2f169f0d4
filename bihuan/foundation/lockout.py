"""Locking out those who guess: so many failures within a time close an account, or the address they come from, for as long.

An address is shared by a whole office, so it takes more failures. An unknown name is counted like an account: nobody learns which exist.
"""

from datetime import datetime, timedelta

from bihuan.foundation.models import Attempt

WITHIN = timedelta(minutes=15)
"""How far back failures count, and how long a lock lasts after the last of them."""

BY_ACCOUNT = 5
BY_SOURCE = 25


def locked(username: str, source: str, at: datetime) -> bool:
    """Whether a try at signing in is refused whatever the password. Nothing is written."""
    return _failures(at, username=username) >= BY_ACCOUNT or _failures(at, source=source) >= BY_SOURCE


def failed(username: str, source: str, at: datetime) -> bool:
    """Count a failure; True where it is the one that locks. Tries older than a day are forgotten on the way."""
    Attempt.objects.create(at=at, username=username, source=source[:64], succeeded=False)
    Attempt.objects.filter(at__lt=at - timedelta(days=1)).delete()
    return _failures(at, username=username) == BY_ACCOUNT or _failures(at, source=source) == BY_SOURCE


def succeeded(username: str, source: str, at: datetime) -> None:
    """Count a success: the account's failures before it count no more."""
    Attempt.objects.create(at=at, username=username, source=source[:64], succeeded=True)


def _failures(at: datetime, **whose: str) -> int:
    """The failures of an account (since its last success) or of a source within the time."""
    tries = Attempt.objects.filter(at__gt=at - WITHIN, at__lte=at, **whose)
    last = tries.filter(succeeded=True).order_by("-at").values_list("at", flat=True).first() if "username" in whose else None
    return (tries.filter(at__gt=last) if last else tries).filter(succeeded=False).count()
