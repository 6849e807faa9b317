"""Whom a sending is for, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from newsletter.dispatching.audience import Audience
from newsletter.models import Frequency
from newsletter.readership.finding import in_words, known_values
from pages.languages import list_in_words


def addressees(audience: Audience) -> str:
    """Who follows what, what they have to be like, or chose; "" for everybody."""
    if audience.is_everyone:
        return ""
    if audience.frequency:
        text = _("who chose “%(frequency)s”")
        return text % {"frequency": Frequency(audience.frequency).label}
    known = known_values()
    if audience.criteria:
        words = in_words(audience.criteria, known)
        return words or _("nobody: what the filter looks for is gone")
    names = [known["project"].get(str(pk), "…") for pk in sorted(audience.projects)]
    names += [known["country"].get(str(pk), "…") for pk in sorted(audience.countries)]
    text = _("who follows %(topics)s")
    if audience.with_undecided:
        text = _("who follows %(topics)s, or nothing in particular")
    return text % {"topics": list_in_words(names)}
