"""What the tests of commands share: a copy of the tiny company."""

from commands import company

__all__ = ["company"]
