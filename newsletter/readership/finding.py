"""Which subscribers somebody is looking for, by filters and by address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from newsletter.models import Newsletter, Subscriber, Subscription, address_hash
from newsletter.subscribing.names import topic_in
from topics.models import CountryPage, ProjectPage

# Filters that one and the same subscription has to pass, with what they look at.
OF_SUBSCRIPTION = {
    "newsletter": "newsletter",
    "state": "state",
    "frequency": "frequency",
    "project": "projects",
    "country": "countries",
}


class TopicField(django_filters.fields.ModelChoiceField):
    """Projects or countries by their names in the admin's language."""

    def label_from_instance(self, term):
        """Its name in the list."""
        return topic_in(term, get_language() or "")


class TopicFilter(django_filters.ModelChoiceFilter):
    """Who follows one project or country."""

    field_class = TopicField


def _later(queryset: QuerySet, name: str, value: Any) -> QuerySet:
    """Leave the queryset as it is: `filter_queryset` asks for all of these at once."""
    return queryset


class SubscriberFilterSet(WagtailFilterSet):
    """By language, health, and what one of their subscriptions is like."""

    newsletter = django_filters.ModelChoiceFilter(
        label=_("newsletter"), queryset=Newsletter.objects.all(), method=_later
    )
    state = django_filters.ChoiceFilter(
        label=_("state"), choices=Subscription.State, method=_later
    )
    frequency = django_filters.ChoiceFilter(
        label=_("frequency"), choices=Subscription.Frequency, method=_later
    )
    project = TopicFilter(
        label=_("follows the project"),
        queryset=ProjectPage.objects.order_by("title"),
        method=_later,
    )
    country = TopicFilter(
        label=_("follows the country"),
        queryset=CountryPage.objects.order_by("title"),
        method=_later,
    )
    language = django_filters.ChoiceFilter(
        label=_("language"), choices=settings.LANGUAGES
    )

    class Meta:
        model = Subscriber
        fields = [*OF_SUBSCRIPTION, "language", "health"]

    def filter_queryset(self, queryset):
        """Those who have one subscription that is all of what was asked for."""
        found = self.form.cleaned_data
        wanted = {
            path: found[name] for name, path in OF_SUBSCRIPTION.items() if found[name]
        }
        queryset = super().filter_queryset(queryset)
        if not wanted:
            return queryset
        rows = Subscription.objects.filter(subscriber=OuterRef("pk"), **wanted)
        return queryset.filter(Exists(rows))


def with_address(subscribers: QuerySet[Subscriber], text: str) -> QuerySet[Subscriber]:
    """The one with this address in whatever case, else all that have it in theirs."""
    text = text.strip()
    exact = subscribers.filter(address_hash=address_hash(text))
    return exact if exact.exists() else subscribers.filter(address__icontains=text)


def subscribers_found(
    query: Mapping[str, str], request: HttpRequest
) -> QuerySet[Subscriber]:
    """Whom the listing shows for this query; nobody where it makes no sense."""
    filters = SubscriberFilterSet(
        query, queryset=Subscriber.objects.all(), request=request
    )
    if not filters.is_valid():
        return Subscriber.objects.none()
    text = query.get("q", "").replace("\0", "")
    return with_address(filters.qs, text) if text.strip() else filters.qs
