"""Templates of the theme are compiled once in a process, and what was kept of one is never another's."""

import pytest
from jinja2 import DictLoader, Environment

from kpibook.publishing.site.building import CompiledTemplates


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
