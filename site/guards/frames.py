"""Other sites that a page may show in a frame, once a reader asked for it.

The table is all there is: the frames' hosts go into the Content-Security-Policy, and an
address that none of these knows stays a plain link.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
NUMBER = re.compile(r"\d{1,20}", re.ASCII)
SECRET = re.compile(r"[0-9a-f]{6,20}", re.ASCII)  # of a film that is not listed
SECONDS = re.compile(
    r"(?:(\d{1,2})h)?(?:(\d{1,3})m)?(?:(\d{1,6})s?)?", re.ASCII | re.IGNORECASE
)
MAP_HASH = re.compile(r"map=(\d{1,2})(?:\.\d+)?/(-?\d+(?:\.\d+)?)/(-?\d+(?:\.\d+)?)")
MAP_PX, TILE_PX, DEEPEST = (640, 360), 256, 19


@dataclass(frozen=True)
class Frame:
    """What is shown of an address: by whom, as they write their name, from where."""

    host: str
    src: str
    is_map: bool = False


@dataclass(frozen=True)
class Host:
    """A site: its name, the hosts its addresses have, where its frames come from.

    `path` gives path and query of the frame, "" where the address shows none.
    """

    name: str
    hosts: frozenset[str]
    frames: str
    path: Callable[[SplitResult], str]
    is_map: bool = False


def frame_of(url: str) -> Frame | None:
    """The frame for an address, None where it stays a link; never raises."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        known = next(each for each in HOSTS if host in each.hosts)
        path = known.path(parts) if parts.scheme == "https" else ""
    except (StopIteration, ValueError):
        return None
    return Frame(known.name, known.frames + path, known.is_map) if path else None


def _youtube(parts: SplitResult) -> str:
    steps = parts.path.strip("/").split("/")
    asked = parse_qs(parts.query)
    if parts.hostname == "youtu.be":
        film = steps[0]
    elif steps[0] in ("embed", "live", "shorts") and len(steps) > 1:
        film = steps[1]
    else:
        film = asked.get("v", [""])[0] if steps[0] == "watch" else ""
    if not YOUTUBE_ID.fullmatch(film):
        return ""
    start = _seconds(asked.get("t", asked.get("start", [""]))[0])
    query = {"autoplay": 1, "rel": 0, **({"start": start} if start else {})}
    return f"/embed/{film}?{urlencode(query)}"


def _seconds(text: str) -> int:
    found = SECONDS.fullmatch(text)
    if found is None:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _vimeo(parts: SplitResult) -> str:
    steps = [step for step in parts.path.split("/") if step and step != "video"]
    if not steps or not NUMBER.fullmatch(steps[0]):
        return ""
    secret = steps[1] if len(steps) > 1 else parse_qs(parts.query).get("h", [""])[0]
    known = {"h": secret} if SECRET.fullmatch(secret) else {}
    return f"/video/{steps[0]}?{urlencode({**known, 'dnt': 1, 'autoplay': 1})}"


def _map(parts: SplitResult) -> str:
    asked = parse_qs(parts.query)
    middle = MAP_HASH.search(parts.fragment)
    marked = [asked.get(name, [""])[0] for name in ("mlat", "mlon")]
    mark = [float(number) for number in marked] if all(marked) else []
    if not middle and not mark:
        return ""
    zoom = min(int(middle[1]), DEEPEST) if middle else 14
    lat, lon = (float(middle[2]), float(middle[3])) if middle else mark
    if not all(_on_earth(*point) for point in ([lat, lon], mark or [lat, lon])):
        return ""
    query = {"bbox": ",".join(f"{edge:.5f}" for edge in _edges(lat, lon, zoom))}
    query["layer"] = "mapnik"
    if mark:
        query["marker"] = f"{mark[0]:.5f},{mark[1]:.5f}"
    return f"/export/embed.html?{urlencode(query)}"


def _on_earth(lat: float, lon: float) -> bool:
    return abs(lat) < 85 and abs(lon) <= 180


def _edges(lat: float, lon: float, zoom: int) -> tuple[float, float, float, float]:
    """West, south, east and north of a map of `MAP_PX` round a point."""
    across = 360 / 2**zoom * MAP_PX[0] / TILE_PX / 2
    down = 360 / 2**zoom * MAP_PX[1] / TILE_PX / 2 * math.cos(math.radians(lat))
    west, east = max(lon - across, -180), min(lon + across, 180)
    return west, max(lat - down, -85), east, min(lat + down, 85)


HOSTS = (
    Host(
        "YouTube",
        frozenset(
            {
                "youtu.be",
                "youtube.com",
                "m.youtube.com",
                "www.youtube.com",
                "www.youtube-nocookie.com",
            }
        ),
        "https://www.youtube-nocookie.com",
        _youtube,
    ),
    Host(
        "Vimeo",
        frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"}),
        "https://player.vimeo.com",
        _vimeo,
    ),
    Host(
        "OpenStreetMap",
        frozenset({"openstreetmap.org", "www.openstreetmap.org"}),
        "https://www.openstreetmap.org",
        _map,
        is_map=True,
    ),
)
# For the policy's `frame-src`.
SOURCES = [host.frames for host in HOSTS]
