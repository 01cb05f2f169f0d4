"""What the city shows everybody: what it promised and how far it is, its bulletins, its rankings, its open data. No sign-in is needed."""

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.computing.promised import EVERYBODY, promises
from bihuan.computing.scoring import league
from bihuan.foundation import access
from bihuan.foundation.grammar.promises import Promise
from bihuan.foundation.grammar.saying import Said
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Paper
from bihuan.portal import guarded, lamps, shell, words
from bihuan.portal.printed import html_parts
from bihuan.portal.visits import Shaped, Visit

MOST_PROMISES = 60
MOST_BULLETINS = 12
KEPT = {True: "green", False: "red", None: "grey"}


def everybody(visit: Visit) -> HttpResponseBase:
    """The page for whoever comes by."""
    seq, digest, day = guarded.standing(visit)
    promised = list(_targets(visit))
    rows = [one for view in guarded.public_registers(visit) if view.lights for one in _rows(visit, view)]
    counted = {colour: sum(one["colour"] == colour for one in [*promised, *rows]) for colour in ("green", "yellow", "red", "grey")}
    context = {
        "promised": promised, "rows": rows[:MOST_PROMISES],
        "counted": {
            "kept": counted["green"], "not_kept": counted["red"] + counted["yellow"], "unknown": counted["grey"],
        },
        "bulletins": [_bulletin(paper) for paper in guarded.bulletins(visit)[:MOST_BULLETINS]],
        "rankings": list(_rankings(visit)), "data": [_data(visit, view) for view in guarded.public_registers(visit)],
        "proof": {"seq": seq, "hash": digest, "day": day}, "login_href": "" if visit.member else reverse("login"),
    }  # fmt: skip
    return shell.page(visit, "portal/opened.html", [shell.crumb(_("公开"))], context)


def bulletin(visit: Visit, number: int) -> HttpResponseBase:
    """One bulletin as it was printed."""
    paper = guarded.bulletin(visit, number)
    context = {"paper": html_parts(paper, lambda _source: ""), "back_href": reverse("opened"), "back": _("返回公开页")}
    return shell.page(visit, "portal/bulletin.html", [shell.crumb(_("公开"), reverse("opened")), shell.crumb(paper.title)], context)


def _targets(visit: Visit) -> Iterator[Shaped]:
    """The declared targets of today, each with what was measured; one without data says so."""
    columns = visit.columns
    for view, item in guarded.public_targets(visit):
        standing = promises(columns, view, item, visit.day)
        for group, one in standing.items():
            yield {
                "title": visit.title(item.shape), "group": "" if group == EVERYBODY else group, "colour": KEPT[one.kept], "because": one.said.text(visit.language),
                "basis": one.basis, "due": one.due, "source": visit.title(view.shape), "href": "", "gone": _gone(one),
            }  # fmt: skip


def _gone(one: Promise) -> str:
    return {True: _("达到"), False: _("未达到"), None: _("还没有数据")}[one.kept]


def _rows(visit: Visit, view: RegisterView) -> Iterator[Shaped]:
    """The rows of a public register with their lights, each leading to its own page, where the numbers and their source stand."""
    standing = guarded.public_verdicts(view)
    for entry in guarded.public_rows(view).order_by("-key")[:MOST_PROMISES]:
        lights = lamps.because_list(visit, view, entry, standing.get(entry.pk, []), [])
        if lights:
            worst = min(lights, key=lambda light: guarded.GRAVITY.index(light["colour"]))
            yield {
                "title": entry.title or entry.key, "key": entry.key, "colour": worst["colour"], "because": worst["because"],
                "href": reverse("row", args=[entry.pk]) if _reads(visit) else "", "source": visit.title(view.shape),
            }  # fmt: skip


def _reads(visit: Visit) -> bool:
    """Whether the pages of rows and registers open for whoever asks: for visitors they do, for the three administrators they do not."""
    return visit.member is None or bool(visit.actor.roles & (access.STAFF | access.OUTSIDE))


def _bulletin(paper: Paper) -> Shaped:
    return {"title": paper.title, "number": paper.number, "on": paper.issued_on, "href": reverse("bulletin", args=[paper.pk])}


def _rankings(visit: Visit) -> Iterator[Shaped]:
    columns = visit.columns
    for view, item in guarded.public_scores(visit):
        table = league(columns, view, item, visit.day)
        lines = [
            {"rank": line.rank, "name": table.name(line.group).head(visit.language), "score": line.score}
            for line in sorted((line for line in table.lines if line.rank is not None), key=lambda line: line.rank or 0)
        ]
        yield {"title": visit.title(item.shape), "basis": item.shape.basis, "lines": lines}


def _data(visit: Visit, view: RegisterView) -> Shaped:
    address: Any = [view.name]
    return {
        "title": visit.title(view.shape), "rows": guarded.public_rows(view).count(), "licence": _licence(visit, view), "about_href": reverse("open-about", args=address),
        "csv_href": reverse("open-data", args=[view.name, "csv"]), "json_href": reverse("open-data", args=[view.name, "json"]),
        "register_href": reverse("register", args=address) if _reads(visit) else "", "keeper": visit.catalogue.mechanism(view.name).shape.owner,
    }  # fmt: skip


def _licence(visit: Visit, view: RegisterView) -> str:
    return Said(view.shape.licence, view.shape.licence_en or view.shape.licence).text(visit.language)


def _kinds() -> dict[str, str]:
    """What the kinds of fields are called."""
    return {
        "text": _("文字"), "long_text": _("长文字"), "number": _("数"), "money": _("金额"), "date": _("日期"), "month": _("月份"), "yes_no": _("是或否"),
        "choice": _("单选"), "choices": _("多选"), "office": _("单位"), "person": _("人员"), "entry": _("引用"), "file": _("文件"),
    }  # fmt: skip


def about(visit: Visit, register: str) -> HttpResponseBase:
    """The dictionary of a public register: every field that is opened, what it means and in which unit; and where the ledger stood."""
    view = guarded.public_register(visit, register)
    seq, digest, day = guarded.standing(visit)
    fields = [
        {
            "key": key, "title": visit.title(shape), "kind": _kinds()[shape.kind], "unit": shape.unit, "help": words.help_text(shape),
            "choices": words.listed(text for _choice, text in words.choices_of(shape)), "required": shape.required,
        }
        for key, shape in view.shape.fields.items()
        if not shape.personal
    ]  # fmt: skip
    withheld = sum(shape.personal for shape in view.shape.fields.values())
    context = {"data": _data(visit, view), "fields": fields, "withheld": withheld, "proof": {"seq": seq, "hash": digest, "day": day}}
    crumbs = [shell.crumb(_("公开"), reverse("opened")), shell.crumb(visit.title(view.shape))]
    return shell.page(visit, "portal/open_about.html", crumbs, context)
