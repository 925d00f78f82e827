"""What changed in the catalog, when, by whom and why: on a page of its own, on the pages of roles, and on cards."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kpibook.base.history import Commit
from kpibook.base.words import words
from kpibook.cli import main
from kpibook.model import Catalog, Cycle
from kpibook.pages.changelog import MOST, MOST_OF_ONE, MOST_PAGES
from kpibook.pages.cycles.rendering import card_pages
from kpibook.pages.handbook.navigation import handbook_nav
from kpibook.pages.handbook.rendering import HandbookFacts, handbook_pages
from kpibook.scoring import score
from making import catalog, cycle, indicator, item, person, role
from repositories import Repository

CHANGES = [{"on": "2026-10-01", "what": "weight of sales 15 → 20", "by": "Board", "why": "growth"}]
SALES = item("sales", 100, {"rule": "proportional"}, target=10)


def commit(subject: str, day: str = "2026-10-05", number: int = 0) -> Commit:
    return Commit(datetime.date.fromisoformat(day), "Ms Editor", subject, f"{number:040x}", number)


def a_catalog(**values: object) -> Catalog:
    of_indicator = values.pop("of_indicator", [])
    return catalog(
        [role("clerk", [SALES], name="Clerk", **values)], [indicator("sales", name="Sales", changes=of_indicator)]
    )


def pages_of(made: Catalog, *cycles: Cycle, **history: tuple[Commit, ...]) -> dict[str, str]:
    files = {name.replace("__", "/") + ".yml": commits for name, commits in history.items()}
    return handbook_pages(made, cycles, words("en"), {}, HandbookFacts(history=files))


def rows(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith("| <time ")]


def on(day: str, shown: str) -> str:
    return f'<time datetime="{day}">{shown}</time>'


FIRST, SECOND, FIFTH = (on(f"2026-10-0{number}", f"{number} Oct 2026") for number in (1, 2, 5))


def test_an_entry_tells_day_what_by_whom_and_why() -> None:
    pages = pages_of(a_catalog(changes=CHANGES))

    what = "weight of sales 15 → 20<br><small>Reason: growth</small>"
    assert rows(pages["changes.md"]) == [f"| {FIRST} | [Clerk](roles/clerk.md) | {what} | Board |"]
    assert rows(pages["roles/clerk.md"]) == [f"| {FIRST} | {what} | Board |"]


def test_a_commit_tells_its_reason() -> None:
    told = commit("weights of sales")._replace(reason="returns were <b>doubled")

    pages = pages_of(a_catalog(), roles__clerk=(told,))

    what = "weights of sales<br><small>Reason: returns were &#60;b&#62;doubled</small>"
    assert rows(pages["changes.md"]) == [f"| {FIFTH} | [Clerk](roles/clerk.md) | {what} | — |"]


def test_an_indicator_has_its_own_entries() -> None:
    pages = pages_of(a_catalog(of_indicator=[{"on": "2026-10-02", "what": "returns no longer count"}]))

    assert rows(pages["indicators/sales.md"]) == [f"| {SECOND} | returns no longer count | — |"]
    assert rows(pages["changes.md"]) == [f"| {SECOND} | [Sales](indicators/sales.md) | returns no longer count | — |"]
    assert rows(pages["roles/clerk.md"]) == []


def test_commits_stand_beside_entries_newest_first() -> None:
    late, early = commit("clerk: more sales", "2026-10-05", 0), commit("describe the clerk", "2026-09-01", 1)

    pages = pages_of(a_catalog(changes=CHANGES), roles__clerk=(late, early))

    days = [row[18:28] for row in rows(pages["changes.md"])]
    assert days == ["2026-10-05", "2026-10-01", "2026-09-01"]
    assert f"| {FIFTH} | [Clerk](roles/clerk.md) | clerk: more sales | — |" in pages["changes.md"]
    assert [row[18:28] for row in rows(pages["roles/clerk.md"])] == ["2026-10-01"]


def test_a_page_for_everybody_tells_posts_and_no_persons() -> None:
    changes = [{"on": "2026-10-01", "what": "more", "by": "Jane Doe"}]
    one = cycle([person("E1", name="Jane Doe")], period="2026-10")
    by_jane = Commit(datetime.date(2026, 10, 5), "Jane Doe", "second", "0" * 40)

    pages = pages_of(a_catalog(changes=changes), one, roles__clerk=(by_jane, commit("first", number=1)))

    assert [row.rpartition(" | ")[2] for row in rows(pages["changes.md"])] == ["Clerk |", "— |", "Clerk |"]
    assert not [path for path, page in pages.items() if "Jane" in page or "Editor" in page]


def test_a_commit_stands_once_with_all_pages_that_it_touched() -> None:
    one = commit("grades and the clerk")

    pages = pages_of(a_catalog(), roles__clerk=(one,), grades=(one,), roles__gone=(one,), indicators__all=(one,))

    [row] = rows(pages["changes.md"])
    assert "](grades.md)" in row
    assert "[Clerk](roles/clerk.md)" in row
    assert "](indicators/index.md)" in row
    assert "<code>roles/gone&#46;yml</code>" in row


def test_pages_written_by_hand_are_linked_while_they_are_there() -> None:
    history = {f"pages/{name}.md": (commit("prose"),) for name in ("appeal", "gone")}

    page = handbook_pages(a_catalog(), (), words("en"), {"appeal.md": "# Appeal\n"}, HandbookFacts(history=history))[
        "changes.md"
    ]

    [row] = rows(page)
    assert "[Appeal](appeal.md)" in row
    assert "<code>pages/gone&#46;md</code>" in row


def test_a_commit_of_many_files_names_some_and_counts_the_rest() -> None:
    one = commit("all")

    page = pages_of(a_catalog(), **{f"roles__r{n}": (one,) for n in range(MOST_PAGES + 3)})["changes.md"]

    [row] = rows(page)
    assert row.count("<code>") == MOST_PAGES
    assert "and 3 more" in row


def test_commits_of_one_day_stand_as_in_the_log() -> None:
    commits = [commit(f"number {n}", number=n) for n in range(4)]

    page = pages_of(a_catalog(), roles__clerk=(commits[1], commits[3]), grades=(commits[0], commits[2]))["changes.md"]

    assert [row.split(" | ")[2] for row in rows(page)] == ["number 0", "number 1", "number 2", "number 3"]


def test_changes_stand_under_their_cycle_and_others_under_their_month() -> None:
    month, quarter = cycle([], period="2026-10"), cycle([], period="2026-Q4")
    commits = (commit("in October"), commit("in November", "2026-11-02", 1), commit("in May", "2026-05-02", 2))

    page = pages_of(a_catalog(), quarter, month, roles__clerk=commits)["changes.md"]

    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == [
        "## 2026-Q4 {#changes-2026-q4}",
        "## 2026-10 {#changes-2026-10}",
        "## 2026-05 {#changes-2026-05}",
    ]


def test_only_the_latest_are_shown() -> None:
    commits = tuple(commit(f"number {n}", number=n) for n in range(MOST + 5))

    pages = pages_of(a_catalog(), roles__clerk=commits)

    assert len(rows(pages["changes.md"])) == MOST


def test_only_the_latest_entries_of_a_role_are_shown() -> None:
    changes = [{"on": f"2026-09-{day:02d}", "what": str(day)} for day in range(1, MOST_OF_ONE + 5)]

    shown = rows(pages_of(a_catalog(changes=changes))["roles/clerk.md"])

    assert len(shown) == MOST_OF_ONE
    assert shown[0].startswith('| <time datetime="2026-09-24">')


def test_where_nothing_is_known_there_is_no_page_and_no_entry_in_the_navigation() -> None:
    made, say = a_catalog(), words("en")
    without, known = pages_of(made), pages_of(made, roles__clerk=(commit("first"),))

    assert "changes.md" not in without
    assert "changes" not in str(handbook_nav(made, say, without))
    assert str(handbook_nav(made, say, known)).count("changes.md") == 1


def test_words_of_a_commit_stay_text() -> None:
    page = pages_of(a_catalog(), roles__clerk=(commit("| a <script> [x](y) `"),))["changes.md"]

    [row] = rows(page)
    assert "<script>" not in row
    assert "](y)" not in row
    assert row.count(" | ") == 3


def card_of(made: Catalog, day: str = "2026-10") -> str:
    one = cycle([person("E1")], {("E1", "sales"): 5}, period=day)
    pages = dict(card_pages(score(made, one, {}), made, words("en")))
    [card] = [page for path, page in pages.items() if "/p/" in path]
    return card


def test_a_card_says_what_changed_in_its_cycle() -> None:
    of_indicator = [{"on": "2026-10-31", "what": "returns no longer count"}, {"on": "2026-11-01", "what": "later"}]
    made = a_catalog(changes=CHANGES, of_indicator=of_indicator)

    assert "From this cycle on: weight of sales 15 → 20; returns no longer count</p>" in card_of(made)
    assert "From this cycle on: later</p>" in card_of(made, "2026-11")
    assert "From this cycle on" not in card_of(made, "2026-12")


def test_a_card_after_a_change_of_role_says_it_of_both_roles_once() -> None:
    roles = [role(name, [SALES], changes=CHANGES) for name in ("clerk", "guard")]
    made = catalog(roles, [indicator("sales")])
    october = datetime.date(2026, 10, 15)
    people = [person("E1", last_day=october), person("E1", "guard", first_day=october + datetime.timedelta(days=1))]
    one = cycle(people, {("E1", "sales"): 5})

    pages = dict(card_pages(score(made, one, {}), made, words("en")))

    [card] = [page for path, page in pages.items() if "/p/" in path]
    assert card.count("weight of sales 15 → 20") == 1


def test_the_pages_are_made_from_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path)
    for name, text in {
        "company.yml": "name: Acme\nlanguage: en\n",
        "departments.yml": "- {id: shop, name: Shop}\n",
        "roles/clerk.yml": "name: Clerk\ndepartment: shop\n",
    }.items():
        repository.write(f"handbook/{name}", text)
    repository.write("scorecards/.gitkeep", "")
    repository.write("mkdocs.yml", "extra: {history: true}\n")
    repository.commit("describe the shop", day="2026-09-01")
    monkeypatch.chdir(tmp_path)

    done = CliRunner().invoke(main, ["pages"])
    first = (tmp_path / "build/handbook/changes.md").read_bytes()
    CliRunner().invoke(main, ["pages"])

    assert done.exit_code == 0, done.output
    assert b"| describe the shop |" in first
    assert b"shen@example.com" not in first
    assert (tmp_path / "build/handbook/changes.md").read_bytes() == first


def test_a_renamed_handbook_folder_finds_its_commits() -> None:
    made = replace(a_catalog(), folder="book")
    placed = replace(made, roles={"clerk": role("clerk", [SALES]).model_copy(update={"places": {}})})

    page = handbook_pages(placed, (), words("en"), {}, HandbookFacts(history={"roles/clerk.yml": (commit("first"),)}))

    assert f"| {FIFTH} | [clerk](roles/clerk.md) | first | — |" in page["changes.md"]
