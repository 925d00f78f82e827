"""A cycle's own catalog: it counts until it is taken over anew, and renamed ids lose nobody's history."""

from pathlib import Path

from gmpy2 import mpq

from kpibook.base.periods import Period
from kpibook.content import Content, read, score_cycle
from kpibook.pipeline import write_pages
from kpibook.publishing.site.redirects import redirects, write_redirects
from lives import Life

NOVEMBER = Period.parse("2026-11")
TARGET = "        target: 50000\n"


def handbook(life: Life, name: str, old: str, new: str) -> None:
    path = life.root / "handbook" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def content_of(life: Life) -> Content:
    return read(life.root / "handbook", life.root / "scorecards")


def test_an_open_cycle_goes_by_its_own_handbook_until_it_agrees(life: Life) -> None:
    life.run("open", "2026-11", "--on", "2026-11-01")
    handbook(life, "roles/shop-manager.yml", TARGET, "        target: 60000\n")

    told = life.run("check").stdout
    agreed = life.run("agree", "2026-11", "--by", "HR", "--reason", "a new shop", "--on", "2026-11-05")

    assert told == (
        "scorecards/2026-11/handbook/roles/shop-manager.yml: note: 2026-11 的店长按它自己较早的手册评分；当前手册不同："
        "个人销售额的目标：50,000 元 → 60,000 元 [handbook-moved-on]\n"
        "    hint: 这不是错误；要改用当前手册，运行 kpibook agree 2026-11\n"
        "scorecards: warning: 有 1 个周期标为已公布或已结束，却没有封存：2026-09 [cycles-unsealed]\n"
        "    hint: 照常计算，改手册会影响它们。公布时封存过的，先找回 revisions/ 和 log.csv（git 或备份里有）；"
        "从来没有封存过的，运行 kpibook upgrade，按现在计算的结果封存\n"
    )
    assert agreed.stdout == (
        "店长：个人销售额的目标：50,000 元 → 60,000 元\n"
        "按现有数据，3 人中有 0 人的结果会变。\n2026-11 已改用当前手册。\n"
    )
    assert "target: 60000" in life.read("2026-11/handbook/roles/shop-manager.yml")
    assert life.read("2026-11/log.csv").splitlines()[-1] == "2026-11-05,agree,,HR,a new shop"
    refused = life.run("agree", "2026-11", "--by", "HR", "--reason", "again", code=1)
    assert refused.stderr.startswith("scorecards/2026-11: error: 2026-11 用的就是当前手册 [agree-same]\n")


def test_a_role_s_page_says_when_a_cycle_scores_an_older_version(life: Life) -> None:
    life.run("open", "2026-11", "--on", "2026-11-01")
    handbook(life, "roles/shop-manager.yml", TARGET, "        target: 60000\n")

    write_pages(content_of(life), life.root / "build", [])

    page = (life.root / "build/handbook/roles/shop-manager.md").read_text(encoding="utf-8")
    other = (life.root / "build/handbook/roles/barista.md").read_text(encoding="utf-8")
    assert "\n> 2026年11月仍按本页较早的版本评分，不同之处：个人销售额的目标：50,000 元 → 60,000 元。\n" in page
    assert "较早的版本" not in other


def test_a_fault_of_an_own_catalog_is_told_under_its_own_path(life: Life) -> None:
    life.run("open", "2026-11", "--on", "2026-11-01")
    life.change("2026-11/handbook/roles/shop-manager.yml", "weight: 40\n", "weight: 35\n")

    told = life.run("check", code=1).stdout

    assert "scorecards/2026-11/handbook/roles/shop-manager.yml:" in told
    assert "[weights-total]" in told
    assert "\nhandbook/" not in told


def test_equal_catalogs_are_read_once(life: Life) -> None:
    for month in ("2026-11", "2026-12"):
        life.run("open", month, "--on", "2026-11-01")

    content = content_of(life)

    assert content.catalog_of(NOVEMBER) is content.catalog
    assert content.catalog_of(Period.parse("2026-12")) is content.catalog


def test_history_runs_on_over_renamed_ids(life: Life) -> None:
    life.publish()
    handbook(life, "indicators/sales.yml", "formula: sales\n", "formula: revenue - previous.revenue\n")
    handbook(life, "measures.yml", "sales: {name: 销售额,", "revenue: {name: 营业额, was: sales,")
    handbook(
        life, "departments.yml", "{id: shop, name: 门店部, head: shop-manager}", "{id: store, name: 门店, was: shop}"
    )
    handbook(life, "departments.yml", "parent: shop", "parent: store")
    for path in (life.root / "handbook").rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            text.replace("department: shop\n", "department: store\n").replace("owner: shop", "owner: store"),
            encoding="utf-8",
        )
    role = life.root / "handbook/roles/barista.yml"
    role.write_text(role.read_text(encoding="utf-8") + "was: [barista]\n", encoding="utf-8")
    role.rename(role.with_name("tea-maker.yml"))
    life.run("open", "2026-11", "--on", "2026-11-01")
    rows = life.read("2026-11/people.csv").replace(",barista,", ",tea-maker,").replace(",shop,", ",store,")
    life.path("2026-11/people.csv").write_text(rows, encoding="utf-8")
    life.path("2026-11/actuals").mkdir()
    life.path("2026-11/actuals/support.csv").write_text(
        "subject,measure,actual,note\nE02,revenue,40000,\n", encoding="utf-8"
    )

    content = content_of(life)
    before, now = (score_cycle(content, Period.parse(each)) for each in ("2026-10", "2026-11"))

    card = next(card for card in now.cards if card.person == "E02")
    sales = next(score for score in card.spans[-1].items if score.indicator.id == "sales_volume")
    assert sales.actual == mpq(40000 - 22300)
    assert len(before.cards) == 3
    assert before.cards[1].role.id == "barista"
    assert life.run("verify", "--recompute").exit_code == 0


def test_old_addresses_lead_to_the_new_ones(life: Life, tmp_path: Path) -> None:
    role = life.root / "handbook/roles/barista.yml"
    role.write_text(role.read_text(encoding="utf-8") + "was: [barista, server]\n", encoding="utf-8")
    role.rename(role.with_name("tea-maker.yml"))
    catalog = content_of(life).catalog
    (tmp_path / "roles").mkdir()
    (tmp_path / "roles/server.html").write_text("there", encoding="utf-8")

    write_redirects(tmp_path, catalog)

    assert list(redirects(catalog)) == [
        ("roles/barista.html", "roles/tea-maker.html", "茶艺师"),
        ("roles/server.html", "roles/tea-maker.html", "茶艺师"),
    ]
    assert '<meta http-equiv="refresh" content="0; url=tea-maker.html">' in (tmp_path / "roles/barista.html").read_text(
        encoding="utf-8"
    )
    assert (tmp_path / "roles/server.html").read_text(encoding="utf-8") == "there"
