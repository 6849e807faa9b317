"""What was deleted, kept for a while so that it can come back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.languages import languages

KEPT_FOR = timedelta(days=30)


class DeletedPageQuerySet(models.QuerySet):
    """Rows of the trash."""

    def kept(self):
        """Those young enough to come back, whether or not they have."""
        return self.filter(deleted_at__gt=timezone.now() - KEPT_FOR)

    def waiting(self):
        """Those that can come back and have not."""
        return self.kept().filter(restored_at=None)

    def tops(self):
        """One per deletion: pages whose page above was not deleted with them."""
        above = DeletedPage.objects.filter(
            batch=OuterRef("batch"), page_id=OuterRef("parent_id")
        )
        return self.filter(~Exists(above))


class DeletedPage(models.Model):
    """A page as it was when somebody deleted it.

    It comes back under its own id, so whatever names it by id finds it again. What
    pointed to it and went with it is kept as `rows`; what let go of it as `pointers`.
    """

    page_id = models.PositiveIntegerField(db_index=True)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    parent_id = models.PositiveIntegerField(null=True)
    parent_title = models.CharField(max_length=255, blank=True)
    tree_path = models.CharField(max_length=255)
    # One for a page and all below it that went with it.
    batch = models.UUIDField(db_index=True)
    # The live row, as a revision stores it.
    content = models.JSONField(default=dict)
    # The revisions that were live and latest: content, user, at, is_live.
    versions = models.JSONField(default=list)
    # Its rows of PagePath.
    paths = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    pointers = models.JSONField(default=list)
    # What referred to it: type, id, title.
    links = models.JSONField(default=list)
    deleted_at = models.DateTimeField(_("deleted"), default=timezone.now, db_index=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("deleted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    restored_at = models.DateTimeField(null=True)
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = DeletedPageQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("deleted page")
        verbose_name_plural = _("deleted pages")
        ordering = ["-deleted_at", "-pk"]

    def __str__(self):
        return self.title

    @property
    def kept_until(self):
        """When it is forgotten for good."""
        return self.deleted_at + KEPT_FOR

    @property
    def kind(self):
        """What kind of page it was, in words."""
        return self.content_type.name

    def was_live_in(self, language):
        """Whether readers saw it in a language."""
        return bool(self.content.get("live") and self.content.get(f"live_{language}"))

    def live_languages(self):
        """The languages in which readers saw it."""
        return [code for code in languages() if self.was_live_in(code)]

    def with_those_below(self):
        """It and what was deleted with it from below it, from the top down."""
        same = DeletedPage.objects.filter(
            batch=self.batch, tree_path__startswith=self.tree_path, restored_at=None
        )
        return same.order_by("tree_path").select_related("content_type")


def was_deleted(*, site_root_id: int, language: str, parts: list[str]) -> bool:
    """Whether readers had a page at this address that waits in the trash."""
    path = "/".join(parts) + "/"
    texts = DeletedPage.objects.waiting().annotate(
        text=Cast("paths", models.TextField())
    )
    rows = texts.filter(text__contains=f'"{path}"')
    wanted = (site_root_id, language, path, True)
    names = ("site_root_id", "language", "url_path", "was_public")
    return any(
        tuple(known[name] for name in names) == wanted
        for known_paths in rows.values_list("paths", flat=True)
        for known in known_paths
    )
