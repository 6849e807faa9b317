"""Signed tokens for links in mails: bound to one purpose and one subject.

A token is `key id.subject.time.tag`: URL-safe, with a 128-bit keyed BLAKE2b tag over
purpose, key id, subject and time. It never holds an address. The first of
`TOKEN_KEYS` signs, all of them read, so that old mails outlive a rotation.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import time
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from guards.errors import TokenError, TokenExpiredError, TokenInvalidError

__all__ = [
    "TokenError",
    "TokenExpiredError",
    "TokenInvalidError",
    "read",
    "sign",
    "signer",
]

TAG_BYTES = 16
URL_SAFE = bytes.maketrans(b"+/", b"-_")
LONGEST = 300  # characters; ours are about 60


def sign(purpose: str, subject: str, *, at: float | None = None) -> str:
    """A token for `subject`, good only for `purpose`; `at` is Unix time, else now."""
    return signer(purpose, at=at)(subject.encode()).decode()


def signer(purpose: str, *, at: float | None = None) -> Callable[[bytes], bytes]:
    """Signs many subjects for one purpose at one moment, in a microsecond each."""
    key_id = next(iter(settings.TOKEN_KEYS))
    moment = f"{int(time.time() if at is None else at):x}".encode()
    begun = _begun(settings.TOKEN_KEYS[key_id], f"{purpose}\0{key_id}\0", TAG_BYTES)
    head, middle, end = f"{key_id}.".encode(), b".%b." % moment, b"\0" + moment

    def sign_one(subject: bytes) -> bytes:
        tag = begun.copy()
        tag.update(subject + end)
        token = head + b2a_base64(subject) + middle + b2a_base64(tag.digest())
        return token.translate(URL_SAFE, b"=\n")

    return sign_one


def read(purpose: str, token: str, *, max_age: timedelta | None = None) -> str:
    """The subject of a token that we signed for `purpose`.

    Raises `TokenInvalidError` for anything else and, past `max_age`,
    `TokenExpiredError`.
    """
    try:
        if len(token) > LONGEST:
            raise TokenInvalidError
        key_id, encoded, moment, tag = token.split(".")
        subject = _decode(encoded).decode()
        key = settings.TOKEN_KEYS[key_id]
        signed_at = int(moment, 16)
    except (KeyError, UnicodeError, binascii.Error, ValueError) as error:
        raise TokenInvalidError from error
    expected = _tag(key, purpose, key_id, subject, moment)
    if not hmac.compare_digest(tag.encode(), expected.encode()):
        raise TokenInvalidError
    if max_age is not None and time.time() - signed_at > max_age.total_seconds():
        raise TokenExpiredError
    return subject


def suppression_hash(address: str) -> str:
    """The keyed hash under which an address stands on the suppression list (hex).

    Its key is never rotated: the address is not kept, so nothing could be re-hashed.
    """
    return _keyed(settings.SUPPRESSION_KEY, address.strip().lower().encode(), 32).hex()


def _tag(key: str, *parts: str) -> str:
    return _encoded(_keyed(key, "\0".join(parts).encode(), TAG_BYTES)).decode()


def _keyed(key: str, data: bytes, size: int) -> bytes:
    begun = _begun(key, "", size)
    begun.update(data)
    return begun.digest()


def _begun(key: str, start: str, size: int) -> hashlib.blake2b:
    secret = hashlib.blake2b(key.encode()).digest()  # BLAKE2b takes 64 bytes at most
    return hashlib.blake2b(start.encode(), key=secret, digest_size=size)


def _encoded(data: bytes) -> bytes:
    return b2a_base64(data).translate(URL_SAFE, b"=\n")


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
