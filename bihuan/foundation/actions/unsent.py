"""What somebody typed and has not sent: kept for themselves alone, one a page, and gone after a while. Not in the ledger: it is nobody's record."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bihuan.foundation.checking import rejected
from bihuan.foundation.grammar.refusals import Refused
from bihuan.foundation.ledger import LedgerRefused, canonical
from bihuan.foundation.models import Member, Unsent
from bihuan.foundation.sizes import NAME

LARGEST = 300_000
"""Characters of one page's draft: a grid of some thousand cells."""

MOST = 40
"""Drafts one person may have; the oldest make room."""

KEPT = timedelta(days=14)


def keep_unsent(member: Member, page: str, content: Mapping[str, Any], at: datetime) -> Unsent:
    """Keep what was typed into a page, in place of what was kept for it before. Rejected where it is too large, names no page or is no text."""
    try:
        size = len(canonical(content))
    except LedgerRefused as why:
        raise rejected(Refused("草稿里有存不下的字符", "the draft holds characters that cannot be stored", ""), "draft", "草稿") from why
    if not 0 < len(page) <= NAME or size > LARGEST:
        raise rejected(Refused("这份草稿太大，留不住；请先保存", "the draft is too large to be kept; save first", ""), "draft", "草稿")
    Unsent.objects.filter(at__lt=at - KEPT).delete()
    kept, _made = Unsent.objects.update_or_create(member=member.username, page=page, defaults={"content": dict(content), "at": at})
    surplus = Unsent.objects.filter(member=member.username).order_by("-at", "-pk").values_list("pk", flat=True)[MOST:]
    Unsent.objects.filter(pk__in=list(surplus)).delete()
    return kept


def drop_unsent(member: Member, page: str) -> None:
    """Forget what one typed into a page: it was sent, or is not wanted any more."""
    Unsent.objects.filter(member=member.username, page=page).delete()
