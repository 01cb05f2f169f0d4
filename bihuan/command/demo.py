"""`bihuan demo`: build the invented city where there is none, and open its site."""

import os
import socket
import sys
from argparse import Namespace
from importlib import import_module

from bihuan.command.language import say
from bihuan.command.outcomes import OK, USAGE, Refused
from bihuan.command.site import open_site
from bihuan.demonstration import HELD

LOGINS = (("demo-leader", "领导", "leader"), ("demo-officer", "经办", "officer"), ("demo-enterprise", "企业", "enterprise"))


def demo(options: Namespace) -> int:
    """Build the demo city unless it stands, then serve it. Refuses a database that holds anything else."""
    for name, value in HELD.items():
        os.environ.setdefault(name, value)
    if os.environ["BIHUAN_DEMO"].lower() in ("off", "0", "no", "false", "否"):
        raise Refused("bihuan demo 需要 BIHUAN_DEMO=on", "bihuan demo needs BIHUAN_DEMO=on", USAGE)
    bind = _bind(options)
    if not options.build_only:
        _refuse_taken(bind)
    open_site()
    # These need a site that is open; everything above must be able to refuse without one.
    raising = import_module("bihuan.command.demo_city")
    raising.raise_city(fresh=options.fresh, projects=options.projects)
    raising.keep()
    if options.build_only:
        return OK
    os.environ["BIHUAN_TODAY"] = raising.today().isoformat()
    _announce(bind)
    return int(import_module("bihuan.command.serving").serve(Namespace(bind=bind, workers=1, no_follow=False)))


def _bind(options: Namespace) -> str:
    host, _, port = options.bind.rpartition(":")
    return f"{host}:{options.port or port}"


def _refuse_taken(bind: str) -> None:
    """Say that the port is taken before a city is built, not after."""
    host, _, port = bind.rpartition(":")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except (OSError, ValueError, OverflowError) as error:
            raise Refused(
                f"不能在 {bind} 上打开网站：{error}\n换一个端口：bihuan demo --port 8001",
                f"Cannot open a site at {bind}: {error}\nTake another port: bihuan demo --port 8001",
            ) from error


def _announce(bind: str) -> None:
    address = f"http://{bind}/"
    print(say(f"\n演示城市：{address}", f"\nThe demo city: {address}"))
    print(say("登录页可一键进入：", "One click on the sign-in page:"))
    for username, role, role_en in LOGINS:
        print(f"  {say(role, role_en):<12}{username}")
    print(say("人物、企业和项目都是虚构的；合计等于公布数据。按 Ctrl-C 结束。", "People, firms and projects are invented; totals are the published ones. Ctrl-C ends it."))
    sys.stdout.flush()
