"""Addresses of the front room that are not pages of the tree."""

from __future__ import annotations

from django.urls import path

from front import machines, views

SEARCH = {"es": "buscar", "en": "search"}
PRIVACY = {"es": "privacidad", "en": "privacy"}

urlpatterns = [
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-news.xml", machines.news_sitemap, name="sitemap-news"),
    path(
        "sitemap-<str:language>-<int:number>.xml",
        machines.sitemap_part,
        name="sitemap-part",
    ),
    path(".well-known/security.txt", machines.security, name="security"),
    path(".well-known/change-password", machines.change_password),
    path("favicon.ico", machines.favicon),
    path("brand.css", views.brand_stylesheet, name="brand-stylesheet"),
    *(
        path(
            f"{language}/{word}/",
            views.search_page,
            {"language": language},
            name=f"search-{language}",
        )
        for language, word in SEARCH.items()
    ),
    *(
        path(
            f"{language}/{word}/",
            views.privacy_page,
            {"language": language},
            name=f"privacy-{language}",
        )
        for language, word in PRIVACY.items()
    ),
]
