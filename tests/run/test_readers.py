"""People read their own pages in their own language; everybody else's, and HR's, stay as they are byte for byte."""

import datetime
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from companies import a_company
from kpibook import pipeline
from kpibook.base.periods import Period
from kpibook.cli import main
from kpibook.content import read
from kpibook.lifecycle.notifying import due_notices
from kpibook.model import NoticeEvent
from lives import Life

ACCESS = "access: {hr: [e01]}\n"
TEXTS = {
    "handbook/roles/barista.yml": {"name: 茶艺师": "name: {zh: 茶艺师, en: Barista}"},
    "handbook/company.yml": {"name: 小满茶铺": "name: {zh: 小满茶铺, en: Xiaoman Tea}"},
    "scorecards/2026-10/cycle.yml": {"name: 2026年10月": "name: {zh: 2026年10月, en: October 2026}"},
}
BOTH = "languages: [zh, en]\n" + ACCESS


def spoken(root: Path, languages: str = BOTH) -> None:
    """Write some texts of a company in both languages."""
    for name, words in TEXTS.items():
        path = root / name
        text = path.read_text(encoding="utf-8")
        for word, both in words.items():
            assert word in text
            text = text.replace(word, both)
        path.write_text(text + (languages if path.name == "company.yml" else ""), encoding="utf-8")


def reads(root: Path, language: str, cycle: str = "2026-10") -> None:
    """Zhou Ran reads in a language, by the roster of a cycle."""
    people = root / "scorecards" / cycle / "people.csv"
    head, *rows = [line.split(",") for line in people.read_text(encoding="utf-8").splitlines()]
    if head[-1] != "language":
        head, rows = [*head, "language"], [[*row, ""] for row in rows]
    rows = [[*row[:-1], language] if row[0] == "E02" else row for row in rows]
    people.write_text("".join(f"{','.join(row)}\n" for row in (head, *rows)), encoding="utf-8")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = a_company(tmp_path / "company")
    spoken(made)
    monkeypatch.chdir(made)
    return made


def built(root: Path) -> Mapping[str, bytes]:
    """All pages of cards and of viewers after a build of everything."""
    content = read(root / "handbook", root / "scorecards")
    pipeline.build(content, root, content.begun)
    folders = (root / name for name in ("build/cards", "build/viewers", "site-cards", "site-viewers"))
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in (".md", ".html"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def own_pages(pages: Mapping[str, bytes]) -> set[str]:
    """The pages that tell of Zhou Ran alone."""
    found = {path for path, data in pages.items() if path.endswith(".md") and b"ID** E02" in data}
    found |= {path for path, data in pages.items() if path.endswith(".md") and "编号** E02".encode() in data}
    found |= {path for path, data in pages.items() if path.endswith(".md") and "工号** E02".encode() in data}
    cards = {path.replace("build/cards", "site-cards").replace(".md", ".html") for path in found}
    linked = {f"site-viewers/pages/{Path(path).name}" for path in cards}
    of_viewers = {path for path in pages if "/u-e02/" in path}
    others = {path for path in pages if Path(path).name in {Path(each).name for each in cards}}
    return found | cards | (linked & pages.keys()) | of_viewers | others


def test_card_and_start_page_are_in_the_readers_language_and_all_else_stays(root: Path) -> None:
    before = built(root)

    reads(root, "en")
    after = built(root)

    assert before.keys() == after.keys()
    own = own_pages(after)
    assert len([path for path in own if path.startswith("build/cards/")]) == 2
    assert {path for path in before if before[path] != after[path]} == own
    for path in own:
        text = after[path].decode("utf-8")
        if path.endswith(".html"):
            assert '<html lang="en"' in text
            assert "Xiaoman Tea" in text
        assert "茶艺师" not in text
        assert "Barista" in text
    [card] = [after[path].decode("utf-8") for path in own if path.startswith("build/cards/2026-10/")]
    assert "scorecard, October 2026" in card
    assert "Points of each item" in card


def test_there_and_back_gives_what_a_build_from_nothing_does(root: Path) -> None:
    before = built(root)
    reads(root, "en")
    after = built(root)
    for name in ("build", "site", "site-cards", "site-viewers"):
        shutil.rmtree(root / name)

    assert built(root) == after

    reads(root, "")

    assert built(root) == before


def test_pages_of_a_published_cycle_follow_the_newest_roster(root: Path) -> None:
    run = CliRunner().invoke(main, ["upgrade", "--by", "HR"])
    assert run.exit_code == 0, run.output
    before = built(root)

    reads(root, "en")
    after = built(root)

    changed = {path for path in before if before[path] != after[path]}
    assert [path for path in changed if path.startswith("build/cards/2026-09/p/")]
    assert changed == own_pages(after)


def test_a_language_that_the_handbook_does_not_have_is_told_and_decides_nothing(root: Path) -> None:
    before = built(root)

    reads(root, "fr")
    content = read(root / "handbook", root / "scorecards")

    [problem] = [each for each in content.problems if each.code == "unknown-language"]
    assert str(problem) == (
        'scorecards/2026-10/people.csv:3:32: warning: "fr" is no language of the handbook, so the person\'s pages are'
        " in the company's [unknown-language]\n"
        "    hint: write one of: zh, en; to add a language, name it in languages of company.yml"
    )
    assert built(root) == before


def test_mails_are_in_the_readers_language(tmp_path: Path) -> None:
    life = Life(tmp_path)
    own = "notices: {server: mail.example.com, port: 25, sender: hr@example.com, domain: example.com}\n"
    spoken(life.root, BOTH + own)
    reads(life.root, "en")
    life.publish()

    content = read(life.root / "handbook", life.root / "scorecards")

    told = due_notices(content, Period.parse("2026-10"), [NoticeEvent.PUBLISHED], datetime.date(2026, 11, 12))

    mails = {mail.to: (mail.subject, mail.text) for mail in told}
    assert "October 2026" in mails["E02"][1]
    assert "Xiaoman Tea" in mails["E02"][1]
    assert not re.search(r"[\u4e00-\u9fff]", "".join(mails["E02"]))
    assert "2026年10月的考核结果已经公布" in mails["E03"][1]
