"""Which subscribers somebody is looking for, by filters and by address."""

from __future__ import annotations

from collections.abc import Mapping

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.forms import BoundField, ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from newsletter.dispatching.criteria import NAMES, fulfilling
from newsletter.models import Newsletter, Subscriber, Subscription, address_hash
from newsletter.subscribing.names import topic_in
from topics.models import CountryPage, ProjectPage


class TopicField(django_filters.fields.ModelChoiceField):
    """Projects or countries by their names in the admin's language."""

    def label_from_instance(self, term):
        """Its name in the list."""
        return topic_in(term, get_language() or "")


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
        queryset=ProjectPage.objects.order_by("title"),
    )
    country = TopicFilter(
        label=_("follows the country"),
        queryset=CountryPage.objects.order_by("title"),
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


def in_words(criteria: Mapping[str, str]) -> str:
    """What readers have to be like, for people; "" where that makes no sense any more.

    That is so once a newsletter, a project or a country in it is gone.
    """
    form = SubscriberFilterSet(criteria, queryset=Subscriber.objects.all()).form
    if not form.is_valid():
        return ""
    chosen = [form[name] for name in NAMES if form.cleaned_data[name]]
    return " · ".join(f"{bound.label}: {_shown(bound)}" for bound in chosen)


def _shown(bound: BoundField) -> str:
    value = bound.form.cleaned_data[bound.name]
    if isinstance(bound.field, ModelChoiceField):
        return bound.field.label_from_instance(value)
    return str(dict(bound.field.choices)[value])


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
