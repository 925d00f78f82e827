"""Catalogs that are read together share what files say that are alike, and nothing else."""

import shutil
from pathlib import Path

from companies import a_company, change
from kpibook.content import read
from kpibook.reading.catalog import KeptFiles, load_catalog


def two(tmp_path: Path) -> tuple[Path, Path]:
    """The handbook of the tiny company twice, under the same name."""
    one = a_company(tmp_path / "one") / "handbook"
    return one, Path(shutil.copytree(one, tmp_path / "other" / "handbook"))


def test_files_that_are_alike_are_read_once_and_the_others_by_themselves(tmp_path: Path) -> None:
    one, other = two(tmp_path)
    change(other / "roles/barista.yml", "name: 茶艺师", "name: 调茶师")
    kept = KeptFiles()

    (first, _), (second, _) = (load_catalog(folder, kept=kept) for folder in (one, other))

    assert (first.roles["barista"].name, second.roles["barista"].name) == ("茶艺师", "调茶师")
    assert [name for name in first.roles if first.roles[name] is not second.roles[name]] == ["barista"]
    assert first == load_catalog(one)[0]
    assert second == load_catalog(other)[0]


def test_what_is_wrong_with_a_shared_file_is_told_of_each_catalog(tmp_path: Path) -> None:
    one, _ = two(tmp_path)
    with (one / "roles/barista.yml").open("a", encoding="utf-8") as file:
        file.write("id: barista\nnmae: 茶艺师\n")
    other = Path(shutil.copytree(one, tmp_path / "third" / "handbook"))
    kept = KeptFiles()

    (first, problems), (second, others) = (load_catalog(folder, kept=kept) for folder in (one, other))

    assert [problem.code for problem in problems] == ["id-inside", "unknown-key"]
    assert (others, second) == (problems, first) == load_catalog(one)[::-1]


def test_a_file_is_read_in_each_language_by_itself(tmp_path: Path) -> None:
    one, _ = two(tmp_path)
    change(one / "roles/barista.yml", "name: 茶艺师", "name: {zh: 茶艺师, en: Barista}")
    kept = KeptFiles()

    names = [load_catalog(one, language, kept)[0].roles["barista"].name for language in ("", "en", "zh")]

    assert names == ["茶艺师", "Barista", "茶艺师"]


def test_content_tells_apart_what_is_wrong_with_the_catalog_itself(tmp_path: Path) -> None:
    root = a_company(tmp_path)
    change(root / "handbook/roles/barista.yml", "department: shop", "department: nowhere")
    (root / "handbook/pages").mkdir(exist_ok=True)
    (root / "handbook/pages/odd.md").write_text("[gone](nowhere.md)\n", encoding="utf-8")

    content = read(root / "handbook", root / "scorecards")

    assert {problem.code for problem in content.of_catalog} < {problem.code for problem in content.problems}
    assert all("pages/" not in problem.place.file for problem in content.of_catalog)
