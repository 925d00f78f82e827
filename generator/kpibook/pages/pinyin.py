"""Chinese words by their sound: the letter under which a name stands in a list, and how it is typed."""

import re
from functools import cache

_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+")


@cache
def syllables(name: str) -> tuple[str, ...]:
    """The name in pinyin, a syllable each, with `v` for ü: `zhuan hua lv`; Latin words and numbers stay as they are."""
    # Loaded where it is asked for: its dictionary would slow every command down.
    from pypinyin import lazy_pinyin

    found: list[str] = []
    for run in _RUN.findall(name.casefold()):
        found.extend([run] if run.isascii() else lazy_pinyin(run))
    return tuple(found)


def letter(name: str) -> str:
    """The letter from A to Z under which a name is looked up; `#` for what begins with no letter."""
    first = next(iter(syllables(name)), "")[:1].upper()
    return first if "A" <= first <= "Z" else "#"
