"""Whom a command acts for."""

from collections.abc import Callable
from typing import TypeVar

from bihuan.command.outcomes import PROBLEMS, Refused
from bihuan.foundation.access import Actor, actor_of
from bihuan.foundation.actions import Forbidden, Rejected
from bihuan.foundation.models import Member

Done = TypeVar("Done")


def actor_named(username: str) -> Actor:
    """The actor of an account; refused where there is none of that name, or where it is closed."""
    member = Member.objects.filter(pk=username, is_active=True).first()
    if member is None:
        raise Refused(f"没有账号 {username}，或已停用", f"There is no account {username}, or it is closed")
    return actor_of(member)


def done_as(username: str, deed: Callable[[Actor], Done]) -> Done:
    """Do it as the member named; what was refused ends the command with the reason."""
    if not username:
        raise Refused("请用 --as 写明是谁", "Say who you are with --as")
    try:
        return deed(actor_named(username))
    except Forbidden as error:
        raise Refused(error.decision.reason, error.decision.reason_en) from error
    except Rejected as error:
        raise Refused("\n".join(r.text("zh") for r in error.refusals), "\n".join(r.text("en") for r in error.refusals), PROBLEMS) from error
