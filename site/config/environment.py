"""The environment, read once and checked: what settings.py needs, in our own names.

Every variable stands in `.env.example`. A value that cannot be used raises
`ImproperlyConfigured` naming the variable and what it should look like.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
import secrets
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cached_property
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

# SQLite under several processes: without these settings half of all concurrent
# writes fail with "database is locked" (measured; docs/decisions/0002).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
    ),
}
EMAIL_SCHEMES = {
    "smtp": {"tls": False, "starttls": False, "port": 25},
    "smtp+tls": {"tls": False, "starttls": True, "port": 587},
    "smtps": {"tls": True, "starttls": False, "port": 465},
}
RELAY = re.compile("EMAIL_URL_([A-Z][A-Z0-9_]{0,39})")
RELAY_LIKE = "like smtp+tls://user:password@host:587"
LAST_PORT = 65535
SHORTEST_KEY = 32  # characters, in production
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")  # stands in a token, before a dot
REDIS_SCHEMES = {"redis", "rediss", "unix"}


@dataclass(frozen=True)
class Environment:
    """The process environment plus the optional `.env` file beside manage.py."""

    base_dir: Path
    variables: environ.Env

    @classmethod
    def read(cls, base_dir: Path) -> Environment:
        """Read `.env` (real environment variables win) and hand out the reader.

        ENV_FILE names another file; `/dev/null` for none, as the tests do.
        """
        named = os.environ.get("ENV_FILE", "")
        file = Path(named or base_dir / ".env")
        if (named or file.exists()) and not os.access(file, os.R_OK):
            raise _wrong("ENV_FILE", f"a file this user may read, and {file} is not")
        environ.Env.read_env(file, overwrite=False)
        return cls(base_dir, environ.Env())

    # What kind of site this is

    @cached_property
    def production(self) -> bool:
        """True with PREGON_ENV=production; False with development, the default."""
        value = self._text("PREGON_ENV", "development")
        if value not in {"development", "production"}:
            raise _wrong("PREGON_ENV", "either development or production")
        return value == "production"

    @cached_property
    def debug(self) -> bool:
        """Django's debug pages; never in production."""
        debug = self.variables.bool("DEBUG", default=False)
        if debug and self.production:
            raise _wrong("DEBUG", "left unset when PREGON_ENV=production")
        return debug

    @cached_property
    def site_url(self) -> str:
        """The site's public address, the truth for every link, without a final /."""
        default = f"http://127.0.0.1:{self._port('PORT', 8000)}"
        like = "an address without a path, like https://news.example.org"
        url = self._required("SITE_URL", default, "like https://news.example.org")
        parts = _parts("SITE_URL", url, {"http", "https"}, like)
        bare = f"{parts.scheme}://{parts.netloc}"
        if not parts.hostname or "@" in url or url.removesuffix("/") != bare:
            raise _wrong("SITE_URL", like)
        return bare if bare.isascii() else _in_ascii(parts, like)

    @cached_property
    def https(self) -> bool:
        """True where readers come by https; production accepts nothing else."""
        https = self.site_url.startswith("https://")
        if self.production and not https:
            raise _wrong("SITE_URL", "an https:// address when PREGON_ENV=production")
        return https

    @cached_property
    def allowed_hosts(self) -> list[str]:
        """The site's own host, loopback for health checks, and ALLOWED_HOSTS."""
        own = urlsplit(self.site_url).hostname
        named = self._list("ALLOWED_HOSTS")
        if "*" in named and self.production:
            raise _wrong("ALLOWED_HOSTS", "a list of host names, not *")
        return [str(own), "127.0.0.1", "localhost", *named]

    @cached_property
    def trusted_proxies(self) -> list[str]:
        """Networks whose X-Forwarded-For and -Proto count, e.g. 10.0.0.0/8."""
        networks = self._list("TRUSTED_PROXIES")
        try:
            return [str(ipaddress.ip_network(network)) for network in networks]
        except ValueError as error:
            raise _wrong("TRUSTED_PROXIES", "networks like 10.0.0.0/8") from error

    @cached_property
    def proxy_ssl_header(self) -> tuple[str, str] | None:
        """X-Forwarded-Proto; guards.proxies drops it where no trusted proxy sent it."""
        if self.trusted_proxies:
            return ("HTTP_X_FORWARDED_PROTO", "https")
        return None

    @cached_property
    def outgoing_http_allow(self) -> list[str]:
        """host:port pairs inside our own network that office sources may use.

        Outside production the site itself: the demo's offices have their source there.
        """
        name, like = "OUTGOING_HTTP_ALLOW", "like intranet.example.org:8080"
        if not (self.production or self._list(name)):
            return [urlsplit(self.site_url).netloc]
        pairs = [_parts(name, f"//{pair}", {""}, like) for pair in self._list(name)]
        if not all(pair.hostname and pair.port and not pair.path for pair in pairs):
            raise _wrong(name, like)
        return [f"{pair.hostname}:{pair.port}" for pair in pairs]

    @cached_property
    def time_zone(self) -> str:
        """The newsroom's time zone, e.g. America/Lima."""
        zone = self._text("TIME_ZONE", "America/Lima")
        if zone not in available_timezones():
            raise _wrong("TIME_ZONE", "a name like America/Lima")
        return zone

    # Secrets

    @cached_property
    def secret_key(self) -> str:
        """SECRET_KEY; outside production made at random and kept in DATA_DIR."""
        key = self._text("SECRET_KEY", "")
        if not key and self.production:
            raise _wrong("SECRET_KEY", "set to at least 50 random characters")
        if key and self.production and len(key) < 50:
            raise _wrong("SECRET_KEY", "at least 50 random characters long")
        return key or _kept_secret(self.data_dir / "secret-key")

    @cached_property
    def token_keys(self) -> dict[str, str]:
        """Key id → key for the links in mails; the first one signs."""
        pairs = [pair.partition("=") for pair in self._list("TOKEN_KEYS")]
        keys = {key_id: key for key_id, _equals, key in pairs}
        shortest = SHORTEST_KEY if self.production else 1
        if len(keys) < len(pairs) or not all(
            KEY_ID.fullmatch(key_id) and len(key) >= shortest
            for key_id, key in keys.items()
        ):
            raise _wrong(
                "TOKEN_KEYS",
                "like 2=newkey,1=oldkey, each id of letters and digits and used once, "
                f"each key of at least {SHORTEST_KEY} characters",
            )
        return keys or {"1": self._derived("tokens")}

    @cached_property
    def suppression_key(self) -> str:
        """The key of the suppression list; changing it would forget who left."""
        key = self._text("SUPPRESSION_KEY", "")
        if self.production and len(key) < SHORTEST_KEY:
            raise _wrong(
                "SUPPRESSION_KEY",
                f"set once, to at least {SHORTEST_KEY} random characters, "
                "and never changed",
            )
        return key or self._derived("suppression")

    @cached_property
    def metrics_token(self) -> str:
        """What Prometheus has to bring to /metrics; unset, there is no such page."""
        token = self._text("METRICS_TOKEN", "")
        if token and (len(token) < SHORTEST_KEY or not token.isascii()):
            raise _wrong(
                "METRICS_TOKEN", f"at least {SHORTEST_KEY} random characters, or unset"
            )
        return token

    @cached_property
    def security_contact(self) -> list[str]:
        """Whom to tell of a weakness, as addresses; a bare e-mail gets its mailto:."""
        name, like = "SECURITY_CONTACT", "like security@example.org or an https:// page"
        found = [
            contact if ":" in contact else f"mailto:{contact}"
            for contact in self._list(name)
        ]
        for contact in found:
            parts = _parts(name, contact, {"mailto", "https", "tel"}, like)
            if not (parts.netloc or parts.path) or not contact.isascii():
                raise _wrong(name, like)
            if parts.scheme == "mailto" and "@" not in parts.path:
                raise _wrong(name, like)
        return found

    def _derived(self, purpose: str) -> str:
        return hashlib.sha256(f"{purpose}:{self.secret_key}".encode()).hexdigest()

    # Data

    @cached_property
    def data_dir(self) -> Path:
        """Where everything the site writes lies; made if it is not there."""
        folder = Path(self._text("DATA_DIR", str(self.base_dir / "var"))).resolve()
        try:
            for name in ("", "media", "static", "journal", "queue", "queue/done"):
                (folder / name).mkdir(parents=True, exist_ok=True)
            (folder / "queue" / "control").mkdir(exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(folder)
        except OSError as error:
            raise _wrong("DATA_DIR", "a folder this user may write to") from error
        return folder

    @cached_property
    def database(self) -> dict:
        """PostgreSQL from DATABASE_URL, else SQLite in DATA_DIR."""
        default = f"sqlite:///{self.data_dir / 'pregon.sqlite3'}"
        like = "like postgres://user:password@host:5432/name"
        url = self._required("DATABASE_URL", default, like)
        parts = _parts("DATABASE_URL", url, {"postgres", "postgresql", "sqlite"}, like)
        if not parts.path.strip("/"):
            raise _wrong("DATABASE_URL", like)
        config = self.variables.db_url_config(url)
        if "sqlite" in config["ENGINE"]:
            config["OPTIONS"] = SQLITE_OPTIONS
        else:
            config |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        return config

    @cached_property
    def static_storage(self) -> str:
        """Hashed names; compressed in production, where time to start matters less."""
        if self.production:
            return "whitenoise.storage.CompressedManifestStaticFilesStorage"
        return "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"

    @cached_property
    def redis_url(self) -> str:
        """REDIS_URL, or nothing on the embedded default."""
        like = "like redis://host:6379/0"
        url = self._required("REDIS_URL", "", like)
        if url:
            _parts("REDIS_URL", url, REDIS_SCHEMES, like)
        return url

    @cached_property
    def cache(self) -> dict:
        """Redis where there is one, else local memory."""
        if self.redis_url:
            backend = "config.caches.ForgivingRedisCache"
            return {"BACKEND": backend, "LOCATION": self.redis_url}
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

    @cached_property
    def broker_url(self) -> str:
        """Redis where there is one, else kombu's filesystem transport."""
        return self.redis_url or "filesystem://localhost"  # kombu asks for a name

    @cached_property
    def broker_options(self) -> dict:
        """Folders of the filesystem transport, or Redis's visibility timeout."""
        if self.redis_url:
            return {"visibility_timeout": 600}
        queue = self.data_dir / "queue"
        return {
            "data_folder_in": str(queue),
            "data_folder_out": str(queue),  # the same folder: one queue, both ends
            "processed_folder": str(queue / "done"),
            "control_folder": str(queue / "control"),
            "store_processed": False,
            "polling_interval": 0.05,  # the default of 1 s makes tasks wait (measured)
        }

    # Mail

    @cached_property
    def email(self) -> dict:
        """The relay from EMAIL_URL: smtp://, smtp+tls:// (STARTTLS) or smtps://."""
        smtp_port = self._port("SMTP_PORT", self._port("PORT", 8000) + 1)
        default = f"smtp://127.0.0.1:{smtp_port}"
        return self._relay(
            "EMAIL_URL", self._required("EMAIL_URL", default, RELAY_LIKE)
        )

    @cached_property
    def relays(self) -> dict[str, tuple[dict, dict[str, int]]]:
        """Further relays, which a newsletter may choose: EMAIL_URL_BULK is "bulk".

        Each with what `email` says of a relay, and its limit.
        """
        names = filter(None, map(RELAY.fullmatch, sorted(self.variables.ENVIRON)))
        return {
            found[1].lower(): (
                self._relay(found[0], self._text(found[0], "")),
                self._limit(f"_{found[1]}"),
            )
            for found in names
            if self._text(found[0], "")
        }

    def _relay(self, name: str, url: str) -> dict:
        parts = _parts(name, url, set(EMAIL_SCHEMES), RELAY_LIKE)
        if not parts.hostname:
            raise _wrong(name, RELAY_LIKE)
        scheme = EMAIL_SCHEMES[parts.scheme]
        settings = environ.Env.email_url_config(f"smtp://{url.split('://', 1)[1]}")
        return {
            "host": parts.hostname,
            "port": parts.port or scheme["port"],
            "user": settings["EMAIL_HOST_USER"] or "",
            "password": settings["EMAIL_HOST_PASSWORD"] or "",
            "tls": scheme["tls"],
            "starttls": scheme["starttls"],
        }

    @cached_property
    def default_from(self) -> str:
        """The sender of transactional mail."""
        default = "Pregón <pregon@localhost.example>"
        like = "like News <news@org.example>"
        sender = self._required("DEFAULT_FROM_EMAIL", default, like)
        try:
            validate_email(parseaddr(sender)[1])
        except ValidationError as error:
            raise _wrong("DEFAULT_FROM_EMAIL", like) from error
        return sender

    @cached_property
    def relay_limit(self) -> dict[str, int]:
        """How many mails the relay takes, from all newsletters; 0 is no limit."""
        return self._limit("")

    def _limit(self, suffix: str) -> dict[str, int]:
        return {
            "per_minute": self._number(f"RELAY_PER_MINUTE{suffix}"),
            "burst": self._number(f"RELAY_BURST{suffix}"),
            "per_hour": self._number(f"RELAY_PER_HOUR{suffix}"),
        }

    # Reading

    def _text(self, name: str, default: str) -> str:
        return self.variables.str(name, default="").strip() or default

    def _list(self, name: str) -> list[str]:
        parts = map(str.strip, self._text(name, "").split(","))
        return [part for part in parts if part]

    def _port(self, name: str, default: int) -> int:
        text = self._text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= LAST_PORT:
            raise _wrong(name, f"a number from 1 to {LAST_PORT}")
        return int(text)

    def _number(self, name: str) -> int:
        text = self._text(name, "0")
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise _wrong(name, "a whole number, 0 for no limit")
        return int(text)

    def _required(self, name: str, default: str, like: str) -> str:
        value = self._text(name, "")
        if not value and self.production:
            raise _wrong(name, f"set, {like}, when PREGON_ENV=production")
        return value or default


def _kept_secret(path: Path) -> str:
    """The secret kept in `path` (mode 0600), made at random the first time."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


def _parts(name: str, url: str, schemes: set[str], like: str) -> SplitResult:
    """`url` taken apart; refuses other schemes, white space and what is no port."""
    try:
        parts = urlsplit(url)
        port = parts.port  # raises for what is no number
    except ValueError as error:
        raise _wrong(name, like) from error
    if parts.scheme not in schemes or port == 0 or re.search(r"\s", url):
        raise _wrong(name, like)
    return parts


def _in_ascii(parts: SplitResult, like: str) -> str:
    """The site's address as browsers send it: `Host` and `Origin` are ASCII."""
    port = f":{parts.port}" if parts.port else ""
    try:
        host = str(parts.hostname).encode("idna").decode()
    except UnicodeError as error:
        raise _wrong("SITE_URL", like) from error
    return f"{parts.scheme}://{host}{port}"


def _wrong(name: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} must be {expected}. See .env.example.")
