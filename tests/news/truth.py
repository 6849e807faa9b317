"""Lists and their counts as plain queries give them."""

from __future__ import annotations

from collections import Counter

from news.lists import listed, stories
from news.models import ListCount

LANGUAGES = ("es", "en")


def assert_lists_are_true(projects=(), countries=()):
    """Each list holds what a plain query finds, in its order, and is counted right."""
    for language in LANGUAGES:
        for project in (None, *projects):
            for country in (None, *countries):
                assert_list_is_true(language, project, country)
    assert not ListCount.objects.filter(total__lt=0).exists()


def assert_list_is_true(language, project, country):
    """The same for one list."""
    rows = stories(language)
    rows = rows.filter(projects=project) if project else rows
    rows = rows.filter(countries=country) if country else rows
    plain = list(rows.values_list("pk", "date"))
    key = {"project": project.pk if project else 0}
    key["country"] = country.pk if country else 0
    kept = listed(language, **key).values_list("story", "day")
    assert list(kept) == plain
    years = Counter(day.year for _pk, day in plain)
    expected = {0: len(plain), **years} if plain else {}
    counts = ListCount.objects.filter(language=language, total__gt=0, **key)
    assert dict(counts.values_list("year", "total")) == expected
