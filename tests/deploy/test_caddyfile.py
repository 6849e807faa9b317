"""What the reverse proxy's file promises: no token in a log, no endless upload."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse

from guards import tokens
from newsletter.importing import forms
from newsletter.subscribing.paths import path_to

ROOT = Path(__file__).resolve().parents[2]
FILTER = re.compile(r'^request>uri regexp "(.*)" "(.*)"$')


def block(lines: list[str], opening: str) -> list[str]:
    """The lines of the block that this line opens."""
    start = lines.index(opening) + 1
    depth = 1
    for at, line in enumerate(lines[start:], start):
        depth += line.endswith("{") - (line == "}")
        if not depth:
            return lines[start:at]
    raise AssertionError(f"{opening} is never closed")


@pytest.fixture
def lines() -> list[str]:
    text = (ROOT / "deploy/Caddyfile").read_text()
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


@pytest.fixture
def fields(lines) -> list[str]:
    """What the default logger filters; errors go there, whatever a site logs."""
    assert lines[0] == "{", "global options stand first"
    logger = block(block(lines, "{"), "log default {")
    return block(block(logger, "format filter {"), "fields {")


def test_requests_are_logged_by_the_filtered_logger_only(lines, fields):
    assert "log" in block(lines, "{$SITE_URL} {")
    assert [line for line in lines if line.startswith("log")] == [
        "log default {",
        "log",
    ]


def test_headers_that_hold_addresses_are_not_logged(fields):
    assert "request>headers delete" in fields
    assert "resp_headers>Location delete" in fields


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("step", ["confirm", "preferences", "leave", "one_click"])
def test_a_token_is_taken_out_of_every_personal_address(fields, step, lang):
    (found,) = filter(None, map(FILTER.match, fields))
    wanted, instead = found[1], found[2].replace("$1", r"\1")
    token = tokens.sign("leave", "subscription:7")
    path = f"/u/{token}/" if step == "one_click" else path_to(step, lang, token)
    logged = re.sub(wanted, instead, f"{path}?saved=1")
    assert logged == f"{path.replace(token, '-')}?saved=1"


@pytest.fixture
def largest(settings) -> dict[str, int]:
    """The most that we take, in bytes, by the block that lets it pass."""
    return {
        "handle {": max(
            settings.WAGTAILDOCS_MAX_UPLOAD_SIZE, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
        ),
        f"handle {reverse('subscribers:import_new')} {{": forms.LARGEST,
    }


def test_an_upload_has_an_end_beyond_what_we_take(lines, largest):
    guide = (ROOT / "docs/operators.md").read_text()
    assert sum(line.startswith("max_size") for line in lines) == len(largest)
    for opening, taken in largest.items():
        (size,) = block(block(lines, opening), "request_body {")
        megabytes = int(re.fullmatch(r"max_size (\d+)MB", size)[1])
        assert taken < megabytes * 1_000_000 < 2 * taken
        assert f"{megabytes}m" in guide
