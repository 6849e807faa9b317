"""Wagtail's comments: settled while the editor is open, or deleted with their page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME
from modelcluster.models import model_from_serializable_data
from wagtail.admin.forms.comments import CommentFormSet
from wagtail.admin.panels import CommentPanel
from wagtail.models import COMMENTS_RELATION_NAME, Comment, CommentReply


class LastingCommentFormSet(CommentFormSet):
    """A comment that is no longer open is left as it is.

    An editor may have had it on the screen when a colleague resolved it at the
    translation desk. Wagtail would make it again, in the name of whoever saves, or
    refuse the whole form.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queryset = self.queryset.filter(resolved_at__isnull=True)
        if self.is_bound:
            self.data = self._without_settled()

    def _without_settled(self) -> Any:
        """What was sent, with comments that are not open marked as not to be saved."""
        open_ids = {str(comment.pk) for comment in self.queryset}
        data = self.data.copy()
        for place in range(self._number_of_old()):
            name = self.add_prefix(place)
            sent = self.data.get(f"{name}-id", "")
            if sent and sent not in open_ids:
                data[f"{name}-{DELETION_FIELD_NAME}"] = "on"
        return data

    def _number_of_old(self) -> int:
        form = self.management_form
        return self.initial_form_count() if form.is_valid() else 0


class LastingCommentPanel(CommentPanel):
    """Wagtail's panel with our form set."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        comments = options["formsets"][COMMENTS_RELATION_NAME]
        comments["formset"] = LastingCommentFormSet
        return options


def bring_back(content: dict[str, Any]) -> None:
    """Write a page's open comments again, as its data from before its deletion says.

    The page is there again; whoever is not takes the comments written with them.
    """
    for data in content.get(COMMENTS_RELATION_NAME, []):
        if data.get("resolved_at"):
            continue
        known = {**data, "revision_created": None, "replies": []}
        if _write(Comment, known):
            for reply in data.get("replies", []):
                _write(CommentReply, reply)


def _write(model: type[models.Model], data: dict[str, Any]) -> bool:
    """Write a row under its own id and dates; False where its author is gone.

    Wagtail's own save takes a comment that has an id for one that is there.
    """
    row = model_from_serializable_data(model, data, check_fks=True, strict_fks=True)
    if row is not None:
        row.save_base(raw=True, force_insert=True)
    return row is not None
