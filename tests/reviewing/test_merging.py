"""Many editors at once: work on different roles merges by itself, and `check` catches what merges and is wrong."""

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kpibook.cli import main
from sources import ROOT

EDITORS = 40
ITEM = """\
      - indicator: {indicator}
        weight: {weight}
        target: 100
        standard:
          rule: proportional
          floor: 60
"""
CLERK = """\
name: Clerk
department: shop
reports_to: shop-manager
purpose: sells tea
duties:
  - {name: Selling, content: at the counter, share: 100}
scorecard:
  - section: Sales
    items:
"""


class Repository:
    """A company's repository, and what people do with it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=Editor", "-c", "user.email=editor@example.com", "-c", "core.hooksPath=/dev/null")
        command = ["git", "-C", str(self.root), *who, *arguments]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, f"git {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def commit(self, subject: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject)

    def branch(self, name: str, path: str, *changes: tuple[str, str]) -> None:
        """Somebody changes a file on a branch of their own, finds it sound, and goes back."""
        self.git("switch", "--quiet", "--create", name, "main")
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        for before, after in changes:
            assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {path}"
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")
        assert self.check().exit_code == 0, self.check().stdout
        self.commit(f"{path}: {name}")
        self.git("switch", "--quiet", "main")

    def check(self) -> Result:
        folders = ("--handbook", str(self.root / "handbook"), "--scorecards", str(self.root / "scorecards"))
        return CliRunner().invoke(main, [*folders, "check"], catch_exceptions=False)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    shutil.copytree(ROOT / "tests" / "company", tmp_path, dirs_exist_ok=True)
    made = Repository(tmp_path)
    made.git("init", "--quiet", "--initial-branch", "main")
    return made


def write_roles(repository: Repository) -> list[str]:
    """As many roles as there are editors, each in a file of its own."""
    barista = (repository.root / "handbook/roles/barista.yml").read_text(encoding="utf-8")
    paths = [f"handbook/roles/barista-{number:02d}.yml" for number in range(EDITORS)]
    for number, path in enumerate(paths):
        (repository.root / path).write_text(f"{barista}note: number {number}\n", encoding="utf-8")
    repository.commit("the company")
    return paths


def test_forty_branches_that_touch_different_roles_merge_by_themselves(repository: Repository) -> None:
    paths = write_roles(repository)
    for number, path in enumerate(paths):
        text = f"target: {20000 + number}"
        repository.branch(f"editor-{number:02d}", path, ("target: 20000", text), ("note: number", "note: changed"))

    for number in range(EDITORS):
        repository.git("merge", "--quiet", "--no-edit", f"editor-{number:02d}")

    merged = [(repository.root / path).read_text(encoding="utf-8") for path in paths]
    assert all(f"target: {20000 + number}\n" in text for number, text in enumerate(merged))
    assert all(f"note: changed {number}\n" in text for number, text in enumerate(merged))
    assert repository.check().exit_code == 0


def test_two_good_changes_can_make_one_bad_merge_and_check_finds_it(repository: Repository) -> None:
    path = "handbook/roles/clerk.yml"
    indicators = ("sold", "served", "stocked")
    weights = (40, 30, 30)
    items = "".join(ITEM.format(indicator=i, weight=w) for i, w in zip(indicators, weights, strict=True))
    (repository.root / path).write_text(CLERK + items, encoding="utf-8")
    dictionary = "".join(
        f'{name}: {{name: {name}, unit: "%", direction: higher, owner: shop}}\n' for name in indicators
    )
    (repository.root / "handbook/indicators/clerk.yml").write_text(dictionary, encoding="utf-8")
    repository.commit("the company")
    one, two, three = (f"      - indicator: {name}\n        weight: " for name in indicators)
    more = (f"{two}30\n", f"{two}45\n")
    repository.branch(
        "hr", path, ("department: shop\n", "department: shop\nnote: by HR\n"), (f"{one}40\n", f"{one}25\n"), more
    )
    last = "          floor: 60\n"
    text = (repository.root / path).read_text(encoding="utf-8")
    end = text[text.index(three) :]
    changed_end = end.replace("weight: 30", "weight: 15").removesuffix(last) + f"{last}note: by the department\n"
    repository.branch("department", path, more, (end, changed_end))

    repository.git("merge", "--quiet", "--no-edit", "hr")
    repository.git("merge", "--quiet", "--no-edit", "department")

    result = repository.check()
    assert result.exit_code == 1
    assert f"{path}:29:1: error: 键 note 重复了；第一次在第 3 行第 1 列 [duplicate-key]" in result.stdout
    assert "clerk 的权重合计是 85，不是 100 [weights-total]" in result.stdout
