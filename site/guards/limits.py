"""Rate limits, and whose request it is.

Redis counts where there is one; on the embedded default this process's memory does,
which is enough because one process answers there. While Redis is away each process
counts for itself: a limit that is too generous for a while is better than no sign-up.
"""

from __future__ import annotations

import hashlib
import ipaddress
import time
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter

from guards.redis import QUICK, unless_away

IPV6_PREFIX = 64  # the smallest network one customer has


def hit(name: str, key: str, rate: str) -> int | None:
    """Count one try of `key` at `name`; seconds to wait where `rate` is used up.

    `rate` is written like "5/hour" or "20/minute". Keys are hashed: neither addresses
    nor networks stand in the store.
    """
    hashed = hashlib.sha256(f"{settings.SECRET_KEY}:{key}".encode()).hexdigest()[:32]
    if settings.REDIS_URL:
        with unless_away():
            return _hit(_shared(settings.REDIS_URL), _item(rate), name, hashed)
    return _hit(_own(), _item(rate), name, hashed)


def forget() -> None:
    """Empty the stores, for tests."""
    _own().storage.reset()
    if settings.REDIS_URL:
        with unless_away():
            _shared(settings.REDIS_URL).storage.reset()


def client_address(request: HttpRequest) -> str:
    """The client's address; X-Forwarded-For counts only behind TRUSTED_PROXIES.

    The header is walked from the right, past our own proxies: what stands further left
    was written by whoever asked.
    """
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    candidates = [*hops, request.META.get("REMOTE_ADDR", "")]
    address = "0.0.0.0"  # noqa: S104 - the unknown address, nothing binds to it
    for text in reversed(candidates):
        parsed = _parse(text)
        if parsed is None:
            break
        address = str(parsed)
        if not _is_trusted(parsed):
            break
    return address


def client_network(request: HttpRequest) -> str:
    """The client's network: one IPv4 address, or an IPv6 /64."""
    address = ipaddress.ip_address(client_address(request))
    if address.version == 6:
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def is_trusted_proxy(address: str) -> bool:
    """Whether this peer is one of TRUSTED_PROXIES."""
    parsed = _parse(address)
    return parsed is not None and _is_trusted(parsed)


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return mapped or parsed


def _is_trusted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    networks = map(ipaddress.ip_network, settings.TRUSTED_PROXIES)
    return any(address in network for network in networks)


@cache
def _item(rate: str) -> RateLimitItem:
    return parse(rate)


def _hit(
    limiter: FixedWindowRateLimiter, item: RateLimitItem, name: str, hashed: str
) -> int | None:
    if limiter.hit(item, name, hashed):
        return None
    reset_at = limiter.get_window_stats(item, name, hashed).reset_time
    return max(1, int(reset_at - time.time()) + 1)


@cache
def _shared(url: str) -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(RedisStorage(url, **QUICK))


@cache
def _own() -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(MemoryStorage())
