"""A message of django-newsletter, sent by its `Submission` with its own templates.

Run in the competitors' environment: `django_newsletter.py COUNT PORT LETTER FOLDER`.
An article for each story, as its editors write them; SQLite.
"""

from __future__ import annotations

import setting_up

count, letter = setting_up.start(
    apps=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sites",
        "sorl.thumbnail",
        "newsletter",
    ],
    SITE_ID=1,
    ROOT_URLCONF="__main__",
    NEWSLETTER_THUMBNAIL="sorl-thumbnail",
    NEWSLETTER_USE_HTTPS=True,
)

from django.contrib.sites.models import Site  # noqa: E402
from django.urls import include, path  # noqa: E402

from newsletter.models import (  # noqa: E402
    Article,
    Message,
    Newsletter,
    Submission,
    Subscription,
)

urlpatterns = [path("newsletter/", include("newsletter.urls"))]


def prepared() -> Submission:
    """A message to so many subscribers."""
    site = Site.objects.get_current()
    newsletter = Newsletter.objects.create(
        title="Boletín", slug="boletin", email="news@pregon.example", sender="Pregón"
    )
    newsletter.site.add(site)
    Subscription.objects.bulk_create(
        Subscription(
            newsletter=newsletter, email_field=address, subscribed=True, ip="127.0.0.1"
        )
        for address in setting_up.addresses(count)
    )
    message = Message.objects.create(
        title=letter["subject"], slug="noviembre", newsletter=newsletter
    )
    for title, html in letter["stories"]:
        Article.objects.create(
            title=title, text=html, url="https://pregon.example/es/1/", post=message
        )
    return Submission.from_message(message)


if __name__ == "__main__":
    submission = prepared()
    setting_up.timed(submission.submit)
