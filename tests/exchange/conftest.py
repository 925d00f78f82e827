"""What the tests of sheets share: the tiny company that takes them in, and the one whose October is published."""

from imports_run import root
from record_sheets import life

__all__ = ["life", "root"]
