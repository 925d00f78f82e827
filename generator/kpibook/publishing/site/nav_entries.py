"""The entries of a site's navigation, set once for all pages of a folder.

Material sets each entry anew on every page, which takes a third of the time of a site of some hundred pages. But an
entry that is not open reads the same on all pages of a folder: only where its link begins differs.
"""

from collections.abc import Callable
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, FunctionLoader, TemplateNotFound
from mkdocs.structure.pages import Page

TEMPLATE = "partials/nav-item.html"
NESTED = 'render(item, path ~ "_" ~ loop.index, level + 1, nav_item)'
"""How Material's template sets the entries below an open one."""
_ONCE = 'entry(render, page, item, path ~ "_" ~ loop.index, level + 1, nav_item)'


def use_cached_entries(env: Environment) -> None:
    """Let the navigation's entries be set once; a theme that sets them in another way is left as it is."""
    if env.loader is None:
        return
    theme = env.loader
    env.loader = ChoiceLoader([FunctionLoader(lambda name: _changed(env, theme) if name == TEMPLATE else None), theme])
    env.globals["entry"] = _Entries()


def _changed(env: Environment, theme: BaseLoader) -> str | None:
    try:
        return theme.get_source(env, TEMPLATE)[0].replace(NESTED, _ONCE)
    except TemplateNotFound:
        return None


class _Entries:
    """The entries that were set, by the folder of the page and by their place in the navigation."""

    def __init__(self) -> None:
        self._set: dict[tuple[str, str], str] = {}

    def __call__(self, render: Callable[..., str], page: Page | None, item: Any, path: str, *rest: object) -> str:
        if page is None or item.active:
            return render(item, path, *rest)
        key = page.url.rpartition("/")[0], path
        if key not in self._set:
            self._set[key] = render(item, path, *rest)
        return self._set[key]
