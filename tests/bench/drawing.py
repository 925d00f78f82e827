"""Print how many milliseconds the drawings of a card take: made, set and turned into a page of the site.

A card of forty items and twelve cycles, the most that a card may have; each has numbers of its own.
"""

import random
import re
import time
from collections.abc import Callable

from gmpy2 import mpq

from kpibook.pages.drawing.bars import points_bar, trend_line
from kpibook.publishing.site.commonmark import page_html

CARDS = 1000
ITEMS = 40
CYCLES = 12
PARTS = 10_000
ONE, TWICE = mpq(1), mpq(2)

SVG = re.compile('<svg.*?</svg>|<span class="card-bar.*?</span>')


def main() -> None:
    """Make the drawings of many cards, and pages of them with and without."""
    numbers = random.Random(0)
    cards = [[mpq(numbers.randrange(2 * PARTS), PARTS) for _ in range(ITEMS + CYCLES)] for _ in range(CARDS)]
    pages = list[str]()
    drawing = timed(lambda: pages.extend(map(page, cards)))
    bare = [SVG.sub("", each) for each in pages]
    setting = timed(lambda: list(map(page_html, pages))) - timed(lambda: list(map(page_html, bare)))
    print((drawing + setting) * 1000 / CARDS)


def page(ratios: list[mpq]) -> str:
    """The rows of a card with their bars, and the line of its totals."""
    rows = "".join(f"| {points_bar(ratio, ONE, TWICE)} |\n" for ratio in ratios[:ITEMS])
    return f"{trend_line([ratio * 100 for ratio in ratios[ITEMS:]])}\n\n| x |\n| -- |\n{rows}"


def timed(work: Callable[[], object]) -> float:
    """The seconds of the processor that something takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


if __name__ == "__main__":
    main()
