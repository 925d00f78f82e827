"""Pages of published cycles that are there are taken over, byte for byte what a fresh build makes."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kpibook import pipeline
from kpibook.content import read
from lives import Life

KEY = "a key of the tests"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """September and October are published, November is open, December is planned; tests change copies of it."""
    root = tmp_path_factory.mktemp("published")
    life = Life(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("KPIBOOK_KEY", KEY)
        life.reopen_september()
        life.run("publish", "2026-09", "--by", "HR", "--anyway", "--reason", "no month before", "--on", "2026-10-11")
        life.publish()
        life.run("open", "2026-11", "--on", "2026-11-12")
    planned = life.path("2026-12/cycle.yml")
    planned.parent.mkdir()
    planned.write_text("name: 2026年12月\nkind: month\nstatus: planned\n", encoding="utf-8")
    return root


@pytest.fixture
def life(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Life:
    """A copy of that company, in the working folder."""
    shutil.copytree(published, tmp_path, symlinks=True, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KPIBOOK_KEY", KEY)
    return life_at(tmp_path)


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def inodes(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.stat().st_ino for p in sorted(folder.rglob("*")) if p.is_file()}


def fresh(life: Life, folder: str, command: str = "pages") -> dict[str, bytes]:
    """What the same files give where nothing was made before."""
    other = life.root / "fresh"
    for name in ("handbook", "scorecards"):
        shutil.copytree(life.root / name, other / name)
    os.chdir(other)
    Life.run(life_at(other), command)
    os.chdir(life.root)
    made = tree(other / folder)
    shutil.rmtree(other)
    return made


def life_at(root: Path) -> Life:
    life = Life.__new__(Life)
    life.root = root
    return life


def new_weights(life: Life) -> None:
    role = life.root / "handbook/roles/shop-manager.yml"
    text = role.read_text(encoding="utf-8").replace("weight: 40\n", "weight: 10\n")
    text = text.replace("weight: 30\n", "weight: 60\n", 1).replace("    weight: 70\n", "")
    role.write_text(text, encoding="utf-8")


def other_language(life: Life) -> None:
    company = life.root / "handbook/company.yml"
    company.write_text(company.read_text(encoding="utf-8").replace("language: zh", "language: en"), encoding="utf-8")


def holiday(life: Life) -> None:
    (life.root / "handbook/holidays.csv").write_text("day,works,name\n2026-11-12,no,\n", encoding="utf-8")


def correction(life: Life) -> None:
    life.change("2026-09/actuals/support.csv", "E02,sales,21500", "E02,sales,11500")
    life.correct("2026-09", "--later", "leave")


def reversed_release(life: Life) -> None:
    life.add("2026-10/cycle.yml", "release: hr\n")


def later_numbers(life: Life) -> None:
    life.path("2026-11/actuals").mkdir(exist_ok=True)
    life.path("2026-11/actuals/support.csv").write_text("subject,measure,actual,note\nE01,sales,1,\n", encoding="utf-8")


def answer(life: Life) -> None:
    number = next(iter(life.read("2026-10/revisions/1/seal.json").split('"E01": "')[1:]))[:8]
    text = f"person,result,answer,on,by,comment\nE01,{number},delivered,2026-11-12,HR,\n"
    life.path("2026-10/confirmations.csv").write_text(text, encoding="utf-8")


def plan(life: Life) -> None:
    columns = "plan,person,indicator,gap,action,support,owner,due,checked_on,state,outcome\n"
    row = "P1,E02,,,练习,,E01,2026-11-30,,open,\n"
    life.path("2026-09/plans.csv").write_text(columns + row, encoding="utf-8")


CHANGES: dict[str, tuple[Callable[[Life], None], set[str]]] = {
    "nothing": (lambda life: None, {"2026-09", "2026-10"}),
    "weights of the handbook": (new_weights, {"2026-09", "2026-10"}),
    "numbers of a later cycle": (later_numbers, {"2026-09", "2026-10"}),
    "who may see": (reversed_release, {"2026-09"}),
    "an answer": (answer, {"2026-09"}),
    "a plan of September": (plan, set()),
    "a correction of September": (correction, set()),
    "the language": (other_language, set()),
    "a holiday": (holiday, set()),
}
"""What may happen after a build, and the cycles whose pages are neither scored nor set again."""


@pytest.mark.parametrize(("happens", "kept"), CHANGES.values(), ids=CHANGES)
def test_whatever_happens_the_pages_are_those_of_a_fresh_build(
    life: Life, happens: Callable[[Life], None], kept: set[str]
) -> None:
    life.run("pages")
    stamps = {name: (life.root / f"build/stamps/{name}.pages.json").stat().st_ino for name in ("2026-09", "2026-10")}

    happens(life)
    life.run("pages")

    assert tree(life.root / "build/cards") == fresh(life, "build/cards")
    now = {name: (life.root / f"build/stamps/{name}.pages.json").stat().st_ino for name in stamps}
    assert {name for name in stamps if now[name] == stamps[name]} == kept


def test_what_arrives_after_the_files_were_read_is_told_by_the_next_run(life: Life) -> None:
    content = read(life.root / "handbook", life.root / "scorecards")
    answer(life)
    pipeline.write_pages(content, life.root / "build", content.cycles)

    life.run("pages")

    assert tree(life.root / "build/cards") == fresh(life, "build/cards")


def test_another_key_makes_other_addresses(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    life.run("pages")
    before = set(tree(life.root / "build/cards"))
    monkeypatch.setenv("KPIBOOK_KEY", "another")

    life.run("pages")

    now = tree(life.root / "build/cards")
    assert now == fresh(life, "build/cards")
    assert not {path for path in before if "/p/" in path} & set(now)


def test_what_was_touched_below_build_is_made_anew(life: Life) -> None:
    life.run("pages")
    cards = life.root / "build/cards"
    whole = tree(cards)
    person = next(path for path in whole if path.startswith("2026-10/p/"))

    (cards / person).write_text("总分 100", encoding="utf-8")
    (cards / "2026-09/index.md").unlink()
    (cards / "2026-10/p/more.md").write_text("more", encoding="utf-8")
    life.run("pages")

    assert tree(cards) == whole


def test_a_site_takes_the_pages_of_published_cycles_over_by_links(life: Life) -> None:
    with (life.root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write("access: {hr: [hr]}\n")
    life.run("build")
    before, content = inodes(life.root / "site-cards"), tree(life.root / "site-cards")
    new_weights(life)

    life.run("build")

    now = inodes(life.root / "site-cards")
    sealed = [path for path in before if path.startswith(("2026-09/", "2026-10/"))]
    assert len(sealed) > 10
    assert all(now[path] == before[path] for path in sealed)
    assert tree(life.root / "site-cards") == content
    for name in ("site-cards", "site-viewers"):
        assert tree(life.root / name) == fresh(life, name, "build")


@pytest.mark.parametrize("touch", ["changed", "gone", "added", "open to all"])
def test_what_was_touched_in_the_site_is_made_anew(life: Life, touch: str) -> None:
    life.run("build")
    site = life.root / "site-cards"
    whole = tree(site)
    page = site / next(path for path in whole if path.startswith("2026-10/p/"))

    if touch == "changed":
        page.write_text("<p>总分 100</p>", encoding="utf-8")
    elif touch == "gone":
        page.unlink()
    elif touch == "added":
        (page.parent / "more.html").write_text("<p>more</p>", encoding="utf-8")
    else:
        page.chmod(0o666)
    life.run("build")

    assert tree(site) == whole
    assert page.stat().st_mode & 0o027 == 0


def test_fresh_takes_nothing_over(life: Life) -> None:
    life.run("build")
    before = inodes(life.root / "site-cards")

    life.run("build", "--fresh")

    assert not {ino for path, ino in inodes(life.root / "site-cards").items() if path.startswith("2026-")} & {
        ino for path, ino in before.items() if path.startswith("2026-")
    }


def test_a_planned_cycle_is_listed_and_has_no_pages(life: Life) -> None:
    life.run("build")

    index = (life.root / "build/cards/index.md").read_text(encoding="utf-8")
    assert "| 2026年12月 | 2026年12月1日—31日 | 未开始 | — | — |" in index
    assert not (life.root / "build/cards/2026-12").exists()
    assert not (life.root / "site-cards/2026-12").exists()


@pytest.mark.parametrize(
    "command",
    [("score", "2026-12", "--out", "out"), ("explain", "2026-12", "E01"), ("build", "2026-12")],
    ids=["score", "explain", "build"],
)
def test_a_planned_cycle_has_no_results(life: Life, command: tuple[str, ...]) -> None:
    refused = life.run(*command, code=2)

    assert refused.stderr.endswith("2026-12 还没有开始，没有结果；到了时候运行 kpibook open 2026-12。\n")
    assert not (life.root / "out").exists()
