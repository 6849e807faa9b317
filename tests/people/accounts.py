"""The account form, sent as a browser does."""

from __future__ import annotations

from django.urls import reverse


def save_account(client, **fields):
    """Post the whole form, with these fields (`avatar-avatar`…) changed."""
    post = {
        "name_email-first_name": "Ana",
        "name_email-last_name": "Quispe",
        "name_email-email": "ana@example.org",
        "locale-preferred_language": "en",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
        **fields,
    }
    return client.post(reverse("wagtailadmin_account"), post)
