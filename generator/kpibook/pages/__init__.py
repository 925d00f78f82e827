"""Pages: the catalog and the results of a cycle as plain Markdown; only `read_prose` looks at the disk."""

from kpibook.pages.handbook import handbook_pages
from kpibook.pages.nav import handbook_nav
from kpibook.pages.prose import check_prose, read_prose

__all__ = ["check_prose", "handbook_nav", "handbook_pages", "read_prose"]
