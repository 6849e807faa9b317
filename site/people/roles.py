"""Which roles there are and what each may do.

A role is a group. A room gives a role its permissions with `grant` in `apps.py`; after
each `migrate` whatever is new is written to the database, once: what an administrator
takes away later stays away.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from people.models import RoleGrant

ADMINISTRATOR = "administrator"
EDITOR = "editor"
NEWSLETTER_SENDER = "newsletter_sender"
OFFICE_KEEPER = "office_keeper"
TRANSLATORS = {code: f"translator_{code}" for code, _ in settings.LANGUAGES}

# A group's name is data and stands in the database in English.
LANGUAGE_NAMES = {"es": "Spanish", "en": "English"}
ROLES: dict[str, str] = {
    ADMINISTRATOR: "Administrators",
    EDITOR: "Editors",
    NEWSLETTER_SENDER: "Newsletter senders",
    OFFICE_KEEPER: "Office keepers",
    **{
        role: f"Translators into {LANGUAGE_NAMES.get(code, code)}"
        for code, role in TRANSLATORS.items()
    },
}
WRITERS = (ADMINISTRATOR, EDITOR)
# What only administrators see to, by app and model.
ADMINISTERED = (
    ("people", "user"),
    ("auth", "group"),
    ("wagtailcore", "site"),
    ("wagtailcore", "workflow"),
    ("wagtailcore", "task"),
    ("wagtailredirects", "redirect"),
)

_grants: set[tuple[str, str]] = set()


def grant(role: str, permission: str) -> None:
    """Give a role a permission, named `app_label.codename`, after the next migrate."""
    _require(role)
    _grants.add((role, permission))


def grant_on_pages(role: str, action: str) -> None:
    """Give a role `add`, `change`, `lock`… on every page."""
    _require(role)
    _grants.add((role, f"page:{action}"))


def grant_on_uploads(role: str, action: str, model: str) -> None:
    """Give a role `add`, `change`, `choose`… on uploads and what they are sorted into.

    `model` is `image`, `document` or `collection`.
    """
    _require(role)
    _grants.add((role, f"collection:{action}_{model}"))


def grant_the_base() -> None:
    """What roles need whatever rooms there are."""
    for role in ROLES:
        grant(role, "wagtailadmin.access_admin")
    for action in ("add", "change", "delete"):
        for app, model in ADMINISTERED:
            grant(ADMINISTRATOR, f"{app}.{action}_{model}")
        grant_on_uploads(ADMINISTRATOR, action, "collection")
    for action in ("add", "change", "publish", "bulk_delete", "lock", "unlock"):
        grant_on_pages(ADMINISTRATOR, action)
    for action in ("add", "change", "lock", "unlock"):
        grant_on_pages(EDITOR, action)
    for role in (*TRANSLATORS.values(), NEWSLETTER_SENDER):
        grant_on_pages(role, "change")
    grant_on_pages(NEWSLETTER_SENDER, "add")


def write_grants() -> None:
    """Make the groups that are missing and give them what they have not had yet."""
    groups = {role: _group(role) for role in ROLES}
    had = set(RoleGrant.objects.values_list("role", "permission"))
    for role, permission in sorted(_grants - had):
        if _give(groups[role], permission):
            RoleGrant.objects.create(role=role, permission=permission)


def granted() -> set[tuple[str, str]]:
    """Every (role, permission) that rooms have asked for."""
    return set(_grants)


def group_of(role: str) -> Group:
    """The group that stands for a role."""
    _require(role)
    return Group.objects.get(name=ROLES[role])


def _require(role: str) -> None:
    if role not in ROLES:
        raise KeyError(f"There is no role {role!r}; there are {', '.join(ROLES)}.")


def _group(role: str) -> Group:
    return Group.objects.get_or_create(name=ROLES[role])[0]


def _give(group: Group, permission: str) -> bool:
    kind, _, name = permission.rpartition(":")
    return _GIVERS[kind](group, name)


def _give_everywhere(group: Group, name: str) -> bool:
    app, _, codename = name.partition(".")
    found = Permission.objects.filter(content_type__app_label=app, codename=codename)
    group.permissions.add(*found)
    return bool(found)


def _give_on_pages(group: Group, action: str) -> bool:
    permission = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename=f"{action}_page"
    ).first()
    root = Page.objects.filter(depth=1).first()
    if not (permission and root):
        return False
    GroupPagePermission.objects.get_or_create(
        group=group, page=root, permission=permission
    )
    return True


def _give_on_uploads(group: Group, codename: str) -> bool:
    # Wagtail asks for the rights on its own models, whichever the site uses.
    apps = ["wagtailimages", "wagtaildocs", "wagtailcore"]
    permission = Permission.objects.filter(
        content_type__app_label__in=apps, codename=codename
    ).first()
    root = Collection.objects.filter(depth=1).first()
    if not (permission and root):
        return False
    GroupCollectionPermission.objects.get_or_create(
        group=group, collection=root, permission=permission
    )
    return True


_GIVERS: dict[str, Callable[[Group, str], bool]] = {
    "": _give_everywhere,
    "page": _give_on_pages,
    "collection": _give_on_uploads,
}
