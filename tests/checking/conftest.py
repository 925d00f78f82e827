"""What the tests of strict checks share: a copy of the tiny company."""

from linted import company

__all__ = ["company"]
