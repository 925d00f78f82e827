"""Names and ids as they are compared: what nobody sees, or sees as mere space, makes no difference."""

import re
import unicodedata
from functools import lru_cache

REMEMBERED = 65_536

_INVISIBLE = dict.fromkeys((0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF))
"""Characters of no width, which come along when people copy from web pages and chats."""

_BLANK = "".join(map(chr, (*range(9, 14), 0x20, 0x85, 0xA0, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F)))
_BLANK += "".join(map(chr, (0x3000, *_INVISIBLE)))

_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_BESIDE_WIDE = re.compile(f"(?<=[{_WIDE}])\\s+|\\s+(?=[{_WIDE}])")
"""Blanks beside Chinese characters only set a name out in width."""


@lru_cache(REMEMBERED)
def name_key(text: str) -> str:
    """A name as it is compared: full width, case, blanks beside Chinese and what has no width do not matter."""
    seen = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold().strip()
    return "_".join(_BESIDE_WIDE.sub("", seen).split())


def stripped(text: str) -> str:
    """A text without the blanks around it, also those of no width."""
    return text.strip() if text.isascii() else text.strip(_BLANK)
