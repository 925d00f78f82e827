"""What the tests of new files share: a copy of the tiny company."""

from commands import company

__all__ = ["company"]
