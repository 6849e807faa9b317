"""Keeping what is deleted: a page, what described it and what pointed to it.

Asked of Django's own relations, so that no room has to sign on. Called before
anything is gone, by whatever way a page is deleted.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.signals import pre_delete
from django.utils import timezone
from modelcluster.fields import ParentalKey
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from pages.models import BilingualPage, DeletedPage, PagePath
from pages.models.deleted import KEPT_FOR
from pages.words import without_base_fields

Row = dict[str, Any]


class _ExactEncoder(DjangoJSONEncoder):
    """Django's rounds moments to milliseconds; dates come back as they were."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


# Addresses are kept apart; search rows are made again from the words.
# What is derived, here and in the rooms above.
NOT_KEPT = {
    "front.sharepicture", "news.listed", "pages.pagepath", "pages.searchentry",
}  # fmt: skip


def connect() -> None:
    """Keep every page that is about to be deleted.

    Connected before Wagtail's own receiver, which takes the page down first.
    """
    pre_delete.connect(keep_before_delete, sender=Page, dispatch_uid="pages.trash")


def keep_before_delete(instance: Page, origin: Any = None, **kwargs: Any) -> None:
    """Pages of one deletion share a batch; Django hands each the same `origin`."""
    batch = getattr(origin, "trash_batch", None) or uuid.uuid4()
    if origin is not None:
        origin.trash_batch = batch
    page = BilingualPage.objects.filter(pk=instance.pk).first()
    if page is not None and page.specific_class is not None:
        keep(page=page.specific, batch=batch)


def keep(*, page: BilingualPage, batch: uuid.UUID) -> DeletedPage:
    """Write down what is needed to bring a page back."""
    parent = page.get_parent()
    gone = list(_rows_gone_with(page, set()))
    return DeletedPage.objects.create(
        page_id=page.pk,
        content_type_id=page.content_type_id,
        title=page.get_admin_display_title(),
        parent_id=parent and parent.pk,
        parent_title=parent.get_admin_display_title() if parent else "",
        tree_path=page.path,
        batch=batch,
        content=_plain(page.serializable_data()),
        versions=_plain(_versions(page)),
        paths=list(
            PagePath.objects.filter(page_id=page.pk).values(
                "site_root_id", "language", "url_path", "is_current", "was_public"
            )
        ),
        rows=_plain(gone),
        pointers=list(_pointers_to(page)),
        links=_links_to(page, {(row["model"], str(row["pk"])) for row in gone}),
        deleted_by=_who_deletes(page.pk),
    )


def forget_old() -> int:
    """Drop what has been kept long enough; returns how many pages."""
    old = DeletedPage.objects.filter(deleted_at__lte=timezone.now() - KEPT_FOR)
    return old.delete()[0]


def forget(*, page_id: int) -> None:
    """Drop what was kept of a page: its deletion cannot be undone."""
    DeletedPage.objects.filter(page_id=page_id, restored_at=None).delete()


def _plain(data: Any) -> Any:
    return json.loads(json.dumps(data, cls=_ExactEncoder))


def _versions(page: BilingualPage) -> list[Row]:
    wanted = {page.live_revision_id, page.latest_revision_id} - {None}
    rows = Revision.objects.filter(pk__in=wanted).order_by("created_at", "pk")
    return [
        {
            "content": row.content,
            "user": row.user_id,
            "at": row.created_at,
            "is_live": row.pk == page.live_revision_id,
        }
        for row in rows
    ]


def _rows_gone_with(obj: models.Model, seen: set) -> Iterator[Row]:
    """Rows that go with a row, each before those that go with it in turn."""
    own = {field.remote_field.through for field in obj._meta.many_to_many}
    for relation in _relations_to(obj, models.CASCADE):
        model = relation.related_model
        skipped = model in own or model._meta.label_lower in NOT_KEPT
        if skipped or issubclass(model, Page):
            continue
        for row in model._base_manager.filter(**{relation.field.name: obj.pk}):
            key = (model._meta.label_lower, row.pk)
            if key not in seen:
                seen.add(key)
                yield _as_data(row)
                yield from _rows_gone_with(row, seen)


def _pointers_to(page: BilingualPage) -> Iterator[Row]:
    """Rows that stay and only let go of the page."""
    for relation in _relations_to(page, models.SET_NULL):
        model, name = relation.related_model, relation.field.name
        rows = model._base_manager.filter(**{name: page.pk})
        for pk in rows.values_list("pk", flat=True):
            yield {"model": model._meta.label_lower, "pk": pk, "field": name}


def _relations_to(obj: models.Model, on_delete: Any) -> Iterator[Any]:
    """Foreign keys that point to a row; those of inline rows are its content."""
    for relation in obj._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and not relation.concrete
        if not points_here or getattr(relation, "on_delete", None) is not on_delete:
            continue
        is_content = isinstance(relation.field, ParentalKey)
        if not is_content and not getattr(relation, "parent_link", False):
            yield relation


def _as_data(row: models.Model) -> Row:
    data = serializers.serialize("python", [row])[0]
    return {**data, "fields": without_base_fields(data["fields"], type(row))}


def _links_to(page: BilingualPage, gone: set) -> list[Row]:
    """What refers to a page and stays, from Wagtail's index of references."""
    references = ReferenceIndex.get_references_to(page)
    sources = references.values_list("base_content_type", "object_id").distinct()
    found = []
    for kind, pk in sources.order_by("base_content_type", "object_id"):
        model = ContentType.objects.get_for_id(kind).model_class()
        label = model._meta.label_lower
        if label in NOT_KEPT or (label, pk) in gone:
            continue
        source = model._base_manager.filter(pk=pk).first()
        if source is not None and not (model is Page and source.pk == page.pk):
            found.append({"model": label, "id": pk, "title": str(source)})
    return found


def _who_deletes(page_id: int) -> Any:
    """The person at the admin, else who Wagtail has just logged as deleting it."""
    if user := get_active_log_context().user:
        return user
    entries = PageLogEntry.objects.filter(page_id=page_id).order_by("-timestamp", "-pk")
    entry = entries.select_related("user").first()
    return entry.user if entry and entry.action == "wagtail.delete" else None
