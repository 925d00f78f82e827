"""Why the system refused something, in the reader's words: what it says itself is English on every machine."""

import errno

from kpibook.base.problems import Said
from kpibook.base.words import Words

NAMES = (
    *("eacces", "eaddrinuse", "econnrefused", "edquot", "eexist", "efbig", "eio", "eisdir", "eloop", "emfile"),
    *("enametoolong", "enoent", "enospc", "enotdir", "enotempty", "eperm", "erofs", "etimedout"),
)
NUMBERS = {getattr(errno, name.upper()): f"system.{name}" for name in NAMES if hasattr(errno, name.upper())}
"""The key of the words by the system's number; of others its own words are told."""


def reason(error: OSError) -> Said | str:
    """Why, as a value of a problem."""
    key = NUMBERS.get(error.errno or 0)
    return Said((key,)) if key else error.strerror or str(error) or type(error).__name__


def reason_in(error: OSError, say: Words) -> str:
    """Why the system refused something, in a language."""
    found = reason(error)
    return found.text(say) if isinstance(found, Said) else found
