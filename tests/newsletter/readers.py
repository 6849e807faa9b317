"""Readers for tests: a browser's sign-up, a subscribed reader, links in mails."""

from __future__ import annotations

import re

from django.utils import timezone

from newsletter.models import Newsletter, Subscriber, Subscription
from newsletter.subscribing import links
from newsletter.subscribing.paths import path_to

OTHER = {"es": "en", "en": "es"}
PATHS = {
    "es": {
        "join": "/es/suscripcion/alta/",
        "sent": "/es/suscripcion/alta/revise-su-correo/",
        "confirm": "/es/suscripcion/confirmar/",
        "preferences": "/es/suscripcion/preferencias/",
        "leave": "/es/suscripcion/baja/",
        "pause": "/es/suscripcion/pausa/",
        "data": "/es/suscripcion/mis-datos/",
        "own-data": "/es/suscripcion/todo-sobre-mi/",
        "address": "/es/suscripcion/direccion/",
        "new-address": "/es/suscripcion/direccion-nueva/",
        "former-address": "/es/suscripcion/direccion-anterior/",
    },
    "en": {
        "join": "/en/subscription/join/",
        "sent": "/en/subscription/join/check-your-inbox/",
        "confirm": "/en/subscription/confirm/",
        "preferences": "/en/subscription/preferences/",
        "leave": "/en/subscription/leave/",
        "pause": "/en/subscription/pause/",
        "data": "/en/subscription/my-data/",
        "own-data": "/en/subscription/all-about-me/",
        "address": "/en/subscription/address/",
        "new-address": "/en/subscription/new-address/",
        "former-address": "/en/subscription/former-address/",
    },
}
PURPOSES = {
    "confirm": links.CONFIRM,
    "preferences": links.PREFERENCES,
    "leave": links.LEAVE,
    "pause": links.PREFERENCES,
    "data": links.PREFERENCES,
    "own-data": links.OWN_DATA,
    "address": links.PREFERENCES,
}
SAME_SITE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


def sign_up(browser, lang, *, referer="", headers=None, **fields):
    """Post the sign-up form as a browser on our own page would."""
    sent = {"language": lang, "newsletter": _newsletter_pk(), **fields}
    known = {
        **SAME_SITE,
        "referer": f"http://testserver{referer or PATHS[lang]['join']}",
    }
    return browser.post(PATHS[lang]["join"], sent, headers={**known, **(headers or {})})


def _newsletter_pk():
    return Newsletter.objects.active().values_list("pk", flat=True).first()


def active_reader(newsletter, lang, address="ana@lector.example.org"):
    """A confirmed subscription of a reader who speaks `lang`."""
    subscriber, _new = Subscriber.objects.get_or_create(
        address=address, defaults={"language": lang}
    )
    return Subscription.objects.create(
        subscriber=subscriber,
        newsletter=newsletter,
        state="active",
        confirmed_at=timezone.now(),
    )


def own_path(subscription, step):
    """The path of a personal page, token included."""
    token = links.token_for(PURPOSES[step], subscription)
    return path_to(step, subscription.subscriber.language, token)


def one_click_path(subscription):
    """Where a mail program posts to."""
    return f"/u/{links.token_for(links.LEAVE, subscription)}/"


def link_in(mail, start):
    """The path in the mail's text that begins with `start`."""
    return re.search(rf"http://testserver({re.escape(start)}\S+)", mail.body)[1]


def open_path(response, start):
    """The path on a page that begins with `start`."""
    return re.search(rf'"({re.escape(start)}[^"]+)"', response.content.decode())[1]
