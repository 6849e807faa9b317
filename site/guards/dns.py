"""Asking DNS for text records, briefly and not twice.

A name server that is silent must not hold up a page: there is one short wait, and its
silence is remembered too, for less long than an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

import dns.exception
import dns.resolver
from django.core.cache import cache

PATIENCE_S = 2.0
KEEP_ANSWER_S = 3600
KEEP_SILENCE_S = 300
SILENT = "silent"
# Names that never are in DNS: RFC 2606, RFC 6761.
RESERVED = {"example", "invalid", "localhost", "local", "test"}


def text_records(name: str) -> list[str] | None:
    """The TXT records of a name; none is [], and None where nobody answers."""
    key = f"dns-txt:{name.lower()}"
    if (known := cache.get(key)) is None:
        known = _ask(name)
        silence = KEEP_SILENCE_S if known == SILENT else KEEP_ANSWER_S
        cache.set(key, known, silence)
    return None if known == SILENT else known


def is_public(domain: str) -> bool:
    """Whether a domain can be in DNS at all."""
    labels = domain.lower().rstrip(".").split(".")
    return len(labels) > 1 and labels[-1] not in RESERVED


def has_spf(domain: str) -> bool | None:
    """Whether a domain says who may send its mail (RFC 7208); None if unknown."""
    found = text_records(domain)
    if found is None:
        return None
    return any(text.lower().split(" ")[0] == "v=spf1" for text in found)


def has_dmarc(domain: str) -> bool | None:
    """Whether a domain, or one it lies in, has a DMARC policy (RFC 7489)."""
    for parent in _and_above(domain):
        found = text_records(f"_dmarc.{parent}")
        if found is None:
            return None
        if any(text.lower().startswith("v=dmarc1") for text in found):
            return True
    return False


def _and_above(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def _ask(name: str) -> list[str] | str:
    try:
        answer = resolver().resolve(name, "TXT", lifetime=PATIENCE_S, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        return SILENT
    return [b"".join(row.strings).decode("utf-8", "replace") for row in answer]


def resolver() -> dns.resolver.Resolver:
    """As this machine asks."""
    return dns.resolver.Resolver()
