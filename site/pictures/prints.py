"""What a page prints of a picture: asked of the database, never made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from pictures.models import Picture, Rendition
from pictures.roles import ROLES, Role

# Up to which width by height a picture counts as what; the style sheet has a rule each.
SHAPES = {"tall": 0.65, "portrait": 0.88, "square": 1.16, "classic": 1.41, "wide": 1.64}
WIDEST = "panorama"


@dataclass(frozen=True)
class Source:
    """The files of one format, for browsers that know it."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Print:
    """A picture in a role: files by format, and the one that every browser shows."""

    url: str
    width: int
    height: int
    role: Role
    srcset: str = ""
    sources: list[Source] = field(default_factory=list)


def printed(picture: Picture | None, role: str) -> Print | None:
    """A picture as far as its files are made; None where there is nothing to show."""
    if picture is None or picture.pk is None:
        return None
    asked = ROLES[role]
    found = {row.filter_spec: row for row in _renditions(picture)}
    series = [_known(found, asked.specs(format)) for format in asked.fallbacks]
    fallback = next(filter(None, series), [])
    if not fallback:
        other = _other(found.values())
        return other and Print(other.url, other.width, other.height, asked)
    largest = fallback[-1]
    modern = ((f, _known(found, asked.specs(f))) for f in asked.formats)
    return Print(
        largest.url,
        largest.width,
        largest.height,
        asked,
        _srcset(fallback, asked),
        [Source(f"image/{f}", _srcset(rows, asked)) for f, rows in modern if rows],
    )


def large(picture: Picture | None) -> Rendition | None:
    """The largest file of a whole picture, where it is larger than in a text."""
    if picture is None:
        return None
    found = {row.filter_spec: row for row in _renditions(picture)}
    shown = max((row.width for row in _whole(found, "body")), default=0)
    largest = next(iter(_whole(found, "large")), None)
    return largest if largest and largest.width > shown else None


def shape_of(width: int, height: int) -> str:
    """The name of a shape, for rows of pictures that are equally high."""
    fits = (name for name, most in SHAPES.items() if width <= most * height)
    return next(fits, WIDEST)


def _renditions(picture: Picture) -> Iterable[Rendition]:
    """All of a picture, in the order they were made; asked for once."""
    prefetch_related_objects([picture], "renditions")
    return sorted(picture.renditions.all(), key=lambda row: row.pk)


def _known(found: dict[str, Rendition], specs: list[str]) -> list[Rendition]:
    return [found[spec] for spec in specs if spec in found]


def _whole(found: dict[str, Rendition], role: str) -> list[Rendition]:
    asked = ROLES[role]
    return [row for f in asked.fallbacks for row in _known(found, asked.specs(f))]


def _other(rows: Iterable[Rendition]) -> Rendition | None:
    """The largest file that any browser shows, whatever it was made for."""
    plain = (row for row in rows if row.url.endswith((".jpg", ".png")))
    return max(plain, key=lambda row: row.width, default=None)


def _srcset(rows: list[Rendition], role: Role) -> str:
    if not role.sizes:
        return rows[-1].url
    return ", ".join(f"{row.url} {row.width}w" for row in rows)
