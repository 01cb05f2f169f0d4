"""Invented data in the shape each template asks for. No firm, person or figure here is real."""

from collections.abc import Mapping

from bihuan.portal.styleguide.samples import (
    boards,
    duplicates,
    entries,
    filling,
    forms,
    homes,
    leaders,
    lists,
    meetings,
    opened,
    papers,
    policies,
    quotas,
    registers,
    walks,
    workbenches,
)
from bihuan.portal.styleguide.samples.frame import AT, Sample, shell

PAGES: Mapping[str, Sample] = {
    **workbenches.PAGES,
    **homes.PAGES,
    **registers.PAGES,
    **lists.PAGES,
    **entries.PAGES,
    **forms.PAGES,
    **filling.PAGES,
    **boards.PAGES,
    **leaders.PAGES,
    **walks.PAGES,
    **papers.PAGES,
    **meetings.PAGES,
    **opened.PAGES,
    **policies.PAGES,
    **quotas.PAGES,
    **duplicates.PAGES,
}
"""Each page template's sample, by the name it has in the style guide."""

__all__ = ["AT", "PAGES", "Sample", "shell"]
