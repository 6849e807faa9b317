"""Clicks on links of mails are counted together, and lead where the mail led."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet
from django.urls import reverse

from guards import tokens
from newsletter.clicking.links import PURPOSE
from newsletter.clicking.tasks import write_clicks
from newsletter.composing.actions import send_issue
from newsletter.delivery.message import unstuffed
from newsletter.models import Edition, MailLink, Newsletter
from tests.newsletter.issues import SmallSite, blocks, publish
from tests.newsletter.sending import a_reader, run

pytestmark = pytest.mark.django_db
OUTSIDE = "https://ejemplo.org/agua?a=1&b=2"
NOBODY = "redis://127.0.0.1:9/0"  # the discard port: nothing listens


@pytest.fixture
def site():
    made = SmallSite(counts_clicks=True)
    for name in ("ana", "eva"):
        a_reader(made.newsletter, name, "es")
    return made


@pytest.fixture(autouse=True)
def _journal(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "journal").mkdir()
    write_clicks()  # those of other tests, where Redis holds them


def sent(site, story=None, **values):
    """The mails of a Spanish issue with one story."""
    issue = site.issue(story or site.story("Agua"), languages=["es"], **values)
    found = run(send_issue(issue=issue)).accepted
    return [
        message_from_bytes(unstuffed(data), policy=policy.default)
        for _address, data in found
    ]


WORDS = (
    f'<p>Lea <a href="{OUTSIDE.replace("&", "&amp;")}">https://ejemplo.org/agua</a>, '
    'escriba a <a href="mailto:a@b.example">Ana</a> o '
    'llame al <a href="tel:+51 1 5550101">teléfono</a>.</p>'
)


def parts(mail) -> tuple[str, str]:
    """Text and HTML of a mail."""
    return tuple(
        mail.get_body((kind,)).get_content().replace("\r\n", "\n")
        for kind in ("plain", "html")
    )


def counted_links(part: str) -> list[str]:
    return re.findall(r"http://testserver(/c/[^/\s\"<>]+/)", part)


def link_to(url_part: str) -> MailLink:
    return MailLink.objects.get(url__contains=url_part)


def path_of(link: MailLink) -> str:
    return reverse("follow_link", args=[tokens.sign(PURPOSE, str(link.pk), at=0)])


def clicks() -> int:
    write_clicks()
    return sum(MailLink.objects.values_list("clicks", flat=True))


def test_every_reader_gets_the_same_links_in_both_parts(site):
    mails = sent(site, intro_es=WORDS)
    found = [[counted_links(part) for part in parts(mail)] for mail in mails]
    assert len(mails) == 2
    assert found[0] == found[1]
    text, html = found[0]
    assert set(text) == {
        path_of(link_to("/noticias/agua")),
        path_of(link_to("ejemplo")),
    }
    assert set(text) <= set(html)


def test_words_and_personal_links_stay_as_they_are(site):
    text, html = parts(sent(site, intro_es=WORDS)[0])
    outside = path_of(link_to("ejemplo"))
    assert f'href="http://testserver{outside}"' in html
    assert ">https://ejemplo.org/agua</a>" in html
    assert "https://ejemplo.org/agua <http://testserver" in " ".join(text.split())
    assert OUTSIDE not in text
    for part in (text, html):
        assert re.search(r"http://testserver/es/suscripcion/baja/[^/]+/", part)
        assert re.search(r"http://testserver/es/suscripcion/preferencias/[^/]+/", part)
        assert "a@b.example" in part
    assert 'href="mailto:a@b.example"' in html
    assert 'href="tel:' in html
    assert not MailLink.objects.filter(url__contains="suscripcion").exists()


def test_the_foot_of_the_mail_says_that_clicks_are_counted(site):
    said = "Contamos cuántas veces se abren los enlaces de este correo, pero no quién"
    for part in parts(sent(site)[0]):
        assert said in " ".join(part.split())


def test_the_archive_keeps_the_mail_with_its_own_links(site, client):
    sent(site, intro_es=WORDS)
    edition = Edition.objects.get()
    assert "/c/" not in edition.html + edition.text
    page = client.get(reverse("sent_mail", args=[edition.pk])).text
    assert "https://ejemplo.org/agua?a=1" in page
    assert "/c/" not in page


def test_without_counting_links_lead_straight_there(site):
    Newsletter.objects.update(counts_clicks=False)
    text, html = parts(sent(site, intro_es=WORDS)[0])
    assert counted_links(text + html) == []
    assert OUTSIDE in text
    assert "We count" not in text
    assert not MailLink.objects.exists()


def test_a_click_leads_on_and_is_counted_without_a_trace(site, client):
    sent(site, intro_es=WORDS)
    link = link_to("ejemplo")
    for number in (1, 2):
        answer = client.get(path_of(link))
        assert (answer.status_code, answer["Location"]) == (302, OUTSIDE)
        assert clicks() == number
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
        {"x-purpose": "preview"},
        {"sec-fetch-mode": "no-cors"},
    ],
)
def test_what_looks_ahead_is_led_on_and_not_counted(site, client, headers):
    sent(site)
    path = path_of(link_to("/noticias/agua"))
    assert client.get(path, headers=headers).status_code == 302
    assert client.head(path).status_code == 302
    assert client.post(path).status_code == 405
    assert clicks() == 0


def test_a_link_follows_its_page(site, client):
    story = site.story("Agua")
    sent(site, story)
    path, old = path_of(link_to("/noticias/agua")), link_to("/noticias/agua").url
    assert client.get(path)["Location"] == "/es/noticias/agua-es/"
    story.slug_es = "el-agua-de-todos"
    story.save_revision()
    publish(story)
    assert client.get(path)["Location"] == "/es/noticias/el-agua-de-todos/"
    story.unpublish()
    assert client.get(path)["Location"] == old
    story.delete()
    assert client.get(path)["Location"] == old
    assert client.get(path, follow=True).status_code in {404, 410}
    assert clicks() == 5


def test_only_what_we_signed_leads_anywhere(site, client):
    sent(site)
    link = link_to("/noticias/agua")
    good = tokens.sign(PURPOSE, str(link.pk))
    bad = [
        good[:-1],
        good + "x",
        tokens.sign("leave", str(link.pk)),
        tokens.sign(PURPOSE, str(link.pk + 1000)),
        "https:%2F%2Fbad.example",
        "ñ",
        "x" * 5000,
    ]
    for token in bad:
        answer = client.get(reverse("follow_link", args=[token]))
        assert answer.status_code == 404, token
    assert clicks() == 0


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://ejemplo.org/" + "x" * 2100,
        "https://[ejemplo.org/",
        "https:///nada",
    ],
    ids=["script", "long", "broken", "nowhere"],
)
def test_what_cannot_be_led_to_is_not_rewritten(site, url):
    button = blocks(("button", {"text": "Aquí", "page": None, "url": url}))
    text, _html = parts(sent(site, body_es=button)[0])
    assert url in text
    assert not MailLink.objects.filter(page=None).exists()


def test_a_count_that_cannot_be_written_costs_nobody_the_way(
    site, client, settings, monkeypatch, caplog
):
    settings.REDIS_URL = ""
    sent(site)
    path = path_of(link_to("/noticias/agua"))

    def broken(*_args, **_kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(QuerySet, "update", broken)
    assert client.get(path)["Location"] == "/es/noticias/agua-es/"
    assert "Clicks were not counted: disk full" in caplog.text


def test_a_click_counts_while_redis_is_away(site, client, settings):
    sent(site)
    settings.REDIS_URL = NOBODY
    assert client.get(path_of(link_to("/noticias/agua"))).status_code == 302
    assert clicks() == 1
    write_clicks()
    assert clicks() == 1


def test_with_redis_clicks_are_written_once_a_minute(site, client, settings):
    if not settings.REDIS_URL:
        pytest.skip("there is no Redis here")
    sent(site)
    link = link_to("/noticias/agua")
    for _number in range(3):
        assert client.get(path_of(link)).status_code == 302
    link.refresh_from_db()
    assert link.clicks == 0
    assert [clicks(), clicks()] == [3, 3]


def test_the_editor_switches_counting_on(admin_client, newsletter):
    page = admin_client.get(reverse("newsletter:edit", args=[newsletter.pk])).text
    assert "nunca quién lo abre" in page
    assert 'name="counts_clicks"' in page
