"""Names of newsletters and topics in one named language, whatever is active."""

from __future__ import annotations

from newsletter.models import Newsletter, Subscription
from topics.models import TermPage


def name_in(newsletter: Newsletter, language: str) -> str:
    """The newsletter's name in this language, else in its own, else its key."""
    names = (language, newsletter.default_language)
    found = (getattr(newsletter, f"name_{code}") for code in names)
    return next(filter(None, found), newsletter.key)


def description_in(newsletter: Newsletter, language: str) -> str:
    """What the newsletter says of itself in this language; empty where it does not."""
    return getattr(newsletter, f"description_{language}") or ""


def terms_in(model: type[TermPage], language: str) -> list[tuple[str, str]]:
    """Projects or countries a reader of this language can choose, by name."""
    headline = f"headline_{language}"
    live = model.objects.filter(live=True, **{f"live_{language}": True})
    rows = live.order_by(headline).values_list("pk", headline)
    return [(str(pk), name) for pk, name in rows]


def masked(address: str | None) -> str:
    """Enough of an address for its owner to know it, too little for anyone else."""
    local, _at, domain = (address or "").rpartition("@")
    return f"{local[:1]}…@{domain}" if domain else ""


def topics_of(subscription: Subscription) -> list[str]:
    """The names of what this reader chose, in their language where there is one."""
    language = subscription.subscriber.language
    chosen = [*subscription.projects.all(), *subscription.countries.all()]
    return [getattr(term, f"headline_{language}") or term.title for term in chosen]
