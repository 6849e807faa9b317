"""Without Redis nothing fails: no page, no limit, no request that wakes a worker."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from guards import limits

NOBODY = "redis://127.0.0.1:9/0"  # the discard port: nothing listens


@pytest.fixture
def redis_is_away(settings):
    settings.REDIS_URL = NOBODY
    settings.CACHES = {
        "default": {"BACKEND": "config.caches.ForgivingRedisCache", "LOCATION": NOBODY}
    }
    limits.forget()


def test_the_cache_finds_nothing_and_keeps_nothing(redis_is_away):
    cache.set("key", 1)
    cache.set_many({"key": 1})
    assert cache.get("key", "default") == "default"
    assert cache.get_many(["key"]) == {}
    assert not cache.add("key", 1)
    assert not cache.has_key("key")
    assert not cache.touch("key")
    assert not cache.delete("key")
    assert cache.delete_many(["key"]) is None


def test_limits_are_counted_by_the_process_alone(redis_is_away):
    assert limits.hit("test", "key", "2/hour") is None
    assert limits.hit("test", "key", "2/hour") is None
    assert limits.hit("test", "key", "2/hour") > 0
