"""Keep the tokens of personal links out of the logs."""

from __future__ import annotations

import logging
import re
from typing import Any

PERSONAL = re.compile(
    r"(/(?:suscripcion|subscription)/[\w-]+/|/u/)[A-Za-z0-9_\-]+\.[^\s/?\"']+"
)
# One handler, standard error. Django's own would write a line again, as it came.
CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "guards.logs.RedactingFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django_tasks": {"level": "WARNING"},
    },
}


def redact(text: str) -> str:
    """`text` with the token of each personal link replaced by a dash."""
    return PERSONAL.sub(r"\1-", text)


class RedactingFormatter(logging.Formatter):
    """A formatter that redacts the finished line: message, exception and stack."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be kept."""
        return redact(super().format(record))
