"""Lighthouse on the six pages that matter most, on a phone with a slow line.

Through the proxy that serves readers: what it sees is what they are sent.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from shutil import which

import pytest

from tests.audit.proxying import BROWSER_FLAG, proxied
from tests.browser.conftest import CHROMIUM_FLAGS, Site
from tests.waiting import wait_until

KINDS = (
    "homepage", "newspage", "projectpage", "search", "step-join",
    "officeindexpage",
)  # fmt: skip
ALWAYS = ("accessibility", "best-practices", "seo")
TRIES = 3
LCP_MS = 1_300
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/tmp"}
AGAIN = b"Please run Lighthouse again"
REST_S = 300
STILL_TO_DRAW = """
from front.sharing.making import due
from pictures.making import waiting
print(len(due()) + waiting().count())
"""
KB = 1_000
BEFORE_PHOTOS = 80 * KB
REQUESTS_BEFORE_PHOTOS = 6
CSS = 20 * KB


@dataclass(frozen=True)
class Run:
    """One run of Lighthouse: scores from 0 to 100, times in ms, transfers in bytes."""

    scores: dict[str, int]
    lcp: float
    tbt: float
    cls: float
    css: int
    before_photos: int
    requests: int
    failed: list[str]

    @property
    def is_fast(self) -> bool:
        """Whether it meets the goals that other work on this machine disturbs."""
        return self.scores["performance"] == 100 and self.lcp <= LCP_MS and not self.tbt

    def __str__(self) -> str:
        scores = " ".join(f"{score:>4}" for score in self.scores.values())
        return (
            f"{scores}  {self.lcp:>6.0f} {self.tbt:>5.0f} {self.cls:>6.3f}"
            f"  {self.css / KB:>5.1f} {self.before_photos / KB:>6.1f}"
            f" {self.requests:>3}"
        )


def test_lighthouse_is_content(site, kinds, tools, capsys, subtests):
    pages = [page for kind in KINDS for page in kinds.named(kind)]
    assert len(pages) == 2 * len(KINDS)
    wait_until(lambda: is_at_rest(site), "pictures", every_s=5, patience_s=REST_S)
    with capsys.disabled():
        print("\nperf a11y best  seo  LCP ms   TBT    CLS  CSSkB  allkB   n")  # noqa: T201
    with proxied(site) as url:
        for page in pages:
            best = best_of(tools, url + page.path)
            with capsys.disabled():
                print(f"{best}  {page.path}")  # noqa: T201
            with subtests.test(path=page.path):
                assert [best.scores[name] for name in ALWAYS] == [100] * 3, best.failed
                assert best.cls == 0
                assert best.css < CSS
                assert best.before_photos <= BEFORE_PHOTOS
                assert best.requests <= REQUESTS_BEFORE_PHOTOS
                assert best.is_fast


def is_at_rest(site: Site) -> bool:
    """Whether the worker has drawn all there is: it would share our processors."""
    return site.manage("shell", "-v0", "-c", STILL_TO_DRAW).strip() == "0"


def best_of(tools, url: str) -> Run:
    """The fastest of three; what does not depend on the machine must hold in each."""
    runs = []
    while len(runs) < TRIES and not (runs and runs[-1].is_fast):
        runs.append(read(look(tools, url)))
    return max(runs, key=lambda run: (run.scores["performance"], -run.tbt, -run.lcp))


def look(tools, url: str) -> dict:
    """Run Lighthouse once; again where it lost sight of its own browser."""
    found = list(tools.glob("node-linux-*/bin/node"))
    node = found[0] if found else pytest.fail("There is no Node for this processor.")
    flags = " ".join(["--headless=new", *CHROMIUM_FLAGS, BROWSER_FLAG])
    command = [node, tools / "lighthouse/cli/index.js", url, "--quiet", "--output=json"]
    only = "performance,accessibility,best-practices,seo"
    for _ in range(TRIES):
        done = subprocess.run(
            [*command, f"--only-categories={only}", f"--chrome-flags={flags}"],
            env={**ENVIRONMENT, "CHROME_PATH": which("chromium")},
            capture_output=True,
            timeout=300,
        )
        if AGAIN not in done.stderr:
            break
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def read(report: dict) -> Run:
    """What we look at in Lighthouse's report."""
    audits, categories = report["audits"], report["categories"]
    sent = audits["network-requests"]["details"]["items"]
    words = [one for one in sent if one["resourceType"] != "Image"]
    failed = [
        f"{audit['id']}: {audit.get('displayValue') or audit['title']}"
        for name in ALWAYS
        for ref in categories[name]["auditRefs"]
        if (audit := audits[ref["id"]])["score"] not in (None, 1)
    ]
    return Run(
        scores={name: round(100 * one["score"]) for name, one in categories.items()},
        lcp=audits["largest-contentful-paint"]["numericValue"],
        tbt=audits["total-blocking-time"]["numericValue"],
        cls=audits["cumulative-layout-shift"]["numericValue"],
        css=weight(one for one in sent if one["resourceType"] == "Stylesheet"),
        before_photos=weight(words),
        requests=len(words),
        failed=failed,
    )


def weight(requests) -> int:
    """How many bytes were sent."""
    return sum(one["transferSize"] for one in requests)
