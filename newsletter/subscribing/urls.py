"""Each step of subscribing in each language, without translated URL patterns."""

from __future__ import annotations

from django.urls import path

from newsletter.subscribing import address_views, asking, own_views, views
from newsletter.subscribing.paths import WORDS

app_name = "subscribing"

OPEN_STEPS = {
    "join": views.join,
    "sent": views.sent,
    "embed": views.embed,
    "ask": asking.ask,
    "mailed": asking.mailed,
}
TOKEN_STEPS = {
    "confirm": views.confirm,
    "preferences": views.preferences,
    "leave": views.leave,
    "pause": own_views.pause,
    "data": own_views.data,
    "own-data": own_views.own_data,
    "address": address_views.ask,
    "new-address": address_views.confirm,
    "former-address": address_views.undo,
}


def _patterns(language: str, words: dict[str, str]):
    start = f"{language}/{words['subscription']}"
    known = {"language": language}
    for step, view in OPEN_STEPS.items():
        yield path(f"{start}/{words[step]}/", view, known, name=f"{step}-{language}")
    for step, view in TOKEN_STEPS.items():
        route = f"{start}/{words[step]}/<str:token>/"
        yield path(route, view, known, name=f"{step}-{language}")


urlpatterns = [
    *(url for language, words in WORDS.items() for url in _patterns(language, words)),
    path("u/<str:token>/", views.one_click, name="one-click"),
]
