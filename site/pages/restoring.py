"""Bringing a deleted page back, with all that went from below it.

First a plan: where each page goes, in which languages it is live again, and in words
what will not be as it was. Then the plan is carried out in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalKey
from wagtail.log_actions import log
from wagtail.models import AbstractPage, Page, ReferenceIndex, Revision

from pages import comments, content, paths, searching, states
from pages.errors import AlreadyRestoredError, CannotRestoreError
from pages.languages import languages, name_in_words
from pages.models import BilingualPage, DeletedPage, PagePath, ScheduledPublication
from pages.signals import language_published


@dataclass
class Place:
    """Where one page goes: its address and standing in each language."""

    deleted: DeletedPage
    slugs: dict[str, str] = field(default_factory=dict)
    live: list[str] = field(default_factory=list)

    @property
    def drafted(self) -> list[str]:
        """The languages that readers saw and will not see at once."""
        was = self.deleted.live_languages()
        return [code for code in was if code not in self.live]


@dataclass
class Plan:
    """What bringing a page back will do. `losses` says in words what it will not."""

    deleted: DeletedPage
    parent: Page
    places: list[Place] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)


def plan(*, deleted: DeletedPage, parent: Page, user: Any = None) -> Plan:
    """How a page and those below it would come back below `parent`.

    Below another page than before everything comes back as a draft. Raises
    CannotRestoreError where something stands in the way.
    """
    parent = parent.specific
    made = Plan(deleted, parent)
    elsewhere = parent.pk != deleted.parent_id
    _require_room(deleted, parent)
    above: dict[int | None, Any] = {deleted.parent_id: parent}
    root = paths.site_root_of(parent.path)
    for row in deleted.with_those_below():
        place = _place(made, row, above[row.parent_id], root, user, elsewhere)
        made.places.append(place)
        above[row.page_id] = _as_parent(place, above[row.parent_id], parent, root)
        made.losses += [*_lost_choices(row), *_lost_rows(row), *_lost_links(row)]
    if elsewhere:
        made.losses.insert(0, _("It comes back as a draft, because its place is new."))
    return made


@transaction.atomic
def restore(*, deleted: DeletedPage, parent: Page, user: Any = None) -> BilingualPage:
    """Bring a page and those below it back; returns the page.

    Raises AlreadyRestoredError the second time, and CannotRestoreError or another
    form error, changing nothing, where something stands in the way.
    """
    row = DeletedPage.objects.select_for_update().get(pk=deleted.pk)
    if row.restored_at:
        raise AlreadyRestoredError(row.title)
    made = plan(deleted=row, parent=parent, user=user)
    try:
        for place in made.places:
            _bring_back(place, made, user)
    except IntegrityError as error:
        raise CannotRestoreError(_("Something else has its place now.")) from error
    ids = [place.deleted.pk for place in made.places]
    DeletedPage.objects.filter(pk__in=ids).update(
        restored_at=timezone.now(), restored_by=user
    )
    _index_links(made)
    return BilingualPage.objects.get(pk=row.page_id).specific


# --- Planning


def _require_room(deleted: DeletedPage, parent: Page) -> None:
    model = deleted.content_type.model_class()
    if model is None:
        raise CannotRestoreError(_("The site no longer has pages of this kind."))
    if not model.can_create_at(parent):
        raise CannotRestoreError(
            _("There is another “%(kind)s” there now, and only one may be.")
            % {"kind": deleted.kind}
        )
    for row in deleted.with_those_below():
        for column, gone in _gone(row):
            if gone and not column.many_to_many and not column.null:
                text = _("Its %(field)s no longer exists, and it cannot be without.")
                raise CannotRestoreError(text % {"field": column.verbose_name})


def _place(
    made: Plan, row: DeletedPage, above: Any, root: Any, user: Any, elsewhere: bool
) -> Place:
    place = Place(row)
    for code in languages():
        slug = row.content.get(f"slug_{code}") or ""
        loss = _loss_of_address(row, above, root, slug, code)
        if loss:
            slug = paths.free_slug(
                parent=above, headline=slug, language=code, page_id=row.page_id
            )
        elif row.was_live_in(code):
            loss = _loss_of_readers(row, above, root, slug, code, user)
        place.slugs[code] = slug
        if row.was_live_in(code) and not loss and not elsewhere:
            place.live.append(code)
        if loss:
            made.losses.append(loss)
    return place


def _loss_of_address(
    row: DeletedPage, above: Any, root: Any, slug: str, code: str
) -> str:
    path = paths.path_below(above, slug, code)
    if root is None or path is None:
        return ""
    holder = PagePath.objects.filter(
        site_root_id=root[0], language=code, url_path=path
    ).exclude(page_id=row.page_id)
    held = holder.select_related("page").first()
    if held is None or not (held.is_current or held.was_public):
        return ""
    text = _(
        "“%(title)s”: its address %(address)s now belongs to “%(other)s”. "
        "In %(language)s it comes back as a draft with another address."
    )
    names = {"address": f"/{code}/{path}", "language": name_in_words(code)}
    other = held.page.get_admin_display_title()
    return text % {**names, "title": row.title, "other": other}


def _loss_of_readers(
    row: DeletedPage, above: Any, root: Any, slug: str, code: str, user: Any
) -> str:
    names = {"title": row.title, "language": name_in_words(code)}
    is_below_root = root is not None
    if is_below_root and slug and paths.path_below(above, slug, code) is None:
        text = _(
            "“%(title)s”: the page above is not there in %(language)s, "
            "so it comes back as a draft in it."
        )
        return text % names
    if user is not None and not user.has_perm(f"pages.publish_{code}"):
        text = _(
            "“%(title)s”: you may not publish in %(language)s, "
            "so it comes back as a draft in it."
        )
        return text % names
    return ""


def _as_parent(place: Place, above: Any, parent: Page, root: Any) -> SimpleNamespace:
    """What those below will ask of a page that is not there yet."""
    found = {
        f"public_path_{code}": paths.path_below(above, slug, code)
        for code, slug in place.slugs.items()
    }
    return SimpleNamespace(pk=place.deleted.page_id, path=parent.path, **found)


def _gone(row: DeletedPage) -> Iterator[tuple[Any, list]]:
    """(field, ids) of what a page chose and that no longer exists."""
    model = row.content_type.model_class()
    for column in model._meta.get_fields():
        name = column.name
        is_choice = (column.many_to_one or column.many_to_many) and column.concrete
        if not is_choice or name in content.NOT_CONTENT or name not in row.content:
            continue
        value = row.content[name]
        chosen = value if column.many_to_many else [value] if value else []
        there = column.related_model._base_manager.filter(pk__in=chosen)
        kept = set(there.values_list("pk", flat=True))
        yield column, [pk for pk in chosen if pk not in kept]


def _lost_choices(row: DeletedPage) -> list[str]:
    text = _("“%(title)s”: what was chosen under “%(field)s” no longer exists.")
    return [
        text % {"title": row.title, "field": column.verbose_name}
        for column, gone in _gone(row)
        if gone
    ]


def _lost_rows(row: DeletedPage) -> list[str]:
    """Plans whose moment has passed, and rows whose other side is gone."""
    lost = []
    for entry in row.rows:
        model = apps.get_model(entry["model"])
        is_inline = any(isinstance(f, ParentalKey) for f in model._meta.local_fields)
        if _is_overdue(entry):
            lost.append(_("“%(title)s”: a plan to publish it or take it down."))
        elif not is_inline and _usable_fields(entry, row.page_id) is None:
            lost.append(_("“%(title)s”: %(kind)s, because the other side is gone."))
        else:
            continue
        lost[-1] %= {"title": row.title, "kind": model._meta.verbose_name}
    return list(dict.fromkeys(lost))


def _lost_links(row: DeletedPage) -> list[str]:
    """What referred to the page and does not, or may not, any more."""
    lost = []
    for link in row.links:
        source = _source(link)
        if source is None:
            if not DeletedPage.objects.filter(
                batch=row.batch, page_id=link["id"]
            ).exists():
                text = _("“%(source)s”, which referred to it, no longer exists.")
                lost.append(text % {"source": link["title"]})
            continue
        saved_at = getattr(source, "latest_revision_created_at", None)
        if saved_at and saved_at > row.deleted_at:
            text = _(
                "“%(source)s” was changed since: check that it still refers to "
                "“%(title)s”."
            )
            lost.append(text % {"source": link["title"], "title": row.title})
    return lost


def _source(link: dict[str, Any]) -> models.Model | None:
    try:
        model = apps.get_model(link["model"])
    except LookupError:
        return None
    return model._base_manager.filter(pk=link["id"]).first()


# --- Carrying it out


def _bring_back(place: Place, made: Plan, user: Any) -> None:
    row = place.deleted
    is_top = row.page_id == made.deleted.page_id
    above = made.parent.pk if is_top else row.parent_id
    page = _insert(place, above)
    _bring_versions(place, page)
    comments.bring_back(row.content)
    for entry in row.rows:
        _bring_row(entry, row.page_id)
    for entry in row.pointers:
        _point_back(entry, row.page_id)
    paths.derive(page)
    _bring_addresses(row)
    page = BilingualPage.objects.get(pk=row.page_id).specific
    for code in place.live:
        searching.remember(page=page, language=code)
    states.refresh_state(page_id=page.pk)
    log(instance=page, action="pages.restore", user=user)
    for code in place.live:
        language_published.send(
            sender=type(page), page=page, language=code, first=False
        )


def _insert(place: Place, parent_id: int) -> BilingualPage:
    """The row as it was, under its own id, as the last below its parent.

    Wagtail's own save takes a page that has an id for one that is in the database.
    """
    page = _page_of(place)
    parent = Page.objects.select_for_update().get(pk=parent_id)
    last = parent.get_last_child()
    page.depth = parent.depth + 1
    page.path = last._inc_path() if last else Page._get_path(parent.path, page.depth, 1)
    page.set_url_path(parent)
    page.validate_unique()
    super(AbstractPage, page).save()
    Page.objects.filter(pk=parent_id).update(numchild=F("numchild") + 1)
    return page


def _page_of(place: Place) -> BilingualPage:
    row = place.deleted
    model = row.content_type.model_class()
    data = content.loadable(row.content, model())
    for code in place.drafted:
        data = content.blanked(data, model(), code)
    # Revisions are made anew; a column cleared here is written by `derive`.
    data |= {"latest_revision": None, "live_revision": None}
    data |= {f"public_path_{code}": None for code in languages()}
    data |= {f"slug_{code}": slug for code, slug in place.slugs.items()}
    data |= {f"live_{code}": code in place.live for code in languages()}
    data["live"] = bool(place.live)
    for column, gone in _gone(row):
        if gone and not column.many_to_many:
            data[column.name] = None
    page = model.from_serializable_data(data)
    page._state.adding = True
    page.numchild = 0
    return page


def _bring_versions(place: Place, page: BilingualPage) -> None:
    versions = place.deleted.versions
    if place.drafted and not versions:
        now = timezone.now().isoformat()
        content_then = place.deleted.content
        versions = [
            {"content": content_then, "user": None, "at": now, "is_live": False}
        ]
    values: dict[str, Any] = {}
    for version in versions:
        made = _make_revision(page, version, place)
        values["latest_revision"] = made
        values["latest_revision_created_at"] = made.created_at
        if version["is_live"] and place.live:
            values["live_revision"] = made
    if place.drafted:
        values["has_unpublished_changes"] = True
    if values:
        Page.objects.filter(pk=page.pk).update(**values)


def _make_revision(
    page: BilingualPage, version: dict[str, Any], place: Place
) -> Revision:
    """The version under today's addresses, where those of the page had to change."""
    new = {
        f"slug_{code}": slug
        for code, slug in place.slugs.items()
        if slug != place.deleted.content.get(f"slug_{code}")
    }
    author = get_user_model().objects.filter(pk=version["user"])
    at = version["at"]
    return Revision.objects.create(
        content_object=page,
        base_content_type=page.get_base_content_type(),
        user=author.first(),
        created_at=parse_datetime(at) if isinstance(at, str) else at,
        content={**version["content"], **new},
        object_str=str(page),
    )


def _is_overdue(entry: dict[str, Any]) -> bool:
    """Whether it is a plan whose moment came while the page was away."""
    if entry["model"] != ScheduledPublication._meta.label_lower:
        return False
    at = parse_datetime(str(entry["fields"]["at"]))
    return not entry["fields"]["done_at"] and bool(at) and at <= timezone.now()


def _usable_fields(entry: dict[str, Any], page_id: int) -> dict[str, Any] | None:
    """A row's fields without what is gone; None where it cannot be without."""
    model = apps.get_model(entry["model"])
    fields = dict(entry["fields"])
    for column in [*model._meta.local_fields, *model._meta.local_many_to_many]:
        value = fields.get(column.name)
        if not column.remote_field or value is None:
            continue
        others = column.related_model._base_manager
        if column.many_to_many:
            there = others.filter(pk__in=value).values_list("pk", flat=True)
            fields[column.name] = list(there)
        elif value != page_id and not others.filter(pk=value).exists():
            if not column.null:
                return None
            fields[column.name] = None
    return fields


def _bring_row(entry: dict[str, Any], page_id: int) -> None:
    model = apps.get_model(entry["model"])
    if _is_overdue(entry) or model._base_manager.filter(pk=entry["pk"]).exists():
        return
    fields = _usable_fields(entry, page_id)
    if fields is None:
        return
    try:
        with transaction.atomic():
            data = [{**entry, "fields": fields}]
            for row in serializers.deserialize("python", data, ignorenonexistent=True):
                row.save()
    except (IntegrityError, DeserializationError):
        return  # something else has its place now


def _point_back(entry: dict[str, Any], page_id: int) -> None:
    model, name = apps.get_model(entry["model"]), entry["field"]
    free = model._base_manager.filter(**{"pk": entry["pk"], name: None})
    free.update(**{name: page_id})


def _bring_addresses(row: DeletedPage) -> None:
    """Old addresses redirect again, unless another page has them now."""
    for old in row.paths:
        key = {name: old[name] for name in ("site_root_id", "language", "url_path")}
        mine = PagePath.objects.filter(page_id=row.page_id, **key)
        if old["was_public"] and mine.exists():
            mine.update(was_public=True)
        elif old["was_public"] and _is_free(key):
            PagePath.objects.create(
                page_id=row.page_id, is_current=False, was_public=True, **key
            )


def _is_free(key: dict[str, Any]) -> bool:
    has_root = Page.objects.filter(pk=key["site_root_id"]).exists()
    return has_root and not PagePath.objects.filter(**key).exists()


def _index_links(made: Plan) -> None:
    """Note again who refers to the pages: deleting them removed that too."""
    for place in made.places:
        for link in place.deleted.links:
            source = _source(link)
            if source is not None:
                whole = source.specific if isinstance(source, Page) else source
                ReferenceIndex.create_or_update_for_object(whole)


def parents_for(deleted: DeletedPage, user: Any) -> list[Page]:
    """Pages below which a deleted page could stand, of those a person may add to."""
    model = deleted.content_type.model_class()
    found = []
    for kind in model.allowed_parent_page_models() if model else []:
        for page in kind.objects.order_by("path"):
            may = page.permissions_for_user(user).can_add_subpage()
            if may and model.can_create_at(page):
                found.append(page)
    return found
