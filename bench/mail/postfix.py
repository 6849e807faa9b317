"""A real Postfix with its queue on disk, out of its Debian package, not installed.

It takes mails as it would for the world, writes each to its queue and syncs it; what
would be delivered is discarded. It has to be started as root, as every Postfix.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.mail.programs import KEPT, Counted, MissingError
from scripts.servers import free_port, wait_for

OWNER, GROUP, NOBODY = "mail", "games", "nobody"  # who stand in for Postfix's own
MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
meta_directory = {folder}/conf
daemon_directory = {package}/usr/lib/postfix/sbin
command_directory = {package}/usr/sbin
shlib_directory = {package}/usr/lib/postfix
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH={libraries}
mail_owner = {owner}
setgid_group = {group}
default_privs = {nobody}
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
default_transport = discard
local_transport = discard
relay_transport = discard
smtpd_peername_lookup = no
smtpd_recipient_restrictions = permit_mynetworks, reject
"""
MASTER = """\
{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
QUEUES = (
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
    "private", "saved", "trace",
)  # fmt: skip
QUIET_S = 0.5
TAKEN = re.compile(r"qmgr\[\d+\]: \w+: from=<.*>, size=(\d+), nrcpt=(\d+) ")


def find_program(name: str) -> Path:
    """One of Postfix's programs, unpacked if need be. Raises `MissingError`."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    return Path(found) if found else unpacked() / "usr" / "sbin" / name


def unpacked() -> Path:
    """The package's files in a folder of ours. Raises `MissingError`."""
    folder = KEPT / "postfix"
    if not (folder / "usr" / "lib" / "postfix").exists():
        _unpack(folder)
    return folder


def _unpack(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if os.geteuid() == 0:
            _quietly(["apt-get", "update"], folder)
        _quietly(["apt-get", "download", "postfix"], folder)
        package = next(folder.glob("postfix_*.deb"))
        _quietly(["dpkg-deb", "--extract", str(package), str(folder)], folder)
    except (OSError, StopIteration, subprocess.CalledProcessError) as error:
        raise MissingError("no Postfix here (Debian: postfix)") from error


def _quietly(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@dataclass(frozen=True)
class Postfix:
    """A running Postfix."""

    port: int
    log: Path

    def counted(self) -> Counted:
        """What it has put into its queue, by its own log once that is quiet."""
        said, before = self.log.read_text(), ""
        while said != before:
            time.sleep(QUIET_S)
            said, before = self.log.read_text(), said
        found = TAKEN.findall(said)
        sizes = [int(size) for size, _people in found] or [0]
        people = sum(int(number) for _size, number in found)
        return Counted(len(found), people, sum(sizes), min(sizes), max(sizes), 0, 0)


@contextmanager
def running_postfix(folder: Path) -> Iterator[Postfix]:
    """A Postfix of its own in an empty folder. Raises `MissingError`."""
    if os.geteuid() != 0:
        raise MissingError("Postfix has to be started as root")
    package, port = unpacked(), free_port()
    libraries = package / "usr" / "lib" / "postfix"
    _write_settings(folder, package, libraries, port)
    environment = {"LD_LIBRARY_PATH": str(libraries), "PATH": os.environ["PATH"]}
    command = [libraries / "sbin" / "master", "-c", folder / "conf", "-d"]
    # A session of its own: it ends by killing its whole process group.
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        try:
            wait_for(port, process)
            yield Postfix(port, folder / "mail.log")
        finally:
            process.terminate()


def _write_settings(folder: Path, package: Path, libraries: Path, port: int) -> None:
    for name in ("conf", "data", "queue"):
        (folder / name).mkdir(parents=True)
    shutil.chown(folder / "data", OWNER)
    queue = folder / "queue"
    for name in QUEUES:
        (queue / name).mkdir()
        shutil.chown(queue / name, OWNER)
    for name, mode in (("pid", 0o755), ("public", 0o710), ("maildrop", 0o730)):
        (queue / name).mkdir()
        shutil.chown(queue / name, "root" if name == "pid" else OWNER, GROUP)
        (queue / name).chmod(mode)
    values = {"folder": folder, "package": package, "libraries": libraries}
    people = {"owner": OWNER, "group": GROUP, "nobody": NOBODY}
    (folder / "conf" / "main.cf").write_text(MAIN.format(**values, **people))
    (folder / "conf" / "master.cf").write_text(MASTER.format(port=port))
