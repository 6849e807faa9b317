"""Which subscribers somebody is looking for, by filters and by address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from newsletter.dispatching.criteria import NAMES, fulfilling
from newsletter.models import Newsletter, Subscriber, Subscription, address_hash
from newsletter.subscribing.names import NAMED_BY, name_in, topic_in, topic_names
from pages.languages import current_language
from topics.models import CountryPage, ProjectPage


class TopicField(django_filters.fields.ModelChoiceField):
    """Projects or countries by their names in the admin's language."""

    def label_from_instance(self, term):
        """Its name in the list."""
        return topic_in(term, current_language())


class TopicFilter(django_filters.ModelChoiceFilter):
    """Who follows one project or country."""

    field_class = TopicField


class SubscriberFilterSet(WagtailFilterSet):
    """By language, health, and what one of their subscriptions is like."""

    newsletter = django_filters.ModelChoiceFilter(
        label=_("newsletter"), queryset=Newsletter.objects.all()
    )
    state = django_filters.ChoiceFilter(label=_("state"), choices=Subscription.State)
    frequency = django_filters.ChoiceFilter(
        label=_("frequency"), choices=Subscription.Frequency
    )
    project = TopicFilter(
        label=_("follows the project"),
        queryset=ProjectPage.objects.only(*NAMED_BY).order_by("title"),
    )
    country = TopicFilter(
        label=_("follows the country"),
        queryset=CountryPage.objects.only(*NAMED_BY).order_by("title"),
    )
    language = django_filters.ChoiceFilter(
        label=_("language"), choices=settings.LANGUAGES
    )

    class Meta:
        model = Subscriber
        fields = NAMES

    def filter_queryset(self, queryset):
        """Those who are all of what was asked for."""
        return fulfilling(queryset, self.form.cleaned_data)


def with_address(subscribers: QuerySet[Subscriber], text: str) -> QuerySet[Subscriber]:
    """The one with this address in whatever case, else all that have it in theirs."""
    text = text.strip()
    exact = subscribers.filter(address_hash=address_hash(text))
    return exact if exact.exists() else subscribers.filter(address__icontains=text)


def criteria_in(query: Mapping[str, str]) -> dict[str, str]:
    """The criteria that an address or a form holds, without what is left open."""
    return {name: query[name] for name in NAMES if query.get(name)}


Known = Mapping[str, Mapping[str, str]]
"""Criterion → the values it may have, as they are kept, with their words."""


def known_values() -> Known:
    """Everything a criterion may be; asked once for many of them."""
    language = current_language()
    rows = Newsletter.objects.all()
    return {
        "newsletter": {str(row.pk): name_in(row, language) for row in rows},
        "state": _words_of(Subscription.State.choices),
        "frequency": _words_of(Subscription.Frequency.choices),
        "project": topic_names(ProjectPage, language),
        "country": topic_names(CountryPage, language),
        "language": _words_of(settings.LANGUAGES),
        "health": _words_of(Subscriber.Health.choices),
    }


def _words_of(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    return {str(value): str(words) for value, words in choices}


def in_words(criteria: Mapping[str, str], known: Known) -> str:
    """What readers have to be like, for people; "" where that makes no sense any more.

    That is so once a newsletter, a project or a country in it is gone.
    """
    chosen = [name for name in NAMES if criteria.get(name)]
    if any(criteria[name] not in known[name] for name in chosen):
        return ""
    labels = SubscriberFilterSet.base_filters
    return " · ".join(
        f"{labels[name].label}: {known[name][criteria[name]]}" for name in chosen
    )


def subscribers_found(
    query: Mapping[str, str], request: HttpRequest
) -> QuerySet[Subscriber]:
    """Whom the listing shows for this query; nobody where it makes no sense."""
    filters = SubscriberFilterSet(
        query, queryset=Subscriber.objects.all(), request=request
    )
    if not filters.is_valid():
        return Subscriber.objects.none()
    text = query.get("q", "").strip()
    is_searching = text and "\0" not in text  # as the list has it
    return with_address(filters.qs, text) if is_searching else filters.qs
