"""Two readings that share what they know find the same as each by itself."""

import gc
import shutil
from pathlib import Path
from weakref import ref

import pytest

from companies import a_company, change
from kpibook.base.problems import Problem
from kpibook.content import read, sharing
from kpibook.content.languages import in_language
from kpibook.content.sharing import Shared
from kpibook.model import Catalog


def versions(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A faulty company, the same once more, and one with another fault."""
    one = a_company(tmp_path / "one")
    change(one / "handbook/roles/barista.yml", "department: shop", "department: nowhere")
    (one / "handbook/pages/odd.md").write_text("<b onclick='x'>odd</b>\n", encoding="utf-8")
    same, other = (Path(shutil.copytree(one, tmp_path / name)) for name in ("same", "other"))
    change(other / "handbook/roles/barista.yml", "department: nowhere", "department: nobody")
    (other / "handbook/pages/odd.md").write_text("\n<b onclick='x'>odd</b>\n", encoding="utf-8")
    return one, same, other


def test_what_is_wrong_is_told_of_each_reading(tmp_path: Path) -> None:
    roots = versions(tmp_path)
    shared = Shared()

    together = [read(root / "handbook", root / "scorecards", shared) for root in roots]
    alone = [read(root / "handbook", root / "scorecards") for root in roots]

    for one, other in zip(together, alone, strict=True):
        assert (one.problems, one.of_catalog) == (other.problems, other.of_catalog)
        assert one.catalog == other.catalog
        assert {period: own.catalog for period, own in one.own.items()} == {p: o.catalog for p, o in other.own.items()}
    assert together[0].problems != together[2].problems


def test_equal_catalogs_are_checked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = versions(tmp_path)
    checked: list[Catalog] = []

    def check(catalog: Catalog) -> tuple[Problem, ...]:
        checked.append(catalog)
        return ()

    monkeypatch.setattr(sharing, "check_catalog", check)
    shared = Shared()

    for root in roots:
        read(root / "handbook", root / "scorecards", shared)

    assert all(one is other or one != other for one in checked for other in checked)
    assert [catalog.roles["barista"].department for catalog in checked].count("nowhere") == 1


def test_what_an_edit_replaced_is_let_go_of_and_all_else_stays(tmp_path: Path) -> None:
    root, shared = a_company(tmp_path), Shared()
    before = read(root / "handbook", root / "scorecards", shared).catalog
    replaced, manager = ref(before.roles["barista"]), before.roles["shop-manager"]
    del before
    shared.forget_unused()
    change(root / "handbook/roles/barista.yml", "name: 茶艺师", "name: 咖啡师")

    now = read(root / "handbook", root / "scorecards", shared).catalog
    shared.forget_unused()
    gc.collect()

    assert now.roles["barista"].name == "咖啡师"
    assert now.roles["shop-manager"] is manager
    assert replaced() is None


def test_another_language_reads_only_the_files_that_changed(tmp_path: Path) -> None:
    root, shared = a_company(tmp_path), Shared()
    change(root / "handbook/company.yml", "language: zh\n", "language: zh\nlanguages: [zh, en]\n")
    before = in_language(read(root / "handbook", root / "scorecards", shared), "en").catalog
    shared.forget_unused()
    change(root / "handbook/roles/barista.yml", "name: 茶艺师", "name: {zh: 茶艺师, en: Barista}")

    now = in_language(read(root / "handbook", root / "scorecards", shared), "en").catalog

    assert now.roles["barista"].name == "Barista"
    assert now.roles["shop-manager"] is before.roles["shop-manager"]
