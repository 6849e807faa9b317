"""The admin's own API, less what would go round the rights of a language.

A page is deleted whole, or not at all and the reason said.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from wagtail.actions.revert_to_page_revision import (
    RevertToPageRevisionAction,
    RevertToPageRevisionPermissionError,
)
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.actions.revert_to_page_revision import (
    RevertToPageRevisionAPIAction,
)
from wagtail.admin.api.views import PagesAdminAPIViewSet

from pages import rights


class RevertAll(RevertToPageRevisionAction):
    """Brings a whole version back: for who may write all of it."""

    def check(self, skip_permission_checks=False):
        super().check(skip_permission_checks=skip_permission_checks)
        is_held = bool(self.instance.held_from(self.user))
        if is_held or not rights.may_write_all(self.user, self.instance):
            raise RevertToPageRevisionPermissionError(
                "You may not write all that this version would bring back."
            )


class RevertAllAPIAction(RevertToPageRevisionAPIAction):
    """The same, as the API calls it."""

    def _action_from_data(self, instance, data):
        stock = super()._action_from_data(instance, data)
        return RevertAll(stock.instance, stock.revision, user=stock.user)


class DeleteWholeAction(DeletePageAPIAction):
    """Undoes a deletion that something refused half-way."""

    def execute(self, instance, data):
        try:
            with transaction.atomic():
                return super().execute(instance, data)
        except ProtectedError as error:
            names = sorted(str(each) for each in error.protected_objects)
            text = _("It cannot be deleted while something needs it: %(names)s.")
            raise ValidationError(text % {"names": ", ".join(names)}) from error


class BilingualPagesAPIViewSet(PagesAdminAPIViewSet):
    """Wagtail's, with the stricter actions."""

    actions = {
        **PagesAdminAPIViewSet.actions,
        "revert_to_page_revision": RevertAllAPIAction,
        "delete": DeleteWholeAction,
    }
