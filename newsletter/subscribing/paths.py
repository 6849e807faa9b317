"""The addresses of subscribing, spelled per language in one table.

Another language is another entry here; no view or template names a path itself.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

WORDS = {
    "es": {
        "subscription": "suscripcion",
        "join": "alta",
        "sent": "alta/revise-su-correo",
        "embed": "alta/formulario",
        "confirm": "confirmar",
        "preferences": "preferencias",
        "leave": "baja",
        "pause": "pausa",
        "data": "mis-datos",
        "own-data": "todo-sobre-mi",
        "address": "direccion",
        "new-address": "direccion-nueva",
        "former-address": "direccion-anterior",
        "ask": "mis-preferencias",
        "mailed": "mis-preferencias/revise-su-correo",
    },
    "en": {
        "subscription": "subscription",
        "join": "join",
        "sent": "join/check-your-inbox",
        "embed": "join/form",
        "confirm": "confirm",
        "preferences": "preferences",
        "leave": "leave",
        "pause": "pause",
        "data": "my-data",
        "own-data": "all-about-me",
        "address": "address",
        "new-address": "new-address",
        "former-address": "former-address",
        "ask": "my-preferences",
        "mailed": "my-preferences/check-your-inbox",
    },
}


def path_to(step: str, language: str, token: str = "") -> str:
    """The path of one step in one language, for links on the site."""
    if token:
        return _with_token(f"{step}-{language}", token)
    return reverse(f"subscribing:{step}-{language}")


def url_to(step: str, language: str, token: str = "") -> str:
    """The same with the site's own address, for mails."""
    return settings.SITE_URL + path_to(step, language, token)


def one_click_url(token: str) -> str:
    """Where a mail program posts to unsubscribe a reader at once (RFC 8058)."""
    return settings.SITE_URL + _with_token("one-click", token)


def _with_token(name: str, token: str) -> str:
    # `{token}` stands for a token still to come, so it must not be escaped.
    return reverse(f"subscribing:{name}", args=("TOKEN",)).replace("TOKEN", token)
