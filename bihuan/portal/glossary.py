"""The words of the field: a page of them, and the few that pages explain where they stand, as data for a script."""

from itertools import groupby

from django.http import JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from bihuan.foundation.grammar.words import PARTS, TERMS
from bihuan.portal import shell
from bihuan.portal.visits import Shaped, Visit

EXPLAINED = frozenset({"plate", "assignment", "cadence", "override", "year_to_date", "ten_days", "escalation", "handoff", "close", "grey", "baseline"})
"""Beside the practices, the words that pages explain: those that people outside the office do not use."""


def words(visit: Visit) -> HttpResponseBase:
    """All words by the part of the system they belong to; with ``as=json`` those that are explained in place, the longest first."""
    if visit.request.GET.get("as") == "json":
        hovered = [one for one in TERMS if one.part == "practice" or one.key in EXPLAINED]
        found = [{"word": name, "meaning": one.tooltip(visit.language)} for one in hovered for name in _said(one.word(visit.language))]
        answer = JsonResponse(sorted(found, key=lambda one: -len(one["word"])), safe=False)
        answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer
    parts: list[Shaped] = [
        {"title": PARTS[part][0 if visit.language.startswith("zh") else 1], "words": [{"word": one.word(visit.language), "meaning": one.tooltip(visit.language)} for one in terms]}
        for part, terms in groupby(TERMS, key=lambda one: one.part)
    ]  # fmt: skip
    return shell.page(visit, "portal/words.html", [shell.crumb(_("用语表"))], {"parts": parts})


def _said(word: str) -> list[str]:
    """A word as it stands in a text: of 包联（分包） either."""
    return [one for one in word.replace("）", "").split("（") if one]
