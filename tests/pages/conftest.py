"""What the tests of pages share."""

import pytest

from cards_made import company
from handbook_made import shop
from kpibook.base.periods import Period
from kpibook.content import Content, read
from kpibook.scoring import score
from kpibook.scoring.results import Results
from sources import ROOT

__all__ = ["company", "shop"]


@pytest.fixture(scope="module")
def sample() -> Content:
    """The sample company with its cycles."""
    return read(ROOT / "handbook", ROOT / "scorecards")


@pytest.fixture(scope="module")
def scored(sample: Content) -> Results:
    """The sample company's newest month."""
    return score(sample.catalog, sample.cycles[Period.parse("2026-10")], sample.cycles)
