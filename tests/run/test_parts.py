"""Cards that are scored and set part by part say what all together say, whatever only all cards together decide."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import synthetic
from followed import lived_in
from kpibook import cluster
from kpibook.base.periods import Period
from kpibook.cluster import Cluster
from kpibook.content import Content, cycle_state, read, score_cycle
from kpibook.pages.viewers import ViewerFacts
from kpibook.scoring.card_pickling import Alike, light_card, shared_outcome, with_shared_outcome
from kpibook.typesetting import CardRun, write_cards
from kpibook.worker import Part, pickler_of, score_part, sources_of

KEY = b"a key"


class Here:
    """Workers that are this process; they hear of a part what others would."""

    def __init__(self) -> None:
        self.works: list[str] = []

    @contextmanager
    def begin(self, work: Callable[..., Any], asked: Sequence[tuple[Any, ...]]) -> Iterator["DoneHere"]:
        self.works += [work.__name__] * len(asked)
        yield DoneHere([work(*each) for each in asked])


class DoneHere(NamedTuple):
    """Work that is done."""

    found: list[Any]

    def as_done(self) -> Iterator[int]:
        return iter(range(len(self.found)))

    def results(self) -> list[Any]:
        return self.found


@pytest.fixture(autouse=True)
def one_to_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PEOPLE", 1)


def written(content: Content, folder: Path, helpers: Cluster | None = None) -> dict[str, bytes]:
    access = content.catalog.company.access
    viewing = ViewerFacts(content.catalog, access, content.cycles, content.say, KEY) if access else None
    write_cards(content, folder / "cards", CardRun(list(content.cycles), KEY, viewing, 1, helpers))
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((folder / "cards").rglob("*"))
        if path.is_file()
    }


def in_parts(root: Path, folder: Path) -> dict[str, bytes]:
    content = read(root / "handbook", root / "scorecards")
    return written(content, folder, Cluster(Here(), sources_of(content)))


def alone(root: Path, folder: Path) -> dict[str, bytes]:
    return written(read(root / "handbook", root / "scorecards"), folder)


def test_a_company_with_a_row_in_every_table_and_a_published_month_is_the_same_in_parts(tmp_path: Path) -> None:
    root = lived_in(tmp_path / "company")

    found = in_parts(root, tmp_path / "parts")

    assert found == alone(root, tmp_path / "alone")
    assert sum("2026-10/p/" in path for path in found) == 6


def write_managed(root: Path, *, people: int = 12) -> None:
    """One manager of all but one, in three roles, one ranking and one pool; two open months and a streak over both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(synthetic, "ROLES", 3)
        synthetic.write_company(root, people)
        synthetic.write_month(root, "2026-09", people)
    with (root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write("rank: {within: company, shown: true}\naccess: {hr: [hr]}\n")
        file.write("streaks: [{name: 连续, when: total >= 1, cycles: 2, amount: 100}]\n")
    for role in (root / "handbook/roles").iterdir():
        with role.open("a", encoding="utf-8") as file:
            file.write("pay: [{name: 奖金, pool: company.sales, among: company, by: total}]\n")
    for month in ("2026-09", "2026-10"):
        table = root / "scorecards" / month / "people.csv"
        head, *rows = table.read_text(encoding="utf-8").splitlines()
        managed = [f"{row},{'E0' if 0 < at < people - 1 else ''}" for at, row in enumerate(rows)]
        table.write_text("\n".join((f"{head},manager", *managed, "")), encoding="utf-8")


def test_a_rank_that_would_give_the_only_one_left_away_is_told_on_no_card_of_any_part(tmp_path: Path) -> None:
    write_managed(tmp_path / "company")

    found = in_parts(tmp_path / "company", tmp_path / "parts")

    assert found == alone(tmp_path / "company", tmp_path / "alone")
    cards = [text.decode() for path, text in found.items() if "2026-10/p/" in path]
    assert len(cards) == 12
    assert not any("/ 12" in text for text in cards)
    assert all("奖金" in text and "连续" in text for text in cards)


def test_the_month_before_is_scored_for_the_people_of_a_part_and_for_no_one_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_managed(tmp_path / "company")
    content = read(tmp_path / "company/handbook", tmp_path / "company/scorecards")
    monkeypatch.setattr(
        "kpibook.content.results.score", lambda *arguments: pytest.fail("everybody is scored in one place")
    )
    workers = Here()

    written(content, tmp_path / "parts", Cluster(workers, sources_of(content)))

    assert workers.works == [*["score_part"] * 12, *["set_part"] * 12] * 2


def test_progress_counts_people_and_no_round_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_managed(tmp_path / "company")
    monkeypatch.setattr(cluster, "PEOPLE", 5)
    content, stages = read(tmp_path / "company/handbook", tmp_path / "company/scorecards"), Counted()

    written(content, tmp_path / "parts", Cluster(Here(), sources_of(content), stages))

    assert stages.totals == [("score", 12), ("pages", 12), ("score", 12), ("pages", 12)]
    assert stages.done == [4, 4, 4, 5, 5, 2] * 2


class Counted:
    """Hears of stages and how they go on."""

    def __init__(self) -> None:
        self.totals: list[tuple[str, int]] = []
        self.done: list[int] = []

    def begin(self, name: str, total: int) -> Callable[[int], None]:
        self.totals.append((name, total))
        return self.done.append

    def end(self, name: str, seconds: float) -> None:
        pass


def test_a_card_that_went_light_comes_back_whole(tmp_path: Path) -> None:
    root, period = lived_in(tmp_path / "company"), Period.parse("2026-10")
    content = read(root / "handbook", root / "scorecards")
    pickler, sources = pickler_of(content, period), sources_of(content)

    slim = pickler.unpack(score_part(sources, Part("2026-10", 0, 1)))

    whole = score_cycle(content, period).cards
    assert [card.total for card in slim] == [card.total for card in whole]
    assert any(card.steps for card in whole)
    assert not any(card.steps for card in slim)
    for card in whole:
        bare = pickler.unpack(pickler.pack(shared_outcome(card)))
        assert with_shared_outcome(card, bare) == card


def test_how_far_weekly_numbers_are_is_known_from_light_cards(tmp_path: Path) -> None:
    root, period = lived_in(tmp_path / "company"), Period.parse("2026-10")
    content = read(root / "handbook", root / "scorecards")

    results = Cluster(Here(), sources_of(content)).score(content, period)

    progress = cycle_state(content, results).progress
    assert [(each.name, each.key) for each in progress] == [("方晴", "个人销售额")]
    assert progress == cycle_state(content, score_cycle(content, period)).progress


def test_items_that_are_alike_stand_in_a_parcel_once_and_are_what_they_were(tmp_path: Path) -> None:
    write_managed(tmp_path / "company", people=30)
    content = read(tmp_path / "company/handbook", tmp_path / "company/scorecards")
    cards, alike = score_cycle(content, Period.parse("2026-10")).cards, Alike()

    found = [light_card(card, alike=alike) for card in cards]

    assert found == [light_card(card) for card in cards]
    items = [item for card in found for item in card.spans[-1].items]
    assert len(items) == 30 * 8
    assert len({id(item) for item in items}) == len(alike) < 180
