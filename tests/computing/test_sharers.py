"""Eight workers at one quota: whatever they do at the same moment, no more is given than there is."""

import pytest

from tests.experiments import Experiment

pytestmark = pytest.mark.slow  # processes of their own, counted

ACTORS = "tests.computing.sharers"
WHOLE = {"overdrawn": 0, "sum": 0, "sound": True, "different": 0}


def test_of_eight_allocations_confirmed_at_once_one_counts(anywhere: Experiment) -> None:
    assert anywhere("confirming", 6) == {"confirmed": 1, "refused": 7, "counted": 1, **WHOLE}


def test_of_eight_transfers_at_once_only_those_that_fit_are_booked(anywhere: Experiment) -> None:
    assert anywhere("transferring", 0) == {"confirmed": 3, "refused": 5, "counted": 3, **WHOLE}
