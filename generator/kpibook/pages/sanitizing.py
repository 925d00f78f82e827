"""What the finished HTML of a page written by hand may hold: elements, attributes and kinds of addresses."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser

from kpibook.base.problems import Place, Problem
from kpibook.pages.prose import FOLDER, OPEN_BRACKETS, split_front_matter

EXTENSIONS = ("admonition", "attr_list", "def_list", "fenced_code", "footnotes", "md_in_html", "tables", "toc")
"""Those of the packaged settings."""
TEXT = ("p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "span", "sup", "div")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
LISTS = ("ul", "ol", "li", "dl", "dt", "dd")
TABLES = ("table", "thead", "tbody", "tr", "th", "td")
ELEMENTS = frozenset((*TEXT, *HEADINGS, *LISTS, *TABLES, "a", "img"))
"""What Markdown with these extensions makes of a text; nothing that runs, sends or loads anything but pictures."""
ATTRIBUTES = {
    "*": frozenset({"id", "class"}),
    "a": frozenset({"href", "title"}),
    "img": frozenset({"src", "alt", "title"}),
    "ol": frozenset({"start"}),
    "th": frozenset({"style"}),
    "td": frozenset({"style"}),
}
SCHEMES = frozenset({"mailto", "tel"})
"""Beside addresses within the site."""
_ALIGNED = re.compile(r"text-align: (?:left|center|right);")
_CLASS = re.compile(r"(?!md-)[\w-]+", re.ASCII)
_OUTSIDE = re.compile(r"\s*[\\/]\s*[\\/]")
_LONGEST = 60


def without_forbidden(html: str) -> str:
    """The HTML as a browser reads it, without everything that is not allowed."""
    # Imported here: it takes longer to start than a handbook without pages written by hand takes to be checked.
    import nh3

    return nh3.clean(
        html,
        tags=set(ELEMENTS),
        attributes={element: set(names) for element, names in ATTRIBUTES.items()},
        attribute_filter=_allowed_value,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def _allowed_value(element: str, name: str, value: str) -> str | None:
    """The value of an attribute that is allowed, if it is one that does nothing but name, point or align."""
    del element
    if name == "style":
        return value if _ALIGNED.fullmatch(value) else None
    if name == "class":
        return value if all(map(_CLASS.fullmatch, value.split())) else None
    if name in ("href", "src"):
        return None if _OUTSIDE.match(value) else value
    return value


def not_allowed(html: str) -> tuple[str, ...]:
    """The tags of the HTML that are not left as they are, each once, as they stand there."""
    left = _Tags.of(without_forbidden(html))
    found = dict[str, None]()
    for tag in _Tags.of(html):
        if tag in left:
            left.remove(tag)
        else:
            found[tag] = None
    return tuple(found)


class _Tags(HTMLParser):
    """Reads the tags of an HTML text, each in one form."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[str]:
        """The tags in their order, comments and the like among them."""
        reader = cls()
        reader.feed(html)
        reader.close()
        return reader.tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag with its attributes."""
        told = "".join(f' {name}="{value or ""}"' for name, value in sorted(attrs, key=lambda each: each[0]))
        self.tags.append(f"<{tag}{told}>")

    def handle_comment(self, data: str) -> None:
        """A comment: none is left."""
        self.tags.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """A declaration: none is left."""
        self.tags.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        """An instruction: none is left."""
        self.tags.append(f"<?{data}>")


def check_rendered(prose: Mapping[str, str], folder: str, known: Iterable[Problem] = ()) -> Iterator[Problem]:
    """What pages written by hand would put on the site beyond what is allowed, at the line that most likely says it.

    It is the last word: what a look at the text takes for code may be none to what makes web pages of it. Lines of
    problems that are `known` are not told again. A page whose brackets stay open is not rendered: that takes minutes.
    """
    if not prose:
        return
    from markdown import Markdown

    known = tuple(known)
    told = {(problem.place.file, problem.place.line) for problem in known}
    endless = {problem.place.file for problem in known if problem.code == OPEN_BRACKETS}
    made = Markdown(extensions=list(EXTENSIONS))
    for path, text in prose.items():
        if f"{folder}/{FOLDER}/{path}" in endless:
            continue
        body = split_front_matter(text)[1]
        first_line = text[: len(text) - len(body)].count("\n") + 1
        for tag in not_allowed(made.reset().convert(body)):
            place = Place(f"{folder}/{FOLDER}/{path}", first_line + _line(tag, body), 1)
            if place[:2] not in told:
                yield Problem("prose-not-allowed", place, {"tag": tag[:_LONGEST]})


def _line(tag: str, body: str) -> int:
    """The line, from 0, that holds the most of a tag's words, the least common ones counting most."""
    words = set(re.findall(r"[\w:]+", tag.lower()))
    lines = [set(re.findall(r"[\w:]+", line.lower())) for line in body.split("\n")]
    counts = {word: sum(word in line for line in lines) for word in words}
    scores = [sum(1 / counts[word] for word in words & line) for line in lines]
    return scores.index(max(scores))
