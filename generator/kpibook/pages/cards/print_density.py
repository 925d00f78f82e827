"""How much paper a card takes, and so in which hand and order it is printed: both sheets are to be filled well."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kpibook.pages.text import text_width

DENSITY_CLASSES = tuple(Markup("".join(f" card-paper-{level}" for level in range(1, most + 1))) for most in range(8))
"""What a scorecard is called by how much of it must get onto two sheets; each level takes on those before it."""

SHEET = 258
"""The height of a sheet without its margins, in mm, less a reserve."""


class TypeSize(NamedTuple):
    """A size of print, in mm."""

    signs: int
    """Ideographs in a line of a derivation."""
    line: float
    row: float
    """An item without its derivation."""
    head: float
    """Title, facts and result without reasons, and the head of the items."""
    plan: float
    """The form that people write on, at least."""


# Measured in a browser on a hundred cards; the heights are means, which is what the reserve of a sheet is for.
LARGE = TypeSize(66, 2.0, 15.5, 46, 134)
SMALL = TypeSize(69, 1.8, 13.3, 38, 99)
SMALLER = TypeSize(70, 2.9, 8.2, 37, 102)
WITHOUT_RULES = TypeSize(70, 2.5, 6.2, 32, 95)
IN_COLUMNS = TypeSize(75, 2.0, 4.3, 36, 97)
"""Two columns stand side by side: half of the height of each row."""
REASON, NOTE, VETO, CHANGE, AHEAD = 10.0, 5.2, 10.2, 9.0, 20.0

TITLE, ROW = 12.0, 7.0
"""A further part, and a row of it."""


class PrintedContent(NamedTuple):
    """What a card has to tell."""

    derivations: Sequence[int]
    """The room of each item's derivation, in ideographs."""
    rules: Sequence[int]
    """Of it what says the rule in words, which the handbook says as well."""
    titles: int
    """Of parts and sections."""
    reasons: int
    notes: int
    vetoes: int
    ahead: int
    """The rows of the longer one of two parts: ways to the next grade, and changes."""
    answered: int
    """Lines of what was answered, and until when it can be."""
    contacts: int
    """Rows of whom to ask, beside those lines; a card that runs on leaves them out."""
    talked: int
    """Lines of talks and rows of plans."""
    spoken: int
    """The room of what people wrote."""
    more: int
    """The room of the missed items that have no row in the plan."""


def density_level(content: PrintedContent) -> int:
    """The first level at which all of it fits: the larger the hand, the better."""
    return next(number for number, fits in enumerate(_fits(content)) if fits)


def _fits(content: PrintedContent) -> Iterator[bool]:
    """Whether all fits at each level, worked out one after the other: most cards fit at one of the first."""
    yield _first(content, LARGE) + _ahead(content) <= SHEET and _second(content, LARGE) <= SHEET
    yield _first(content, LARGE) <= SHEET and _second(content, LARGE) + _ahead(content) <= SHEET
    yield _first(content, SMALL) <= SHEET and _second(content, SMALL) + _ahead(content) <= SHEET
    yield _whole(content, SMALL) + _ahead(content) <= 2 * SHEET
    yield _whole(content, SMALLER) <= 2 * SHEET
    short = content._replace(derivations=_without(content))
    yield _whole(short, WITHOUT_RULES) <= 2 * SHEET
    yield _whole(short, IN_COLUMNS) <= 2 * SHEET
    yield True


def _first(content: PrintedContent, hand: TypeSize) -> float:
    """The height of the first sheet: the result and the items."""
    titles = NOTE * content.titles / (2 if hand is IN_COLUMNS else 1)
    items = titles + sum(hand.row + hand.line * -(-room // hand.signs) for room in content.derivations)
    return hand.head + items + REASON * content.reasons + NOTE * content.notes + VETO * content.vetoes


def _second(content: PrintedContent, hand: TypeSize) -> float:
    """The height of what people write on; what they wrote stands in one of two boxes."""
    beside = max(content.answered, content.contacts)
    spoken = hand.line * (2 * content.spoken // hand.signs)
    return hand.plan + _parts(beside, content.talked) + spoken + _more(content, hand)


def _whole(content: PrintedContent, hand: TypeSize) -> float:
    """The height of all, with the boxes below each other."""
    return (
        _first(content, hand)
        + hand.plan
        + _parts(content.answered, content.talked)
        + hand.line * (content.spoken // hand.signs)
        + _more(content, hand)
    )


def _more(content: PrintedContent, hand: TypeSize) -> float:
    return NOTE * -(-content.more // hand.signs)


def _parts(*rows: int) -> float:
    """The height of parts of so many rows; one without rows is not there."""
    return sum(TITLE + ROW * count for count in rows if count)


def _ahead(content: PrintedContent) -> float:
    return AHEAD + CHANGE * content.ahead if content.ahead else 0


def _without(content: PrintedContent) -> tuple[int, ...]:
    """The derivations without the words of their rules."""
    return tuple(room - rule for room, rule in zip(content.derivations, content.rules, strict=True))


def width_of_lines(lines: Iterable[str]) -> int:
    """The room of several lines that run on."""
    return text_width("\n".join(lines))
