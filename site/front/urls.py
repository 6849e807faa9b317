"""Addresses of the front room that are not pages of the tree."""

from __future__ import annotations

from django.urls import path

from front import views

SEARCH = {"es": "buscar", "en": "search"}

urlpatterns = [
    path("robots.txt", views.robots, name="robots"),
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
]
