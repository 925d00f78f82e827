"""The pages of cards, set by the Markdown of Python."""

import markdown

from cards_made import (
    Reader,
    body,
)


def by_python(page: str) -> Reader:
    extensions = ["admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"]
    return Reader(markdown.markdown(body(page), extensions=extensions))
