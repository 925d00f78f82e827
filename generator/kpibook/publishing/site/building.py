"""Run MkDocs, and turn everything it complains of into problems."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from kpibook.base.problems import Place, Problem, in_order
from kpibook.publishing.site.settings import SiteError

_LINK = re.compile(r"Doc file '(?P<page>.+?)' contains an? (?:\w+ )?link '(?P<target>.+?)',? (?P<reason>.+)", re.DOTALL)


class _Complaints(logging.Handler):
    """Keeps the warnings and errors of MkDocs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def run_mkdocs(config: MkDocsConfig) -> None:
    """Build the site of this configuration.

    Raises:
        SiteError: MkDocs failed or warned: broken links and headings, unreadable pages.
    """
    with _listening() as complaints:
        try:
            build(config)
        except MkDocsException as err:
            complaints.texts.append(str(err))
    if complaints.texts:
        raise SiteError(in_order(_problem(text, Path(config.docs_dir).name) for text in complaints.texts))


@contextmanager
def _listening() -> Iterator[_Complaints]:
    """Hear MkDocs at a level of our own: the level and the handlers of its logger belong to whoever runs us."""
    logger = logging.getLogger("mkdocs")
    complaints = _Complaints()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(complaints)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield complaints
    finally:
        logger.removeHandler(complaints)
        logger.setLevel(level)
        logger.propagate = propagate


def _problem(text: str, folder: str) -> Problem:
    is_public = folder == "handbook"
    if found := _LINK.fullmatch(text):
        code = "broken-anchor" if "anchor" in found["reason"] else "broken-link"
        values = {"target": found["target"]}
        return Problem(code, Place(f"build/{folder}/{found['page']}"), values, is_public=is_public)
    return Problem("site-warning", Place(f"build/{folder}"), {"reason": text.strip()}, is_public=is_public)
