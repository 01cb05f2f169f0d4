"""What the states and steps of a paper are called on pages."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from bihuan.computing.passages import KINDS, OTHER, READ
from bihuan.foundation.models import Paper
from bihuan.portal.visits import Shaped

TONES = {"draft": "yellow", "checked": "blue", "signed": "blue", "issued": "green", "archived": "grey", "dropped": "grey"}


def state_word(state: str) -> str:
    """What a state is called."""
    return {
        "draft": _("草稿"), "checked": _("已核稿"), "signed": _("已签发"), "issued": _("已印发"), "archived": _("已归档"), "dropped": _("作废"),
    }[state]  # fmt: skip


SORTS = (*KINDS, OTHER, READ)
"""The kinds of texts in the archive, in the order they are offered."""


def kind_word(kind: str) -> str:
    """What a kind of text in the archive is called."""
    told = _("通报"), _("函"), _("纪要"), _("旬报"), _("责任清单"), _("交办单"), _("总结"), _("其他"), _("读入的文件")
    return dict(zip(SORTS, told, strict=True))[kind]


def state_tag(paper: Paper) -> Shaped:
    """The state of a paper as a label."""
    return {"text": state_word(paper.state), "tone": TONES[paper.state]}


def waits_for(state: str) -> str:
    """What a paper that is not issued waits for."""
    return {"draft": _("待核稿"), "checked": _("待签发"), "signed": _("待印发")}[state]


def steps(paper: Paper) -> Iterator[tuple[str, str, object]]:
    """The steps of a paper's life in their order: what each is called, by whom and on which day it was taken, or nothing."""
    yield _("起草"), paper.drafted_by, paper.drafted_on
    yield _("核稿"), paper.checked_by, paper.checked_on
    yield _("签发"), paper.signed_by, paper.signed_on
    yield _("印发"), paper.issued_by, paper.issued_on
    yield _("归档"), paper.archived_by, paper.archived_on
