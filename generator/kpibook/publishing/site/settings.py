"""The settings of both sites: the packaged ones, the company's `mkdocs.yml` over them, the generator's own on top."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, cast

import yaml
from markdown.extensions.toc import slugify_unicode
from mkdocs.config.defaults import MkDocsConfig

from kpibook.base.problems import Failure, Place, Problem
from kpibook.base.words import Words
from kpibook.publishing.site.repository import repository
from kpibook.publishing.site.templates import quick_environment

ASSETS = Path(__file__).parents[2] / "assets"
THEME = ASSETS / "theme"
PACKAGED = ASSETS / "mkdocs.yml"
ICONS = Path(str(files("material"))) / "templates" / ".icons"

SEARCH_WORDS = (
    *("search_none", "search_help", "search_one", "search_many", "search_loose", "search_pinyin", "search_meant"),
    *("search_ask", "search_first", "search_failed", "search_start"),
    *("search_role", "search_indicator", "search_department", "search_policy", "search_guide", "search_other"),
)
"""What the search says of its results, and how it names their kinds; the script reads them from the box."""
PAGE_WORDS = ("path", "menu", "edit", "browse", "repository", "search", "search_hint", "search_clear", "search_close")
"""The words that the theme's templates put on pages."""

MAPPINGS = ("theme", "extra")
LISTS = ("extra_css", "extra_javascript")
"""What the company's settings must be where they are there at all."""
LIBRARY_FAULTS = (ValueError, TypeError, LookupError, AttributeError, RuntimeError)
"""What MkDocs and its plugins raise over a setting that they did not expect."""

Settings = dict[str, object]
Nav = Sequence[object]
"""The navigation as MkDocs has it: paths, `{title: path}` and `{title: [...]}`."""


class SiteError(Failure):
    """A site could not be made; nothing was published."""


class Switch(NamedTuple):
    """The same handbook in another language."""

    name: str
    """What the language calls itself."""
    language: str
    prefix: str
    """What stands before the address of a page, from the root of this site."""
    pages: frozenset[str]
    """The Markdown files that there are."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is told to MkDocs about one site, beyond the settings in files."""

    markdown: Path
    folder: Path
    nav: Nav
    say: Words
    name: str
    is_searched: bool
    settings: Mapping[str, object] = field(default_factory=dict)
    config: Path | None = None
    """The company's `mkdocs.yml`, from which paths in it count."""
    switches: Sequence[Switch] = ()


def read_settings(config: Path | None) -> Settings:
    """The packaged settings with those of the company's `mkdocs.yml` over them, key by key.

    Raises:
        SiteError: the file is no mapping in plain YAML, or one of its settings is of another kind.
    """
    packaged = _packaged()
    if config is None or not config.is_file():
        return packaged
    try:
        own = yaml.safe_load(config.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, ValueError, OSError, RecursionError) as err:
        raise SiteError([_faulty(config, err)]) from err
    if own is not None and not isinstance(own, dict):
        raise SiteError([_faulty(config, type(own).__name__)])
    if faults := [*_misshapen(config, own or {})]:
        raise SiteError(faults)
    return merged(packaged, own or {})


def _misshapen(config: Path, own: Settings) -> Iterator[Problem]:
    """The settings that are no mapping or no list where one is expected."""
    theme = own.get("theme")
    palette = theme.get("palette") if isinstance(theme, dict) else None
    entries = palette if isinstance(palette, list) else []
    mappings = [*((name, own.get(name)) for name in MAPPINGS), *(("theme.palette", entry) for entry in entries)]
    lists = [(name, own.get(name)) for name in LISTS]
    for code, kind, named in (("site-setting-mapping", dict, mappings), ("site-setting-list", list, lists)):
        for name, value in named:
            if value is not None and not isinstance(value, kind):
                yield Problem(code, Place(config.name), {"name": name, "value": str(value)[:60]})
    for number, entry in enumerate(entries):
        if isinstance(entry, dict):
            yield from _odd_toggle(config, number, entry.get("toggle"))


def _odd_toggle(config: Path, number: int, toggle: object) -> Iterator[Problem]:
    """The button of a palette that is no mapping, or whose icon there is not: the template would miss it."""
    icon = toggle.get("icon") if isinstance(toggle, dict) else None
    name = f"theme.palette[{number}].toggle"
    if toggle is not None and not isinstance(toggle, dict):
        place = _place(config, "theme", "palette", number, "toggle")
        yield Problem("site-setting-mapping", place, {"name": name, "value": str(toggle)[:60]})
    elif icon is not None and not (isinstance(icon, str) and (ICONS / f"{icon}.svg").is_file()):
        place = _place(config, "theme", "palette", number, "toggle", "icon")
        yield Problem("site-setting-icon", place, {"name": f"{name}.icon", "value": str(icon)[:60]})


def _place(config: Path, *keys: str | int) -> Place:
    """Where a setting stands; as near as its keys lead."""
    node = yaml.compose(config.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    for key in keys:
        if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for name, value in node.value if name.value == key), node)
    return Place(config.name, node.start_mark.line + 1, node.start_mark.column + 1) if node else Place(config.name)


def tells_history(config: Path) -> bool:
    """Whether pages may tell of commits, their authors and messages: only if `extra.history: true` says so.

    Raises:
        SiteError: the file cannot be read, or the setting is neither true nor false.
    """
    extra = read_settings(config).get("extra")
    told = extra.get("history", False) if isinstance(extra, dict) else False
    if not isinstance(told, bool):
        raise SiteError([_refused("extra.history", "true, false")])
    return told


def _packaged() -> Settings:
    settings = cast("Settings", yaml.safe_load(PACKAGED.read_text(encoding="utf-8")))
    extensions = cast("list[object]", settings["markdown_extensions"])
    # Headings of pages written by hand get ids of their own words, Chinese ones too, instead of _1 and _2.
    with_slugs = [
        {"toc": {**entry["toc"], "slugify": slugify_unicode}} for entry in extensions if isinstance(entry, dict)
    ]
    return {**settings, "markdown_extensions": [*filter(_is_name, extensions), *with_slugs]}


def has_packaged_rules(settings: Settings) -> bool:
    """Whether Markdown becomes HTML as the packaged settings say: others may let any file decide any page."""
    packaged = _packaged()
    return all(settings.get(key) == packaged[key] for key in ("markdown_extensions", "plugins"))


def _is_name(extension: object) -> bool:
    return isinstance(extension, str)


def _faulty(config: Path, reason: object) -> Problem:
    mark = getattr(reason, "problem_mark", None)
    place = Place(config.name, mark.line + 1, mark.column + 1) if mark else Place(config.name)
    return Problem("site-settings", place, {"reason": getattr(reason, "problem", None) or str(reason)}, is_public=True)


def merged(below: Mapping[str, object], above: Mapping[str, object]) -> Settings:
    """Two nested settings as one; where both have a value, `above` wins; an empty value there changes nothing."""
    both = dict(below)
    for key, value in above.items():
        known = both.get(key)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            both[key] = merged(known, value)
        elif value is not None or key not in both:
            both[key] = value
    return both


def as_files(settings: Mapping[str, object], *, name: str, language: str, docs_dir: str, nav: Nav) -> str:
    """The settings as an `mkdocs.yml` of its own, with which a plain `mkdocs build` makes the same text."""
    plain = merged(settings, {"site_name": settings.get("site_name") or name, "docs_dir": docs_dir, "nav": list(nav)})
    plain["theme"] = merged(cast("Settings", plain["theme"]), {"language": language})
    cast("Settings", plain["theme"]).pop("favicon", None)
    plain["site_dir"] = f"plain/{docs_dir}"
    if not nav:
        del plain["nav"]
    return yaml.dump(plain, allow_unicode=True, sort_keys=False, width=120)


def mkdocs_config(site: Site) -> MkDocsConfig:
    """The finished configuration of MkDocs.

    Raises:
        SiteError: MkDocs refuses a setting.
    """
    config = MkDocsConfig(config_file_path=str(site.config or site.markdown.parent / "mkdocs.yml"))
    try:
        config.load_dict(told_settings(site))
        errors, warnings = config.validate()
    except LIBRARY_FAULTS as err:
        raise SiteError([_refused(type(err).__name__, err)]) from err
    if errors or warnings:
        raise SiteError([_refused(name, reason) for name, reason in (*errors, *warnings)])
    # No sitemap, which needs a public address, and no 404 page, whose links would count from the root.
    config.theme.static_templates.clear()
    # MkDocs asks the theme of a configuration for it, and has no setting for what compiles its templates.
    config.theme.get_env = partial(quick_environment, config.theme)  # type: ignore[method-assign]
    return config


def _refused(name: str, reason: object) -> Problem:
    return Problem("site-settings", Place("mkdocs.yml"), {"reason": f"{name}: {reason}"}, is_public=True)


def told_settings(site: Site) -> Settings:
    """The company's settings with everything that only the generator knows."""
    theme = cast("Settings", site.settings.get("theme", {}))
    known = {
        "is_searched": site.is_searched,
        "say": _texts(site.say),
        "search_words": [word.removeprefix("search_") for word in SEARCH_WORDS],
        **repository(site.settings)._asdict(),
        "switches": [each._asdict() for each in site.switches],
    }
    generated = {
        "site_name": as_text(str(site.settings.get("site_name") or site.name)),
        "docs_dir": str(site.markdown),
        "site_dir": str(site.folder),
        "theme": {
            "custom_dir": str(THEME),
            "language": site.say.language,
            "palette": _palette(theme.get("palette"), site.say),
        },
        "extra_css": [*_styles(site), *cast("list[str]", site.settings.get("extra_css") or [])],
        "extra": {"kpibook": known},
    }
    settings = merged(site.settings, generated)
    settings["nav"] = list(site.nav) or None
    if site.is_searched:
        settings["extra_javascript"] = ["assets/search.js", *cast("list[str]", settings.get("extra_javascript") or [])]
    return settings


def _styles(site: Site) -> list[str]:
    """The common style first; the cards' site, which is not searched, has no use for the handbook's own."""
    styles = sorted(path.relative_to(THEME).as_posix() for path in THEME.glob("assets/*.css"))
    used = [path for path in styles if site.is_searched or path != "assets/handbook.css"]
    return sorted(used, key=lambda path: path != "assets/kpibook.css")


def _palette(palette: object, say: Words) -> object:
    """The palette with the words and icons of its toggles: after system comes light, then dark."""
    if not isinstance(palette, list):
        return palette
    names = ("light", "dark", "system")
    toggles = [{"name": say(f"site.palette.{name}"), "icon": icon} for name, icon in zip(names, _icons(), strict=True)]
    return [merged({"toggle": toggles[index % len(toggles)]}, entry) for index, entry in enumerate(palette)]


def _icons() -> list[str]:
    """The icons of the packaged toggles, which hold where a company's entry names none."""
    theme = cast("dict[str, list[dict[str, dict[str, str]]]]", _packaged()["theme"])
    return [entry["toggle"]["icon"] for entry in theme["palette"]]


def as_text(title: str) -> str:
    """A title that no character can turn into markup, escaped before or not (themes print it bare)."""
    return html.escape(html.unescape(title))


def _texts(say: Words) -> dict[str, str]:
    return {name: say(f"site.page.{name}") for name in (*PAGE_WORDS, *SEARCH_WORDS)}
