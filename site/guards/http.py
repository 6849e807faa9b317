"""The one way out: fetch a page without being led into our own network.

Every connection is checked, not every URL: the name is resolved here, the address is
judged, and the connection goes to that very address, so a name that changes its answer
(DNS rebinding) gains nothing. Redirects are followed by hand, each checked again.
"""

from __future__ import annotations

import functools
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import certifi
import httpcore
import httpx
from django.conf import settings

from guards.bodies import ACCEPTED, read_body
from guards.errors import (
    AddressRefusedError,
    BadUrlError,
    HttpStatusError,
    TimedOutError,
    UnreachableError,
)

PORTS = {80, 443}
REDIRECTS = 5
REDIRECTING = {301, 302, 303, 307, 308}
ATTEMPTS = 4  # addresses of one host that are tried
LONGEST_VALIDATOR = 500  # characters of an ETag that we send back
USER_AGENT = "Pregon/1"
# All of IPv6 that is given out (RFC 4291). What lies outside is ours, nobody's, or an
# IPv4 address in disguise: NAT64 (RFC 6052, 8215), SIIT, site-local, "compatible".
GIVEN_OUT = ipaddress.ip_network("2000::/3")
# Within it: 6to4 and Teredo carry an IPv4 address too, and examples are examples.
REFUSED_6 = [
    ipaddress.ip_network(net)
    for net in ("2001::/32", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# Carrier-grade NAT (RFC 6598), protocol assignments, the relay anycast of 6to4.
REFUSED_4 = [
    ipaddress.ip_network(net)
    for net in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24")
]

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
    except (OSError, UnicodeError) as error:  # a label that is too long is the latter
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
    deadline = time.monotonic() + timeout_s
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": accept,
        "Accept-Encoding": ACCEPTED,
        **_validators(etag, last_modified),
    }
    with _client(resolver, timeout_s, deadline) as client:
        for _hop in range(REDIRECTS + 1):
            _check_url(url)
            answer = _get(client, url, headers, max_bytes)
            target = answer.headers.get("location", "")
            if answer.status not in REDIRECTING or not target:
                break
            url = _joined(url, target)
        else:
            raise UnreachableError("redirects")
    if answer.not_modified or 200 <= answer.status < 300:
        return answer
    raise HttpStatusError(str(answer.status))


def _validators(etag: str, last_modified: str) -> dict[str, str]:
    """What a server gave us last time, unless it is nothing a header may hold."""
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {
        name: value
        for name, value in given.items()
        if value
        and len(value) <= LONGEST_VALIDATOR
        and value.isascii()
        and value.isprintable()
    }


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise BadUrlError from error


@functools.cache
def _context(authorities: str) -> ssl.SSLContext:
    """Made once: to read the authorities takes longer than most answers do."""
    return ssl.create_default_context(cafile=authorities)


def _client(resolver: Resolve, timeout_s: float, deadline: float) -> httpx.Client:
    context = _context(certifi.where())
    transport = httpx.HTTPTransport(verify=context, trust_env=False)
    transport._pool = httpcore.ConnectionPool(
        ssl_context=context, network_backend=CheckedBackend(resolver, deadline)
    )
    client = httpx.Client(
        transport=transport,
        timeout=timeout_s,
        trust_env=False,
        follow_redirects=False,
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _time_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


class PatientStream(httpcore.NetworkStream):
    """A connection that may be read until the deadline of the whole fetch.

    Without it a server that drips one byte of its headers now and then keeps us.
    """

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self.inner, self.deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What came, or `ReadTimeout` once the fetch has taken its time."""
        return self.inner.read(max_bytes, _time_left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self.inner.write(buffer, _time_left(self.deadline))

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
        left = _time_left(self.deadline)
        secure = self.inner.start_tls(ssl_context, server_hostname, left)
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
        """Resolve, judge every address, connect to the first that answers.

        The port is judged here too: httpx may read an odd URL otherwise than we do.
        """
        if port not in PORTS and not _is_allowed(host, port):
            raise BadUrlError(f"port {port}")
        for address, patience in self._turns(self._addresses(host, port)):
            try:
                stream = super().connect_tcp(
                    address, port, patience, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            return PatientStream(stream, self.deadline)
        _time_left(self.deadline)
        raise UnreachableError(host)

    def _addresses(self, host: str, port: int) -> list[str]:
        """Every address of the host, if all may be asked.

        The system's resolver knows no time limit, so it works in a thread that we leave
        to itself when time is up.
        """
        pool = ThreadPoolExecutor(max_workers=1)
        try:
            found = pool.submit(self.resolver, host, port).result(
                _time_left(self.deadline)
            )
        except TimeoutError as error:
            raise httpcore.ConnectTimeout from error
        finally:
            pool.shutdown(wait=False)
        if not _is_allowed(host, port) and not all(map(is_public, found)):
            raise AddressRefusedError(host)
        return found

    def _turns(self, addresses: list[str]) -> Iterator[tuple[str, float]]:
        """Each address with its fair share of the time that is left."""
        chosen = addresses[:ATTEMPTS]
        for at, address in enumerate(chosen):
            yield address, _time_left(self.deadline) / (len(chosen) - at)

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
        if address not in GIVEN_OUT:
            return False
    refused = REFUSED_6 if address.version == 6 else REFUSED_4
    if any(address in network for network in refused):
        return False
    return address.is_global and not address.is_multicast


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrlError from error
    host = parts.hostname or ""
    good = parts.scheme in {"http", "https"} and host and "@" not in parts.netloc
    if not good or any(ord(character) < 33 for character in url):
        raise BadUrlError
    if port is not None and port not in PORTS and not _is_allowed(host, port):
        raise BadUrlError(f"port {port}")


def _is_allowed(host: str, port: int) -> bool:
    return f"{host}:{port}" in settings.OUTGOING_HTTP_ALLOW


def _get(
    client: httpx.Client, url: str, headers: Mapping[str, str], max_bytes: int
) -> Fetched:
    """One answer; its body is read only where it is the document."""
    try:
        with client.stream("GET", url, headers=headers) as response:
            body = b""
            if response.is_success:
                coding = response.headers.get("content-encoding", "")
                body = read_body(response.iter_raw(), coding, max_bytes)
            known = dict(response.headers.items())
            return Fetched(response.status_code, url, known, body)
    except httpx.TimeoutException as error:
        raise TimedOutError from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise BadUrlError from error
    except (httpx.HTTPError, OSError) as error:
        raise UnreachableError(type(error).__name__) from error
