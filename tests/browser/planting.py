"""Runs inside the site: one address of each kind of page, with readers to look at them.

A new kind of page in the tree, or a new step of subscribing, is in the list by itself.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import get_page_models

from front.urls import SEARCH
from news.listing import feed_of, listing
from news.models import NewsIndexPage, NewsPage
from newsletter.models import (
    AddressChange,
    Frequency,
    Newsletter,
    Subscriber,
    Subscription,
)
from newsletter.subscribing import actions, links, moving, wording
from newsletter.subscribing.consents import Place
from newsletter.subscribing.paths import path_to
from newsletter.subscribing.urls import OPEN_STEPS
from pages.models import BilingualPage

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# What is looked at where it is there; "404" as an answer means it is not.
OF_THE_SITE = ["/robots.txt", "/sitemap.xml", "/.well-known/security.txt"]
RUN = secrets.token_hex(4)  # another run on the same site has readers of its own
NOTHING_FOUND = {"es": "xilófono", "en": "xylophone"}


def show() -> None:
    """Write everything as JSON: pages, the words of error pages, feeds and the like."""
    with transaction.atomic():
        readers = {code: _Readers(code) for code in LANGUAGES}
    kinds = [
        {"kind": kind, "lang": code, "path": path, "status": status}
        for code in LANGUAGES
        for kind, path, status in _kinds(code, readers[code])
    ]
    errors = {name: render_to_string(f"{name}.html") for name in ("400", "403", "500")}
    feeds = [feed_of(page, code) for code in LANGUAGES for page in _fed(code)]
    found = {"pages": kinds, "errors": errors, "files": OF_THE_SITE, "feeds": feeds}
    sys.stdout.write(json.dumps(found))


def _kinds(code: str, readers: _Readers) -> Iterator[tuple[str, str, int]]:
    for model in get_page_models():
        if issubclass(model, BilingualPage) and (page := _fullest(model, code)):
            yield model._meta.model_name, page.url_in(code), 200
    yield from _lists(code)
    story = _fullest(NewsPage, code)
    word = getattr(story, f"headline_{code}").split()[-1]
    search = f"/{code}/{SEARCH[code]}/"
    yield "search", search, 200
    yield "search-found", f"{search}?q={word}", 200
    yield "search-empty", f"{search}?q={NOTHING_FOUND[code]}", 200
    for step in OPEN_STEPS:
        yield f"step-{step}", path_to(step, code), 200
    yield from readers.steps()
    yield "missing", f"/{code}/nothing-is-here/", 404


def _fullest(model: type[BilingualPage], code: str) -> BilingualPage | None:
    """The page of a kind that has most to look at."""
    pages = model.objects.readable_in(code).exact_type(model)
    return max(pages, key=lambda page: len(str(_body(page, code))), default=None)


def _body(page: BilingualPage, code: str) -> object:
    body = getattr(page, f"body_{code}", "")
    return getattr(body, "raw_data", body)


def _lists(code: str) -> Iterator[tuple[str, str, int]]:
    """A later screen of the news, and one year of them."""
    index = NewsIndexPage.objects.readable_in(code).get()
    screen = listing(index, QueryDict(), code)
    yield "news-later", f"{index.url_in(code)}{screen.older}", 200
    year = screen.stories[-1].date.year
    yield "news-year", f"{index.url_in(code)}?year={year}", 200


def _fed(code: str) -> Iterator[BilingualPage]:
    """A list of each kind that has a feed."""
    for model in get_page_models():
        ours = issubclass(model, BilingualPage)
        page = model.objects.readable_in(code).first() if ours else None
        if page and feed_of(page, code):
            yield page


class _Readers:
    """One reader who gets the newsletter, one who has asked, one who left."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.at = timezone.now()
        self.here = self._ask("here")
        self.waiting = self._ask("waiting")
        self.left = self._ask("left")
        for one in (self.here, self.left):
            actions.confirm(subscription=one, where=self._place, at=self.at)
        actions.unsubscribe(
            subscription=self.left,
            where=self._place,
            version=wording.LEAVE,
            at=self.at,
        )

    def steps(self) -> Iterator[tuple[str, str, int]]:
        """Each page behind a personal link, as each of the three would see it."""
        own = links.PREFERENCES
        yield "own-confirm", self._path("confirm", links.CONFIRM, self.waiting), 200
        yield "own-confirmed", self._path("confirm", links.CONFIRM, self.here), 200
        yield "own-preferences", self._path("preferences", own, self.here), 200
        yield "own-leave", self._path("leave", links.LEAVE, self.here), 200
        yield "own-left", self._path("leave", links.LEAVE, self.left), 200
        yield "own-pause", self._path("pause", own, self.here), 200
        yield "own-data", self._path("data", own, self.here), 200
        yield "own-all", self._path("own-data", links.OWN_DATA, self.here), 200
        yield "own-address", self._path("address", own, self.here), 200
        yield "own-new-address", self._new_address(), 200
        yield "own-problem", path_to("preferences", self.code, "made-up"), 404

    def _ask(self, name: str) -> Subscription:
        address = f"{name}-{self.code}-{RUN}@readers.example"
        actions.request_subscription(
            address=address,
            newsletter=Newsletter.objects.active().first(),
            language=self.code,
            projects=[],
            countries=[],
            frequency=Frequency.EACH,
            where=self._place,
            network="",
            at=self.at,
        )
        return Subscription.objects.get(subscriber__address=address)

    @property
    def _place(self) -> Place:
        return Place("/", self.code)

    def _path(self, step: str, purpose: str, subscription: Subscription) -> str:
        return path_to(step, self.code, links.token_for(purpose, subscription))

    def _new_address(self) -> str:
        subscriber = Subscriber.objects.get(pk=self.here.subscriber_id)
        new = f"moved-{self.code}-{RUN}@readers.example"
        moving.ask_change(subscriber=subscriber, new=new, at=self.at)
        change = AddressChange.objects.get(new=new)
        return path_to(
            "new-address", self.code, links.change_token(links.NEW_ADDRESS, change)
        )
