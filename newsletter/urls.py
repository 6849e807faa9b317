"""Addresses of the newsletter that are no pages of the tree."""

from __future__ import annotations

from django.urls import path

from newsletter.clicking.views import follow
from newsletter.composing.archive import sent_mail

urlpatterns = [
    path("c/<str:token>/", follow, name="follow_link"),
    path("m/<int:pk>/", sent_mail, name="sent_mail"),
]
