"""Celery's brokers, on files and on Redis: kombu's, without two of its faults.

On files whatever is written appears whole. kombu writes a message, and the table of its
queues, under the final name. A reader that comes between the file's making and its
filling reads nothing, and the worker ends with a JSONDecodeError (seen with a busy
disk, kombu 5.7).

On Redis a worker outlives the loss of its connection. kombu puts messages back, and
acknowledges those whose task ends later, over the connection that it has thrown away,
and the worker ends with an AttributeError (kombu and Celery 5.7).
"""

from __future__ import annotations

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem, redis
from kombu.utils.json import dumps


def use() -> None:
    """Have `filesystem://` and `redis://` mean these brokers."""
    TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"
    TRANSPORT_ALIASES["redis"] = "config.broker:RedisTransport"
    TRANSPORT_ALIASES["rediss"] = "config.broker:RedisTransport"


class Channel(filesystem.Channel):
    """Reads as kombu's does; writes beside the place and moves what is finished."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, dumps(payload))

    def _queue_bind(
        self, exchange: str, routing_key: str, pattern: str, queue: str
    ) -> None:
        row = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self.control_folder.mkdir(exist_ok=True)
        with _alone(self.control_folder / "bind.lock"):
            rows = self.get_table(exchange)
            if row not in rows:
                _write_whole(self._exchange_file(exchange), dumps([row, *rows]))


class Transport(filesystem.Transport):
    """kombu's with our channel."""

    Channel = Channel


class RedisChannel(redis.Channel):
    """Says that its connection is gone in a way that Celery expects.

    Redis puts messages back that nobody acknowledges, after a while. Nothing waits for
    that: the database knows what is to be done, and beat looks.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise ConnectionError("this channel's connection was closed")
        return super()._connparams(asynchronous)


class RedisTransport(redis.Transport):
    """kombu's with our channel."""

    Channel = RedisChannel


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{uuid.uuid4()}.new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock that other processes wait for."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
