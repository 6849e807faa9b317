"""Start the whole site: web, worker, beat and a mail catcher under one supervisor.

Everything is prepared in this one process (a second one would cost seconds), then the
supervisor runs the Procfile until Ctrl-C. What cannot be is said in one line.
"""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import socket
import sys
import time
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError

ROOT = Path(__file__).resolve().parents[1]
STATIC_STAMP = "static-files"
LAST_PORT = 65535


def main() -> int:
    """Start and stop the site; 1 and one line on standard error where it cannot be."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` ignores it
    try:
        return start()
    except (ImproperlyConfigured, CommandError) as refused:
        sys.stderr.write(f"{refused}\n")
    except OperationalError as error:
        sys.stderr.write(f"The database cannot be used: {first_line(error)}\n")
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped before the site was up. Run it again to go on.\n")
    return 1


def start() -> int:
    """Prepare the data folder, say where everything is, and run the processes."""
    started = time.monotonic()
    settle_environment()
    if refusals := refused_ports():
        sys.stderr.write("".join(refusals))
        return 1
    prepare()
    announce(time.monotonic() - started)
    return supervise()


def settle_environment() -> None:
    """Name ports, folders and addresses once, for this process and its children.

    `.env` counts here as it does for the settings: the real environment wins.
    """
    os.chdir(ROOT)
    environ.Env.read_env(os.environ.get("ENV_FILE") or ROOT / ".env", overwrite=False)
    if os.environ.get("PREGON_ENV", "").strip() == "production":
        raise ImproperlyConfigured(
            "make up is for trying Pregón out, and PREGON_ENV says production; see "
            "docs/operators.md to serve it."
        )
    port = port_named("PORT", 8000, last=LAST_PORT - 2)
    smtp_port = port_named("SMTP_PORT", port + 1)
    inbox_port = port_named("INBOX_PORT", port + 2)
    if len({port, smtp_port, inbox_port}) < 3:
        raise ImproperlyConfigured(
            "PORT, SMTP_PORT and INBOX_PORT must be three numbers. See .env.example."
        )
    data_dir = make_folder(os.environ.get("DATA_DIR") or "var")
    os.environ |= {
        "PORT": str(port),
        "SMTP_PORT": str(smtp_port),
        "INBOX_PORT": str(inbox_port),
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "PYTHONPYCACHEPREFIX": str(data_dir / "pycache"),
        "PYTHONUNBUFFERED": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"]
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]


def port_named(name: str, default: int, last: int = LAST_PORT) -> int:
    """The port that this variable holds; two more follow the site's own."""
    text = os.environ.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= last):
        raise ImproperlyConfigured(
            f"{name} must be a number from 1 to {last}, not {text!r}. See .env.example."
        )
    return int(text)


def make_folder(name: str) -> Path:
    """The data folder, made where it is not there yet."""
    folder = Path(name).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR must be a folder this user may write to, and {folder} is not: "
            f"{error.strerror}."
        ) from error
    return folder


def refused_ports() -> list[str]:
    """One line per port that we cannot listen on."""
    lines = []
    for name in ("PORT", "SMTP_PORT", "INBOX_PORT"):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(os.environ[name])))
            except OSError as error:
                lines.append(port_refusal(name, os.environ[name], error))
    return lines


def port_refusal(name: str, port: str, error: OSError) -> str:
    """What is wrong with a port, and what to do."""
    if error.errno == errno.EADDRINUSE:
        trouble = "is taken. Stop what uses it, or choose another"
    elif error.errno == errno.EACCES:
        trouble = "may not be used by this user (ports below 1024). Choose another"
    else:
        trouble = f"cannot be used ({error.strerror}). Choose another"
    return f"Port {port} ({name}) {trouble}: {name}=9000 make up\n"


def prepare() -> None:
    """Bring database, catalogues, static files and content up to date."""
    import django

    django.setup()
    from django.conf import settings

    from demo.people import ensure_demo_users
    from starting.frame import lay_frame
    from starting.site_record import copy_site_url

    call_command("migrate", verbosity=0, interactive=False)
    call_command("compile_catalogues")
    collect_static(settings.DATA_DIR)
    if not (settings.DATA_DIR / "demo-logins.json").exists():
        load_demo() if wants_demo() else ensure_demo_users(settings.DATA_DIR)
    lay_frame()
    copy_site_url()


def wants_demo() -> bool:
    """Whether a new site is filled; with DEMO=no only people to log in as are made."""
    return os.environ.get("DEMO", "").strip().lower() not in {"no", "0", "false"}


def load_demo() -> None:
    """Load the demo; a site with content of its own is left as it is."""
    from demo.errors import UsedSiteError

    try:
        call_command("load_demo")
    except CommandError as refused:
        if not isinstance(refused.__cause__, UsedSiteError):
            raise
        sys.stdout.write(f"Without demo content: {refused}\n")


def collect_static(data_dir: Path) -> None:
    """Collect static files where any changed since the last time."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted(ROOT.glob("**/static/**/*")):
        if (
            path.is_file()
            and not path.is_relative_to(data_dir)
            and ".venv" not in path.parts
        ):
            digest.update(f"{path} {path.stat().st_mtime_ns}".encode())
    stamp = data_dir / STATIC_STAMP
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(digest.hexdigest())


def announce(took_s: float) -> None:
    """Print the addresses and the demo logins."""
    from django.conf import settings

    out = sys.stdout.write
    out(f"\nPregón is starting (ready in {took_s:.0f} s).\n")
    out(f"  Site   {settings.SITE_URL}/\n")
    out(f"  Admin  {settings.SITE_URL}/cms/\n")
    out(f"  Inbox  http://127.0.0.1:{os.environ['INBOX_PORT']}/\n\n")
    call_command("demo_logins")
    out("\nCtrl-C stops everything.\n\n")
    sys.stdout.flush()


def supervise() -> int:
    """Run the Procfile until one process ends, or Ctrl-C."""
    from scripts.supervisor import Supervisor, parse_procfile

    return Supervisor(parse_procfile((ROOT / "Procfile").read_text())).run()


def first_line(error: Exception) -> str:
    """The part of a driver's message that says what happened."""
    return str(error).strip().partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
