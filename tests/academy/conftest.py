"""The digest of the source documents, for the tests that compare with it."""

from pathlib import Path
from typing import Any

import pytest
import yaml


@pytest.fixture(scope="session")
def digest(shared: Path) -> dict[str, Any]:
    """What a reader of the documents wrote down: facts, relations, offices. Every value is text."""
    text: dict[str, Any] = yaml.load((shared / "mission" / "facts.yaml").read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return text
