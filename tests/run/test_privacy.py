"""The handbook tells of nobody, and nothing that comes of results."""

import re

import pytest
from gmpy2 import mpq

from kpibook.content import Content, read, score_cycle
from kpibook.model import CycleStatus
from kpibook.pipeline import write_pages
from kpibook.scoring.distributions import LEAST_PEOPLE, LEAST_VALUES, cycle_distributions, distribution_cycles
from kpibook.scoring.results import Results
from sources import ROOT


@pytest.fixture(scope="module")
def content() -> Content:
    return read(ROOT / "handbook", ROOT / "scorecards")


@pytest.fixture(scope="module")
def pages(content: Content, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    write_pages(content, folder, list(content.cycles))
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in (folder / "handbook").rglob("*.md")
    }


def test_no_page_of_the_handbook_names_anybody(content: Content, pages: dict[str, str]) -> None:
    people = [assignment for cycle in content.cycles.values() for assignment in cycle.people]
    everything = "\n".join(pages.values())
    known = "\n".join(
        [*content.prose.values(), *(path.read_text("utf-8") for path in (ROOT / "handbook").rglob("*.yml"))]
    )

    assert people
    assert not [a.name for a in people if a.name in everything and a.name not in known]
    assert not [a.person for a in people if re.search(rf"(?<![\w-]){re.escape(a.person)}(?![\w-])", everything)]


def test_the_handbook_tells_nothing_that_comes_of_results(content: Content, pages: dict[str, str]) -> None:
    settled = [cycle for cycle in content.cycles.values() if cycle.status is CycleStatus.CLOSED]

    assert settled
    assert not [path for path, page in pages.items() if "{#past}" in page]
    assert not [path for path, page in pages.items() if "/indicators/" in path and settled[0].name in page]


def test_behind_every_figure_stand_five_people_with_three_different_values(content: Content) -> None:
    told = 0
    for period in (cycle.period for cycle in distribution_cycles(content.cycles.values())):
        results = score_cycle(content, period)
        distributions = cycle_distributions(results, content.catalog.company.rounding.rate).distributions
        for indicator, values in actuals(results).items():
            if (shown := distributions.get(indicator)) and not shown.is_share:
                told += 1
                assert len(values) >= LEAST_PEOPLE
                assert len(set(values.values())) >= LEAST_VALUES

    assert told


def actuals(results: Results) -> dict[str, dict[str, mpq]]:
    """By indicator: everybody's actual."""
    found: dict[str, dict[str, mpq]] = {}
    for card in results.cards:
        for score in (score for part in card.spans for score in (*part.items, *part.extras)):
            if score.actual is not None:
                found.setdefault(score.indicator.id, {})[card.person] = score.actual
    return found
