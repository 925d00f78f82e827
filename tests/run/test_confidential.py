"""What is confidential stands on the cards of those whom it concerns, and nowhere on the public site."""

from pathlib import Path

import pytest

from companies import a_company, change
from kpibook.content.loading import read
from kpibook.model import public
from kpibook.pipeline import write_pages
from kpibook.reading.catalog import load_catalog
from making import catalog, indicator, item, measure, role

SECRET = "净利率"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    root = a_company(tmp_path)
    (root / "handbook/indicators/secret.yml").write_text(
        f'net_rate: {{name: {SECRET}, unit: "%", direction: higher, confidential: true,'
        " formula: profit / sales * 100}\n",
        encoding="utf-8",
    )
    with (root / "handbook/measures.yml").open("a", encoding="utf-8") as file:
        file.write("profit: {name: 净利润, unit: 元, owner: support}\n")
    barista = root / "handbook/roles/barista.yml"
    change(
        barista,
        "extras:\n",
        "extras:\n  - {indicator: net_rate, target: 3, standard: {rule: excess, per: 1, points: 1}, max: 5}\n",
    )
    actuals = root / "scorecards/2026-10/actuals/support.csv"
    actuals.write_text(actuals.read_text(encoding="utf-8") + "E02,profit,2000,\n", encoding="utf-8")
    content = read(root / "handbook", root / "scorecards")
    write_pages(content, root / "build", content.cycles)
    return root / "build"


def naming(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        path.relative_to(folder).as_posix()
        for path in files
        if any(word in path.read_text(encoding="utf-8") for word in (SECRET, "净利润", "net_rate"))
    )


def test_no_public_page_names_it_and_the_role_says_how_many_are_left_out(built: Path) -> None:
    assert naming(built / "handbook") == []
    assert "另有 1 项不公开" in (built / "handbook/roles/barista.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "says"), [("zh", "没有岗位页列出这个指标。"), ("en", "Not listed on the page of any role.")]
)
def test_what_only_a_hidden_item_uses_reads_as_what_nobody_uses(tmp_path: Path, language: str, says: str) -> None:
    pages = [_dictionary(tmp_path / name, uses, language) for name, uses in (("unused", False), ("hidden", True))]

    assert pages[0] == pages[1]
    assert says in pages[0]["indicators/tips.md"]


def _dictionary(folder: Path, uses: bool, language: str) -> dict[str, str]:
    """The public pages of indicators where an open one is used by a confidential extra, or by nobody."""
    root = a_company(folder)
    change(root / "handbook/company.yml", "language: zh", f"language: {language}")
    tips = 'tips: {name: Tips, unit: "%", direction: higher, owner: support}\n'
    (root / "handbook/indicators/tips.yml").write_text(tips, encoding="utf-8")
    if uses:
        extra = "{indicator: tips, target: 3, confidential: true, standard: {rule: excess, per: 1, points: 1}, max: 5}"
        change(root / "handbook/roles/barista.yml", "extras:\n", f"extras:\n  - {extra}\n")
    content = read(root / "handbook", root / "scorecards")
    write_pages(content, root / "build", content.cycles)
    made = root / "build" / "handbook"
    files = (path for path in made.rglob("*.md") if "indicators" in path.relative_to(made).as_posix())
    return {path.relative_to(made).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_the_card_of_whom_it_concerns_has_it(built: Path) -> None:
    assert [path for path in naming(built / "cards") if "/p/" in f"/{path}"] != []


def test_a_catalog_without_anything_confidential_is_itself(tmp_path: Path) -> None:
    made, _ = load_catalog(a_company(tmp_path) / "handbook")

    assert public(made) is made


def test_what_only_a_hidden_number_needs_is_hidden_and_what_others_need_is_not() -> None:
    rule = {"rule": "proportional"}
    line = {"name": "Bonus", "formula": "total * secret"}
    gate = {"when": "secret > 1", "total_at_most": 50}
    made = catalog(
        [
            role(
                "clerk",
                [item("open", 60, rule, target=1), item("secret", 40, rule, target=1)],
                pay=[line],
                gates=[gate],
            )
        ],
        [indicator("open", formula="sales / visits"), indicator("secret", formula="profit / sales", confidential=True)],
        [measure("sales"), measure("visits"), measure("profit")],
    )

    told = public(made)

    assert (set(told.indicators), set(told.measures)) == ({"open"}, {"sales", "visits"})
    assert [each.indicator for each in told.roles["clerk"].items] == ["open"]
    assert (told.roles["clerk"].pay, told.roles["clerk"].gates) == ((), ())
    assert told.withheld == {"clerk": 1}
