"""The one way in which a page of the site prints a picture."""

from __future__ import annotations

from typing import Any

from django import template

from pictures import prints
from pictures.models import Picture

register = template.Library()


@register.inclusion_tag("pictures/picture.html")
def picture(
    shown: Picture | None,
    role: str,
    alt: str = "",
    dark: Picture | None = None,
    is_decoration: bool = False,
) -> dict[str, Any]:
    """A picture in a role: {% picture story.picture "card" alt=description %}.

    `role` is one of `pictures.roles`; `dark` is shown in its place on dark paper. What
    is only decoration is marked so for the checker in the editor.
    Nothing is made for it, and nothing printed where there is no file.
    """
    return {
        "shown": prints.printed(shown, role),
        "dark": prints.printed(dark, role),
        "alt": "" if is_decoration else alt or "",
        "is_decoration": is_decoration,
    }


@register.simple_tag
def picture_shape(shown: Picture) -> str:
    """The class that gives a picture its place in a row of a gallery."""
    found = prints.printed(shown, "gallery")
    return f"gallery__{prints.shape_of(found.width, found.height)}" if found else ""


@register.simple_tag
def large_picture(shown: Picture | None) -> Any:
    """The file that a picture in a text leads to, None where it is no larger."""
    return prints.large(shown)
