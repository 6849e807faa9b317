"""Keeping offices in the admin, over HTTP, with the admin in both languages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import translation

from offices.models import Office, OfficeProposal
from people import roles
from tests.offices.factories import make_country, make_office
from tests.offices.test_actions import NEW_PHONE, says

LIST = "wagtailsnippets_offices_office:list"
ADD = "wagtailsnippets_offices_office:add"
EDIT = "wagtailsnippets_offices_office:edit"


@pytest.fixture(params=["es", "en"])
def keeper(request, log_in):
    """An office keeper with the admin in Spanish, then in English."""
    return log_in(roles.OFFICE_KEEPER, request.param)


@pytest.fixture
def proposal(office, source, log_in):
    source.body = says(telephone=NEW_PHONE, address="Jirón Ica 200")
    return OfficeProposal.objects.create(
        office=office,
        fetched_at="2026-11-23T15:00Z",
        changes={
            "phones": {"old": "+51 1 4280000", "new": NEW_PHONE},
            "address": {"old": "Jirón de la Unión 100", "new": "Jirón <b>Ica</b> 200"},
        },
    )


def form(**values) -> dict:
    return {
        "name_es": "Oficina de Quito",
        "name_en": "",
        "country": make_country().pk,
        "phones": "01 4280000",
        "time_zone": "America/Guayaquil",
        "opening_hours": "Mo-Fr 09:00-18:00; PH off",
        "show_point": "on",
        "source_kind": "jsonld",
        **values,
    }


def messages_of(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_an_office_is_written_and_published(client, keeper):
    response = client.post(reverse(ADD), form(**{"action-publish": "1"}), follow=True)
    assert response.status_code == 200
    office = Office.objects.get()
    assert office.live
    assert (office.name_es, office.name_en or "") == ("Oficina de Quito", "")
    assert office.phones == "+51 1 4280000"


def test_a_draft_stays_hidden_and_can_be_edited(client, keeper):
    client.post(reverse(ADD), form())
    office = Office.objects.get()
    assert not office.live
    data = form(name_en="Quito office", **{"action-publish": "1"})
    client.post(reverse(EDIT, args=[office.pk]), data)
    office.refresh_from_db()
    assert (office.live, office.name_es) == (True, "Oficina de Quito")
    assert office.name_en == "Quito office"


def test_hours_that_cannot_be_read_are_a_form_error(client, keeper):
    response = client.post(
        reverse(ADD), form(opening_hours="Mo 25:00", **{"action-publish": "1"})
    )
    assert response.status_code == 200
    assert "25:00" in str(response.context["form"].errors["opening_hours"])
    assert not Office.objects.exists()


@pytest.mark.parametrize("address", ["lima@localhost", "lima@centro.test"])
def test_an_address_that_cannot_get_mail_is_a_form_error(client, keeper, address):
    data = form(email=address, **{"action-publish": "1"})
    response = client.post(reverse(ADD), data)
    assert list(response.context["form"].errors) == ["email"]
    assert not Office.objects.exists()


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_preview_shows_each_language(client, log_in, office, language):
    log_in(roles.OFFICE_KEEPER)
    url = reverse("wagtailsnippets_offices_office:preview_on_edit", args=[office.pk])
    assert client.post(url, form(name_en="Quito office")).json()["is_valid"]
    html = client.get(url, {"mode": language}).content.decode()
    expected = {"es": "Oficina de Quito", "en": "Quito office"}
    assert expected[language] in html


def test_the_list_shows_country_hours_source_and_what_waits(client, keeper, proposal):
    html = client.get(reverse(LIST)).content.decode()
    language = keeper.wagtail_userprofile.preferred_language
    with translation.override(language):
        assert translation.ngettext("%d to decide", "%d to decide", 1) % 1 in html
        assert translation.gettext("not checked yet") in html
    assert {"es": "Perú", "en": "Peru"}[language] in html
    assert {"es": "hora", "en": "Lima time"}[language] in html or "Lima time" in html


def test_the_list_costs_the_same_for_many_offices(
    client, log_in, office, django_assert_max_num_queries
):
    log_in(roles.OFFICE_KEEPER)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(40) as few:
        client.get(reverse(LIST))
    for _number in range(6):
        make_office(source_url="https://oficinas.example/")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse(LIST))


def test_the_menu_says_how_many_changes_wait(client, keeper, proposal):
    html = client.get(reverse("offices_updates")).content.decode()
    with translation.override(keeper.wagtail_userprofile.preferred_language):
        assert f"{translation.gettext('Office updates')} (1)" in html


def test_nothing_to_do_is_said(client, keeper):
    response = client.get(reverse("offices_updates"))
    assert response.status_code == 200
    assert not response.context["proposals"]
    html = response.content.decode()
    with translation.override(keeper.wagtail_userprofile.preferred_language):
        nothing = translation.gettext(
            "No live office has a source yet. Give one an address in its Source tab, "
            "and we will look there several times a day."
        )
    assert nothing in html


def test_old_and_new_are_side_by_side_and_escaped(client, keeper, proposal):
    html = client.get(reverse("offices_proposal", args=[proposal.pk])).content.decode()
    assert "<del>Jirón de la Unión 100</del>" in html
    assert "<ins>Jirón &lt;b&gt;Ica&lt;/b&gt; 200</ins>" in html
    assert f"<ins>{NEW_PHONE}</ins>" in html


def test_one_field_is_accepted_then_the_other_rejected(
    client, keeper, office, proposal
):
    url = reverse("offices_decide", args=[proposal.pk])
    response = client.post(url, {"decision": "accept", "fields": ["phones"]})
    assert response.url == reverse("offices_proposal", args=[proposal.pk])
    response = client.post(
        url, {"decision": "reject", "fields": ["address"]}, follow=True
    )
    assert response.redirect_chain[0][0] == reverse("offices_updates")
    assert "Oficina de Lima" in messages_of(response)
    office.refresh_from_db()
    assert (office.phones, office.address) == (NEW_PHONE, "Jirón de la Unión 100")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "accept"},
        {"decision": "destroy", "fields": ["phones"]},
        {"decision": "accept", "fields": ["position"]},
    ],
)
def test_a_decision_about_nothing_changes_nothing(
    client, log_in, office, proposal, data
):
    log_in(roles.OFFICE_KEEPER)
    url = reverse("offices_decide", args=[proposal.pk])
    response = client.post(url, data, follow=True)
    assert response.status_code == 200
    assert messages_of(response)
    office.refresh_from_db()
    proposal.refresh_from_db()
    assert (office.phones, proposal.state) == ("+51 1 4280000", "open")


def test_a_decision_made_elsewhere_is_said(client, log_in, proposal):
    log_in(roles.OFFICE_KEEPER, "en")
    url = reverse("offices_decide", args=[proposal.pk])
    data = {"decision": "reject", "fields": ["phones", "address"]}
    client.post(url, data)
    response = client.post(url, data, follow=True)
    assert "already decided" in messages_of(response)


def test_a_dead_source_is_explained_in_the_list(client, keeper, office, source):
    source.status = 404
    url = reverse("offices_check", args=[office.pk])
    response = client.post(url, follow=True)
    assert response.redirect_chain == [(reverse("offices_updates"), 302)]
    html = response.content.decode()
    with translation.override(keeper.wagtail_userprofile.preferred_language):
        assert translation.gettext("cannot be reached") in html
    assert "404" in html
    assert not OfficeProposal.objects.exists()


def test_checking_by_hand_leads_to_what_is_to_decide(client, keeper, office, source):
    source.body = says(telephone=NEW_PHONE)
    response = client.post(reverse("offices_check", args=[office.pk]))
    proposal = OfficeProposal.objects.get()
    assert response.url == reverse("offices_proposal", args=[proposal.pk])


def test_checking_a_source_that_agrees_says_so(client, keeper, office, source):
    source.body = says()
    response = client.post(reverse("offices_check", args=[office.pk]), follow=True)
    assert "Oficina de Lima" in messages_of(response)


@pytest.mark.parametrize("name", ["offices_decide", "offices_check"])
def test_nothing_is_changed_by_a_get(client, log_in, office, proposal, source, name):
    log_in(roles.OFFICE_KEEPER)
    pk = proposal.pk if name == "offices_decide" else office.pk
    assert client.get(reverse(name, args=[pk])).status_code == 405
    assert not source.asked


@pytest.mark.parametrize("language", ["es", "en"])
def test_an_editor_sees_and_decides_what_is_proposed(
    client, log_in, office, proposal, language
):
    editor = log_in(roles.EDITOR, language)
    with translation.override(language):
        title = translation.gettext("Office updates")
    assert f"{title} (1)" in client.get(reverse("offices_updates")).text
    decide = reverse("offices_decide", args=[proposal.pk])
    client.post(decide, {"decision": "accept", "fields": ["phones"]})
    client.post(decide, {"decision": "reject", "fields": ["address"]})
    office.refresh_from_db()
    assert (office.phones, office.address) == (NEW_PHONE, "Jirón de la Unión 100")
    assert office.live_revision.user == editor


def test_an_editor_neither_adds_nor_deletes_offices(client, log_in, office):
    log_in(roles.EDITOR)
    assert client.post(reverse(ADD), form()).status_code in {302, 403}
    delete = reverse("wagtailsnippets_offices_office:delete", args=[office.pk])
    assert client.post(delete).status_code in {302, 403}
    assert Office.objects.get() == office


@pytest.mark.parametrize("role", [roles.TRANSLATORS["en"], roles.NEWSLETTER_SENDER])
def test_who_does_not_keep_offices_sees_and_decides_nothing(
    client, log_in, office, proposal, source, role
):
    log_in(role)
    updates = reverse("offices_updates")
    one = reverse("offices_proposal", args=[proposal.pk])
    decide = reverse("offices_decide", args=[proposal.pk])
    check = reverse("offices_check", args=[office.pk])
    answers = [
        client.get(updates),
        client.get(one),
        client.post(decide, {"decision": "accept", "fields": ["phones"]}),
        client.post(check),
    ]
    assert all(a.status_code == 302 and a.url == "/cms/" for a in answers)
    office.refresh_from_db()
    assert office.phones == "+51 1 4280000"
    assert not source.asked


def test_a_stranger_is_sent_to_the_login(client, proposal):
    response = client.get(reverse("offices_updates"))
    assert response.status_code == 302
    assert "/login/" in response.url
