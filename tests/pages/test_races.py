"""Two at once: the loser gets a form error, nobody gets a broken page."""

from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from pages import actions
from pages.models import BilingualPage, PagePath
from tests.pages import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def two_connections():
    if connection.vendor != "postgresql":
        pytest.skip("an in-memory SQLite database has one connection")


def together(*jobs):
    """Run jobs at the same moment; what each raised, None where nothing."""
    barrier = threading.Barrier(len(jobs))
    raised = [None] * len(jobs)

    def run(place, job):
        barrier.wait()
        try:
            job()
        except Exception as error:  # noqa: BLE001 it is the outcome under test
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_one_of_two_gets_an_address_and_the_other_a_form_error():
    index = factories.make_index(factories.make_home())
    stories = [factories.make_story(index, headline_es=name) for name in ("A", "B")]
    for story in stories:
        factories.save_draft(story, slug_es="igual")

    def publisher(story):
        return lambda: actions.publish_languages(page=story, languages=["es"])

    raised = together(*map(publisher, stories))
    (refused,) = [error for error in raised if error]
    assert isinstance(refused, ValidationError)
    assert "slug_es" in refused.message_dict
    assert PagePath.objects.filter(url_path="noticias/igual/").count() == 1


def test_a_schedule_runs_once_though_two_workers_wake():
    index = factories.make_index(factories.make_home())
    story = factories.make_story(index, headline_es="A")
    now = timezone.now()
    actions.schedule_publication(page=story, languages=["es"], at=now)
    ran = []
    job = lambda: ran.append(actions.run_due_publications(now=now))  # noqa: E731
    assert together(job, job) == [None, None]
    assert sorted(ran) == [0, 1]
    assert BilingualPage.objects.get(pk=story.pk).live_es


def test_two_languages_published_at_once_both_go_live():
    index = factories.make_index(factories.make_home())
    story = factories.make_story(index, headline_es="A", headline_en="B")

    def publisher(language):
        return lambda: actions.publish_languages(page=story, languages=[language])

    assert together(publisher("es"), publisher("en")) == [None, None]
    live = BilingualPage.objects.get(pk=story.pk)
    assert live.live_languages() == ["es", "en"]
    assert (live.headline_es, live.headline_en) == ("A", "B")
