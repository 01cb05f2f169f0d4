"""Two workers at once, some killed at any instant: what time and the ledger set off happens once, on its day, and nothing is half done."""

import pytest

from tests.experiments import Experiment

pytestmark = pytest.mark.slow  # processes of their own, killed and counted

ACTORS = "tests.computing.workers"
WHOLE = {"sound": True, "different": 0, "misjudged": 0}


def test_two_sweepers_fire_everything_once_and_on_its_day(anywhere: Experiment) -> None:
    assert anywhere("sweeps", 14) == {"killed": 0, "twice": 0, "never": 0, "early": 0, "wrong_day": 0, **WHOLE}


def test_sweepers_killed_at_any_instant_lose_and_repeat_nothing(anywhere: Experiment) -> None:
    found = anywhere("sweeps_killed", 14)
    assert found.pop("killed") > 5
    assert found == {"twice": 0, "never": 0, "early": 0, "wrong_day": 0, **WHOLE}


def test_followers_killed_at_any_instant_start_each_handoff_once(anywhere: Experiment) -> None:
    found = anywhere("follows_killed", 12)
    assert found.pop("killed") > 5
    assert found == {"twice": 0, "never": 0, "early": 0, **WHOLE}
