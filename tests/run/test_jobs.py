"""Cards set in several processes: the same bytes in any number, and nothing published where one of them is killed."""

import os
import signal
from pathlib import Path

import pytest

from kpibook import pipeline
from kpibook.base.output import OutputError
from kpibook.content import Content, read
from kpibook.pages.cards import view
from kpibook.pages.cycles import rendering
from kpibook.publishing.site.shells import PageShells
from synthetic import write_company

PEOPLE = 160
"""Enough for three processes."""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Content]:
    root = tmp_path_factory.mktemp("company")
    write_company(root, PEOPLE)
    return root, read(root / "handbook", root / "scorecards")


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("build", "site-cards")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def test_any_number_of_processes_makes_the_same_bytes(company: tuple[Path, Content]) -> None:
    root, content = company
    made = {}
    for jobs in (1, 2, 3):
        pipeline.build(content, root, list(content.cycles), fresh=True, jobs=jobs)
        made[jobs] = files(root)

    assert sum("/p/" in path for path in made[1]) == 2 * PEOPLE
    assert made[2] == made[1]
    assert made[3] == made[1]


@pytest.mark.parametrize("where", ["pages", "site"])
def test_a_process_that_is_killed_leaves_the_old_sites(
    company: tuple[Path, Content], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    root, content = company
    pipeline.build(content, root, list(content.cycles))
    before = {path: data for path, data in files(root).items() if path.startswith("site-cards/")}
    parent = os.getpid()

    def killed() -> None:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    plain_view, plain_fill = view.card_view, PageShells.fill

    def seen(*arguments: object, **more: object) -> object:
        killed()
        return plain_view(*arguments, **more)  # type: ignore[arg-type]

    def fill(shells: PageShells, *arguments: object) -> str:
        killed()
        return plain_fill(shells, *arguments)  # type: ignore[arg-type]

    if where == "pages":
        monkeypatch.setattr(rendering, "card_view", seen)
    else:
        monkeypatch.setattr(PageShells, "fill", fill)

    with pytest.raises(OutputError) as caught:
        pipeline.build(content, root, list(content.cycles), jobs=2)

    assert [problem.code for problem in caught.value.problems] == ["process-ended"]
    assert {path: data for path, data in files(root).items() if path.startswith("site-cards/")} == before
    assert not list(root.glob(".site*"))
