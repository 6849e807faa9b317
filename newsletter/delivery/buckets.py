"""Where buckets are kept: in a file for the workers of one machine, or in Redis."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError, WatchError

from newsletter.delivery.pacing import Bucket, BucketsError, Grant, Limit, take_from

KEPT_S = 2 * 3600  # at least; a bucket nobody touched for that long is full


class FileBuckets:
    """A file per limit in `folder`, one worker at a time.

    The clock is the machine's: nobody sets it, and what was taken before the machine
    was started counts as taken when it is looked at. A file's first line counts. It is
    overwritten by one write(2), so whole unless the power fails; one that cannot be
    read counts as used up. (To replace the file took a hundred times as long, on ext4.)
    """

    def __init__(
        self, folder: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._clock = clock

    def take(self, limits: Sequence[Limit], want: int, unused: int) -> Grant:
        """As `Buckets.take`."""
        try:
            with self._locked():
                now = self._clock()
                buckets = [self._read(limit, now) for limit in limits]
                grant = take_from(buckets, now, want, unused)
                for bucket in buckets:
                    self._write(bucket)
        except OSError as error:
            raise BucketsError(str(error)) from error
        return grant

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._folder / "rates.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _read(self, limit: Limit, now: float) -> Bucket:
        try:
            line, _newline, _rest = self._path(limit).read_bytes().partition(b"\n")
            return Bucket.from_data(limit, json.loads(line))
        except FileNotFoundError:
            return Bucket.full(limit, now)
        except ValueError:
            return Bucket.used_up(limit, now)

    def _write(self, bucket: Bucket) -> None:
        line = f"{json.dumps(bucket.data)}\n".encode("ascii")
        file = os.open(self._path(bucket.limit), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)

    def _path(self, limit: Limit) -> Path:
        return self._folder / f"rate-{limit.key}.json"


class RedisBuckets:
    """A key per limit on a Redis server, whose clock counts for all machines.

    What Redis says of a time before it was started is not believed, as it may have lost
    the last of it: then everything counts as used up at the start.
    """

    def __init__(self, server: Redis) -> None:
        self._server = server

    def take(self, limits: Sequence[Limit], want: int, unused: int) -> Grant:
        """As `Buckets.take`."""
        try:
            with self._server.pipeline() as pipe:
                while True:
                    with suppress(WatchError):  # another worker came between
                        return _take(pipe, limits, want, unused)
        except RedisError as error:
            raise BucketsError(str(error)) from error


def _take(pipe: Pipeline, limits: Sequence[Limit], want: int, unused: int) -> Grant:
    """One try. Raises `WatchError` where a bucket was changed meanwhile."""
    keys = [f"pregon:rate:{limit.key}" for limit in limits]
    pipe.watch(*keys)
    now, started_at = _moment(pipe)
    kept = zip(limits, pipe.mget(keys), strict=True)
    buckets = [_bucket(limit, text, started_at) for limit, text in kept]
    grant = take_from(buckets, now, want, unused)
    pipe.multi()
    for key, bucket in zip(keys, buckets, strict=True):
        pipe.set(key, json.dumps(bucket.data), ex=_kept_s(bucket.limit))
    pipe.execute()
    return grant


def _moment(pipe: Pipeline) -> tuple[float, float]:
    """Now, and when the server was started, on the server's own clock.

    Where that clock was set back since, the start is long ago: waiting for a moment
    that has been before might take for ever.
    """
    seconds, microseconds = pipe.time()
    started_at = seconds - pipe.info("server")["uptime_in_seconds"]
    return seconds + microseconds / 1e6, started_at if started_at <= seconds else 0


def _bucket(limit: Limit, text: bytes | str | None, started_at: float) -> Bucket:
    try:
        bucket = Bucket.from_data(limit, json.loads(text or "null"))
    except ValueError:
        return Bucket.used_up(limit, started_at)
    is_known = bucket.at >= started_at
    return bucket if is_known else Bucket.used_up(limit, started_at)


def _kept_s(limit: Limit) -> int:
    fill_s = limit.depth / limit.per_second if limit.per_minute else 0
    return KEPT_S + int(fill_s)
