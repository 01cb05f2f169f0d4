"""Eight workers at one quota, in processes of their own: `python -m tests.computing.sharers EXPERIMENT NUMBER` prints what came of it."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connections  # noqa: E402

from bihuan.computing import allocations, tables  # noqa: E402
from bihuan.foundation import replaying, verify  # noqa: E402
from bihuan.foundation.access import SYSTEM  # noqa: E402
from bihuan.foundation.actions import PostingGiven, Rejected, post_quota  # noqa: E402
from bihuan.foundation.models import Allocation, Balance, Posting  # noqa: E402
from tests.computing import shared  # noqa: E402

AT = datetime(2025, 7, 8, 1, 0, tzinfo=UTC)
WORKERS = 8


def together(deed: Callable[[int], None]) -> list[int]:
    """Do a deed in eight processes that set out together; gives how each ended: 0 done, 1 refused."""
    connections.close_all()
    tables.forget()
    start, go = os.pipe()
    children = []
    for number in range(WORKERS):
        child = os.fork()
        if child == 0:
            os.close(go)
            os.read(start, 1)  # returns when the parent lets go of its end
            os._exit(_ended(lambda: deed(number)))  # noqa: B023 (the child ends here)
        children.append(child)
    os.close(start)
    os.close(go)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _ended(deed: Callable[[], None]) -> int:
    try:
        deed()
    except Rejected:
        return 1
    except BaseException as error:  # noqa: BLE001 (a child says what went wrong and ends)
        print(repr(error), file=sys.stderr)
        return 2
    return 0


def confirming(number: int) -> dict[str, Any]:
    """Eight allocations of the same quota, each drafted before any is confirmed: one may count."""
    for place in range(number):
        shared.request(f"R{place}", AT, 40, place)
    waiting = [shared.kept(AT).pk for _ in range(WORKERS)]
    ended = together(lambda worker: allocations.confirm(shared.actor("批准人"), waiting[worker], AT) and None)
    return {"confirmed": ended.count(0), "refused": ended.count(1), "counted": Allocation.objects.filter(state="confirmed").count(), **whole()}


def transferring(_number: int) -> dict[str, Any]:
    """Eight transfers of 30 亩 out of a pool of 100: three fit."""
    given = PostingGiven("county/甲县", "county/乙县", "30亩", "调剂")
    ended = together(lambda _worker: post_quota(SYSTEM, shared.REGISTER, "land", given, AT) and None)
    return {"confirmed": ended.count(0), "refused": ended.count(1), "counted": Posting.objects.filter(deed="transfer").count(), **whole()}


def whole() -> dict[str, Any]:
    """Whether any pool was overdrawn, whether all balances add up to nothing, and whether chain and tables agree."""
    overdrawn = Balance.objects.filter(source=False, amount__lt=0).count()
    return {"overdrawn": overdrawn, "sum": shared.in_all(), "sound": verify.verify().sound, "different": replaying.compare().count}


EXPERIMENTS: dict[str, Callable[[int], dict[str, Any]]] = {"confirming": confirming, "transferring": transferring}

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    shared.build(AT)
    print(json.dumps(EXPERIMENTS[sys.argv[1]](int(sys.argv[2]))))
