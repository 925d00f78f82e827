"""A column of a header by the words above it: what it is, and of what."""

from typing import NamedTuple

from kpibook.exchange.importing.vocabulary import ColumnRole, HeaderWord, WordSort


class HeaderColumn(NamedTuple):
    """A column of a header: its text and all its words."""

    label: str
    words: tuple[HeaderWord, ...]
    deepest: int
    """How many rows its header has."""

    @property
    def role(self) -> ColumnRole | None:
        """What the column is where no number is named: the one thing that it says."""
        words = [word for word in self.words if word.sort is not WordSort.UNIT] or list(self.words)
        if len(words) == 1:
            return words[0].role
        roles = {word.role for word in words if word.role in (ColumnRole.NOTE, ColumnRole.LINK)}
        return next(iter(roles)) if len(roles) == 1 else None

    @property
    def ids(self) -> tuple[str, ...]:
        """The numbers that it may hold."""
        return tuple(dict.fromkeys(each for word in self.words if word.sort is WordSort.NUMBER for each in word.ids))

    @property
    def goals(self) -> tuple[str, ...]:
        """The numbers and the computed indicators for which it may hold a target."""
        return tuple(dict.fromkeys(each for word in self.words for each in word.ids))

    def says(self, *sorts: WordSort) -> WordSort | None:
        """The first of these that it says."""
        said = [sort for word in self.words for sort in (word.sort, word.qualifier)]
        return next((sort for sort in sorts if sort in said), None)

    @property
    def units(self) -> tuple[str, ...]:
        """The units that stand in it."""
        return tuple(dict.fromkeys(word.text for word in self.words if word.sort is WordSort.UNIT))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words that nobody knows."""
        return tuple(dict.fromkeys(word.text for word in self.words if word.sort is WordSort.UNKNOWN))
