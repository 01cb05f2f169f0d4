"""`bihuan office`, `bihuan member`, `bihuan roles`: who works here, and what they may do.

Accounts are made by one administrator and rights given by another. Until a city has them, the command line itself stands in, so that the
first administrators can be made; the ledger names it as the actor.
"""

import sys
from argparse import Namespace
from collections.abc import Callable
from getpass import getpass
from typing import TypeVar

from bihuan import clock
from bihuan.command.language import say
from bihuan.command.outcomes import OK, PROBLEMS, USAGE, Refused
from bihuan.command.people import actor_named
from bihuan.foundation import actions
from bihuan.foundation.access import SECADMIN, SYSADMIN, SYSTEM, Actor, role_name
from bihuan.foundation.actions import Forbidden, MemberGiven, OfficeGiven, Rejected
from bihuan.foundation.models import Member, Office

T = TypeVar("T")

LANGUAGES = {None: None, "zh": "zh-hans", "en": "en"}


def set_office(options: Namespace) -> int:
    """Make an office, or change of it what is said."""
    actor = _administrator(options.administrator, SYSADMIN)
    old = Office.objects.filter(pk=options.office).first()
    kind = options.kind or (old.kind if old else "")
    if not kind:
        raise Refused("新单位须写类别。例：--kind county", "A new office needs its kind. For example: --kind county", USAGE)
    above = (old.parent_id or "" if old else "") if options.above is None else options.above
    english = (old.name_en if old else "") if options.english is None else options.english
    given = OfficeGiven(options.office, kind, above, old.name if old else "", english, options.close)
    office = _done(lambda: actions.set_office(actor, given, clock.now()))
    print(say(f"单位 {office.code}，位于 {office.path}", f"office {office.code} at {office.path}"))
    return OK


def set_member(options: Namespace) -> int:
    """Make an account, or change of it what is said; with --password ask for a new password, or read it from standard input."""
    actor = _administrator(options.administrator, SYSADMIN)
    old = Member.objects.filter(pk=options.username).first() or Member(username=options.username, language="zh-hans")
    asked = {"name": options.name, "phone": options.phone, "office": options.office, "enterprise": options.enterprise, "language": LANGUAGES[options.language]}
    stands = {"name": old.name, "phone": old.phone, "office": old.office_id or "", "enterprise": old.enterprise, "language": old.language}
    given = {field: stands[field] if value is None else value for field, value in asked.items()}
    password = _password() if options.password else ""
    member = _done(lambda: actions.set_member(actor, MemberGiven(options.username, **given, active=not options.close), clock.now()))
    if password:
        _done(lambda: actions.set_password(actor, member.username, password, clock.now()))
    print(say(f"账号 {member.username}", f"account {member.username}"))
    return OK


def set_roles(options: Namespace) -> int:
    """Give a person exactly these roles; none takes away all."""
    actor = _administrator(options.administrator, SECADMIN)
    member = _done(lambda: actions.set_roles(actor, options.username, options.roles, clock.now()))
    held, held_en = "、".join(map(role_name, member.roles)), ", ".join(role_name(role, "en") for role in member.roles)
    print(say(f"{member.username}：{held or '没有角色'}", f"{member.username}: {held_en or 'no role'}"))
    return OK


def _administrator(username: str, role: str) -> Actor:
    """Whoever acts: the account named, or the command line itself while nobody holds the role."""
    if username:
        return actor_named(username)
    holder = next((member.username for member in Member.objects.filter(is_active=True) if role in member.roles), None)
    if holder:
        raise Refused(
            f"已有{role_name(role)}，须以其身份办理。例：--as {holder}",
            f"There is a {role_name(role, 'en')}, who does this. For example: --as {holder}",
        )
    return SYSTEM


def _done(action: Callable[[], T]) -> T:
    try:
        return action()
    except Forbidden as error:
        raise Refused(error.decision.reason, error.decision.reason_en) from error
    except Rejected as error:
        raise Refused("\n".join(r.text("zh") for r in error.refusals), "\n".join(r.text("en") for r in error.refusals), PROBLEMS) from error


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass(say("新密码：", "New password: "))
    if getpass(say("再输一次：", "Once more: ")) != first:
        raise Refused("两次输入不一致", "The two are not the same")
    return first
