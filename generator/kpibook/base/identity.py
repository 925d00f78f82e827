"""A value known by its identity: what is made of it is made once, though to compare it would take as long."""

from typing import Generic, TypeVar

Known = TypeVar("Known")


class ByIdentity(Generic[Known]):
    """A value as a key; while the key is kept, no other value takes its identity."""

    __slots__ = ("value",)

    def __init__(self, value: Known) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and self.value is other.value
