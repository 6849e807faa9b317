"""The site's addresses, and two pages to compare its admin with."""

from __future__ import annotations

from django.urls import path
from django.views.generic import TemplateView
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.pages import PageViewSet

from config.urls import urlpatterns as site


class EmptyView(WagtailAdminTemplateMixin, TemplateView):
    """An admin page with nothing on it: what menu, session and person cost."""

    template_name = "wagtailadmin/generic/base.html"
    page_title = "Empty"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self):
        return [{"url": "", "label": self.page_title}]


stock = require_admin_access(PageViewSet("stock").index_view)
urlpatterns = [
    path("bench/empty/", require_admin_access(EmptyView.as_view())),
    path("bench/stock/<int:parent_page_id>/", stock),
    *site,
]
