"""What a worker writes down before and after every mail, to be read if it is killed.

One file per worker, written with `write(2)`, so a line survives the death of the
process (not of the machine: see `is_trusted`). That a mail is accepted is written with
the start of the next one, or by `flush` where there is none: until then its connection
carries no other mail that could be in doubt. Lines name chunk, epoch and subscriber:

    J <boot>                the file is whole, written since this start of the machine
    S <chunk>.<epoch> <id>  the content is about to be handed over
    A <chunk>.<epoch> <id>  accepted
    F <chunk>.<epoch> <id> {outcome}  refused, with the server's words
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from newsletter.delivery.outcomes import SENT, UNCERTAIN, Kind, Outcome

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
MOST_WORKERS = 1000  # per data folder; far more than a machine runs
MOST_BYTES = 500_000  # read in a moment after a crash

Lease = tuple[int, int]
"""A chunk and the epoch of its claim."""
Verdicts = dict[int, Outcome]
"""Subscriber → what is known of their mail."""


class Journal:
    """A worker's identity and its file; both are held by a lock until `release`."""

    def __init__(self, folder: Path, number: int, lock: int) -> None:
        self.worker = f"{_folder_id(folder)}-{number}"
        self._path = folder / f"worker-{number}.journal"
        self._lock = lock
        self._boot = _boot_id()
        self.is_trusted = self._was_begun_on_this_boot()
        self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._size = 0  # bytes written since it was cleared
        self._accepted = ""  # lines still to be written

    def start(self, lease: Lease, subscriber: int) -> None:
        """The mail is about to be handed over."""
        self._write(f"S {lease[0]}.{lease[1]} {subscriber}\n")

    def finish(self, lease: Lease, subscriber: int, outcome: Outcome) -> None:
        """The server has answered; an uncertain outcome needs no line."""
        if outcome.kind is Kind.SENT:
            self._accepted += f"A {lease[0]}.{lease[1]} {subscriber}\n"
        elif outcome.kind is not Kind.UNCERTAIN:
            words = json.dumps([outcome.kind.value, outcome.stage, outcome.answer])
            self._write(f"F {lease[0]}.{lease[1]} {subscriber} {words}\n")

    def flush(self) -> None:
        """Nothing starts for now: write what is still to be written."""
        if self._accepted:
            self._write("")

    def verdicts(self) -> dict[Lease, Verdicts]:
        """Everything the file tells, by lease; started without an end is uncertain."""
        found: dict[Lease, Verdicts] = {}
        for mark, lease, subscriber, outcome in self._entries():
            verdicts = found.setdefault(lease, {})
            if mark != "S" or subscriber not in verdicts:
                verdicts[subscriber] = outcome
        return found

    @property
    def is_full(self) -> bool:
        """Whether it should be cleared soon."""
        return self._size >= MOST_BYTES

    def clear(self) -> None:
        """Forget: the database knows all of it now."""
        os.ftruncate(self._file, 0)
        self._accepted = ""
        self._size = 0
        self._write(f"J {self._boot}\n")
        self.is_trusted = True

    def release(self) -> None:
        """Let another process take this identity."""
        try:
            self.flush()
        finally:
            os.close(self._file)
            os.close(self._lock)

    def _write(self, line: str) -> None:
        data = (self._accepted + line).encode("ascii")
        self._accepted = ""
        self._size += os.write(self._file, data)

    def _was_begun_on_this_boot(self) -> bool:
        """False where lines may be missing: no file, or the machine went down since."""
        try:
            with self._path.open("rb") as file:
                return file.readline() == f"J {self._boot}\n".encode("ascii")
        except FileNotFoundError:
            return False

    def _entries(self) -> Iterator[tuple[str, Lease, int, Outcome]]:
        for line in self._path.read_bytes().splitlines(keepends=True):
            if line.endswith(b"\n") and line[:2] in {b"S ", b"A ", b"F "}:
                yield _parsed(line.decode("ascii"))


def _parsed(line: str) -> tuple[str, Lease, int, Outcome]:
    mark, head, subscriber, *rest = line.rstrip("\n").split(" ", 3)
    chunk, _dot, epoch = head.partition(".")
    outcome = {"S": UNCERTAIN, "A": SENT}.get(mark)
    if outcome is None:
        kind, stage, answer = json.loads(rest[0])
        outcome = Outcome(Kind(kind), stage, answer)
    return mark, (int(chunk), int(epoch)), int(subscriber), outcome


def open_journal(folder: Path) -> Journal:
    """Take the first free identity in `folder`.

    It may be that of a worker that died: look at `verdicts` before sending.
    """
    for number in range(1, MOST_WORKERS):
        lock = try_lock(folder / f"worker-{number}.lock")
        if lock is not None:
            return _journal_of(folder, number, lock)
    raise RuntimeError(f"more than {MOST_WORKERS} workers share {folder}")


def visit_abandoned(folder: Path, visit: Callable[[Journal], int]) -> int:
    """Show the journals of dead workers to `visit`; returns the sum of its answers.

    No generator: an exception that somebody keeps would keep it, and its lock.
    """
    found = 0
    for path in sorted(folder.glob("worker-*.journal")):
        lock = try_lock(path.with_suffix(".lock"))
        if lock is None:
            continue
        journal = _journal_of(folder, int(path.stem.partition("-")[2]), lock)
        try:
            found += visit(journal)
        finally:
            journal.release()
    return found


def _journal_of(folder: Path, number: int, lock: int) -> Journal:
    """It keeps the lock; where it cannot be opened (a full disk) nobody does."""
    try:
        return Journal(folder, number, lock)
    except BaseException:
        os.close(lock)
        raise


def is_at_work(folder: Path, worker: str) -> bool:
    """Whether a live process of this machine holds that worker's journal."""
    owner, _dash, number = worker.rpartition("-")
    if owner != _folder_id(folder) or not number.isdecimal():
        return False
    lock = try_lock(folder / f"worker-{number}.lock")
    if lock is not None:
        os.close(lock)
    return lock is None


def try_lock(path: Path) -> int | None:
    """An open handle that holds the lock, or None; it ends with the process."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _folder_id(folder: Path) -> str:
    """The folder's own name, made once: it tells two machines' workers apart."""
    path = folder / "folder-id"
    if not path.exists():
        draft = folder / f"folder-id.{secrets.token_hex(8)}"
        draft.write_text(secrets.token_hex(4))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _boot_id() -> str:
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else "unknown"
