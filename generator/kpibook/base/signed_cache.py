"""Files in which the program keeps values of its own for the next run, below a sum that takes a secret to make.

What is kept there is unpacked, which may do anything: so nothing is taken that anybody else wrote, or the disk spoilt.
"""

import hashlib
from contextlib import suppress
from hmac import compare_digest
from pathlib import Path

from kpibook.base.output import PRIVATE, make_folder, new_file

_SUM_SIZE = 32


class SignedCache:
    """Writes and reads such files with one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hashlib.blake2b(secret).digest()

    def write(self, file: Path, made_from: bytes, data: bytes) -> None:
        """Keep data that was made from something; that it cannot be written is no fault: it is made anew then."""
        body = made_from + data
        with suppress(OSError):
            make_folder(file.parent, PRIVATE)
            fresh = file.with_name(f"{file.name}.new")
            fresh.unlink(missing_ok=True)
            with new_file(fresh, PRIVATE.file) as stream:
                stream.write(self._sum(body))
                stream.write(body)
            fresh.replace(file)

    def read(self, file: Path, made_from: bytes) -> bytes | None:
        """What was kept that was made from just this; None where that is something else, or it is not as written."""
        try:
            data = file.read_bytes()
        except OSError:
            return None
        body = data[_SUM_SIZE:]
        is_ours = compare_digest(data[:_SUM_SIZE], self._sum(body)) and body.startswith(made_from)
        return body[len(made_from) :] if is_ours else None

    def _sum(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, digest_size=_SUM_SIZE, key=self._secret).digest()
