"""What the tests of comparisons share: the company before the change."""

from compared import before

__all__ = ["before"]
