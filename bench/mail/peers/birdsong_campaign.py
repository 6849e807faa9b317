"""A campaign of wagtail-birdsong, sent by its SMTP backend and awaited; SQLite.

Run in the competitors' environment: `birdsong_campaign.py COUNT PORT LETTER FOLDER`.
The campaign's templates are the letter as it is; MJML would only add to it.
"""

from __future__ import annotations

import threading

import setting_up

count, letter = setting_up.start(
    apps=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "taggit",
        "wagtail.images",
        "wagtail.documents",
        "wagtail.users",
        "wagtail.admin",
        "wagtail",
        "birdsong",
    ],
    WAGTAIL_SITE_NAME="Pregón",
    WAGTAILADMIN_BASE_URL="https://pregon.example",
    BIRDSONG_FROM_EMAIL="news@pregon.example",
)

from birdsong.backends.smtp import SMTPEmailBackend  # noqa: E402
from birdsong.models import Campaign, CampaignStatus, Contact  # noqa: E402
from django.test import RequestFactory  # noqa: E402


def send(campaign: Campaign) -> None:
    """Send as its admin view does, until its thread has ended."""
    request = RequestFactory().get("/")
    SMTPEmailBackend().send_campaign(request, campaign, Contact.objects.all())
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()


if __name__ == "__main__":
    link = "https://pregon.example/leave/{{ contact.pk }}/"
    setting_up.write_template("mail/campaign.html", letter["html"], link)
    setting_up.write_template("mail/campaign.txt", letter["text"], link)
    Contact.objects.bulk_create(
        Contact(email=address) for address in setting_up.addresses(count)
    )
    campaign = Campaign.objects.create(name="Noviembre", subject=letter["subject"])
    setting_up.timed(lambda: send(campaign))
    campaign.refresh_from_db()
    if campaign.status != CampaignStatus.SENT:
        raise SystemExit("the campaign was not sent")
