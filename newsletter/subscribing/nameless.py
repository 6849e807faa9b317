"""The admin's log, without the addresses of people who were forgotten."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from newsletter.models import Subscriber


def forget_in_log(subscribers: Iterable[int]) -> None:
    """What the team did about them stays, not the address it was called by."""
    rows = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Subscriber),
        object_id__in=[str(pk) for pk in subscribers],
    )
    rows.update(label="…")
