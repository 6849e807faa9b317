"""Which addresses of other sites may be shown in a frame, and from where."""

from __future__ import annotations

import pytest

from guards import frames, policies

FILM = "https://www.youtube-nocookie.com/embed/abc_DEF-123?autoplay=1&rel=0"


@pytest.mark.parametrize(
    ("url", "src"),
    [
        ("https://www.youtube.com/watch?v=abc_DEF-123", FILM),
        ("https://youtu.be/abc_DEF-123?si=x", FILM),
        ("https://m.youtube.com/shorts/abc_DEF-123", FILM),
        ("https://www.youtube.com/live/abc_DEF-123", FILM),
        ("https://www.youtube.com/embed/abc_DEF-123", FILM),
        ("https://youtu.be/abc_DEF-123?t=1m30s", f"{FILM}&start=90"),
        ("https://youtu.be/abc_DEF-123?t=75", f"{FILM}&start=75"),
        ("https://youtu.be/abc_DEF-123?t=soon", FILM),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        (
            "https://vimeo.com/76979871/abcdef0123",
            "https://player.vimeo.com/video/76979871?h=abcdef0123&dnt=1&autoplay=1",
        ),
        (
            "https://www.openstreetmap.org/#map=14/0.0/0.0",
            "https://www.openstreetmap.org/export/embed.html"
            "?bbox=-0.02747%2C-0.01545%2C0.02747%2C0.01545&layer=mapnik",
        ),
        (
            "https://www.openstreetmap.org/?mlat=0.01&mlon=0.02#map=14/0.0/0.0",
            "https://www.openstreetmap.org/export/embed.html"
            "?bbox=-0.02747%2C-0.01545%2C0.02747%2C0.01545&layer=mapnik"
            "&marker=0.01000%2C0.02000",
        ),
    ],
)  # fmt: skip
def test_a_known_address_has_a_frame(url, src):
    found = frames.frame_of(url)
    assert found.src == src
    assert src.startswith(tuple(f"{source}/" for source in frames.SOURCES))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://",
        "https://[",
        "http://youtu.be/abc_DEF-123",
        "https://youtube.com.evil.example/watch?v=abc_DEF-123",
        "https://evil.example/youtu.be/abc_DEF-123",
        "https://www.youtube.com/watch?v=short",
        'https://youtu.be/"onload="x',
        "https://www.youtube.com/@channel",
        "https://vimeo.com/channels/staffpicks",
        "https://www.openstreetmap.org/about",
        "https://www.openstreetmap.org/#map=99/123/456",
        "https://www.openstreetmap.org/?mlat=nan&mlon=inf",
        "https://www.openstreetmap.org/?mlat=x&mlon=y",
        "https://video.example/1",
    ],
)
def test_any_other_address_stays_a_link(url):
    assert frames.frame_of(url) is None


def test_the_policy_allows_these_frames_and_no_others():
    assert policies.READERS["frame-src"] == [
        "'self'",
        "https://www.youtube-nocookie.com",
        "https://player.vimeo.com",
        "https://www.openstreetmap.org",
    ]
