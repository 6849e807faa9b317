"""Which of a picture's sizes to name where nothing may be made: feeds, JSON-LD."""

from __future__ import annotations

from pictures.models import Picture, Rendition

# What every program that reads feeds or link previews can show.
COMMON = (".jpg", ".jpeg", ".png", ".webp", ".gif")
WIDEST = 1600  # pixels; beyond this only the weight grows


def largest_made(picture: Picture | None) -> Rendition | None:
    """The best size that stands already, whole rather than cut; None where none does.

    Reads `picture.renditions`, so prefetch them for many pictures.
    """
    if picture is None:
        return None
    made = [r for r in picture.renditions.all() if r.file.name.endswith(COMMON)]
    return max(made, key=_worth, default=None)


def _worth(rendition: Rendition) -> tuple[int, bool, bool]:
    is_whole = "fill-" not in rendition.filter_spec
    is_jpeg = rendition.file.name.endswith((".jpg", ".jpeg"))
    return min(rendition.width, WIDEST), is_whole, is_jpeg
