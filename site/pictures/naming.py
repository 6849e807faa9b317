"""Names of files that anybody may read: never the same for two contents."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

DIGEST = 12  # hexadecimal digits


def named_by_content(name: str, data: bytes) -> str:
    """The name with a digest of the content before its ending.

    Browsers and proxies may keep what is behind it for ever.
    """
    path = PurePath(name)
    return f"{path.stem}.{digest_of(data)}{path.suffix}"


def digest_of(data: bytes) -> str:
    """What stands for a content in a name."""
    return hashlib.sha256(data).hexdigest()[:DIGEST]
