"""Where stories appear in the admin."""

from __future__ import annotations

from wagtail import hooks

from news.viewsets import NewsViewSet


@hooks.register("register_admin_viewset")
def register_stories():
    return NewsViewSet("stories")
