"""One measurement each: the engine, the limit, Postfix's sender; all are counted."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.mail import programs
from bench.mail.programs import Counted
from bench.mail.site import Site
from newsletter.delivery.message import unstuffed

# Bytes of a mail: HTML and text of `letter`, in whatever encoding its sender takes.
SMALLEST, LARGEST = 24_000, 36_000
PROCESSES = 2


@dataclass(frozen=True)
class Run:
    """One measurement: `n` mails in `wall_s`, counted by the sink."""

    n: int
    wall_s: float
    counted: Counted
    cpu_s: float = 0
    peak_mb: float = 0
    planned_s: float = 0

    @property
    def rate(self) -> float:
        """Mails per second."""
        return self.n / self.wall_s

    @property
    def steady_rate(self) -> float:
        """Mails per second between the first and the last that the sink accepted."""
        return (self.n - 1) / (self.counted.span_us / 1e6)

    @property
    def cpu_us(self) -> float:
        """Microseconds of the senders' processor time per mail."""
        return self.cpu_s / self.n * 1e6


class Relay(Protocol):
    """What takes mail and counts it: a sink, or a Postfix."""

    @property
    def port(self) -> int:
        """On this machine."""

    def counted(self) -> Counted:
        """What it has taken."""


def checked(relay: Relay, n: int) -> Counted:
    """What was taken; anything but n mails of about the size ends the bench."""
    counted = relay.counted()
    if counted.accepted != n or counted.recipients != n:
        sys.exit(f"{counted} instead of {n} mails")
    if not SMALLEST <= counted.smallest <= counted.largest <= LARGEST:
        sys.exit(f"{counted}: not mails of {SMALLEST} to {LARGEST} bytes")
    return counted


@dataclass
class Senders:
    """Whoever needs nothing but a sink; `folder` holds the compiled programs."""

    folder: Path

    def engine(
        self, site: Site, n: int, processes: int = PROCESSES, latency_ms: float = 0
    ) -> Run:
        """Our engine: planned, then sent by processes that wait for it."""
        with programs.running_sink(self.folder, "-l", str(latency_ms)) as sink:
            return self.engine_to(sink, site, n, processes)

    def engine_to(self, relay: Relay, site: Site, n: int, processes: int) -> Run:
        """The same to whatever takes mail."""
        planned = site.step("freeze", n)
        dispatch = planned["dispatch"]
        site.step("mails", dispatch, str(self.folder))
        usage = site.send(dispatch, relay.port, processes)
        counted = checked(relay, n)
        counts = site.step("counts", dispatch)
        if (counts["state"], counts["sent"]) != ("sent", n):
            sys.exit(f"the sending's own counts: {counts}")
        return Run(
            n,
            usage.wall_s,
            counted,
            usage.cpu_s,
            peak_mb=max(said["peak_mb"] for said in usage.said),
            planned_s=planned["planned_s"],
        )

    def write_letter(self, site: Site, n: int) -> Path:
        """A mail of the engine as a file of plain lines."""
        dispatch = site.step("freeze", n)["dispatch"]
        site.step("mails", dispatch, str(self.folder))
        mail = next(self.folder.glob("*.mail")).read_bytes()
        letter = self.folder / "letter.eml"
        letter.write_bytes(unstuffed(mail).replace(b"\r\n", b"\n"))
        return letter

    def limit(self, n: int, connections: int) -> Run:
        """The mails of the engine's last run, prebuilt and pipelined, from C."""
        with programs.running_sink(self.folder) as sink:
            wall_s = programs.send_at_the_limit(
                self.folder, sink.port, n, connections, *self.folder.glob("*.mail")
            )
            return Run(n, wall_s, checked(sink, n))
