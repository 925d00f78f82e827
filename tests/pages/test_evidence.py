"""Documents named in notes: links on cards where the company keeps them there, else text."""

from pathlib import Path

import pytest
from markupsafe import Markup

from cards_made import Reader, by_rust
from cards_rendered import by_python
from companies import a_company, change
from kpibook.content import read
from kpibook.pages.evidence import with_links
from kpibook.pages.text import escaped
from kpibook.pipeline import write_pages

HOSTS = ("docs.example.cn", "files.example.cn:8443")
DOCUMENT = "https://docs.example.cn/a/b_c?x=1&y=*2*#p"


def links_of(text: str) -> tuple[set[str], str]:
    """Where the links of a text lead, and what a reader sees of it; alike in both kinds of Markdown."""
    page = f"---\ntitle: x\n---\n\n- {escaped(with_links(text, HOSTS))}\n"
    found = [by_rust(page), by_python(page)]
    assert found[0].links == found[1].links
    assert found[0].text == found[1].text
    return found[0].links, found[0].text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param(DOCUMENT, DOCUMENT, id="all of it"),
        pytest.param(f"see {DOCUMENT}.", DOCUMENT, id="the end of a sentence"),
        pytest.param(f"(see {DOCUMENT})", DOCUMENT, id="in brackets"),
        pytest.param(f"见 {DOCUMENT}，已核对", DOCUMENT, id="Chinese signs follow"),
        pytest.param("https://docs.example.cn/f_(1)", "https://docs.example.cn/f_(1)", id="brackets of its own"),
        pytest.param("https://docs.example.cn", "https://docs.example.cn", id="a host alone"),
        pytest.param("https://DOCS.example.cn/A", "https://DOCS.example.cn/A", id="capitals"),
        pytest.param("https://files.example.cn:8443/a", "https://files.example.cn:8443/a", id="a port that is listed"),
    ],
)
def test_an_address_on_a_listed_host_is_a_link(text: str, address: str) -> None:
    links, told = links_of(text)

    assert links == {address}
    assert told.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://other.example.cn/a", id="another host"),
        pytest.param("https://docs.example.cn.evil.example/a", id="a host that begins alike"),
        pytest.param("https://evil.example/docs.example.cn", id="a path that looks like it"),
        pytest.param("https://docs.example.cn@evil.example/a", id="a name before another host"),
        pytest.param("https://docs.example.cn:8443/a", id="a port that is not listed"),
        pytest.param("http://docs.example.cn/a", id="not encrypted"),
        pytest.param("javascript:alert(1)//https://evil.example/", id="a script"),
        pytest.param("https://docs.example.cn/a附件", id="nobody knows where it ends"),
        pytest.param("https://docs.example.cn_a", id="a host that goes on"),
        pytest.param("https://docs.example.cn\\\\evil.example", id="a stroke that browsers turn round"),
        pytest.param("docs.example.cn/a", id="no scheme"),
    ],
)
def test_anything_else_stays_text(text: str) -> None:
    assert links_of(text) == (set(), text)


def test_what_stands_around_a_link_cannot_become_markup() -> None:
    text = f'<img src=x onerror=alert(1)> {DOCUMENT} "><script>[x](https://evil.example/) **b**'

    made = by_rust(f"---\ntitle: x\n---\n\n- {with_links(text, HOSTS)}\n")

    assert made.links == {DOCUMENT}
    assert made.tags == {"ul", "li", "a"}
    assert made.attributes == {"href", "rel"}


@pytest.mark.parametrize(("around", "kept"), [(")" * 30_000, ""), ("_(a)" + ").,)" * 5_000, "_(a)")])
def test_any_number_of_marks_around_an_address_is_none_of_it(around: str, kept: str) -> None:
    made = Reader(str(with_links(f"(https://docs.example.cn/a{around}", HOSTS)))

    assert made.links == {f"https://docs.example.cn/a{kept}"}
    assert made.text.replace(" ", "") == f"(https://docs.example.cn/a{around}"


def test_a_link_does_not_tell_where_it_was_followed_from() -> None:
    made = with_links("https://docs.example.cn", HOSTS)

    assert isinstance(made, Markup)
    assert ' rel="noopener noreferrer">' in made


def test_without_hosts_a_text_is_itself() -> None:
    assert with_links(DOCUMENT, ()) is DOCUMENT


@pytest.mark.parametrize(("hosts", "links"), [("", set()), ("evidence_hosts: [docs.example.cn]\n", {DOCUMENT})])
def test_a_card_links_the_evidence_in_the_note_of_its_number(tmp_path: Path, hosts: str, links: set[str]) -> None:
    root = a_company(tmp_path)
    with (root / "handbook/company.yml").open("a", encoding="utf-8") as file:
        file.write(hosts)
    path = next(
        path for path in (root / "scorecards/2026-10/actuals").glob("*.csv") if "55000" in path.read_text("utf-8")
    )
    change(path, "E01,sales,55000,\n", f"E01,sales,55000,对账单 {DOCUMENT}\n")
    content = read(root / "handbook", root / "scorecards")
    assert not [problem for problem in content.problems if problem.place.file.startswith("handbook")]

    write_pages(content, root / "build", content.cycles)

    found = [_reader(page) for page in (root / "build/cards").rglob("*.md")]
    cards = [page for page in found if DOCUMENT in page.text.replace(" ", "")]
    assert cards
    assert {link for page in cards for link in page.links if link.startswith("https:")} == links


def _reader(page: Path) -> Reader:
    return by_rust(page.read_text(encoding="utf-8"))
