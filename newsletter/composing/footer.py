"""The foot of every mail: why you get it, how to change that, who sends it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from newsletter.composing.composition import Composition
from newsletter.models import Digest, Newsletter
from newsletter.subscribing.names import name_in
from pages.absolute import absolute

VIEW_URL = "{{view_url}}"
PREFERENCES_URL = "{{preferences_url}}"
UNSUBSCRIBE_URL = "{{unsubscribe_url}}"


@dataclass(frozen=True)
class Footer:
    """The addresses are placeholders that the sending fills in, per person."""

    reason: str
    postal_address: str
    counting: str = ""
    view_url: str = VIEW_URL
    preferences_url: str = PREFERENCES_URL
    unsubscribe_url: str = UNSUBSCRIBE_URL


def footer_of(composition: Composition) -> Footer:
    """The foot of this edition, in the active language."""
    name = composition.newsletter_name
    reason = _(
        "You get this mail because you subscribed to “%(newsletter)s” and confirmed it."
    )
    return _footer(composition.newsletter, reason % {"newsletter": name})


def _footer(newsletter: Newsletter, reason: str) -> Footer:
    counting = _(
        "We count how often the links in this mail are opened, but not by whom."
    )
    return Footer(
        reason=reason,
        postal_address=newsletter.postal_address.strip(),
        counting=counting if newsletter.counts_clicks else "",
    )


def digest_footer(newsletter: Newsletter, language: str, digest: Digest) -> Footer:
    """The foot of a digest; it has no page on the site to lead to."""
    reason = _(
        "You get this mail because you subscribed to “%(newsletter)s” and chose"
        " “%(frequency)s”."
    )
    known = {
        "newsletter": name_in(newsletter, language),
        "frequency": digest.get_frequency_display(),
    }
    return replace(_footer(newsletter, reason % known), view_url="")


def without_people(part: str, language: str) -> str:
    """The part with the front page where a subscriber's own links would be."""
    home = absolute(f"/{language}/")
    for placeholder in (VIEW_URL, PREFERENCES_URL, UNSUBSCRIBE_URL):
        part = part.replace(placeholder, home)
    return part
