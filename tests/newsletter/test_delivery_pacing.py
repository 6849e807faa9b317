"""Limits that all workers keep together, whatever happens to one of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings as site
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis

from newsletter.delivery.buckets import FileBuckets, RedisBuckets
from newsletter.delivery.pacing import (
    HOLD_S,
    BucketsError,
    Grant,
    Limit,
    Pacer,
)

ROOT = Path(__file__).resolve().parents[2]
HOUR_S = 3600
on_redis = pytest.mark.skipif(not site.REDIS_URL, reason="needs a Redis server")


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self, now: float = 50_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


limits = st.builds(
    Limit,
    st.just("news"),
    per_minute=st.sampled_from([0, 1, 6, 90, 600, 30_000]),
    burst=st.sampled_from([0, 1, 2, 30, 500]),
    per_hour=st.sampled_from([0, 1, 20, 1000]),
).filter(lambda limit: limit.is_set)
# Seconds until a worker asks, how many of its handful it uses, and how late.
steps = st.lists(
    st.tuples(
        st.sampled_from([0, 0.01, HOLD_S, 1, 30, 400, 1800])
        | st.floats(0, 5, allow_nan=False),
        st.floats(0, 1),
        st.floats(0, HOLD_S),
    ),
    max_size=60,
)


def uses(limit: Limit, steps, clock: Clock, jump=lambda: None) -> list[float]:
    """The moments at which a worker that takes handfuls uses its tokens."""
    with TemporaryDirectory() as folder:
        buckets, unused, used = FileBuckets(Path(folder), clock), 0, []
        now = clock.now
        for wait_s, share, late_s in steps:
            now, clock.now = now + wait_s, clock.now + wait_s
            jump()
            tokens = buckets.take([limit], limit.handful, unused).tokens
            using = round(tokens * share)
            unused = tokens - using
            used += [now + (late_s if limit.handful > 1 else 0)] * using
    return sorted(used)


def most_in(used: list[float], span_s: float) -> int:
    """The most of them in any span of that length."""
    first, most = 0, 0
    for last, moment in enumerate(used):
        while used[first] < moment - span_s:
            first += 1
        most = max(most, last - first + 1)
    return most


def is_kept(limit: Limit, used: list[float]) -> bool:
    """Whether no interval at all has more than the limit allows."""
    burst = limit.burst or max(1, int(limit.per_second))
    spans = {later - used[0] for later in used} | {b - a for a, b in pairwise(used)}
    is_rate_kept = not limit.per_minute or all(
        most_in(used, span) <= burst + limit.per_second * span + 1e-3
        for span in sorted(spans)[:40]
    )
    is_hour_kept = not limit.per_hour or most_in(used, HOUR_S - 1e-3) <= limit.per_hour
    return is_rate_kept and is_hour_kept


@settings(max_examples=50, deadline=None)
@given(limits, steps)
def test_no_interval_has_more_than_the_burst_and_the_rate_and_no_hour_too_many(
    limit, steps
):
    assert is_kept(limit, uses(limit, steps, Clock()))


@settings(max_examples=25, deadline=None)
@given(limits, steps, st.lists(st.floats(0, 9_000), min_size=60, max_size=60))
def test_a_clock_that_is_set_back_allows_no_more_and_stalls_nothing(limit, steps, back):
    clock = Clock()

    def jump() -> None:
        clock.now -= back.pop() if len(back) % 7 == 0 else 0 * bool(back.pop())

    assert is_kept(limit, uses(limit, steps, clock, jump))
    with TemporaryDirectory() as folder:
        buckets = FileBuckets(Path(folder), clock)
        while buckets.take([limit], limit.handful, 0).tokens:
            pass
        clock.now -= 40_000
        grant = buckets.take([limit], 1, 0)
        assert grant.tokens or grant.wait_s <= HOUR_S + 60
        clock.now += grant.wait_s + 0.01
        assert buckets.take([limit], 1, 0).tokens == 1


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (Limit("news", per_minute=600), 600 + 10),
        (Limit("news", per_minute=30_000, burst=2_000), 30_000 + 2_000),
        (Limit("news", per_minute=6), 6 + 1),
        (Limit("news", per_hour=700), 700),
        (Limit("news", per_minute=600, per_hour=100), 100),
    ],
)
def test_whoever_asks_when_told_to_gets_nearly_all_there_is(tmp_path, limit, expected):
    clock = Clock()
    buckets, end = FileBuckets(tmp_path, clock), clock.now + 60
    got = asked = 0
    while clock.now < end:
        asked += 1
        grant = buckets.take([limit], limit.handful, 0)
        got += grant.tokens
        clock.now += grant.wait_s
    assert 0.85 * expected <= got <= expected
    assert asked <= 1300  # twice per handful


def test_an_hour_after_the_first_of_them_the_next_may_go(tmp_path):
    clock = Clock(now=7)
    buckets, limit = FileBuckets(tmp_path, clock), Limit("news", per_hour=10)
    assert buckets.take([limit], 4, 0) == Grant(4)
    clock.now += 1800
    assert buckets.take([limit], 100, 0) == Grant(6)
    grant = buckets.take([limit], 1, 0)
    assert 1800 - 7 <= grant.wait_s <= 1860
    clock.now += grant.wait_s + 0.01
    assert buckets.take([limit], 100, 0) == Grant(4)


def test_a_mail_needs_a_token_of_both_limits(tmp_path):
    buckets = FileBuckets(tmp_path, Clock())
    news, relay = Limit("news", per_hour=100), Limit("relay", per_hour=30)
    assert buckets.take([news, relay], 25, 0).tokens == 25
    assert buckets.take([news, relay], 25, 0).tokens == 5
    assert buckets.take([news, relay], 25, 0).tokens == 0
    assert buckets.take([news], 100, 0).tokens == 70
    assert buckets.take([Limit("others", per_hour=9), relay], 1, 0).tokens == 0


def test_what_was_not_used_can_be_used_by_another(tmp_path):
    clock = Clock()
    buckets, limit = FileBuckets(tmp_path, clock), Limit("news", 600, 100, 100)
    got = buckets.take([limit], 90, 0).tokens
    assert buckets.take([limit], 0, got - 20) == Grant(0)
    assert buckets.take([limit], 200, 0).tokens == limit.depth - 20


def test_what_a_worker_still_holds_is_a_part_of_the_burst(tmp_path):
    clock = Clock()
    buckets, limit = FileBuckets(tmp_path, clock), Limit("news", 30_000, burst=100)
    used = buckets.take([limit], limit.handful, 0).tokens
    clock.now += HOLD_S  # it uses them now, with all that others get
    while grant := buckets.take([limit], limit.handful, 0).tokens:
        used += grant
    assert used == 100


def test_what_comes_back_late_makes_no_room_in_a_later_hour(tmp_path):
    clock = Clock(now=0)
    buckets, limit = FileBuckets(tmp_path, clock), Limit("news", per_hour=10)
    assert buckets.take([limit], 5, 0) == Grant(5)
    clock.now = 1800
    assert buckets.take([limit], 5, 0) == Grant(5)
    buckets.take([limit], 0, 5)  # the first five; the others went
    clock.now = 3700
    assert buckets.take([limit], 10, 0) == Grant(5)


@pytest.mark.parametrize("text", ["", '{"at": 1', "[]", '{"at": 1, "tokens": "x"}'])
def test_a_torn_file_counts_as_used_up_and_heals(tmp_path, text):
    clock = Clock()
    buckets, limit = FileBuckets(tmp_path, clock), Limit("news", 600, 50, 40)
    (tmp_path / "rate-news.json").write_text(text)
    grant = buckets.take([limit], 5, 0)
    assert grant.tokens == 0
    assert HOUR_S - 60 <= grant.wait_s <= HOUR_S + 60
    clock.now += grant.wait_s + 0.01
    assert buckets.take([limit], 5, 0).tokens == 5


def test_without_a_limit_nobody_is_asked(tmp_path):
    pacer = Pacer([Limit("news"), Limit("relay", burst=3)], FileBuckets(tmp_path / "-"))
    assert all(pacer.take() for _mail in range(1000))
    pacer.give_back()
    pacer.close()
    assert not pacer.trouble


def test_a_pacer_that_ends_leaves_its_handful_to_the_others(tmp_path):
    buckets, limit = FileBuckets(tmp_path), Limit("news", per_hour=150)
    pacer = Pacer([limit], buckets)
    assert pacer.take()
    pacer.close()
    assert buckets.take([limit], 1000, 0).tokens == 149


WORKER = """
import os, sys, time
from pathlib import Path
from redis import Redis
from newsletter.delivery.buckets import FileBuckets, RedisBuckets
from newsletter.delivery.pacing import Limit, Pacer

url, folder, key, used, until = sys.argv[1:]
buckets = RedisBuckets(Redis.from_url(url)) if url else FileBuckets(Path(folder))
limits = [Limit(key, per_minute=18_000, burst=200), Limit("relay-" + key, 60_000)]
pacer = Pacer(limits, buckets)
file = os.open(used, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
os.write(1, b"ready")
sys.stdin.read(1)
deadline = time.monotonic() + float(until)
while time.monotonic() < deadline:
    if pacer.take():
        os.write(file, b".")
    else:
        time.sleep(min(pacer.wait_s(), 0.02))
assert not pacer.trouble, pacer.trouble
"""


def test_processes_share_a_limit_in_a_file_or_in_redis_whoever_is_killed(tmp_path):
    """300 a second and 200 at once, for two workers; one is killed on the way."""
    used, key = tmp_path / "used", uuid.uuid4().hex
    command = [sys.executable, "-c", WORKER, site.REDIS_URL, tmp_path, key, used]
    start = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": ROOT}
    workers = [
        subprocess.Popen([*map(str, command), until], **start) for until in ("0.6", "9")
    ]
    assert [os.read(worker.stdout.fileno(), 5) for worker in workers] == [b"ready"] * 2
    began = time.monotonic()
    for worker in workers:
        worker.stdin.close()
    time.sleep(0.3)
    workers[1].kill()
    for worker in workers:
        worker.wait()
        worker.stdout.close()
    lasted_s = time.monotonic() - began
    assert [worker.returncode for worker in workers] == [0, -9]
    assert 0.7 * (200 + 300 * 0.6) <= used.stat().st_size <= 200 + 300 * lasted_s


def test_redis_out_of_reach_is_trouble_and_lets_nothing_go():
    nobody = RedisBuckets(Redis.from_url("redis://127.0.0.1:9/0"))
    pacer = Pacer([Limit("news", 600)], nobody)
    assert not pacer.take()
    assert "refused" in pacer.trouble
    pacer.give_back()
    pacer.close()
    with pytest.raises(BucketsError):
        nobody.take([Limit("news", 600)], 1, 0)


@on_redis
def test_what_redis_may_have_lost_counts_as_used_up_when_it_was_started():
    server = Redis.from_url(site.REDIS_URL)
    up_s = server.info("server")["uptime_in_seconds"]
    assert up_s < HOUR_S, "the test needs a server that was started for it"
    for kept in ("", '{"at": 1000, "tokens": 50, "sent": {}}', "\x00"):
        limit = Limit(uuid.uuid4().hex, per_minute=1, burst=50, per_hour=40)
        server.set(f"pregon:rate:{limit.key}", kept)
        grant = RedisBuckets(server).take([limit], 1, 0)
        assert grant.tokens == 0
        assert HOUR_S - up_s - 65 <= grant.wait_s <= HOUR_S - up_s + 65


@on_redis
def test_redis_keeps_what_was_taken_for_hours_and_not_for_ever():
    server = Redis.from_url(site.REDIS_URL)
    limit = Limit(uuid.uuid4().hex, per_minute=60_000, burst=500)
    time.sleep(max(0.0, 1.2 - server.info("server")["uptime_in_seconds"]))
    first = RedisBuckets(server).take([limit], 500, 0).tokens
    again = RedisBuckets(server).take([limit], 500, 0).tokens
    assert first == limit.depth
    assert again < 100
    assert 7000 < server.ttl(f"pregon:rate:{limit.key}") < 8000
