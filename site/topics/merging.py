"""Making two projects, or two countries, one: everything of the first goes over.

Rooms that point to terms register a mover: this room does not know who they are. What
nobody moves keeps the term in use, and then nothing is merged at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.log_actions import log
from wagtail.models import Page, ReferenceIndex, Revision

from pages import trash
from pages.actions import wait_for_others
from pages.languages import languages, name_in_words
from pages.models import DeletedPage, PagePath, ScheduledPublication
from topics.errors import CannotMergeError
from topics.models import TermPage
from topics.uses import uses

MAY_MERGE = "topics.delete_termpage"


@dataclass(frozen=True)
class Mover:
    """Moves one kind of thing from a term to another, by the model's own relations.

    `words(number)` names so many of them. Follows many-to-many and foreign keys, in
    rows, in every stored version of them, in plans and in the trash.
    """

    model: type[models.Model]
    words: Callable[[int], str]

    def count(self, term: TermPage) -> int:
        """How many of them point to a term, live or only as a draft."""
        found: set[Any] = set()
        for column in self._columns(term):
            rows = self.model._default_manager.filter(**{column.name: term.pk})
            found |= set(rows.values_list("pk", flat=True))
            for revision in self._latest(column, term):
                if _holds(revision.content, column, term.pk):
                    found.add(self.model._meta.pk.to_python(revision.object_id))
        return len(found)

    def move(self, merged: TermPage, kept: TermPage) -> None:
        """Point them all to the kept term; who has both keeps one."""
        for column in self._columns(merged):
            if column.many_to_many:
                _move_pairs(column, merged.pk, kept.pk)
            else:
                rows = self.model._default_manager.filter(**{column.name: merged.pk})
                rows.update(**{column.name: kept.pk})
            self._move_versions(column, merged.pk, kept.pk)

    def _columns(self, term: TermPage) -> Iterator[Any]:
        for column in self.model._meta.get_fields():
            is_pointer = column.many_to_many or column.many_to_one
            if is_pointer and column.concrete and column.related_model is type(term):
                yield column

    def _revisions(self, column: Any, pk: int) -> Any:
        """Stored versions that may name a term; the database cannot be exact."""
        return Revision.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model),
            **{f"content__{column.name}__icontains": str(pk)},
        )

    def _latest(self, column: Any, term: TermPage) -> Any:
        if not hasattr(self.model, "latest_revision"):
            return []
        latest = self.model._default_manager.values("latest_revision")
        return self._revisions(column, term.pk).filter(pk__in=latest)

    def _move_versions(self, column: Any, old: int, new: int) -> None:
        if hasattr(self.model, "latest_revision"):
            for revision in self._revisions(column, old).iterator():
                if _swap(revision.content, column, old, new):
                    Revision.objects.filter(pk=revision.pk).update(
                        content=revision.content
                    )
        if issubclass(self.model, Page):
            self._move_plans(column, old, new)
            self._move_trash(column, old, new)

    def _move_plans(self, column: Any, old: int, new: int) -> None:
        kind = ContentType.objects.get_for_model(self.model)
        for due in ScheduledPublication.objects.filter(
            page__content_type=kind, done_at=None
        ):
            if _swap_all([due.content, due.base], column, old, new):
                due.save(update_fields=["content", "base"])

    def _move_trash(self, column: Any, old: int, new: int) -> None:
        kind = ContentType.objects.get_for_model(self.model)
        for row in DeletedPage.objects.waiting().filter(content_type=kind):
            versions = [row.content, *(version["content"] for version in row.versions)]
            if _swap_all(versions, column, old, new):
                row.save(update_fields=["content", "versions"])


_movers: dict[type[models.Model], Mover] = {}


def register_mover(mover: Mover) -> None:
    """Have things of a higher room go over when two terms become one."""
    _movers[mover.model] = mover


@dataclass
class MergePlan:
    """What a merge will move, in words, and what it will not."""

    merged: TermPage
    kept: TermPage
    moves: list[str] = field(default_factory=list)
    addresses: list[tuple[str, str]] = field(default_factory=list)
    # Languages, in words, whose readers will find nothing at the old addresses.
    unread: list[str] = field(default_factory=list)
    # Pages that link to the merged term in their text.
    linking: list[Page] = field(default_factory=list)


def plan_merge(*, merged: TermPage, kept: TermPage) -> MergePlan:
    """What merging would do; changes nothing. Raises CannotMergeError."""
    _require_alike(merged, kept)
    plan = MergePlan(merged, kept)
    counts = ((mover, mover.count(merged)) for mover in _movers.values())
    plan.moves = [mover.words(number) for mover, number in counts if number]
    for row in merged.paths.filter(was_public=True).order_by("language", "url_path"):
        target = getattr(kept, f"public_path_{row.language}")
        there = f"/{row.language}/{target}" if target is not None else ""
        plan.addresses.append((str(row), there))
    plan.unread = [
        name_in_words(code)
        for code in languages()
        if merged.is_live_in(code) and not kept.is_live_in(code)
    ]
    plan.linking = _pages_linking_to(merged)
    return plan


@transaction.atomic
def merge_terms(*, merged: TermPage, kept: TermPage, user: Any = None) -> None:
    """Give everything of one term to another of its kind, and delete it.

    Its public addresses redirect to the kept term. Cannot be undone. Raises
    CannotMergeError, changing nothing.
    """
    _require_alike(merged, kept)
    wait_for_others()
    merged_id = merged.pk
    held = Page.objects.select_for_update().filter(pk__in=[merged_id, kept.pk])
    if len(held) < 2:
        raise CannotMergeError(_("One of the two no longer exists."))
    for mover in _movers.values():
        mover.move(merged, kept)
    left = uses(merged)
    if left:
        text = _("“%(term)s” is still used (%(uses)s): nothing was merged.")
        raise CannotMergeError(text % {"term": merged, "uses": ", ".join(left)})
    _move_addresses(merged, kept)
    log(
        instance=kept,
        action="topics.merge",
        user=user,
        data={"merged": merged.get_admin_display_title()},
    )
    DeletePageAction(merged, user=user).execute(skip_permission_checks=True)
    trash.forget(page_id=merged_id)


def _require_alike(merged: TermPage, kept: TermPage) -> None:
    if type(merged) is not type(kept) or merged.pk == kept.pk:
        raise CannotMergeError(_("Choose another one of the same kind."))


def _move_addresses(merged: TermPage, kept: TermPage) -> None:
    """Addresses that readers saw redirect to the kept term in their language."""
    rows = PagePath.objects.filter(page_id=merged.pk)
    rows.filter(was_public=False).delete()
    rows.update(page_id=kept.pk, is_current=False)


def _move_pairs(column: Any, old: int, new: int) -> None:
    through = column.remote_field.through
    owner, target = column.m2m_field_name(), column.m2m_reverse_field_name()
    pairs = through._base_manager.filter(**{target: old})
    have_both = through._base_manager.filter(**{target: new}).values(owner)
    pairs.filter(**{f"{owner}__in": have_both}).delete()
    pairs.update(**{target: new})


def _holds(data: dict[str, Any], column: Any, pk: int) -> bool:
    value = data.get(column.name)
    return pk in value if isinstance(value, list) else value == pk


def _swap_all(versions: list[dict[str, Any]], column: Any, old: int, new: int) -> bool:
    found = [_swap(data, column, old, new) for data in versions]
    return any(found)


def _swap(data: dict[str, Any], column: Any, old: int, new: int) -> bool:
    """Put a term in the place of another in a stored version; whether it was there."""
    if not _holds(data, column, old):
        return False
    value = data[column.name]
    if isinstance(value, list):
        swapped = [new if pk == old else pk for pk in value]
        data[column.name] = list(dict.fromkeys(swapped))
    else:
        data[column.name] = new
    return True


def _pages_linking_to(term: TermPage) -> list[Page]:
    """Pages whose text links to a term."""
    references = ReferenceIndex.get_references_to(term).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    ids = references.values_list("object_id", flat=True)
    wanted = [int(pk) for pk in ids if int(pk) != term.pk]
    return list(Page.objects.filter(pk__in=wanted).order_by("title"))
