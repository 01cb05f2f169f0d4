"""In which order packs and registers stand on pages: by the smallest code of a mechanism they hold, then as declared."""

from collections.abc import Sequence

from bihuan.foundation.grammar.packs import Pack
from bihuan.foundation.grammar.views import Catalogue, RegisterView


def packs(catalogue: Catalogue) -> Sequence[Pack]:
    """The packs in force."""
    return catalogue.packs_in_order


def registers(catalogue: Catalogue) -> Sequence[RegisterView]:
    """All registers, those of one pack together."""
    return catalogue.registers_in_order
