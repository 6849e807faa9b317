"""The one way out: fetch a page without being led into our own network.

Every connection is checked, not every URL: the name is resolved here, the address is
judged, and the connection goes to that very address, so a name that changes its answer
(DNS rebinding) gains nothing. Redirects are followed by hand, each checked again.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
from django.conf import settings

from guards.errors import (
    AddressRefusedError,
    BadUrlError,
    HttpStatusError,
    TimedOutError,
    TooLargeError,
    UnreachableError,
)

PORTS = {80, 443}
REDIRECTS = 5
USER_AGENT = "Pregon/1 (+office directory)"
# IPv6 networks that carry an IPv4 address inside: 6to4, Teredo, NAT64 (RFC 6052).
TUNNELS = [
    ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "64:ff9b::/96")
]
SHARED = ipaddress.ip_network("100.64.0.0/10")  # carrier-grade NAT, RFC 6598

Resolve = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Fetched:
    """An answer: `status`, final `url`, lower-case `headers`, decoded `body`."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def etag(self) -> str:
        """The validator to send next time, or nothing."""
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        """The date to send next time, or nothing."""
        return self.headers.get("last-modified", "")

    @property
    def not_modified(self) -> bool:
        """True where our copy is still good."""
        return self.status == httpx.codes.NOT_MODIFIED


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, from the system's resolver."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UnreachableError(host) from error
    return [str(entry[4][0]) for entry in found]


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    max_bytes: int = 2_000_000,
    timeout_s: float = 10,
    accept: str = "*/*",
    resolver: Resolve = resolve,
) -> Fetched:
    """GET `url`, conditionally where validators are given.

    `max_bytes` counts decoded bytes, `timeout_s` the whole fetch with its redirects.
    Raises a `FetchError` (see errors.py); 304 is an answer, not an error.
    """
    headers = {"User-Agent": USER_AGENT, "Accept": accept}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    deadline = time.monotonic() + timeout_s
    with _client(resolver, timeout_s, deadline) as client:
        for _hop in range(REDIRECTS + 1):
            _check_url(url)
            answer = _get(client, url, headers, max_bytes, deadline)
            if answer.status not in {301, 302, 303, 307, 308}:
                break
            url = urljoin(url, answer.headers.get("location", ""))
        else:
            raise UnreachableError("redirects")
    if answer.not_modified or 200 <= answer.status < 300:
        return answer
    raise HttpStatusError(str(answer.status))


def _client(resolver: Resolve, timeout_s: float, deadline: float) -> httpx.Client:
    transport = httpx.HTTPTransport(trust_env=False)
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=False),
        network_backend=CheckedBackend(resolver, deadline),
    )
    return httpx.Client(
        transport=transport,
        timeout=timeout_s,
        trust_env=False,
        follow_redirects=False,
    )


class PatientStream(httpcore.NetworkStream):
    """A connection that may be read until the deadline of the whole fetch.

    Without it a server that drips one byte of its headers now and then keeps us.
    """

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self.inner, self.deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What came, or `ReadTimeout` once the fetch has taken its time."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return self.inner.read(max_bytes, min(left, timeout or left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self.inner.write(buffer, timeout)

    def close(self) -> None:
        """Hang up."""
        self.inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same connection under TLS, with the same deadline."""
        secure = self.inner.start_tls(ssl_context, server_hostname, timeout)
        return PatientStream(secure, self.deadline)

    def get_extra_info(self, info: str) -> object:
        """Whatever the connection below knows."""
        return self.inner.get_extra_info(info)


class CheckedBackend(httpcore.SyncBackend):
    """Connects to checked addresses only; TLS still names and verifies the host."""

    def __init__(self, resolver: Resolve, deadline: float) -> None:
        self.resolver, self.deadline = resolver, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, judge every address, connect to the first."""
        addresses = self.resolver(host, port)
        if not _is_allowed(host, port):
            for address in addresses:
                if not is_public(address):
                    raise AddressRefusedError(host)
        if not addresses:
            raise UnreachableError(host)
        stream = super().connect_tcp(
            addresses[0], port, timeout, local_address, socket_options
        )
        return PatientStream(stream, self.deadline)

    def connect_unix_socket(
        self, *args: object, **kwargs: object
    ) -> httpcore.NetworkStream:
        """Never."""
        raise AddressRefusedError("unix")


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet's."""
    address = ipaddress.ip_address(text.split("%", 1)[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if any(address in network for network in TUNNELS):
            return False
    elif address in SHARED:
        return False
    return address.is_global and not address.is_multicast


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise BadUrlError from error
    host = parts.hostname or ""
    good = parts.scheme in {"http", "https"} and host and not parts.username
    if not good or any(ord(character) < 33 for character in url):
        raise BadUrlError
    if port not in PORTS and not _is_allowed(host, port):
        raise BadUrlError(f"port {port}")


def _is_allowed(host: str, port: int) -> bool:
    return f"{host}:{port}" in settings.OUTGOING_HTTP_ALLOW


def _get(
    client: httpx.Client, url: str, headers: dict, max_bytes: int, deadline: float
) -> Fetched:
    try:
        with client.stream("GET", url, headers=headers) as response:
            body = _read(response, max_bytes, deadline)
            return Fetched(
                response.status_code, url, dict(response.headers.items()), body
            )
    except httpx.TimeoutException as error:
        raise TimedOutError from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise BadUrlError from error
    except (httpx.HTTPError, OSError) as error:
        raise UnreachableError(type(error).__name__) from error


def _read(response: httpx.Response, max_bytes: int, deadline: float) -> bytes:
    """The decoded body in pieces, so that neither a bomb nor a drip goes far."""
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > max_bytes:
            raise TooLargeError
        if time.monotonic() > deadline:
            raise TimedOutError
        chunks.append(chunk)
    return b"".join(chunks)
