"""The admin's own API, less what would go round the rights of a language."""

from __future__ import annotations

from wagtail.actions.revert_to_page_revision import (
    RevertToPageRevisionAction,
    RevertToPageRevisionPermissionError,
)
from wagtail.admin.api.actions.revert_to_page_revision import (
    RevertToPageRevisionAPIAction,
)
from wagtail.admin.api.views import PagesAdminAPIViewSet

from pages import rights


class RevertAll(RevertToPageRevisionAction):
    """Brings a whole version back: for who may write all of it."""

    def check(self, skip_permission_checks=False):
        super().check(skip_permission_checks=skip_permission_checks)
        if not rights.may_write_all(self.user, self.instance):
            raise RevertToPageRevisionPermissionError(
                "You may not write all that this version would bring back."
            )


class RevertAllAPIAction(RevertToPageRevisionAPIAction):
    """The same, as the API calls it."""

    def _action_from_data(self, instance, data):
        stock = super()._action_from_data(instance, data)
        return RevertAll(stock.instance, stock.revision, user=stock.user)


class BilingualPagesAPIViewSet(PagesAdminAPIViewSet):
    """Wagtail's, with the stricter action."""

    actions = {
        **PagesAdminAPIViewSet.actions,
        "revert_to_page_revision": RevertAllAPIAction,
    }
