"""What a benchmark found: printed as a table, kept as `bench/results/NAME.json`."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One figure; `n` is what it was measured over (pages, requests, mails)."""

    subject: str
    n: int
    value: float
    unit: str
    limit: float | None = None
    least: float | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the figure is past its limit, or short of the least it must be."""
        is_over = self.limit is not None and self.value > self.limit
        return is_over or (self.least is not None and self.value < self.least)


@dataclass
class Report:
    """All figures of one run. What is skipped although it was `wanted` fails it."""

    name: str
    packages: list[str]
    rows: list[Row] = field(default_factory=list)
    ratios: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    wanted: set[str] = field(default_factory=set)
    versions: dict[str, str] = field(default_factory=dict)

    def add(self, *args: Any, **kwargs: Any) -> None:
        """Keep one more figure."""
        self.rows.append(Row(*args, **kwargs))

    @property
    def is_failed(self) -> bool:
        """Whether a limit was broken or a row that was wanted is missing."""
        is_short = bool(self.wanted & set(self.skipped))
        return is_short or any(row.is_broken for row in self.rows)

    def finish(self) -> int:
        """Print and write everything; 1 where a limit was broken or a row is short."""
        found = {
            "machine": machine(),
            "versions": {"python": platform.python_version()}
            | {package: version(package) for package in self.packages}
            | self.versions,
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "rows": [asdict(row) for row in self.rows],
            "ratios": self.ratios,
            "skipped": self.skipped,
        }
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps(found, indent=2, ensure_ascii=False)
        (RESULTS / f"{self.name}.json").write_text(text + "\n")
        self._print(found)
        return int(self.is_failed)

    def _print(self, found: dict[str, Any]) -> None:
        print(found["machine"])
        versions = found["versions"].items()
        print(", ".join(f"{name} {number}" for name, number in versions))
        for row in self.rows:
            limit = "" if row.limit is None else f"limit {row.limit:g}"
            limit += "" if row.least is None else f"at least {row.least:g}"
            mark = "  BROKEN" if row.is_broken else ""
            print(
                f"{row.subject:<62} {row.n:>7} {row.value:>9.2f} {row.unit:<8}"
                f" {limit}{mark}"
            )
        shown = {row.subject for row in self.rows}
        for name, ratio in self.ratios.items():
            if name in shown:
                continue
            print(f"{name:<62} {'':>7} {ratio:>9.2f}")
        for subject, why in self.skipped.items():
            print(f"{subject}: skipped, {why}")


def machine() -> str:
    """Processor, cores and memory in one line, and how busy it is."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(": ")[1] for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = names[0] if names else platform.processor() or platform.machine()
    load = os.getloadavg()[0]
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB, load {load:.1f}"
