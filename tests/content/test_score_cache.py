"""Cards that are kept from one run to the next: whose card is scored again, and what is never believed."""

import pickle
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from companies import a_company, change
from kpibook.base.periods import Period
from kpibook.base.problems import has_errors
from kpibook.content import read, score_cycle, score_with
from kpibook.content.card_inputs import CardInputs
from kpibook.content.score_cache import SUFFIX, CycleCards, forget_cards
from kpibook.scoring.card_pickling import light_card
from kpibook.scoring.cards import CardScorer
from kpibook.scoring.results import Card

PERIOD = Period.parse("2026-10")
SECRET = b"the secret of the pages"
INDICATORS = """\
team_sales: {name: 门店销售额, formula: department.sales, unit: 元, direction: higher}
share: {name: 占比, formula: sales / company.sales * 100, unit: "%", direction: higher}
beside: {name: 与同事比, formula: sales / peers_mean.sales * 100, unit: "%", direction: higher}
"""
ROLE = """\
name: {name}
department: {department}
duties: [{{name: 销售, share: 100}}]
scorecard:
  - section: 业绩
    items:
      - {{indicator: {indicator}, weight: 100, target: 100, standard: {{rule: proportional}}}}
"""
PEOPLE = """\
person,name,role,department
E1,林晓,alone,shop
E2,周然,alone,shop
E3,何小青,team,shop
E4,许诺,team,support
E5,方晴,part,shop
E6,安宁,beside,shop
"""
SALES = "subject,measure,actual\nE1,sales,100\nE2,sales,90\nE3,sales,80\nE4,sales,70\nE5,sales,60\nE6,sales,50\n"


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """People who are scored by their own numbers, by their department's, by the company's, and beside each other."""
    root = a_company(tmp_path / "company")
    (root / "handbook/indicators/team.yml").write_text(INDICATORS, encoding="utf-8")
    roles = {"alone": "sales_volume", "team": "team_sales", "part": "share", "beside": "beside"}
    for role, indicator in roles.items():
        text = ROLE.format(name=role, department="shop", indicator=indicator)
        (root / f"handbook/roles/{role}.yml").write_text(text, encoding="utf-8")
    cycle = root / "scorecards/2026-10"
    for file in (cycle / "actuals").iterdir():
        file.unlink()
    (cycle / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (cycle / "actuals/sales.csv").write_text(SALES, encoding="utf-8")
    return root


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who is scored, one after the other."""
    found, card = list[str](), CardScorer.card

    def told(scorer: CardScorer, person: str) -> Card:
        found.append(person)
        return card(scorer, person)

    monkeypatch.setattr(CardScorer, "card", told)
    return found


def alone(cards: Mapping[str, Card]) -> dict[str, bytes]:
    """A stand-in for the fingerprint of each card."""
    return {person: f"all of {person} {card.total}".encode() for person, card in cards.items()}


def run(root: Path, secret: bytes = SECRET) -> CycleCards:
    """Score the cycle by what is kept, keep it, and hold the cards to those of a cycle that is scored at once."""
    content = read(root / "handbook", root / "scorecards")
    assert not has_errors(content.problems), [str(each) for each in content.problems]
    assert content.sums
    cards = CycleCards(content, PERIOD, CardInputs(content, PERIOD, content.sums, "run"), root / "kept", secret)
    results = score_with(content, PERIOD, None, cards.all(), cards.scorer)
    cards.keep(alone({card.person: card for card in results.cards}), 0)
    whole = score_cycle(content, PERIOD)
    assert list(map(light_card, results.cards)) == list(map(light_card, whole.cards))
    assert list(map(cards.whole, results.cards)) == list(whole.cards)
    return cards


def anew(root: Path, scored: list[str], secret: bytes = SECRET) -> list[str]:
    """Who is scored of a next run before anybody's page is set."""
    content = read(root / "handbook", root / "scorecards")
    assert content.sums
    inputs = CardInputs(content, PERIOD, content.sums, "run")
    scored.clear()
    CycleCards(content, PERIOD, inputs, root / "kept", secret).all()
    found = sorted(set(scored))
    run(root, secret)
    return found


@pytest.mark.parametrize("large", [1, 20_000])
def test_light_cards_become_what_they_were(
    company: Path, scored: list[str], monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr("kpibook.content.score_cache.LARGE", large)
    monkeypatch.setattr("kpibook.content.score_cache.FORGET", 2)
    run(company)
    change(company / "scorecards/2026-10/actuals/sales.csv", "E4,sales,70", "E4,sales,71")

    assert anew(company, scored) == ["E3", "E4", "E5", "E6"]


def test_nobody_is_scored_again_but_who_is_held_beside_others(company: Path, scored: list[str]) -> None:
    run(company)

    assert anew(company, scored) == ["E6"]


EDITS = {
    "an own number": ("E1,sales,100", "E1,sales,101", ["E1", "E3", "E5", "E6"]),
    "a number of a department below": ("E4,sales,70", "E4,sales,71", ["E3", "E4", "E5", "E6"]),
    "a number as it is written": ("E2,sales,90", "E2,sales,90.0", ["E2", "E3", "E5", "E6"]),
    "a row that moves to another line": (
        "E1,sales,100\nE2,sales,90",
        "E2,sales,90\nE1,sales,100",
        ["E1", "E2", "E3", "E5", "E6"],
    ),
    "a number of the department itself": ("E1,sales,100", "shop,sales,500\nE1,sales,100", None),
}


@pytest.mark.parametrize("edit", EDITS)
def test_who_took_a_number_that_changed_is_scored_again(company: Path, scored: list[str], edit: str) -> None:
    old, new, people = EDITS[edit]
    run(company)
    change(company / "scorecards/2026-10/actuals/sales.csv", old, new)

    # A row more moves all others to another line, which every card tells.
    assert anew(company, scored) == (people or ["E1", "E2", "E3", "E4", "E5", "E6"])


def test_a_number_that_is_taken_back_finds_the_card_that_was_kept_before(company: Path, scored: list[str]) -> None:
    run(company)
    file = company / "scorecards/2026-10/actuals/sales.csv"
    before = file.read_bytes()
    change(file, "E4,sales,70", "E4,sales,71")
    run(company)
    file.write_bytes(before)

    run(company)

    assert anew(company, scored) == ["E6"]


DECISIVE = {
    "handbook/roles/alone.yml": ("name: ", "name: 新"),
    "handbook/indicators/team.yml": ("name: 占比", "name: 占比 "),
    "handbook/company.yml": ("name: ", "name: 新"),
    "scorecards/2026-09/actuals/support.csv": ("E01,sales,", "E01,sales,1"),
    "scorecards/2026-10/cycle.yml": ("name: ", "name: 新"),
}
"""What decides everybody's card, or may."""


@pytest.mark.parametrize("path", DECISIVE)
def test_what_decides_everybodys_card_has_all_scored_again(company: Path, scored: list[str], path: str) -> None:
    run(company)
    old, new = DECISIVE[path]
    file = company / path
    file.write_text(file.read_text("utf-8").replace(old, new, 1), encoding="utf-8")

    assert anew(company, scored) == ["E1", "E2", "E3", "E4", "E5", "E6"]


ITEM = "- {indicator: sales_volume, weight: 100, target: 100, standard: {rule: proportional}}"
TWO_ITEMS = """\
- {indicator: team_sales, weight: 50, target: 100, standard: {rule: proportional, cap: 120}}
      - {indicator: sales_volume, weight: 50, target: 100, standard: {rule: proportional}}"""
ROLES = {
    "a target": ("alone", "target: 100", "target: 99", ["E1", "E2", "E6"]),
    "one more item, with a formula": ("alone", ITEM, TWO_ITEMS, ["E1", "E2", "E6"]),
    "a line that moves all others": ("part", "name: part", "# moved\nname: part", ["E5", "E6"]),
    "the only role of somebody beside others": ("beside", "weight: 100", "weight: 100.0", ["E6"]),
}


@pytest.mark.parametrize("edit", ROLES)
def test_who_holds_a_role_that_changed_is_scored_again(company: Path, scored: list[str], edit: str) -> None:
    role, old, new, people = ROLES[edit]
    run(company)
    change(company / f"handbook/roles/{role}.yml", old, new)

    assert anew(company, scored) == people
    assert anew(company, scored) == ["E6"]


ROSTER = {
    "a name": ("E1,林晓", "E1,林晓晓", ["E1", "E6"]),
    "somebody more": (
        "E6,安宁,beside,shop\n",
        "E6,安宁,beside,shop\nE7,林夕,alone,support\n",
        ["E3", "E4", "E5", "E6", "E7"],
    ),
    "a department": ("E2,周然,alone,shop", "E2,周然,alone,support", ["E2", "E4", "E6"]),
    "a role": ("E2,周然,alone", "E2,周然,part", ["E2", "E6"]),
}


@pytest.mark.parametrize("edit", ROSTER)
def test_whose_row_of_the_roster_changed_is_scored_again(company: Path, scored: list[str], edit: str) -> None:
    old, new, people = ROSTER[edit]
    run(company)
    change(company / "scorecards/2026-10/people.csv", old, new)

    assert anew(company, scored) == people


def test_who_is_approved_by_somebody_of_another_name_is_scored_again(company: Path, scored: list[str]) -> None:
    row = "subject,indicator,target,reason,approved_by\nE5,share,90,新人,E2\n"
    (company / "scorecards/2026-10/targets.csv").write_text(row, encoding="utf-8")
    run(company)
    change(company / "scorecards/2026-10/people.csv", "E2,周然", "E2,周燃")

    assert anew(company, scored) == ["E2", "E5", "E6"]


def test_a_role_of_the_catalog_that_a_cycle_keeps_has_its_people_scored_again(company: Path, scored: list[str]) -> None:
    own = company / "scorecards/2026-10/handbook"
    shutil.copytree(company / "handbook", own, ignore=shutil.ignore_patterns("pages"))
    change(own / "company.yml", "name: ", "name: 从前的")
    run(company)
    change(own / "roles/alone.yml", "target: 100", "target: 99")

    assert anew(company, scored) == ["E1", "E2", "E6"]


def test_a_sum_that_lacks_nothing_more_once_a_role_changed_has_its_takers_scored_again(
    company: Path, scored: list[str]
) -> None:
    change(company / "scorecards/2026-10/actuals/sales.csv", "E2,sales,90\n", "E2,visitors,9\n")
    run(company)
    change(company / "handbook/roles/alone.yml", "indicator: sales_volume", "indicator: team_sales")

    assert anew(company, scored) == ["E1", "E2", "E3", "E5", "E6"]


def test_of_a_mean_of_totals_no_role_is_told_apart(company: Path, scored: list[str]) -> None:
    change(company / "scorecards/2026-10/cycle.yml", "kind: month", "kind: month\ncombine: mean_of_scores")
    run(company)
    change(company / "handbook/roles/part.yml", "target: 100", "target: 99")

    assert anew(company, scored) == ["E1", "E2", "E3", "E4", "E5", "E6"]


TABLES = {
    "targets.csv": "subject,indicator,target,reason,approved_by\nE1,sales_volume,90,新人,老板\n",
    "adjustments.csv": "person,points,reason,approved_by,on\nE1,2,顶班,老板,2026-10-20\n",
    "calibration.csv": "person,total,grade,reason,by,on\nE1,70,,委员会,老板,2026-11-06\n",
    "leave.csv": "person,kind,from,to,note\nE1,产假,2026-10-20,2026-10-21,\n",
}


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_any_table_has_its_person_scored_again(company: Path, scored: list[str], table: str) -> None:
    with (company / "handbook/company.yml").open("a", encoding="utf-8") as settings:
        settings.write("part_cycle: {leave_kinds: [产假]}\n" if table == "leave.csv" else "")
    file = company / f"scorecards/2026-10/{table}"
    header = TABLES[table].splitlines(keepends=True)[0]
    file.write_text(header, encoding="utf-8")
    run(company)
    file.write_text(TABLES[table], encoding="utf-8")

    assert anew(company, scored) == ["E1", "E6"]


def kept(root: Path) -> list[Path]:
    return sorted((root / "kept").glob(f"*{SUFFIX}"))


def test_of_a_file_that_was_spoilt_nothing_is_believed(company: Path, scored: list[str]) -> None:
    run(company)
    [file] = kept(company)
    data = file.read_bytes()

    for at in (0, 31, 32, 47, 48, len(data) // 2, len(data) - 1):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert anew(company, scored) == ["E1", "E2", "E3", "E4", "E5", "E6"], at
        [file] = kept(company)
        data = file.read_bytes()


def test_what_was_written_without_the_secret_is_never_unpacked(company: Path, scored: list[str]) -> None:
    run(company, b"another secret")
    [file] = kept(company)
    harmful = pickle.dumps(Harmful())
    file.write_bytes(file.read_bytes()[:48] + harmful)

    assert anew(company, scored) == ["E1", "E2", "E3", "E4", "E5", "E6"]


class Harmful:
    """Something that does what nobody asked for as soon as it is unpacked."""

    def __reduce__(self) -> tuple[object, ...]:
        return pytest.fail, ("it was unpacked",)


def test_each_run_writes_what_changed_and_in_the_end_all_anew(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpibook.content.score_cache.MOST_FILES", 2)
    monkeypatch.setattr("kpibook.content.score_cache.MANY", 2)
    counts = list[int]()
    for text in edits():
        (company / "scorecards/2026-10/actuals/sales.csv").write_text(text, encoding="utf-8")
        run(company)
        counts.append(len(kept(company)))

    assert counts == [1, 2, 3, 1, 2]


def edits() -> Iterator[str]:
    for visitors in range(5):
        yield f"{SALES}E1,visitors,{visitors}\n"


def test_what_is_kept_of_other_cycles_goes(tmp_path: Path) -> None:
    for name in ("2026-09.1.0.scores", "2026-10.1.0.scores", "2026-10.2.1.scores.new", "2026-10.cards.json"):
        (tmp_path / name).touch()

    forget_cards(tmp_path, [PERIOD])

    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "2026-10.1.0.scores",
        "2026-10.2.1.scores.new",
        "2026-10.cards.json",
    ]
