"""Random texts as formulas: how long the slowest takes to be read and computed, and how much memory the largest.

Run by `make bench`; a text takes its tokens from the grammar and from what does not belong in it.
"""

import random
import sys
import time
import tracemalloc
from collections.abc import Iterator

from gmpy2 import mpq

from kpibook.rules.formulas import FUNCTIONS, SCOPES, DivisionByZero, Formula, FormulaFault

TEXTS = 100_000
MEASURED = 5_000
"""Of so many texts the memory is measured, which takes ten times as long."""
TOKENS = (
    *("sales", "visitors", "a", "x" * 64, "1", "0", "999999999999999", "0.000001", "12.5"),
    *("+", "-", "*", "/", "(", ")", ",", "<", ">=", "==", "!=", " ", "\n"),
    *(f"{scope}.sales" for scope in SCOPES),
    *(f"{name}(" for name in FUNCTIONS),
    *("**", "^", "[", "]", "{", "}", "'", '"', ".", "__class__", "lambda", "import os", "and", "\uff41", "\u4e00"),
    *("\0", "\u202e", "1e999", "9" * 400, "(" * 200, "-" * 200, "round(1, 99)", "if("),
)
MILLISECONDS, MEGABYTES = 50, 10


def texts(chance: random.Random, count: int) -> Iterator[str]:
    """Texts of up to 600 tokens; most are short, so that some are formulas."""
    for _ in range(count):
        length = chance.choice((1, 3, 5, 9, 30, 100, 600))
        yield "".join(chance.choice(TOKENS) for _ in range(length))


def attempt(text: str) -> bool:
    """Read a text and compute it; whether it is a formula."""
    try:
        formula = Formula.parse(text)
        formula.evaluate(dict.fromkeys(formula.names, mpq(7, 3)))
    except FormulaFault:
        return False
    except DivisionByZero:
        pass
    return True


def main(count: int) -> None:
    """Print the slowest and the largest, next to what is allowed."""
    chance = random.Random(count)
    slowest, formulas = 0.0, 0
    for text in texts(chance, count):
        begin = time.process_time()
        formulas += attempt(text)
        slowest = max(slowest, time.process_time() - begin)
    largest = 0
    tracemalloc.start()
    for text in texts(chance, min(count, MEASURED)):
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        attempt(text)
        largest = max(largest, tracemalloc.get_traced_memory()[1] - before)
    print(f"{count:,} random texts, {formulas:,} of them formulas")
    print(f"the slowest, ms {slowest * 1000:33.2f}   goal: under {MILLISECONDS}")
    print(f"the largest, MB {largest / 1e6:33.2f}   goal: under {MEGABYTES}")


if __name__ == "__main__":
    main(TEXTS // 100 if "--quick" in sys.argv else TEXTS)
