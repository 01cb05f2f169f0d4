"""What the READMEs show of the language is the language."""

import re

import pytest

from bihuan.foundation.grammar.mechanisms import Mechanism
from bihuan.foundation.grammar.yaml_text import read
from tests.docs.pages import ROOT

HEAD = "mechanism: sample\ntitle: 样例\nbasis: 样例\n"


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_mechanism_in_the_readme_is_one(page: str) -> None:
    (sample,) = re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text("utf-8"), flags=re.DOTALL)
    mechanism = Mechanism.model_validate(read(HEAD + sample, page).tree)
    light = mechanism.lights["progress"]
    assert light.of in mechanism.indicators
    assert all(thresholds.basis for thresholds in light.since.values())
