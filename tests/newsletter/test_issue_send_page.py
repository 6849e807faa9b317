"""The page an issue is sent from: to whom, in spite of what, and how many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.log_actions import registry as log_registry

from newsletter.composing import scheduling
from newsletter.composing.filling import add_stories
from newsletter.dispatching.audience import Audience, audience_of
from newsletter.models import Dispatch, SavedFilter, Subscriber, Subscription
from pages.actions import schedule_publication
from people import roles
from tests.newsletter.admins import person
from tests.newsletter.issues import SmallSite, publish
from tests.newsletter.sending import a_newsletter, a_reader, begun
from tests.newsletter.trees import plant_topics

pytestmark = pytest.mark.django_db
HELD = {"fallback": "hold"}


@pytest.fixture
def site():
    return SmallSite(fallback_rule="link")


@pytest.fixture
def topics(site):
    return plant_topics(site.home)


@pytest.fixture
def issue(site):
    return site.issue(site.story("Agua"), site.story("Maíz", "es"))


@pytest.fixture
def held(site):
    story = site.story("Maíz", "es")
    return site.issue(story, site.story("Agua"), picks={story.pk: HELD})


@pytest.fixture
def sender(client):
    user = person(roles.NEWSLETTER_SENDER)
    client.force_login(user)
    return user


@pytest.fixture
def ana(site):
    return a_reader(site.newsletter, "ana", "es")


@pytest.fixture
def followers(site, topics, ana):
    """Ana follows nothing, Eva the project, Tom the country, Leo both, Mia another."""
    project, country = topics
    for name, lang, follows in (
        ("eva", "es", ([project], [])),
        ("tom", "en", ([], [country])),
        ("leo", "en", ([project], [country])),
    ):
        reader = a_reader(site.newsletter, name, lang)
        reader.projects.set(follows[0])
        reader.countries.set(follows[1])
    other = type(country)(headline_es="Chile", headline_en="Chile", code="CL")
    country.get_parent().add_child(instance=other)
    a_reader(site.newsletter, "mia", "es").countries.set([other])


def url(name, issue):
    return reverse(f"issue_sending:{name}", args=[issue.pk])


def to(*terms, **more):
    project = [term.pk for term in terms if term._meta.model_name == "projectpage"]
    country = [term.pk for term in terms if term._meta.model_name == "countrypage"]
    return {"to_whom": "followers", "projects": project, "countries": country, **more}


def why(client, issue):
    """A reason for all that the page shows to be in the way."""
    plan = client.get(url("send", issue)).context["plan"]
    keys = [problem.key for problem in plan.overridable]
    return {"reason": "La feria es mañana", "overridden": keys}


def readers_of(dispatch):
    rows = dispatch.deliveries.values_list("subscriber__address", flat=True)
    return {address.partition("@")[0] for address in rows}


def test_an_issue_goes_to_the_union_of_who_follows(
    client, issue, topics, followers, sender
):
    client.post(url("send", issue), to(*topics))
    dispatch = begun()
    assert readers_of(dispatch) == {"eva", "tom", "leo"}
    assert dispatch.excluded == {"not_addressed": 2}
    project, country = topics
    assert audience_of(dispatch) == Audience({project.pk}, {country.pk}, False)


def test_who_follows_nothing_gets_it_too_if_asked(
    client, issue, topics, followers, sender
):
    client.post(url("send", issue), to(topics[0], with_undecided="on"))
    assert readers_of(begun()) == {"ana", "eva", "leo"}


@pytest.fixture
def saved(topics):
    criteria = {"country": str(topics[1].pk), "language": "en"}
    return SavedFilter.objects.create(name="Peru in English", criteria=criteria)


def alike(saved, **more):
    return {"to_whom": "alike", "saved": saved.pk, **more}


def test_an_issue_goes_to_whom_a_saved_filter_finds(
    client, issue, topics, followers, saved, sender
):
    page = client.get(url("send", issue), alike(saved)).text
    assert "Peru in English" in page
    assert "<td data-recipients-total>2</td>" in page
    assert "3 people are not found by the filter" in page
    client.post(url("send", issue), alike(saved))
    dispatch = begun()
    assert readers_of(dispatch) == {"tom", "leo"}
    assert dispatch.excluded == {"unlike": 3}


def test_a_filter_may_be_about_another_newsletter(
    client, issue, followers, saved, sender
):
    other = a_newsletter(key="notices")
    a_reader(other, "only-there", "es")
    Subscription.objects.create(
        subscriber=Subscriber.objects.get(address__startswith="mia"),
        newsletter=other,
        state="active",
    )
    criteria = {"newsletter": str(other.pk), "state": "active"}
    saved = SavedFilter.objects.create(name="Notices", criteria=criteria)
    client.post(url("send", issue), alike(saved))
    assert readers_of(begun()) == {"mia"}


def test_a_planned_sending_outlives_its_filter(
    client, issue, topics, followers, saved, sender, time_machine
):
    at = timezone.now() + timedelta(days=1)
    with timezone.override("UTC"):
        moment = {"at": at.strftime("%Y-%m-%d %H:%M")}
        confirm = client.post(url("schedule", issue), alike(saved, **moment))
    form = dict(confirm.context["form"].data.lists())
    words = "follows the country: Peru · language: English"
    assert words in confirm.text
    assert f'name="saved" value="{saved.pk}"' in confirm.text
    client.post(url("schedule", issue), {**form, "confirmed": "1"})
    saved.delete()
    dispatch = begun()
    page = client.get(reverse("dispatches:progress", args=[dispatch.pk]))
    assert words in page.text
    scheduling.start_scheduled(
        dispatch_id=dispatch.pk, at=dispatch.scheduled_at + timedelta(minutes=1)
    )
    assert readers_of(dispatch) == {"tom", "leo"}


def test_a_filter_that_finds_nobody_any_more_sends_to_nobody(
    client, issue, topics, followers, saved, sender
):
    SavedFilter.objects.update(criteria={"country": "999999"})
    answer = client.post(url("send", issue), alike(saved))
    assert answer.status_code == 409
    assert "Nobody" in answer.text
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("chosen", ["", "0", "x"])
def test_a_filter_has_to_be_chosen(client, issue, followers, saved, sender, chosen):
    wanted = {"to_whom": "alike", "saved": chosen}
    answer = client.post(url("send", issue), wanted)
    assert answer.status_code == 422
    said = "Choose a saved filter" if not chosen else "valid choice"
    assert said in answer.text
    assert not Dispatch.objects.exists()
    counted = client.get(url("people", issue), wanted).text
    assert said in counted
    assert "data-recipients-total" not in counted


def test_no_filter_is_offered_where_none_is_saved(client, issue, followers, sender):
    assert 'value="alike"' not in client.get(url("send", issue)).text
    answer = client.post(url("send", issue), {"to_whom": "alike"})
    assert answer.status_code == 422


def test_everyone_is_everyone_whatever_they_follow(
    client, issue, topics, followers, sender
):
    client.post(url("send", issue), {"to_whom": "everyone", "projects": topics[0].pk})
    assert begun().audience == 5


@pytest.mark.parametrize("count", [lambda c, u, d: c.get(u, d)])
@pytest.mark.parametrize("name", ["send", "people"])
def test_the_count_follows_the_choice(
    client, issue, topics, followers, sender, name, count
):
    page = count(client, url(name, issue), to(topics[1])).text
    assert "<td data-recipients-total>2</td>" in page
    assert "3 people follow other things" in page
    assert not Dispatch.objects.exists()


def test_somebody_has_to_be_chosen(client, issue, topics, followers, sender):
    answer = client.post(url("send", issue), {"to_whom": "followers"})
    assert answer.status_code == 422
    assert "Choose at least one project or country" in answer.text
    answer = client.post(url("send", issue), to(topics[0], countries=["99999", "x"]))
    assert answer.status_code == 422
    assert not Dispatch.objects.exists()


def test_a_scheduled_issue_keeps_its_audience(
    client, issue, topics, followers, sender, time_machine
):
    at = timezone.now() + timedelta(days=1)
    moment = {"at": at.strftime("%Y-%m-%d %H:%M")}
    with timezone.override("UTC"):
        confirm = client.post(url("schedule", issue), to(topics[0], **moment))
    form = dict(confirm.context["form"].data.lists())
    assert f'name="projects" value="{topics[0].pk}"' in confirm.text
    client.post(url("schedule", issue), {**form, "confirmed": "1"})
    dispatch = begun()
    assert dispatch.state == Dispatch.State.SCHEDULED
    scheduling.start_scheduled(
        dispatch_id=dispatch.pk, at=dispatch.scheduled_at + timedelta(minutes=1)
    )
    assert readers_of(dispatch) == {"eva", "leo"}


def test_a_check_is_overridden_for_a_reason_that_is_kept(client, held, ana, sender):
    page = client.get(url("send", held)).text
    assert 'data-problem="story-holds" data-language="en"' in page
    assert "Send to 1 reader now" in page
    answer = client.post(url("send", held))
    assert answer.status_code == 422
    assert "Say why" in answer.text
    assert not Dispatch.objects.exists()
    answer = client.post(url("send", held), why(client, held))
    dispatch = begun()
    assert answer.url == reverse("dispatches:progress", args=[dispatch.pk])
    (entry,) = log_registry.get_logs_for_instance(dispatch)
    assert entry.user == sender
    assert "La feria es mañana" in entry.message
    assert "holds the issue back" in entry.message
    assert "La feria es mañana" in client.get(answer.url).text


def test_what_has_no_way_round_stays_in_the_way(client, site, held, ana, sender):
    site.newsletter.is_active = False
    site.newsletter.save()
    answer = client.post(url("send", held), why(client, held))
    assert answer.status_code == 409
    assert 'name="reason"' not in answer.text
    assert not Dispatch.objects.exists()


def test_a_scheduled_issue_is_stopped_by_what_was_not_overridden(site, held, ana):
    at = timezone.now() + timedelta(days=1)
    planned = scheduling.schedule_issue(issue=held, at=at, reason="La feria")
    draft = site.issue(languages=())
    held.intro_es = f'<p>Hola <a linktype="page" id="{draft.pk}">aquí</a></p>'
    held.save_revision()
    publish(held)
    late = at + timedelta(minutes=1)
    assert not scheduling.start_scheduled(dispatch_id=planned.pk, at=late)
    planned.refresh_from_db()
    assert planned.state == Dispatch.State.CANCELLED
    assert "el correo saldrá sin ese enlace" in planned.failure
    assert "retiene" not in planned.failure


def test_a_scheduled_issue_starts_with_what_was_overridden(held, ana):
    at = timezone.now() + timedelta(days=1)
    planned = scheduling.schedule_issue(issue=held, at=at, reason="La feria")
    late = at + timedelta(minutes=1)
    with translation.override("es"):
        assert scheduling.start_scheduled(dispatch_id=planned.pk, at=late)


def test_the_command_asks_for_a_reason_too(held, ana, capsys):
    with pytest.raises(CommandError, match="holds the issue back"):
        call_command("send_issue", str(held.pk))
    call_command("send_issue", str(held.pk), reason="La feria es mañana")
    assert begun().state == Dispatch.State.SENDING


def test_many_readers_are_typed(client, site, issue, followers, sender):
    site.newsletter.typed_above = 4
    site.newsletter.save()
    assert 'name="typed"' in client.get(url("send", issue)).text
    for wrong in ("", "4", "cinco"):
        answer = client.post(url("send", issue), {"typed": wrong})
        assert answer.status_code == 422
        assert "This goes to 5 readers" in answer.text
    assert not Dispatch.objects.exists()
    client.post(url("send", issue), {"typed": " 5 "})
    assert begun().audience == 5


def test_few_readers_are_not_typed(client, site, issue, followers, sender):
    site.newsletter.typed_above = 5
    site.newsletter.save()
    assert 'name="typed"' not in client.get(url("send", issue)).text
    client.post(url("send", issue))
    assert begun().audience == 5


def test_rules_are_changed_where_the_grid_is(client, issue, ana, sender):
    first, second = issue.stories.order_by("sort_order")
    issue.headline_es = "Otro titular"
    issue.save_revision()  # a draft that stays one
    client.post(
        url("fallbacks", issue), {f"rule-{second.story_id}": "hold", "rule-x": "hold"}
    )
    second.refresh_from_db()
    assert second.fallback == "hold"
    fresh = type(issue).objects.get(pk=issue.pk)
    draft = fresh.get_latest_revision_as_object()
    assert [pick.fallback for pick in draft.stories.all()] == ["", "hold"]
    assert draft.headline_es == "Otro titular"
    assert fresh.headline_es == "Noviembre en la sierra"
    page = client.get(url("send", issue)).text
    assert 'data-outcome="held"' in page
    assert 'data-problem="story-holds"' in page


def test_before_it_is_published_the_grid_is_that_of_the_draft(
    client, site, ana, sender
):
    issue, story = site.issue(languages=()), site.story("Maíz", "es")
    add_stories(issue=issue, stories=[story], by=sender)
    page = client.get(url("send", issue)).text
    assert 'data-outcome="linked"' in page
    assert 'data-problem="unsent-changes"' not in page
    client.post(url("fallbacks", issue), {f"rule-{story.pk}": "skip"})
    assert 'data-outcome="left-out"' in client.get(url("send", issue)).text
    (pick,) = publish(issue).stories.all()
    assert pick.fallback == "skip"


@pytest.mark.parametrize("value", ["sometimes", ""])
def test_a_rule_that_is_none_changes_nothing(client, issue, ana, sender, value):
    pick = issue.stories.first()
    revision = issue.latest_revision_id
    client.post(url("fallbacks", issue), {f"rule-{pick.story_id}": value})
    issue.refresh_from_db()
    assert issue.latest_revision_id == revision


def test_rules_of_a_locked_issue_stay(client, issue, ana, sender):
    other = person(roles.EDITOR)
    issue.locked, issue.locked_by, issue.locked_at = True, other, timezone.now()
    issue.save()
    pick = issue.stories.first()
    page = client.post(
        url("fallbacks", issue), {f"rule-{pick.story_id}": "hold"}, follow=True
    )
    assert "locked or in review" in page.text
    pick.refresh_from_db()
    assert pick.fallback == ""


def test_who_may_not_write_issues_changes_no_rule(client, issue):
    client.force_login(person(roles.TRANSLATORS["en"]))
    pick = issue.stories.first()
    client.post(url("fallbacks", issue), {f"rule-{pick.story_id}": "hold"})
    pick.refresh_from_db()
    assert pick.fallback == ""


def test_a_publication_to_come_is_told(client, site, ana, sender):
    story = site.story("Maíz", "es")
    story.headline_en = "Maize"
    story.save_revision()
    at = timezone.now() + timedelta(days=3)
    schedule_publication(page=story, languages=["en"], at=at)
    page = client.get(url("send", site.issue(story))).text
    assert 'data-problem="story-planned" data-language="en"' in page


def test_the_same_subject_in_both_languages_is_noted(client, site, ana, sender):
    issue = site.issue(site.story("Agua"), subject_es="Agua", subject_en="Agua")
    page = client.get(url("send", issue)).text
    assert 'data-problem="same-subject"' in page
    assert "Spanish and English" in page


def test_a_public_holiday_of_the_audience_is_told(
    client, site, issue, topics, ana, sender
):
    peru = topics[1]
    year = timezone.localdate().year + 1
    for day, said in (("05-01", True), ("05-06", False)):
        moment = {"at": f"{year}-{day} 10:00", **to(peru, with_undecided="on")}
        page = client.post(url("schedule", issue), moment).text
        assert ("data-holiday" in page) == said
    moment["at"] = f"{year}-05-01 10:00"
    assert "Peru (" in client.post(url("schedule", issue), moment).text


def test_a_moment_is_not_overlooked_by_who_sends_now(client, issue, ana, sender):
    at = timezone.now() + timedelta(days=1)
    answer = client.post(url("send", issue), {"at": at.strftime("%Y-%m-%d %H:%M")})
    assert answer.status_code == 422
    assert "You chose a moment" in answer.text
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("at", ["9999-12-31 23:59", "9999-12-31T23:59:00-12:00"])
def test_a_moment_too_far_away_is_told(client, issue, ana, sender, at):
    answer = client.post(url("schedule", issue), {"at": at})
    assert answer.status_code == 422
    assert "within the next two years" in answer.text


@pytest.mark.parametrize("name", ["rule-" + "9" * 5000, "rule-" + "9" * 31, "rule-²"])
def test_rules_of_nothing_change_nothing(client, issue, ana, sender, name):
    assert client.post(url("fallbacks", issue), {name: "hold"}).status_code < 500


def test_rules_of_a_planned_issue_stay(client, issue, ana, sender):
    at = timezone.now() + timedelta(days=1)
    scheduling.schedule_issue(issue=issue, at=at)
    pick = issue.stories.first()
    rule = {f"rule-{pick.story_id}": "hold"}
    page = client.post(url("fallbacks", issue), rule, follow=True)
    assert "scheduled already" in page.text
    pick.refresh_from_db()
    assert pick.fallback == ""


def test_who_may_not_send_changes_no_rule(client, issue):
    client.force_login(person(roles.EDITOR))
    pick = issue.stories.first()
    client.post(url("fallbacks", issue), {f"rule-{pick.story_id}": "hold"})
    pick.refresh_from_db()
    assert pick.fallback == ""


def test_a_reason_is_for_what_was_seen(client, site, held, ana, sender):
    asked = why(client, held)
    draft = site.issue(languages=())
    held.intro_es = f'<p>Hola <a linktype="page" id="{draft.pk}">aquí</a></p>'
    held.save_revision()
    publish(held)
    answer = client.post(url("send", held), asked)
    assert answer.status_code == 422
    assert "Something new is in the way" in answer.text
    assert not Dispatch.objects.exists()
    client.post(url("send", held), why(client, held))
    (entry,) = log_registry.get_logs_for_instance(begun())
    assert entry.message.count("“") == 2


def test_what_is_overridden_is_shown_before_it_is_planned(client, held, ana, sender):
    at = timezone.now() + timedelta(days=1)
    moment = {"at": at.strftime("%Y-%m-%d %H:%M"), **why(client, held)}
    page = client.post(url("schedule", held), moment).text
    assert 'data-problem="story-holds"' in page
    assert "La feria es mañana" in page
    assert 'name="overridden" value="story-holds en' in page


def test_another_audience_brings_the_button_back(client, issue, topics, ana, sender):
    page = client.get(url("send", issue), to(topics[0])).text
    button = page[page.index('data-pg-people-target="button"') :]
    assert "disabled" in button.partition(">")[0]
    page = client.get(url("people", issue), {"to_whom": "everyone"}).text
    assert "Send to 1 reader now" in page


def test_nobody_chosen_is_not_everybody(client, issue, ana, sender):
    page = client.get(url("people", issue), {"to_whom": "followers"}).text
    assert "Choose at least one project or country" in page
    assert "Send to" not in page
