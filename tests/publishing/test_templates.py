"""Templates of MkDocs are compiled once in a process, and its icons looked at where a page shows one."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from mkdocs.theme import Theme

from kpibook.publishing.site.templates import CompiledTemplates, quick_environment
from sites import a_handbook_site, a_page

PAGES = {"index.md": a_page("首页")}


def test_a_second_site_compiles_no_template_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = a_handbook_site(tmp_path / "first", PAGES)

    def refused(*given: object, **named: object) -> None:
        pytest.fail(f"{given} is compiled again")

    monkeypatch.setattr(Environment, "compile", refused)

    second = a_handbook_site(tmp_path / "second", PAGES)

    assert (second / "index.html").read_bytes() == (first / "index.html").read_bytes()


def test_a_template_that_has_changed_is_compiled_anew(tmp_path: Path) -> None:
    theme = Theme(custom_dir=str(tmp_path))
    (tmp_path / "odd.html").write_text("{{ 1 + 1 }}", encoding="utf-8")
    assert quick_environment(theme).get_template("odd.html").render() == "2"

    (tmp_path / "odd.html").write_text("{{ 1 + 2 }}", encoding="utf-8")

    assert quick_environment(theme).get_template("odd.html").render() == "3"


def test_all_is_listed_but_for_folders_with_a_dot_from_which_templates_are_read_nonetheless() -> None:
    theme = Theme("material")

    quick, plain = quick_environment(theme), theme.get_env()

    listed, everything = quick.list_templates(), plain.list_templates()
    hidden = [name for name in everything if any(part.startswith(".") for part in name.split("/")[:-1])]
    apart = set(hidden)
    assert listed == [name for name in everything if name not in apart]
    assert len(hidden) > 10 * len(listed)
    assert quick.get_template(hidden[0]).render() == plain.get_template(hidden[0]).render()


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that Jinja compiles."""
    names: list[str] = []
    compile_ = Environment.compile

    def noted(self: Environment, source: str, name: str, filename: str | None = None) -> object:
        names.append(name)
        return compile_(self, source, name, filename)

    monkeypatch.setattr(Environment, "compile", noted)
    return names


def rendered(text: str, kept: CompiledTemplates, *extensions: str) -> str:
    environment = Environment(
        loader=DictLoader({"a": text}), bytecode_cache=kept, extensions=extensions, autoescape=True
    )
    return environment.get_template("a").render(name="林晓")


def test_a_template_is_compiled_once(compiled: list[str]) -> None:
    kept = CompiledTemplates()

    assert [rendered("{{ name }}", kept) for _ in range(3)] == ["林晓"] * 3
    assert compiled == ["a"]


def test_a_template_with_another_text_is_compiled_anew(compiled: list[str]) -> None:
    kept = CompiledTemplates()

    assert [rendered(text, kept) for text in ("{{ name }}", "{{ name }}!", "{{ name }}")] == ["林晓", "林晓!", "林晓"]
    assert compiled == ["a", "a", "a"]


def test_the_same_text_with_another_extension_is_compiled_apart(compiled: list[str]) -> None:
    kept = CompiledTemplates()

    assert [rendered("{{ name }}", kept, *each) for each in ((), ("jinja2.ext.do",), ())] == ["林晓"] * 3
    assert compiled == ["a", "a"]
