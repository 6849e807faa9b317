"""Start the whole site: web, worker, beat and a mail catcher under one supervisor.

Everything is prepared in this one process (a second one would cost seconds), then
honcho runs the Procfile until Ctrl-C.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATIC_STAMP = "static-files"


def main() -> int:
    """Prepare the data folder, say where everything is, and run the processes."""
    started = time.monotonic()
    settle_environment()
    if taken := taken_ports():
        sys.stderr.write(taken)
        return 1
    prepare()
    announce(time.monotonic() - started)
    return supervise()


def settle_environment() -> None:
    """Name ports, folders and addresses once, for this process and its children."""
    os.chdir(ROOT)
    port = int(os.environ.get("PORT") or 8000)
    data_dir = Path(os.environ.get("DATA_DIR") or "var").resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]),
        "PYTHONPYCACHEPREFIX": str(data_dir / "pycache"),
        "PYTHONUNBUFFERED": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    os.environ.setdefault("SMTP_PORT", str(port + 1))
    os.environ.setdefault("INBOX_PORT", str(port + 2))
    os.environ.setdefault("EMAIL_URL", f"smtp://127.0.0.1:{os.environ['SMTP_PORT']}")
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"]
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]


def taken_ports() -> str:
    """One line per port that something else listens on, or nothing."""
    lines = []
    for name in ("PORT", "SMTP_PORT", "INBOX_PORT"):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(os.environ[name])))
            except OSError:
                lines.append(
                    f"Port {os.environ[name]} ({name}) is taken. Stop what uses it, "
                    f"or choose another: PORT=9000 make up\n"
                )
    return "".join(lines)


def prepare() -> None:
    """Bring database, catalogues, static files and demo content up to date."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from config.site_record import copy_site_url

    if settings.PRODUCTION:
        sys.exit("make up is for trying Pregón out; see docs/operators.md to serve it.")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("compile_catalogues")
    collect_static(settings.DATA_DIR)
    if not (settings.DATA_DIR / "demo-logins.json").exists():
        load_demo()
    copy_site_url()


def load_demo() -> None:
    """Load the demo; a site with content of its own is left as it is."""
    from django.core.management import CommandError, call_command

    try:
        call_command("load_demo")
    except (CommandError, SystemExit) as refused:
        sys.stdout.write(f"Without demo content: {refused}\n")


def collect_static(data_dir: Path) -> None:
    """Collect static files where any changed since the last time."""
    from django.core.management import call_command

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
    from django.core.management import call_command

    out = sys.stdout.write
    out(f"\nPregón is starting (ready in {took_s:.0f} s).\n")
    out(f"  Site   {settings.SITE_URL}/\n")
    out(f"  Admin  {settings.SITE_URL}/cms/\n")
    out(f"  Inbox  http://127.0.0.1:{os.environ['INBOX_PORT']}/\n\n")
    call_command("demo_logins")
    out("\nCtrl-C stops everything.\n\n")


def supervise() -> int:
    """Run the Procfile until one process ends or Ctrl-C; honcho stops the rest."""
    from honcho.environ import parse_procfile
    from honcho.manager import Manager

    manager = Manager()
    procfile = parse_procfile((ROOT / "Procfile").read_text())
    for name, command in procfile.processes.items():
        manager.add_process(name, f"exec {command}", env=dict(os.environ))
    manager.loop()
    return manager.returncode


if __name__ == "__main__":
    sys.exit(main())
