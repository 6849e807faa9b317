"""Wagtail's comments in the page editor, which colleagues may also settle elsewhere."""

from __future__ import annotations

from typing import Any

from django.forms.formsets import DELETION_FIELD_NAME
from wagtail.admin.forms.comments import CommentFormSet
from wagtail.admin.panels import CommentPanel
from wagtail.models import COMMENTS_RELATION_NAME


class LastingCommentFormSet(CommentFormSet):
    """A comment that is no longer open is left as it is.

    An editor may have had it on the screen when a colleague resolved it at the
    translation desk. Wagtail would make it again, in the name of whoever saves, or
    refuse the whole form.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
