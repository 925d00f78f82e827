"""Both sites as files."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from mkdocs.commands.build import build as plain_mkdocs
from mkdocs.config import load_config

from kpibook.base.atomic_folders import replacing
from kpibook.base.output import write_tree
from kpibook.base.problems import Place
from kpibook.base.words import words
from kpibook.model import Company
from kpibook.publishing.site import CardPages, SiteError, build_card_site
from kpibook.publishing.site.handbook import without_indentation
from kpibook.publishing.site.repository import repository
from kpibook.publishing.site.search import SearchSection, plain_text, search_page
from sites import CARD, CARDS, COMPANY, HANDBOOK, NAV, a_card_site, a_handbook_site, a_page

ENGLISH = Company(name="Hengyuan", language="en")
BROKEN_LINK = (
    "build/handbook/index.md: error: the link gone.md leads to no page [broken-link]\n"
    "    hint: correct the link; write it relative to this page, such as ../roles/index.md"
)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def article(page: Path) -> str:
    """The visible text of a page's article, without spaces and without the signs that link to headings."""
    found = re.search(r'<article class="md-content__inner md-typeset">(.*?)</article>', read(page), re.DOTALL)
    assert found
    return re.sub(r"\s", "", plain_text(re.sub(r'<a class="headerlink".*?</a>', "", found[1])))


def test_each_page_becomes_a_page_of_the_same_path(tmp_path: Path) -> None:
    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV)

    assert {path.relative_to(site).as_posix() for path in site.rglob("*.html")} == {
        "index.html",
        "roles/store-manager.html",
        "indicators/order_conversion.html",
    }
    assert '<a href="roles/store-manager.html#duties">店长</a>' in read(site / "index.html")
    assert "<title>店长 - 衡远商贸绩效手册</title>" in read(site / "roles" / "store-manager.html")
    assert '<html lang="zh"' in read(site / "index.html")


def test_headings_written_by_hand_have_ids_of_their_words(tmp_path: Path) -> None:
    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV)

    assert '<h2 id="公式">' in read(site / "indicators" / "order_conversion.html")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("[x](gone.md)\n", BROKEN_LINK),
        (
            "[x](index.md#gone)\n",
            "build/handbook/index.md: error: the link index.md#gone leads to a heading that the page does not have"
            " [broken-anchor]\n    hint: correct what follows the #, or give that heading {#a-name}",
        ),
        (
            "![x](https://example.com/x.png)\n",
            "build/handbook/index.md: error: the page would load https://example.com/x.png from elsewhere"
            " [outside-resource]\n    hint: put the file into the handbook's own folder; readers cannot reach addresses"
            " outside the intranet",
        ),
    ],
)
def test_a_fault_stops_the_build_and_leaves_the_old_site(tmp_path: Path, body: str, problem: str) -> None:
    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV)
    before = fingerprint(site)

    with pytest.raises(SiteError) as caught:
        a_handbook_site(tmp_path, {"index.md": a_page("首页", body)})

    assert str(caught.value) == problem
    assert fingerprint(site) == before


def test_all_faults_of_all_pages_are_told_at_once(tmp_path: Path) -> None:
    pages = {"a.md": a_page("A", "[x](gone.md) [y](#no)\n"), "b.md": a_page("B", "[x](nowhere.md)\n")}

    with pytest.raises(SiteError) as caught:
        a_handbook_site(tmp_path, pages)

    assert [(str(problem.place), problem.code, problem.values["target"]) for problem in caught.value.problems] == [
        ("build/handbook/a.md", "broken-anchor", "#no"),
        ("build/handbook/a.md", "broken-link", "gone.md"),
        ("build/handbook/b.md", "broken-link", "nowhere.md"),
    ]


def test_a_fault_in_the_navigation_is_told_in_the_words_of_mkdocs(tmp_path: Path) -> None:
    with pytest.raises(SiteError) as caught:
        a_handbook_site(tmp_path, HANDBOOK, nav=["index.md", "gone.md"])

    [problem] = caught.value.problems
    assert problem.code == "site-warning"
    assert "gone.md" in problem.message(words("en"))


def test_titles_stay_text(tmp_path: Path) -> None:
    name = "<b>R&D</b>"
    pages = {"index.md": a_page("首页"), "x.md": f"---\ntitle: {name}\ndescription: '\"<i>'\n---\n\n正文\n"}

    site = a_handbook_site(tmp_path, pages, nav=["index.md", {"<u>": [{name: "x.md"}]}])

    for page in site.rglob("*.html"):
        assert not re.search("<b>|<u>|<i>", read(page))
    assert "<title>&lt;b&gt;R&amp;D&lt;/b&gt; - " in read(site / "x.html")
    assert '"<b>R&D</b>","x.html",["<u>"]' in read(site / "assets" / "search-index.js")


def test_a_page_links_to_the_editor_of_its_source(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        "extra: {edit: https://git.example.com/kpi/-/edit/main/, repository: https://git.example.com/kpi}\n",
        encoding="utf-8",
    )

    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV, config=config)

    page = read(site / "roles" / "store-manager.html")
    assert 'href="https://git.example.com/kpi/-/edit/main/handbook/roles/store-manager.yml" title="修改本页"' in page
    assert 'href="https://git.example.com/kpi" rel="noopener">资料仓库</a>' in page
    assert "修改本页" not in read(site / "index.html")


def test_a_page_of_a_whole_folder_links_to_the_folder(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text("extra: {repository: https://github.com/example/kpi}\n", encoding="utf-8")
    pages = {
        "index.md": a_page("岗位", source="handbook/岗位 1/"),
        "grades.md": a_page("等级", source="handbook/grades.yml"),
    }

    site = a_handbook_site(tmp_path, pages, config=config)

    folder = "https://github.com/example/kpi/tree/main/handbook/%E5%B2%97%E4%BD%8D%201"
    assert f'href="{folder}" title="查看来源文件夹"' in read(site / "index.html")
    assert 'href="https://github.com/example/kpi/edit/main/handbook/grades.yml"' in read(site / "grades.html")


@pytest.mark.parametrize(
    ("settings", "edit", "browse"),
    [
        ({"extra": {"repository": "https://github.com/a/b/"}}, "github.com/a/b/edit/main/", "/b/tree/main/"),
        ({"repo_url": "https://gitee.com/a/b", "extra": {"branch": "dev"}}, "gitee.com/a/b/edit/dev/", "/b/tree/dev/"),
        ({"extra": {"repository": "https://gitlab.x.cn/a/b"}}, "gitlab.x.cn/a/b/-/edit/main/", "/b/-/tree/main/"),
        ({"extra": {"repository": "https://codeberg.org/a/b"}}, "codeberg.org/a/b/_edit/main/", "/b/src/branch/main/"),
        ({"repo_url": "https://git.x.cn/a/b", "edit_uri": "/edit/dev/"}, "git.x.cn/a/b/edit/dev/", "/b/tree/dev/"),
        ({"extra": {"edit": "https://x.cn/e?f=", "browse": "https://x.cn/d?f="}}, "x.cn/e?f=", "x.cn/d?f="),
        ({"extra": {"repository": "https://git.x.cn/a/b"}}, "", ""),
        ({"extra": None}, "", ""),
    ],
)
def test_the_editor_follows_from_the_repository_where_its_host_is_known(
    settings: Mapping[str, object], edit: str, browse: str
) -> None:
    found = repository(settings)

    assert found.edit == (f"https://{edit}" if edit else "")
    assert found.browse.endswith(browse)
    assert bool(found.browse) == bool(browse)


def test_the_companys_settings_win_key_by_key(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text(
        "site_name: 我们的手册\ndocs_dir: elsewhere\ntheme: {palette: {scheme: slate}}\nextra:\n", encoding="utf-8"
    )

    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV, config=config)

    assert "<title>我们的手册</title>" in read(site / "index.html")
    assert '<body dir="ltr" data-md-color-scheme="slate"' in read(site / "index.html")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a: [1\n",
            "mkdocs.yml:2:1: error: the site's settings are faulty: expected ',' or ']', but got '<stream end>'",
        ),
        ("- 1\n", "mkdocs.yml: error: the site's settings are faulty: list"),
        ("x: !!python/name:os.system\n", "mkdocs.yml:1:4: error: the site's settings are faulty: could not determine"),
        ("strict: perhaps\n", "mkdocs.yml: error: the site's settings are faulty: strict: Expected type"),
        ("repo_url: 'https://[a]'\n", "mkdocs.yml: error: the site's settings are faulty: ValueError: 'a' does not"),
        (
            "theme: material\nextra: 5\nextra_css: a.css\n",
            "mkdocs.yml: error: theme in mkdocs.yml is material; it has to be a mapping of keys to values"
            " [site-setting-mapping]\n    hint: write it like theme: {name: material}; without the setting the default"
            " holds\nmkdocs.yml: error: extra in mkdocs.yml is 5;",
        ),
        ("extra_javascript: a.js\n", "mkdocs.yml: error: extra_javascript in mkdocs.yml is a.js; it has to be a list"),
        ("theme: {palette: [5]}\n", "mkdocs.yml: error: theme.palette in mkdocs.yml is 5; it has to be a mapping"),
        (
            "theme:\n  palette:\n    - {scheme: default, toggle: 5}\n",
            "mkdocs.yml:3:33: error: theme.palette[0].toggle in mkdocs.yml is 5; it has to be a mapping",
        ),
        (
            "theme:\n  palette:\n    - scheme: default\n    - scheme: slate\n      toggle: {icon: material/moon-x}\n",
            "mkdocs.yml:5:22: error: theme.palette[1].toggle.icon in mkdocs.yml is material/moon-x; there is no such"
            " icon [site-setting-icon]\n    hint: write it like material/weather-sunny; without the setting",
        ),
    ],
)
def test_faulty_settings_are_a_problem(tmp_path: Path, text: str, message: str) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text(text, encoding="utf-8")

    with pytest.raises(SiteError) as caught:
        a_handbook_site(tmp_path, HANDBOOK, nav=NAV, config=config)

    assert str(caught.value).startswith(message)


def test_settings_left_empty_change_nothing(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text("theme:\nextra:\nextra_css:\nextra_javascript:\n", encoding="utf-8")

    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV, config=config)

    assert (site / "index.html").is_file()


def test_an_entry_of_the_palette_without_a_toggle_has_the_default_one(tmp_path: Path) -> None:
    config = tmp_path / "mkdocs.yml"
    config.write_text("theme:\n  palette:\n    - {scheme: default}\n    - {scheme: slate}\n", encoding="utf-8")

    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV, config=config)

    assert (site / "index.html").read_text(encoding="utf-8").count('for="__palette_') == 2


def test_the_repositorys_own_settings_are_accepted(tmp_path: Path) -> None:
    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV, config=Path(__file__).parents[2] / "mkdocs.yml")

    assert (site / "index.html").is_file()


def test_a_page_can_stay_out_of_the_search(tmp_path: Path) -> None:
    hidden = "---\ntitle: 空白表\nsearch:\n  exclude: true\n---\n\n正文\n"

    site = a_handbook_site(tmp_path, {**HANDBOOK, "form.md": hidden})

    index = read(site / "assets" / "search-index.js")
    assert "店长" in index
    assert "空白表" not in index


def test_the_search_knows_title_place_and_text_of_each_section(tmp_path: Path) -> None:
    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV)

    script = read(site / "assets" / "search-index.js")
    rows = json.loads(script.removeprefix("kpibookSearch(").removesuffix(");\n"))
    assert rows[2] == [
        "店长",
        "roles/store-manager.html",
        ["岗位", "运营部"],
        [["", "", "负责门店。"], ["duties", "职责", "职责 · 占比 带客户满意度 · 85%"]],
        ["dian zhang"],
        "other",
        "",
        [],
    ]


def test_code_between_fences_is_shown_as_it_is(tmp_path: Path) -> None:
    site = a_handbook_site(tmp_path, {"index.md": a_page("首页", "```\n<b>  x\n    y\n```\n")})

    assert "<code>&lt;b&gt;  x\n    y\n</code>" in read(site / "index.html")


def test_headings_of_tables_name_their_columns_on_both_sites(tmp_path: Path) -> None:
    handbook, cards = a_handbook_site(tmp_path, HANDBOOK, nav=NAV), a_card_site(tmp_path, CARDS)

    assert '<th scope="col">职责</th>' in read(handbook / "roles" / "store-manager.html")
    assert '<th scope="col" style="text-align: right">占比</th>' in read(handbook / "roles" / "store-manager.html")
    assert '<th scope="col">指标</th>' in read(cards / "2026-10" / "people" / "E1.html")


def test_pages_carry_no_indentation_but_that_of_code() -> None:
    page = "<p>\n\n   a\n  b</p>\n<pre>  x\n\n  y</pre>\n  <i>z</i>"

    assert without_indentation(page) == "<p>\na\nb</p>\n<pre>  x\n\n  y</pre>\n<i>z</i>"


def test_what_nobody_reads_is_not_searched() -> None:
    content = (
        '<h1 id="a">题</h1><svg><text>图</text></svg><p>一<br>二&amp;</p>'
        '<h2 id="b">节<a class="headerlink" href="#b">#</a></h2>'
    )

    page = search_page("题", "a.html", path=(), content=content)

    assert page.sections == (SearchSection("", "", "一 二&"), SearchSection("b", "节", ""))


def test_an_english_company_reads_no_chinese_word(tmp_path: Path) -> None:
    handbook = a_handbook_site(tmp_path, {"index.md": a_page("Home", "Text\n")}, company=ENGLISH)
    cards = a_card_site(tmp_path, {"index.md": a_page("Cards", "## Part {#p}\n")}, company=ENGLISH)

    for page in (*handbook.rglob("*.html"), *cards.rglob("*.html"), handbook / "assets" / "search-index.js"):
        assert not re.search("[\u4e00-\u9fff]", read(page))
    assert "<title>Hengyuan KPI handbook</title>" in read(handbook / "index.html")


def plain(config: Path, site: Path) -> Path:
    """The same pages by MkDocs alone."""
    loaded = load_config(str(config), site_dir=str(site))
    plain_mkdocs(loaded)
    return site


@pytest.mark.parametrize("name", ["cards", "handbook"])
def test_a_plain_mkdocs_makes_the_same_text(tmp_path: Path, name: str) -> None:
    site = a_card_site(tmp_path, CARDS) if name == "cards" else a_handbook_site(tmp_path, HANDBOOK, nav=NAV)

    by_mkdocs = plain(tmp_path / "build" / f"{name}.yml", tmp_path / "plain")

    pages = sorted(path.relative_to(site) for path in site.rglob("*.html"))
    assert pages == sorted(path.relative_to(by_mkdocs) for path in by_mkdocs.rglob("*.html") if path.name != "404.html")
    assert {page: article(site / page) for page in pages} == {page: article(by_mkdocs / page) for page in pages}


def test_no_file_for_a_plain_mkdocs_names_this_machine(tmp_path: Path) -> None:
    a_card_site(tmp_path, CARDS)
    a_handbook_site(tmp_path, HANDBOOK, nav=NAV)

    for path in (tmp_path / "build").glob("*.yml"):
        assert str(tmp_path) not in read(path)
        assert str(Path(sys.prefix)) not in read(path)
    assert not [
        path for path in tmp_path.glob("site*/**/*") if path.is_file() and str(tmp_path).encode() in path.read_bytes()
    ]


def test_cards_link_to_each_other_and_to_the_assets(tmp_path: Path) -> None:
    site = a_card_site(tmp_path, CARDS)

    card = read(site / "2026-10" / "people" / "E1.html")
    assert '<a href="../index.html#top">返回本周期</a> <a href="../../index.html">首页</a>' in card
    assert '<a href="#item-1">订单转换率</a>' in card
    assert 'href="../../assets/kpibook.css"' in card
    assert "handbook.css" not in card
    assert 'markdown="1"' not in card
    assert "<title>李明 2026年10月 - 衡远商贸考核表</title>" in card
    assert "\ue000" not in card


def test_card_text_stays_text(tmp_path: Path) -> None:
    site = a_card_site(tmp_path, {"index.md": "---\ntitle: <b>\n---\n" + CARD.replace(".md", "").replace("#top", "")})

    page = read(site / "index.html")
    assert "<b>" not in page
    assert "a|b &lt;script&gt;" in page
    assert "<h1>&lt;b&gt;</h1>" in page


def test_cards_have_contents_at_the_side_unless_they_hide_them(tmp_path: Path) -> None:
    site = a_card_site(tmp_path, CARDS)

    assert '<a href="#how" class="md-nav__link"><span class="md-ellipsis">每一分的来历</span></a>' in read(
        site / "2026-10" / "people" / "E1.html"
    )
    assert 'href="#part" class="md-nav__link"' not in read(site / "2026-09" / "index.html")


def test_pages_that_are_read_one_after_the_other_have_the_list_of_them_beside(tmp_path: Path) -> None:
    policies = {f"policies/{name}.md": a_page(name, "正文\n", kind="policy") for name in ("a", "b")}
    nav = [*NAV, {"制度": [*policies]}]
    site = a_handbook_site(tmp_path, {**HANDBOOK, **policies}, nav=nav)

    column = re.compile(r'<div class="md-sidebar md-sidebar--(primary|secondary)"[^>]*>')
    shown = {
        page: [found[1] for found in column.finditer(read(site / page)) if "hidden" not in found[0]]
        for page in ("index.html", "roles/store-manager.html", "policies/a.html")
    }
    assert shown == {"index.html": [], "roles/store-manager.html": [], "policies/a.html": ["primary"]}


def test_each_part_of_a_page_is_a_panel_below_the_head(tmp_path: Path) -> None:
    site = a_handbook_site(tmp_path, HANDBOOK, nav=NAV)

    page = read(site / "roles" / "store-manager.html")

    assert re.search(r'<div class="kpi-head">\s*<h1.*?</h1>\s*<p>负责门店。</p>\s*</div>', page, re.DOTALL)
    assert re.search(r'<section class="kpi-panel" aria-labelledby="duties">\s*<h2 id="duties"', page)


def test_the_card_site_lists_nobody(tmp_path: Path) -> None:
    site = a_card_site(tmp_path, CARDS)

    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert {name for name in files if not name.startswith("assets/")} == {
        path.replace(".md", ".html") for path in CARDS
    }
    assert not [name for name in files if "search" in name and not name.endswith("/search.js")]
    for path in CARDS:
        page = read(site / path.replace(".md", ".html"))
        assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
        assert '<meta name="referrer" content="no-referrer">' in page
        assert "kpi-search" not in page
    for path in ("index.html", "2026-10/index.html", "2026-09/index.html"):
        assert "李明" not in read(site / path)


def test_the_navigation_of_a_card_leads_to_the_start_page_alone(tmp_path: Path) -> None:
    site = a_card_site(tmp_path, CARDS)

    card = read(site / "2026-10" / "people" / "E1.html")
    tabs = re.findall(r'<a href="([^"]+)" class="md-tabs__link">\s*(\S+)', card)
    assert tabs == [("../../index.html", "考核表")]
    navigation = [
        link for link in re.findall(r'<a href="([^"]+)" class="md-nav__link', card) if not link.startswith("#")
    ]
    assert set(navigation) <= {"../../index.html"}
    assert "2026-09" not in card


def test_links_of_cards_that_lead_nowhere_stop_the_build(tmp_path: Path) -> None:
    pages = {"a/b.md": a_page("B", "[x](../gone.md) [y](../../out.md) [z](./c.md#top)\n"), "a/c.md": a_page("C")}

    with pytest.raises(SiteError) as caught:
        a_card_site(tmp_path, pages)

    assert [(problem.code, problem.place, problem.values["target"]) for problem in caught.value.problems] == [
        ("broken-link", Place("build/cards/a/b.md"), "../../out.md"),
        ("broken-link", Place("build/cards/a/b.md"), "../gone.md"),
    ]
    assert not (tmp_path / "site-cards").exists()


def test_a_card_without_front_matter_is_a_page(tmp_path: Path) -> None:
    site = a_card_site(tmp_path, {"index.md": "# 考核表\n\n正文\n"})

    assert "<h1>考核表</h1>" in read(site / "index.html")


RESOURCE = re.compile(
    r"""(?:src|srcset)=["']?(?:https?:)?//|<link[^>]*href=["']?(?:https?:)?//|url\(["']?(?:https?:)?//|@import|unpkg|cdn\."""
)


def test_no_page_style_or_script_names_another_host_to_load_from(tmp_path: Path) -> None:
    for site in (a_handbook_site(tmp_path, HANDBOOK, nav=NAV), a_card_site(tmp_path, CARDS)):
        for path in site.rglob("*"):
            if path.suffix in {".html", ".css", ".js"}:
                assert not RESOURCE.search(read(path)), path
        assert not list(site.rglob("*.map"))


def fingerprint(*folders: Path) -> dict[str, str]:
    """Every file of these folders and what it holds."""
    return {
        f"{folder.name}/{path.relative_to(folder).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


MAKE_BOTH = """
import sys
from collections.abc import Mapping
from pathlib import Path
from sites import CARDS, HANDBOOK, NAV, a_card_site, a_handbook_site

root = Path(sys.argv[1])
a_handbook_site(root, HANDBOOK, nav=NAV)
a_card_site(root, CARDS)
"""


def test_the_same_pages_give_the_same_bytes_anywhere(tmp_path: Path) -> None:
    seen = []
    for name, seed, zone, locale in (("a", "1", "UTC", "C.UTF-8"), ("b/c d", "2", "Asia/Shanghai", "POSIX")):
        root = tmp_path / name
        root.mkdir(parents=True)
        path = os.pathsep.join(filter(None, sys.path))
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "PYTHONPATH": path}
        subprocess.run([sys.executable, "-c", MAKE_BOTH, str(root)], check=True, env=environment, cwd=root)
        seen.append(fingerprint(root / "build", root / "site", root / "site-cards"))

    assert seen[0] == seen[1]


def test_a_thousand_cards_are_made_one_at_a_time(tmp_path: Path) -> None:
    card = a_page("李明", CARD)
    pages = {"index.md": a_page("考核表"), "2026-10/index.md": a_page("2026年10月")}
    people = {f"2026-10/people/E{number}.md": card for number in range(1000)}
    write_tree({**pages, **people}.items(), tmp_path / "build" / "cards")

    with replacing(tmp_path / "site-cards") as (site,):
        written = build_card_site(CardPages(tmp_path / "build" / "cards"), site, company=COMPANY)

    assert written.pages - len(list((tmp_path / "site-cards" / "assets").rglob("*.*"))) == 1002
    assert article(tmp_path / "site-cards" / "2026-10" / "people" / "E999.html").startswith("李明总分87.5")
