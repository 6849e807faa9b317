"""The rows of `make bench-mail`: who is measured in turns, and what they must reach."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from statistics import median

from bench.mail.sending import Run, Senders
from bench.mail.site import Site
from bench.report import Report

PACKAGES = ["django", "wagtail", "celery", "psycopg"]
JUDGED_FROM = 100_000  # mails: below, starting the processes weighs too much
MOST_CPU_US = 60
MOST_MB = 200
MOST_PLANNING_S = 10  # for a million readers
LATENCY_MS = 20
RELAY_MAILS = 8_000
LEAST_OF_RELAY = 0.9
MOST_TIMES_AT_MILLION = 1.2
SQLITE_MAILS = 20_000
MILLION = 1_000_000
# Row in turns with the engine → how many times as fast the engine must be.
LEAST_TIMES = {"limit": 0.4}
ALONE = ("one-process", "latency", "sqlite")
ALL = ("engine", *LEAST_TIMES, *ALONE)
NAMES = ", ".join(ALL)


def measure(options: argparse.Namespace, senders: Senders, site: Site) -> int:
    """Measure the rows asked for, one report; 1 where a limit was broken."""
    report = Report("mail", PACKAGES, wanted={*options.only})
    site.step("fill", options.n)
    runs = take_turns(options, senders, site)
    add_turns(report, runs, options.n >= JUDGED_FROM)
    if "one-process" in options.only:
        add_run(report, "one-process", senders.engine(site, options.n, 1))
    if "latency" in options.only:
        add_latency(report, options, senders, site)
    if "sqlite" in options.only:
        add_sqlite(report, options, senders, site)
    if options.million:
        add_million(report, options, senders, site, runs.get("engine"))
    return report.finish()


def take_turns(
    options: argparse.Namespace, senders: Senders, site: Site
) -> dict[str, list[Run]]:
    """Every row's runs, one of each in a round."""
    connections = options.connections * options.processes
    turns: dict[str, Callable[[], Run]] = {
        "engine": lambda: senders.engine(site, options.n, options.processes),
        "limit": lambda: senders.limit(options.n, connections),
    }
    names = [name for name in turns if name in options.only]
    runs: dict[str, list[Run]] = {name: [] for name in names}
    for _round in range(options.rounds):
        for name in names:
            runs[name].append(turns[name]())
    return runs


def add_turns(report: Report, runs: dict[str, list[Run]], is_judged: bool) -> None:
    """Everybody's rate, then how many times as fast as each of them the engine is."""
    for name, found in runs.items():
        add_run(report, name, middle(found))
    if "engine" not in runs:
        return
    engine = middle(runs["engine"])
    limit = MOST_CPU_US if is_judged else None
    report.add("engine: processor time a mail", engine.n, engine.cpu_us, "µs", limit)
    report.add("engine: memory of a process", engine.n, engine.peak_mb, "MB", MOST_MB)
    limit = MOST_PLANNING_S * engine.n / MILLION if is_judged else None
    report.add("engine: planning", engine.n, engine.planned_s, "s", limit)
    for name, least in LEAST_TIMES.items():
        if name in runs:
            ratio = engine.rate / middle(runs[name]).rate
            label = f"engine_vs_{name}"
            wanted = least if is_judged else None
            report.add(label, engine.n, ratio, "times", least=wanted)
            report.ratios[label] = round(ratio, 3)


def add_run(report: Report, name: str, run: Run) -> None:
    """One rate, with the mean size of its mails."""
    size = run.counted.bytes / run.n / 1000
    report.add(f"{name}, mails of {size:.1f} kB", run.n, run.rate, "mails/s")


def middle(runs: list[Run]) -> Run:
    """Each figure's median, over runs of the same size."""
    names = ("wall_s", "cpu_s", "peak_mb", "planned_s")
    return replace(
        runs[0], **{name: median(getattr(run, name) for run in runs) for name in names}
    )


def add_latency(
    report: Report, options: argparse.Namespace, senders: Senders, site: Site
) -> None:
    """A relay that takes its time: what its connections allow is what it can take."""
    n = min(RELAY_MAILS, options.n)
    if n != options.n:
        site.step("fill", n)
    run = senders.engine(site, n, options.processes, LATENCY_MS)
    most = options.processes * options.connections / (LATENCY_MS / 1000)
    report.add(
        f"latency: mails/s of {most:g} that a relay of {LATENCY_MS} ms can take",
        n,
        run.steady_rate,
        "mails/s",
        least=LEAST_OF_RELAY * most,
    )


def add_sqlite(
    report: Report, options: argparse.Namespace, senders: Senders, site: Site
) -> None:
    """The embedded default: one process, no Redis."""
    folder = site.folder / "sqlite"
    n = min(SQLITE_MAILS, options.n)
    url = f"sqlite:///{folder}/pregon.sqlite3"
    alone = Site(folder, url, connections=site.connections)
    folder.mkdir()
    alone.migrate()
    alone.step("fill", n)
    add_run(report, "sqlite, one process", senders.engine(alone, n, 1))


def add_million(
    report: Report,
    options: argparse.Namespace,
    senders: Senders,
    site: Site,
    fewer: list[Run] | None,
) -> None:
    """A million readers: planned in seconds, in flat memory, at the same cost each."""
    site.step("fill", MILLION)
    run = senders.engine(site, MILLION, options.processes)
    add_run(report, "million", run)
    limit = float(MOST_PLANNING_S)
    report.add("million: planning", MILLION, run.planned_s, "s", limit)
    report.add("million: memory of a process", MILLION, run.peak_mb, "MB", MOST_MB)
    if fewer:
        times = middle(fewer).rate / run.rate
        report.add(
            "million: cost of a mail against the row engine",
            MILLION,
            times,
            "times",
            MOST_TIMES_AT_MILLION,
        )
