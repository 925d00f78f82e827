"""The handbook tells of nobody, and nothing that comes of results."""

import re
import subprocess
from pathlib import Path

import pytest

from companies import a_company
from kpibook.content import Content, read
from kpibook.model import CycleStatus
from kpibook.pipeline import write_pages
from kpibook.publishing.site import SiteError, tells_history
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
    # That a cycle used an indicator is told, by its name and nothing else beside it.
    names = "、".join(
        cycle.name for cycle in sorted(content.cycles.values(), key=lambda each: each.period, reverse=True)
    )
    told = [line for path, page in pages.items() if "/indicators/" in path for line in page.splitlines()]
    assert {line.partition("：")[2] in names for line in told if settled[0].name in line} == {True}


def with_git(root: Path, author: str, message: str) -> None:
    """Keep the company in a repository of its own."""
    who = ("-c", f"user.name={author}", "-c", "user.email=editor@example.com", "-c", "core.hooksPath=/dev/null")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", message)):
        subprocess.run(["git", "-C", str(root), *who, *arguments], check=True)


@pytest.mark.parametrize(("setting", "is_told"), [("", False), ("history: false", False), ("history: true", True)])
def test_who_committed_what_stands_on_no_page_unless_the_company_says_so(
    tmp_path: Path, setting: str, *, is_told: bool
) -> None:
    root = a_company(tmp_path)
    with_git(root, "何小青", "a subject about 周然\n\nand a reason about 林晓")
    (root / "mkdocs.yml").write_text(
        f"extra:\n  {setting or 'repository: https://git.example.com'}\n", encoding="utf-8"
    )
    found = read(root / "handbook", root / "scorecards")

    write_pages(found, root / "build", list(found.cycles))

    pages = {path.relative_to(root / "build"): path.read_text("utf-8") for path in (root / "build").rglob("*.md")}
    public = "\n".join(text for path, text in pages.items() if path.parts[0] == "handbook")
    told = ["a subject about" in public, "and a reason about" in public]
    assert told == [is_told, is_told]
    assert "何小青" not in public
    assert is_told or not [path for path, text in pages.items() if "a subject about" in text]


def test_a_setting_of_the_history_that_is_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text("extra:\n  history: some\n", encoding="utf-8")

    with pytest.raises(SiteError) as refused:
        tells_history(config)

    assert [problem.code for problem in refused.value.problems] == ["site-settings"]
