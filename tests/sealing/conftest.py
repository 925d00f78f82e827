"""What all tests of seals begin with."""

from lives import life

__all__ = ["life"]
