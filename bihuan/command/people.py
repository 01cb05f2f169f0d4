"""Whom a command acts for."""

from bihuan.command.outcomes import Refused
from bihuan.foundation.access import Actor, actor_of
from bihuan.foundation.models import Member


def actor_named(username: str) -> Actor:
    """The actor of an account; refused where there is none of that name, or where it is closed."""
    member = Member.objects.filter(pk=username, is_active=True).first()
    if member is None:
        raise Refused(f"没有账号 {username}，或已停用", f"There is no account {username}, or it is closed")
    return actor_of(member)
