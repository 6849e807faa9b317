"""The rows of `make bench-people`, one function for each thing that is measured."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from django.db import connection
from django.utils import timezone

from bench.people import MILLION
from bench.people_clock import Clock, peak_mb, settle, timed
from bench.people_digest import digesting, listing
from bench.report import Report
from newsletter.importing import actions, running
from newsletter.importing.plans import Plan
from newsletter.models import (
    Consent,
    ImportPiece,
    Newsletter,
    Subscriber,
    SubscriberImport,
    Subscription,
)

PACKAGES = ["django", "wagtail", "psycopg"]
LEAST_OF_COPY = 0.25
MOST_MB = 300
TABLES = [model._meta.db_table for model in (Subscriber, Subscription, Consent)]
DOMAINS = [f"lectores{number}.example" for number in range(200)]
FIRST_DAY = date(2019, 1, 1)
DAYS = 2500


def measure(number: int) -> int:
    """All of them; 1 where a limit was broken."""
    report = Report("people", PACKAGES)
    for add in MEASURES:
        add(report, number)
    return report.finish()


def importing(report: Report, number: int) -> None:
    """Uploading, checking and importing a file of readers, against COPY."""
    newsletter = Newsletter.objects.create(
        key="import", name_es="Boletín", from_address="a@centre.example"
    )
    with tempfile.TemporaryFile() as file:
        _write_readers(file, number)
        with timed(report, "Upload a CSV of readers", number):
            source = _upload(file, newsletter)
    settle()
    with timed(report, "Check it", number):
        actions.start_check(source=source, plan=PLAN, at=timezone.now())
        running.run_check(source.pk)
    before_mb = peak_mb()
    source.refresh_from_db()
    settle()
    with timed(report, "Import it", number) as imported:
        actions.start_import(source=source, at=timezone.now())
        while running.run_import(source.pk):
            pass
    report.add("Import it: peak memory", number, peak_mb(), "MB", limit=MOST_MB)
    report.add("the same before the import", number, before_mb, "MB")
    found = [model.objects.count() for model in (Subscriber, Subscription, Consent)]
    assert found == [number] * 3, found  # noqa: S101 (a bench of what did not happen)
    ImportPiece.objects.all().delete()
    with timed(report, "PostgreSQL's own COPY of the same rows", number) as copied:
        _copy_again(copied)
    ratio = copied.seconds / imported.seconds
    least = LEAST_OF_COPY if number >= MILLION else None
    report.add("import_vs_copy", number, ratio, "", least=least)


PLAN = Plan(
    columns={"address": 0, "language": 1, "agreed_on": 2, "proof": 3, "frequency": 4},
    language="es",
    agreed_on="2026-01-01",
    proof="A list",
)


def _upload(file: BinaryIO, newsletter: Newsletter) -> SubscriberImport:
    return actions.upload(
        file=file, name="readers.csv", newsletter=newsletter, by=None, at=timezone.now()
    )


def _write_readers(file: BinaryIO, number: int) -> None:
    """Readers in two languages with days and proofs of their own, no order in them."""
    file.write(b"correo;idioma;fecha;prueba;frecuencia;nota\n")
    for n in range(number):
        mixed = n * 7919 % number if number % 7919 else n
        day = FIRST_DAY + timedelta(days=n % DAYS)
        row = (
            f"lectora.{mixed}@{DOMAINS[n % len(DOMAINS)]}",
            ("es", "en", "español")[n % 3],
            day.isoformat() if n % 2 else f"{day:%d/%m/%Y}",
            f"Lista firmada del taller {n % 900}, carpeta {n % 40}",
            ("", "semanal", "monthly")[n % 3],
            "“añadida” a mano",
        )
        file.write((";".join(row) + "\r\n").encode())
    file.seek(0)


def _copy_again(clock: Clock) -> None:
    """Take the rows out, empty the tables and COPY them in; only that counts."""
    with tempfile.TemporaryDirectory() as name, connection.cursor() as cursor:
        files = {table: Path(name, table) for table in TABLES}
        for table, file in files.items():
            with file.open("wb") as out, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                for block in copy:
                    out.write(block)
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        settle()
        clock.start()
        for table, file in files.items():
            copied = cursor.copy(f"COPY {table} FROM STDIN")
            with file.open("rb") as rows, copied as copy:
                while block := rows.read(256 * 1024):
                    copy.write(block)
            # Else keys that point here are looked for in what it still thinks is empty.
            with clock.paused():
                cursor.execute(f"ANALYZE {table}")


MEASURES: tuple[Callable[[Report, int], None], ...] = (importing, digesting, listing)
