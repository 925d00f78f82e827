"""JSON files that end with a hash of everything else in them: a seal, an erasure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def hash_of(fields: Mapping[str, Any]) -> str:
    """The sha256 of all fields but the hash; their order does not matter."""
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def hashed_text(fields: Mapping[str, Any]) -> str:
    """The file: a key, or an entry below one, on each line, the hash last."""
    return json.dumps({**fields, "hash": hash_of(fields)}, ensure_ascii=False, indent=1) + "\n"
