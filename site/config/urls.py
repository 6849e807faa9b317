"""The site's addresses: ours first, the page tree last."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config import health, monitoring
from pages.views import choose_language
from pictures.views import PUBLIC_FOLDERS, serve_public, serve_version

urlpatterns = [
    path("", choose_language),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", monitoring.metrics_page),
    path("cms/", include(wagtailadmin_urls)),
    path(
        "documents/<int:document_id>/<slug:language>/<str:name>",
        serve_version,
        name="document_version",
    ),
    path("documents/", include(wagtaildocs_urls)),
    # A reverse proxy should serve pictures; this is for the embedded default.
    *(
        path(f"media/{folder}/<path:path>", serve_public, {"folder": folder})
        for folder in PUBLIC_FOLDERS
    ),
    path("", include("newsletter.urls")),
    path("", include("newsletter.subscribing.urls")),
    path("", include("front.urls")),
    path("", include("news.urls")),
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=True),
]

handler404 = "front.views.page_not_found"
