"""Addresses: made from slugs, in step with the tree, looked up once a request."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models.functions import Length
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Site

from pages.errors import CannotPublishError, PathTakenError
from pages.languages import languages, name_in_words
from pages.models.paths import PagePath

SLUG_LENGTH = 80
DEEPEST = 63  # parts of an address; the tree's own paths hold no more levels
BATCH = 400  # SQLite takes a limited number of values in one query
# First parts of addresses that belong to views, not to pages.
RESERVED = {
    "buscar",
    "cms",
    "documents",
    "feed",
    "healthz",
    "media",
    "readyz",
    "search",
    "static",
    "subscription",
    "suscripcion",
    "u",
}


@dataclass
class Found:
    """What an address led to."""

    page_id: int
    is_current: bool
    used: int  # how many parts of the address name the page
    was_public: bool  # whether readers ever had it there


def new_internal_slug() -> str:
    """A core slug that no reader sees and no rename changes."""
    return "n" + uuid.uuid4().hex[:16]


def reserve(*slugs: str) -> None:
    """Keep these from being used as a page's address right below the site root."""
    RESERVED.update(slugs)


def find(*, site_root_id: int, language: str, parts: list[str]) -> Found | None:
    """The page with the longest address that these parts begin with: one query."""
    known = parts[:DEEPEST]
    prefixes = ["/".join(known[: n + 1]) + "/" for n in range(len(known))]
    if "\0" in "".join(known):  # PostgreSQL refuses to look for it
        return None
    row = (
        PagePath.objects.filter(
            site_root_id=site_root_id, language=language, url_path__in=prefixes
        )
        .order_by(Length("url_path").desc())
        .values_list("page_id", "is_current", "url_path", "was_public")
        .first()
    )
    return row and Found(row[0], row[1], row[2].count("/"), row[3])


def site_root_of(path: str) -> tuple[int, str] | None:
    """The id and tree path of the site root that a tree path lies below."""
    roots = Site.objects.values_list("root_page_id", "root_page__path")
    above = [root for root in roots if path.startswith(root[1])]
    return max(above, key=lambda root: len(root[1]), default=None)


def path_below(parent, slug: str, language: str) -> str | None:
    """The address a slug would have below a parent; None where it has none."""
    above = getattr(parent, f"public_path_{language}", None)
    return None if above is None or not slug else f"{above}{slug}/"


def is_taken(
    *, site_root_id: int, language: str, path: str, page_id: int | None
) -> bool:
    """Whether another page has this address, or had it in public."""
    rows = PagePath.objects.filter(
        site_root_id=site_root_id, language=language, url_path=path
    )
    return rows.exclude(page_id=page_id).exists()


def free_slug(*, parent, headline: str, language: str, page_id: int | None) -> str:
    """A slug made from a headline, numbered where its address is taken."""
    base = slugify(headline)[:SLUG_LENGTH].strip("-") or "n"
    root = site_root_of(parent.path) if parent else None
    slug, number = base, 1
    while _is_refused(parent, root, slug, language, page_id):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _is_refused(parent, root, slug, language, page_id) -> bool:
    if is_reserved(parent, root, slug):
        return True
    path = path_below(parent, slug, language)
    if root is None or path is None:
        return False
    return is_taken(site_root_id=root[0], language=language, path=path, page_id=page_id)


def is_reserved(parent, root, slug: str) -> bool:
    """Whether views own this address below this parent."""
    return _is_of_views(slug, is_top=bool(root and parent.pk == root[0]))


def _is_of_views(slug: str, *, is_top: bool) -> bool:
    return slug == "feed" or (is_top and slug in RESERVED)


def reserved_error(*, language: str) -> PathTakenError:
    """The form error for an address that the site itself uses."""
    message = _("The site itself uses this address. Choose another one.")
    return PathTakenError({f"slug_{language}": message})


def taken_error(*, path: str, language: str) -> PathTakenError:
    """The form error for an address that is not free."""
    message = _(
        "Another page has this address, or had it once: /%(language)s/%(path)s. "
        "Choose another one."
    ) % {"language": language, "path": path}
    return PathTakenError({f"slug_{language}": message})


def no_place_error(*, language: str) -> CannotPublishError:
    """The form error for a page whose parent has no address in a language."""
    message = _("The page above is not there in %(language)s: publish it first.")
    message %= {"language": name_in_words(language)}
    return CannotPublishError({f"headline_{language}": message})


def derive(top, *, whole: bool = False) -> bool:
    """Write the address of a page and, where it changed, of all below it.

    Called inside the transaction that changed a slug or the tree; `whole` looks at
    all below in any case. Says whether any is another one now. Raises
    `PathTakenError` where another page was faster or the site itself uses one.
    """
    root = site_root_of(top.path)
    rows = _rows(top, whole)
    changed = _set_paths(rows, root, _paths_above(top, root))
    if changed and not whole:
        return derive(top, whole=True)
    if whole:
        changed = _with_strays(changed, rows, root, top)
    if changed:
        _write(changed, root)
    _carry_over(top, rows)
    return bool(changed)


def derive_all() -> None:
    """Write the addresses of every page again."""
    with transaction.atomic():
        for page in _model().objects.filter(depth=2):
            derive(page, whole=True)


def _model():
    return PagePath._meta.get_field("page").related_model


def _rows(top, whole: bool) -> list:
    """The page's row, or its whole subtree's, from the top down."""
    fields = ["path", "depth", *_columns("slug"), *_columns("public_path")]
    rows = _model().objects.order_by("path").only(*fields, *_columns("live"))
    found = rows.filter(path__startswith=top.path) if whole else rows.filter(pk=top.pk)
    return list(found)


def _with_strays(changed: list[tuple], rows: list, root, top) -> list[tuple]:
    """Add what the table of addresses holds otherwise than the rows say."""
    current = PagePath.objects.filter(
        page__path__startswith=top.path, is_current=True
    ).values_list("page_id", "language", "site_root_id", "url_path")
    held = {(row[0], row[1]): (row[2], row[3]) for row in current}
    known = {(row.pk, code) for row, code in changed}
    strays = []
    for row in rows:
        for code in languages():
            path = _path((row, code))
            wanted = None if path is None else (root[0], path)
            if held.get((row.pk, code)) != wanted and (row.pk, code) not in known:
                strays.append((row, code))
    return [*changed, *strays]


def _columns(name: str) -> list[str]:
    return [f"{name}_{code}" for code in languages()]


def _paths_above(top, root) -> dict[str, str | None]:
    """The addresses of the page above, by language."""
    if root is None or root[1] == top.path:
        return dict.fromkeys(languages())
    above = _model().objects.filter(path=top.path[: -top.steplen])
    found = above.values(*_columns("public_path")).first() or {}
    return {code: found.get(f"public_path_{code}") for code in languages()}


def _set_paths(rows: Iterable, root, above: dict) -> list[tuple]:
    """Set rows' addresses from its parent's; returns each (row, language) moved."""
    known: dict[str, dict] = {}
    changed = []
    for row in rows:
        parent = known.get(row.path[: -row.steplen], above)
        known[row.path] = mine = {}
        for code in languages():
            mine[code] = path = _path_of(row, code, root, parent.get(code))
            if getattr(row, f"public_path_{code}") != path:
                setattr(row, f"public_path_{code}", path)
                changed.append((row, code))
    return changed


def _path_of(row, code: str, root, above: str | None) -> str | None:
    slug = getattr(row, f"slug_{code}")
    if root is None or not slug:
        return None
    if row.path == root[1]:
        return ""
    return None if above is None else f"{above}{slug}/"


def _write(changed: list[tuple], root) -> None:
    for code in languages():
        _give_up([row.pk for row, language in changed if language == code], code)
    with_path = [pair for pair in changed if _path(pair) is not None]
    if with_path:
        _claim(with_path, root[0])
    rows = list({row.pk: row for row, _code in changed}.values())
    _model().objects.bulk_update(rows, _columns("public_path"), batch_size=200)


def _give_up(ids: list[int], code: str) -> None:
    """Addresses that readers saw go on redirecting; the others are free again."""
    for start in range(0, len(ids), BATCH):
        old = PagePath.objects.filter(
            page_id__in=ids[start : start + BATCH], language=code, is_current=True
        )
        old.filter(was_public=False).delete()
        old.update(is_current=False)


def _path(pair: tuple) -> str | None:
    row, code = pair
    return getattr(row, f"public_path_{code}")


def _claim(pairs: list[tuple], root_id: int) -> None:
    """Take new addresses; one that was this page's before is taken back."""
    wanted = {(code, _path((row, code))): row for row, code in pairs}
    held = _held(root_id, wanted)
    for key, row in wanted.items():
        if key in held and held[key].page_id != row.pk:
            raise taken_error(language=key[0], path=key[1])
        if _is_of_views_path(key[1]):
            raise reserved_error(language=key[0])
    back = [held[key].pk for key in wanted if key in held]
    for start in range(0, len(back), BATCH):
        rows = PagePath.objects.filter(pk__in=back[start : start + BATCH])
        rows.update(is_current=True)
    fresh = [
        PagePath(page_id=row.pk, site_root_id=root_id, language=code, url_path=path)
        for (code, path), row in wanted.items()
        if (code, path) not in held
    ]
    _insert(fresh)
    _mark_public([pair for pair in pairs if getattr(pair[0], f"live_{pair[1]}")])


def _is_of_views_path(path: str) -> bool:
    *above, slug = path.split("/")[:-1] or [""]
    return _is_of_views(slug, is_top=not above)


def _held(root_id: int, wanted: dict) -> dict[tuple[str, str], PagePath]:
    found = {}
    paths = list({path for _code, path in wanted})
    for start in range(0, len(paths), BATCH):
        rows = PagePath.objects.filter(
            site_root_id=root_id, url_path__in=paths[start : start + BATCH]
        )
        found |= {(row.language, row.url_path): row for row in rows}
    return found


def _insert(rows: list[PagePath]) -> None:
    try:
        with transaction.atomic():
            PagePath.objects.bulk_create(rows, batch_size=200)
    except IntegrityError:
        first = rows[0]
        raise taken_error(language=first.language, path=first.url_path) from None


def _mark_public(pairs: list[tuple]) -> None:
    for code in languages():
        ids = [row.pk for row, language in pairs if language == code]
        for start in range(0, len(ids), BATCH):
            PagePath.objects.filter(
                page_id__in=ids[start : start + BATCH], language=code, is_current=True
            ).update(was_public=True)


def mark_public(*, page_id: int, language: str) -> None:
    """Remember that readers have seen a page's present address."""
    PagePath.objects.filter(
        page_id=page_id, language=language, is_current=True, was_public=False
    ).update(was_public=True)


def _carry_over(top, rows: list) -> None:
    """Bring the new addresses to the instance in hand."""
    for row in rows:
        if row.pk == top.pk:
            for name in _columns("public_path"):
                setattr(top, name, getattr(row, name))
