"""Let the attack on what pages tell of groups loose on 1,000 random companies, and say whom it works out."""

import sys
import time

from attack import leaks_of
from card_attack import leaks_of_cards

COMPANIES = 1_000


def main() -> None:
    """Print each leak and how long it took; end with 1 if there is any."""
    begun, leaking = time.monotonic(), 0
    for seed in range(COMPANIES):
        if found := leaks_of(seed):
            leaking += 1
            print(f"company {seed}: {found}")
    print(f"{COMPANIES} companies of two cycles: {leaking} with a total that is known to 5 %", end="; ")
    print(f"{time.monotonic() - begun:.0f} s")
    begun, of_cards, ranks = time.monotonic(), 0, 0
    for seed in range(COMPANIES):
        names, told = leaks_of_cards(seed)
        ranks += told
        if names:
            of_cards += 1
            print(f"cards of company {seed}: {names}")
    print(
        f"{COMPANIES} companies, {ranks} ranks on cards: {of_cards} with a total that a reader of some cards", end=" "
    )
    print(f"cards knows to 5 %; {time.monotonic() - begun:.0f} s")
    sys.exit(leaking > 0 or of_cards > 0)


if __name__ == "__main__":
    main()
