"""What the tests of a cycle's folder share, and a copy of the tiny company."""

from commands import company
from cycle_folders import catalog, folder

__all__ = ["catalog", "company", "folder"]
