"""The same handbook in another of its languages."""

from dataclasses import replace

from kpibook.content.gathering import Content
from kpibook.pages.prose import read_prose
from kpibook.reading.catalog import load_catalog


def in_language(content: Content, language: str) -> Content:
    """The content with the texts of its handbook in a language.

    Pages written by hand are those of `pages.<language>`, where there are such, else the same ones.
    """
    catalog, _ = load_catalog(content.handbook, language)
    folder = content.handbook / f"pages.{language}"
    prose = read_prose(folder, f"{catalog.folder}/{folder.name}")[0] if folder.is_dir() else content.prose
    return replace(content, catalog=catalog, prose=prose)
