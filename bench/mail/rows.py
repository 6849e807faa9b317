"""The rows of `make bench-mail`: who is measured in turns, and what they must reach."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from bench.mail import others, postfix
from bench.mail.programs import MissingError
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
POSTFIX_MAILS = 12_000
SQLITE_MAILS = 20_000
SMTP_SOURCE_MAILS = 20_000
MILLION = 1_000_000
MOST_TIMES_AT_MILLION = 1.2
# Row in turns with the engine → how many times as fast the engine must be.
LEAST_TIMES = {
    "limit": 0.4,
    "smtp-source": 3,  # as it comes: a connection for each mail
    "smtp-source -d": None,  # over connections that stay open
    "celery-each": 40,
    "birdsong": 30,
    "django-newsletter": 100,
}
ALONE = ("one-process", "latency", "postfix", "sqlite")
ALL = ("engine", "limit", "smtp-source", *others.PROGRAMS, *ALONE)
NAMES = ", ".join(ALL)


@dataclass
class Bench:
    """One run of the bench and what it found so far."""

    options: argparse.Namespace
    senders: Senders
    site: Site
    report: Report

    @property
    def is_judged(self) -> bool:
        """Whether enough is sent for the limits to mean what they say."""
        return self.options.n >= JUDGED_FROM

    def measure(self) -> int:
        """Measure the rows asked for; 1 where a limit was broken or one is missing."""
        self.site.step("fill", self.options.n)
        runs = self._take_turns()
        for name, run in runs.items():
            self._add_run(name, run)
        if "engine" in runs:
            self._add_engine(runs["engine"])
            self._add_ratios(runs)
        for name, add in (
            ("one-process", self._add_one_process),
            ("latency", self._add_latency),
            ("postfix", self._add_postfix),
            ("sqlite", self._add_sqlite),
        ):
            if name in self.options.only:
                add()
        if self.options.million:
            self._add_million(runs.get("engine"))
        return self.report.finish()

    def _take_turns(self) -> dict[str, Run]:
        """One run of each row after the other, round by round; the middle of each."""
        turns = self._turns()
        runs: dict[str, list[Run]] = {name: [] for name in turns}
        for _round in range(self.options.rounds):
            for name, run in turns.items():
                runs[name].append(run())
        return {name: _middle(found) for name, found in runs.items()}

    def _turns(self) -> dict[str, Callable[[], Run]]:
        """Row → its measurement; what cannot be had here is skipped."""
        wanted, size = self.options.only, self.options.n
        found: dict[str, Callable[[], Run]] = {}
        if "engine" in wanted or "limit" in wanted:  # the limit sends the engine's mail
            processes = self.options.processes
            found["engine"] = partial(self.senders.engine, self.site, size, processes)
        if "limit" in wanted:
            found["limit"] = partial(self.senders.limit, size, self._connections)
        if "smtp-source" in wanted:
            found |= self._smtp_source()
        if peers := [name for name in others.PROGRAMS if name in wanted]:
            found |= self._peers(peers)
        return found

    @property
    def _connections(self) -> int:
        return self.options.connections * self.options.processes

    def _smtp_source(self) -> dict[str, Callable[[], Run]]:
        folder, n = self.senders.folder, min(SMTP_SOURCE_MAILS, self.options.n)
        try:
            program = postfix.find_program("smtp-source")
        except MissingError as error:
            self.report.skipped["smtp-source"] = str(error)
            return {}
        run = partial(others.smtp_source, folder, program, n)
        sessions = ["-s", str(self._connections)]
        return {
            "smtp-source": partial(run, *sessions),
            "smtp-source -d": partial(run, *sessions, "-d"),
        }

    def _peers(self, names: list[str]) -> dict[str, Callable[[], Run]]:
        try:
            self.report.versions |= others.make_environment()
        except MissingError as error:
            self.report.skipped |= dict.fromkeys(names, str(error))
            return {}
        n, broker = self.options.peers_n, self.site.redis_url
        folder = self.senders.folder
        return {name: partial(others.peer, folder, name, n, broker) for name in names}

    def _add_run(self, name: str, run: Run) -> None:
        size = run.counted.bytes / run.n / 1000
        self.report.add(f"{name}: mails of {size:.1f} kB", run.n, run.rate, "mails/s")

    def _add_engine(self, run: Run) -> None:
        limit = MOST_CPU_US if self.is_judged else None
        name = "engine: processor time of a mail"
        self.report.add(name, run.n, run.cpu_us, "µs", limit)
        self._add_planning_and_memory("engine", run)

    def _add_planning_and_memory(self, name: str, run: Run) -> None:
        most_s = MOST_PLANNING_S if run.n == MILLION else None
        self.report.add(f"{name}: planning", run.n, run.planned_s, "s", most_s)
        self.report.add(f"{name}: memory", run.n, run.peak_mb, "MB", MOST_MB)

    def _add_ratios(self, runs: dict[str, Run]) -> None:
        for other, least in LEAST_TIMES.items():
            if other in runs:
                name, engine = f"engine_vs_{other}", runs["engine"]
                ratio = engine.rate / runs[other].rate
                wanted = least if self.is_judged else None
                self.report.add(name, engine.n, ratio, "times", least=wanted)
                self.report.ratios[name] = round(ratio, 3)

    def _add_one_process(self) -> None:
        run = self.senders.engine(self.site, self.options.n, 1)
        self._add_run("one process", run)
        name = "one process: processor time of a mail"
        self.report.add(name, run.n, run.cpu_us, "µs")

    def _add_latency(self) -> None:
        """A relay that takes its time can take what its connections allow."""
        n = min(RELAY_MAILS, self.options.n)
        self.site.step("fill", n)
        run = self.senders.engine(self.site, n, self.options.processes, LATENCY_MS)
        most = self._connections / (LATENCY_MS / 1000)
        self.report.add(
            f"a relay of {LATENCY_MS} ms that can take {most:g} mails/s",
            n,
            run.steady_rate,
            "mails/s",
            least=LEAST_OF_RELAY * most,
        )

    def _add_postfix(self) -> None:
        """A real Postfix can take what its own load generator gets into it."""
        n = min(POSTFIX_MAILS, self.options.n)
        self.site.step("fill", n)
        try:
            runs = self._at_postfix(n)
        except MissingError as error:
            self.report.skipped["postfix"] = str(error)
            return
        ours = runs.pop("engine")
        most = max(run.rate for run in runs.values())
        self.report.add(
            f"a Postfix with its queue on disk that takes {most:.0f} mails/s",
            n,
            ours.rate,
            "mails/s",
            least=LEAST_OF_RELAY * most,
        )

    def _at_postfix(self, n: int) -> dict[str, Run]:
        """Senders in turns, each to a Postfix of its own; the middle of each.

        All send the engine's mail: Postfix looks at every line and part of it.
        """
        program = postfix.find_program("smtp-source")
        letter = str(self.senders.write_letter(self.site, n))
        others_run = partial(others.smtp_source_to, program=program, n=n, letter=letter)
        sessions = ("-s", str(self._connections))
        ours = {"site": self.site, "n": n, "processes": self.options.processes}
        ways = {
            "engine": partial(self.senders.engine_to, **ours),
            "smtp-source": partial(others_run, options=sessions),
            "smtp-source -d": partial(others_run, options=(*sessions, "-d")),
        }
        runs: dict[str, list[Run]] = {name: [] for name in ways}
        for turn in range(self.options.rounds):
            for place, (name, send) in enumerate(ways.items()):
                folder = self.site.folder / f"postfix-{turn}-{place}"
                with postfix.running_postfix(folder) as relay:
                    runs[name].append(send(relay))
        return {name: _middle(found) for name, found in runs.items()}

    def _add_sqlite(self) -> None:
        """The embedded default: one process, no Redis."""
        folder = self.site.folder / "sqlite"
        folder.mkdir()
        n = min(SQLITE_MAILS, self.options.n)
        url = f"sqlite:///{folder}/pregon.sqlite3"
        alone = Site(folder, url, connections=self.options.connections)
        alone.migrate()
        alone.step("fill", n)
        self._add_run("one process on SQLite", self.senders.engine(alone, n, 1))

    def _add_million(self, fewer: Run | None) -> None:
        """A million: planned in seconds, sent in flat memory, at the same cost each."""
        self.site.step("fill", MILLION)
        run = self.senders.engine(self.site, MILLION, self.options.processes)
        self._add_run("million", run)
        self._add_planning_and_memory("million", run)
        if fewer:
            times, most = fewer.rate / run.rate, MOST_TIMES_AT_MILLION
            name = f"million: cost of a mail, times that at {fewer.n}"
            self.report.add(name, MILLION, times, "times", most)


def measure(options: argparse.Namespace, senders: Senders, site: Site) -> int:
    """Measure the rows asked for; 1 where a limit was broken or one is missing."""
    report = Report("mail", PACKAGES, wanted={*options.only})
    return Bench(options, senders, site, report).measure()


def _middle(runs: list[Run]) -> Run:
    """Each figure's median, over runs of the same size."""
    names = ("wall_s", "cpu_s", "peak_mb", "planned_s")
    medians = {name: median(getattr(run, name) for run in runs) for name in names}
    return replace(runs[0], **medians)
