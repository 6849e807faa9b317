"""Is this process up, and can it do its work? For supervisors and load balancers."""

from __future__ import annotations

import tempfile
import time

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu.exceptions import OperationalError

BEAT_KEY = "health:last-beat"
BEAT_FILE = settings.DATA_DIR / "last-beat"
BEAT_LATE_S = 120  # four missed heartbeats


def note_beat() -> None:
    """Remember that a heartbeat task ran just now (Redis, else a file)."""
    if _broker_is_a_folder():
        BEAT_FILE.write_text(str(time.time()))
    else:
        cache.set(BEAT_KEY, time.time(), timeout=None)


def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 with database, broker and last beat in order; 503 naming what is not."""
    checks = {
        "database": _database_answers(),
        "broker": _broker_answers(),
        "beat": _beat_is_recent(),
    }
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker_answers() -> bool:
    if _broker_is_a_folder():
        return _can_write(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"])
    try:
        with current_app.connection_for_read(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=1, timeout=2)
    except (OperationalError, OSError):
        return False
    return True


def _broker_is_a_folder() -> bool:
    return settings.CELERY_BROKER_URL.startswith("filesystem")


def _can_write(folder: str) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError:
        return False
    return True


def _beat_is_recent() -> bool:
    return time.time() - _last_beat() < BEAT_LATE_S


def _last_beat() -> float:
    if not _broker_is_a_folder():
        return cache.get(BEAT_KEY) or 0.0
    try:
        return float(BEAT_FILE.read_text())
    except (OSError, ValueError):
        return 0.0
