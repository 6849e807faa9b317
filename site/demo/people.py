"""People to log in as while trying the site out, with passwords of this folder only."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.users.models import UserProfile

from demo.errors import ProductionError
from people import roles

FILE = "demo-logins.json"
DOMAIN = "milpayu.example"  # reserved by RFC 2606: nobody real has an address there
WORDS = [  # plain letters only: they are typed on any keyboard
    "acequia", "aguacate", "alfalfa", "andino", "arado", "balsa", "cacao",
    "canasta", "cebada", "cedro", "chacra", "cosecha", "duna", "faena", "granero",
    "higuera", "huerta", "laguna", "lana", "lluvia", "mango", "milpa", "molino",
    "nogal", "oveja", "palma", "poncho", "quinua", "rebozo", "retama", "semilla",
    "surco", "telar", "trigo", "vega", "viento", "yunta", "zapallo",
]  # fmt: skip


@dataclass(frozen=True)
class Login:
    """How to get in as someone, and what for."""

    username: str
    password: str
    does: str


@dataclass(frozen=True)
class Person:
    """Someone of the fictional newsroom."""

    username: str
    first_name: str
    last_name: str
    language: str
    does: str
    roles: tuple[str, ...]


PEOPLE = (
    Person("elvira", "Elvira", "Montoya", "es", "administrator",
           (roles.ADMINISTRATOR, roles.NEWSLETTER_SENDER)),
    Person("editora", "Lucía", "Ormachea", "es", "editor, sends the newsletter",
           (roles.EDITOR, roles.NEWSLETTER_SENDER)),
    Person("editor", "Daniel", "Whitcombe", "en", "editor, admin in English",
           (roles.EDITOR,)),
    Person("traductora", "Noelia", "Urrutia", "es", "translator into Spanish",
           (roles.TRANSLATORS["es"],)),
    Person("translator", "Itzel", "Bautista", "en", "translator into English",
           (roles.TRANSLATORS["en"],)),
    Person("boletin", "Julián", "Caicedo", "es", "newsletter sender",
           (roles.NEWSLETTER_SENDER,)),
    Person("oficinas", "Ximena", "Farías", "es", "office keeper",
           (roles.OFFICE_KEEPER,)),
)  # fmt: skip


def ensure_demo_users(data_dir: Path) -> list[Login]:
    """Make whoever is missing and return all logins; passwords stay as they were.

    Passwords are random per data folder and kept in `demo-logins.json`, readable by
    its owner only. Raises `ProductionError` on a real site.
    """
    _refuse_production()
    known = {login.username: login for login in read_logins(data_dir)}
    with transaction.atomic():
        logins = [_ensure(person, known.get(person.username)) for person in PEOPLE]
    _write(data_dir / FILE, logins)
    return logins


def read_logins(data_dir: Path) -> list[Login]:
    """The logins of this data folder; none before the demo was loaded."""
    _refuse_production()
    path = data_dir / FILE
    if not path.exists():
        return []
    return [Login(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def is_demo_person(user: Any) -> bool:
    """Whether this account came with the demo and was not given to a real person."""
    return user.email.lower().endswith(f"@{DOMAIN}")


def _refuse_production() -> None:
    if settings.PRODUCTION:
        raise ProductionError("Demo logins are refused in production.")


def _ensure(person: Person, known: Login | None) -> Login:
    model = get_user_model()
    user = model.objects.filter(username=person.username).first()
    if user and known:
        return known
    login = known or Login(person.username, _new_password(), person.does)
    user = user or model(username=person.username)
    user.first_name, user.last_name = person.first_name, person.last_name
    user.email = f"{person.username}@{DOMAIN}"
    user.set_password(login.password)
    user.save()
    user.groups.set(map(roles.group_of, person.roles))
    UserProfile.objects.update_or_create(
        user=user, defaults={"preferred_language": person.language}
    )
    return login


def _new_password() -> str:
    """Four words and a number: about 30 bits, and easy to type from a screen."""
    words = [secrets.choice(WORDS) for _ in range(4)]
    return "-".join([*words, str(secrets.randbelow(900) + 100)])


def _write(path: Path, logins: list[Login]) -> None:
    """Write the file so that at no moment anyone else can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(login) for login in logins], indent=2, ensure_ascii=False)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    fresh.replace(path)
