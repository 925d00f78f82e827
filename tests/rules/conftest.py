"""What these tests share: the sample of this repository."""

from sample_rules import sample

__all__ = ["sample"]
