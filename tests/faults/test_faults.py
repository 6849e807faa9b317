"""Whatever a sending needs is killed in the middle of it; the sink's log is the truth.

KILLS says how often; `make audit` kills more often than `make test`. SEED repeats a
run's choices, though not its timing.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import cycle, islice

import pytest

from tests.faults import killing
from tests.faults.conftest import AUDIENCE
from tests.faults.killing import CONNECTIONS
from tests.faults.site import Site, kill_all
from tests.waiting import wait_until

KILLS = int(os.environ.get("KILLS") or 10)
KILLS_A_SENDING = 5
LATENCIES_S = (0.005, 0.0)
LEISURELY_S = 0.01  # where a test has to be there before the end
SEED = int(os.environ.get("SEED") or time.time_ns() % 1_000_000)
CHUNK = 100

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(200 + 20 * KILLS),
    pytest.mark.xdist_group("faults"),
]


def start_sending(site: Site, latency_s: float) -> int:
    """A dispatch to everybody, and an empty log."""
    site.start_sink(f"accepted-{time.monotonic_ns()}.log", latency_s)
    return site.order("start_sending", CHUNK)


def is_over(site: Site, dispatch: int) -> bool:
    return site.order("state_of", dispatch) == "sent"


def explainer(site: Site, dispatch: int) -> Callable[[], str]:
    """What is known where a sending stands still."""
    return lambda: f"{site.order('whereabouts', dispatch)}\n{site.last_words()}"


def wait_for_mails(site: Site, dispatch: int, count: int) -> bool:
    """Until so many have gone; False where the sending ended before."""

    def is_far_enough() -> bool:
        return len(site.accepted()) >= count or is_over(site, dispatch)

    what = f"{count} mails"
    wait_until(is_far_enough, what, explain=explainer(site, dispatch))
    return len(site.accepted()) >= count


def wait_for_the_end(site: Site, dispatch: int) -> None:
    """Whoever lost three connections is tried again at once."""

    def has_ended() -> bool:
        site.order("let_retry")
        return is_over(site, dispatch)

    wait_until(has_ended, "the end", every_s=0.2, explain=explainer(site, dispatch))


def standing(site: Site, dispatch: int) -> Counter[str]:
    return Counter(site.order("ledger_of", dispatch).values())


def check(site: Site, dispatch: int, most_in_the_air: int) -> Counter[str]:
    """Nobody has two mails, nobody is lost, and nobody is in doubt without cause."""
    ledger = site.order("ledger_of", dispatch)
    accepted = Counter(site.accepted())
    assert [to for to, mails in accepted.items() if mails > 1] == []
    sent = {to for to, state in ledger.items() if state == "sent"}
    uncertain = {to for to, state in ledger.items() if state == "uncertain"}
    assert len(ledger) == len(sent) + len(uncertain) == AUDIENCE
    assert sent <= set(accepted) <= sent | uncertain
    assert len(uncertain) <= most_in_the_air
    return Counter(ledger.values())


@pytest.fixture
def workers(site):
    """Every host works, and beat; afterwards none does."""
    for host in site.hosts:
        site.start_worker(host)
    beat = site.start_beat()
    yield site.workers
    for process in (beat, *site.workers.values()):
        kill_all(process)


def plan(kinds: list[killing.Kill], chance: random.Random) -> list[killing.Kill]:
    """Every kind as often as the others, in any order."""
    kills = [*islice(cycle(kinds), KILLS)]
    chance.shuffle(kills)
    return kills


def kill_some(site: Site, dispatch: int, kills: list[killing.Kill], chance) -> int:
    """Take up to five kills off the list; returns how many mails were in the air."""
    in_the_air = 0
    for _number in range(min(KILLS_A_SENDING, len(kills))):
        until = len(site.accepted()) + chance.randint(10, 200)
        if not wait_for_mails(site, dispatch, until):
            break
        while (found := kills[-1](site, chance)) is None:
            if is_over(site, dispatch):
                return in_the_air
            time.sleep(0.02)
        in_the_air += found
        kills.pop()
    return in_the_air


def test_everyone_gets_one_mail_whatever_is_killed(site, workers):
    chance = random.Random(SEED)
    kills = plan(killing.EMBEDDED if site.is_embedded else killing.ON_SERVERS, chance)
    done = Counter(kill.__name__ for kill in kills)
    ends: Counter[str] = Counter()
    for latency_s in cycle(LATENCIES_S):
        dispatch = start_sending(site, latency_s)
        in_the_air = kill_some(site, dispatch, kills, chance)
        wait_for_the_end(site, dispatch)
        ends += check(site, dispatch, in_the_air)
        if not kills:
            break
    sys.stdout.write(f"seed {SEED}: killed {dict(done)}, deliveries {dict(ends)}\n")


def test_a_worker_that_is_asked_to_stop_leaves_nobody_uncertain(site):
    dispatch = start_sending(site, LEISURELY_S)
    site.start_worker("one")
    wait_for_mails(site, dispatch, 60)
    worker = site.workers["one"]
    worker.send_signal(signal.SIGTERM)
    worker.wait(timeout=60)
    assert 60 <= len(site.accepted()) < AUDIENCE
    assert standing(site, dispatch) == {
        "sent": len(site.accepted()),
        "waiting": AUDIENCE - len(site.accepted()),
    }
    site.start_worker("one")
    wait_for_the_end(site, dispatch)
    check(site, dispatch, 0)
    kill_all(site.workers["one"])


def start_host(site: Site, host: str, dispatch: int) -> subprocess.Popen:
    """A machine with a data folder of its own that sends until nothing is left."""
    send = f"from newsletter.dispatching.running import run_sender as s; s({dispatch})"
    data = {"DATA_DIR": str(site.folder / host)}
    return site.start("manage.py", "shell", "-v", "0", "-c", send, **data)


def test_two_hosts_share_a_sending(site):
    dispatch = start_sending(site, LEISURELY_S)
    for host in [start_host(site, name, dispatch) for name in ("three", "four")]:
        assert host.wait(timeout=120) == 0
    check(site, dispatch, 0)
    names = [
        (site.folder / name / "journal" / "folder-id").read_text()
        for name in ("three", "four")
    ]
    claimants = site.order("claimants_of", dispatch)
    assert sorted(claimants) == sorted(f"{name}-1" for name in names)


def test_a_vanished_hosts_mails_are_in_doubt_until_it_comes_back(site):
    dispatch = start_sending(site, LEISURELY_S)
    host = start_host(site, "five", dispatch)
    wait_for_mails(site, dispatch, 250)
    kill_all(host)
    claimed = site.order("expire_leases")
    assert 1 <= claimed <= CONNECTIONS
    assert standing(site, dispatch)["uncertain"] == claimed * CHUNK
    assert start_host(site, "five", dispatch).wait(timeout=120) == 0
    check(site, dispatch, CONNECTIONS)
