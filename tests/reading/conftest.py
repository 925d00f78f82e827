"""What the tests of a cycle's folder share."""

from cycle_folders import catalog, folder

__all__ = ["catalog", "folder"]
