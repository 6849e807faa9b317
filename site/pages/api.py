"""The admin's API: a page is deleted whole, or not at all and the reason said."""

from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from wagtail.admin.api.actions.delete import DeletePageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet


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


class PagesAPI(PagesAdminAPIViewSet):
    """Wagtail's, with our own deleting."""

    actions = {**PagesAdminAPIViewSet.actions, "delete": DeleteWholeAction}
