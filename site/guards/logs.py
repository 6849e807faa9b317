"""Keep the tokens of personal links out of the logs."""

from __future__ import annotations

import logging
import re

PERSONAL = re.compile(
    r"(/(?:suscripcion|subscription)/[\w-]+/|/u/)[A-Za-z0-9_\-]+\.[^\s/?\"']+"
)


def redact(text: str) -> str:
    """`text` with the token of each personal link replaced by a dash."""
    return PERSONAL.sub(r"\1-", text)


class RedactTokens(logging.Filter):
    """A logging filter that redacts message, arguments and request of a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; every record passes."""
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, None
        return True
