"""The cache on Redis; while Redis is away nothing is found and nothing is kept.

Wagtail asks the cache on every page, so an error from here would be an error for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from guards.redis import QUICK, unless_away


class ForgivingClient(RedisCacheClient):
    """Django's client, with an answer for the time without a server."""

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        """False, as for a value that is there already."""
        with unless_away():
            return super().add(key, value, timeout)
        return False

    def get(self, key: str, default: Any) -> Any:
        """The default."""
        with unless_away():
            return super().get(key, default)
        return default

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        """Keep nothing."""
        with unless_away():
            super().set(key, value, timeout)

    def touch(self, key: str, timeout: int | None) -> bool:
        """False, as for a value that is not there."""
        with unless_away():
            return super().touch(key, timeout)
        return False

    def delete(self, key: str) -> bool:
        """False, as for a value that is not there."""
        with unless_away():
            return super().delete(key)
        return False

    def has_key(self, key: str) -> bool:
        """False."""
        with unless_away():
            return super().has_key(key)
        return False

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        """Nothing."""
        with unless_away():
            return super().get_many(keys)
        return {}

    def set_many(self, data: dict[str, Any], timeout: int | None) -> None:
        """Keep nothing."""
        with unless_away():
            super().set_many(data, timeout)

    def delete_many(self, keys: Iterable[str]) -> None:
        """Delete nothing."""
        with unless_away():
            super().delete_many(keys)


class ForgivingRedisCache(RedisCache):
    """Django's cache on Redis with our client."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": QUICK})
        self._class = ForgivingClient
