"""The mail that says that a digest waits."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from mail.actions import queue_mail
from newsletter.dispatching.standstill import who_may_send
from newsletter.models import Digest, Dispatch
from translations.notices import language_of


def tell_senders(dispatch: Dispatch, why: Digest.Why) -> None:
    """Ask whoever may send to look at a digest, each in their language."""
    for person in who_may_send():
        _tell(person, dispatch, why)


def _tell(person: Any, dispatch: Dispatch, why: Digest.Why) -> None:
    language = language_of(person)
    path = reverse("digests:digest", args=[dispatch.digest_id])
    with translation.override(language):
        queue_mail(
            template="newsletter/mails/digest_waits",
            language=language,
            to=person.email,
            context={
                "newsletter": str(dispatch.newsletter),
                "title": dispatch.title,
                "why": str(why.label),
                "url": settings.SITE_URL + path,
                "to_staff": True,
            },
            dedupe_key=f"digest-waits:{dispatch.pk}:{person.pk}",
        )
