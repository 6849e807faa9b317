"""Names of newsletters and topics in one named language, whatever is active."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import combining, normalize

from django.conf import settings
from django.db.models import Q

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


def terms_in(
    model: type[TermPage],
    language: str,
    chosen: Iterable[str] = (),
    readable_in: Iterable[str] = (),
) -> list[tuple[str, str]]:
    """Projects or countries a reader of this language can choose, by name.

    What was `chosen` before stays, also where it has no hub in this language. Who
    chooses for others may name more languages that one has to be `readable_in`.
    """
    headline = f"headline_{language}"
    offered = Q(pk__in=chosen)
    for code in readable_in or (language,):
        offered |= Q(pk__in=model.objects.readable_in(code))
    rows = model.objects.filter(offered).values_list("pk", headline, "title")
    named = [(str(pk), name or title) for pk, name, title in rows]
    return sorted(named, key=lambda row: strip_accents(row[1]))


def strip_accents(name: str) -> str:
    """A key that sorts É with E on every database."""
    return "".join(c for c in normalize("NFD", name.casefold()) if not combining(c))


def masked(address: str | None) -> str:
    """Enough of an address for its owner to know it, too little for anyone else."""
    local, _at, domain = (address or "").rpartition("@")
    return f"{local[:1]}…@{domain}" if domain else ""


# All that a name needs of a page, which is large.
NAMED_BY = ("title", *(f"headline_{code}" for code, _name in settings.LANGUAGES))


def topic_names(model: type[TermPage], language: str) -> dict[str, str]:
    """The names of all projects or countries in this language, by number."""
    rows = model.objects.values_list("pk", f"headline_{language}", "title")
    return {str(pk): name or title for pk, name, title in rows}


def topic_in(term: TermPage, language: str) -> str:
    """The name of a project or country in this language, else the one it has."""
    return getattr(term, f"headline_{language}", "") or term.title


def topics_of(subscription: Subscription) -> list[str]:
    """The names of what this reader chose, in their language where there is one."""
    return topics_in(subscription, subscription.subscriber.language)


def topics_in(subscription: Subscription, language: str) -> list[str]:
    """The same in any language."""
    chosen = [*subscription.projects.all(), *subscription.countries.all()]
    return [topic_in(term, language) for term in chosen]
