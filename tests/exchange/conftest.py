"""What the tests of imports share: the tiny company that takes them in."""

from imports_run import root

__all__ = ["root"]
