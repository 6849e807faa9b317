from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    label = "newsletter"
    verbose_name = _("Newsletters")

    def ready(self):
        from celery import signals
        from django.db.backends.signals import connection_created

        from news.listing import Fed, register_feed
        from newsletter import desk, merging, privacy
        from newsletter.composing.feeding import fed_issues, fill_issues
        from newsletter.composing.signal_handlers import on_language_published
        from newsletter.dispatching import signal_handlers
        from newsletter.models import SEND, Newsletter
        from pages import rights
        from pages.searching import Kind, day_published, register_kind
        from pages.signals import language_published
        from people import roles
        from translations.registering import register_texts

        desk.connect()
        issues = Fed(fed_issues, "preheader", fill_issues)
        register_feed("newsletter.newsletterpage", issues)
        register_kind("newsletter.issuepage", Kind(day_published))
        language_published.connect(on_language_published)
        merging.connect()
        privacy.connect()
        register_texts(Newsletter.objects.active)

        connection_created.connect(signal_handlers.on_connection_created)
        signals.worker_ready.connect(signal_handlers.on_worker_ready)
        signals.worker_process_init.connect(signal_handlers.on_worker_process_init)
        signals.worker_shutting_down.connect(signal_handlers.on_worker_shutting_down)
        signals.worker_shutdown.connect(signal_handlers.on_worker_shutdown)

        for role in (roles.ADMINISTRATOR, roles.NEWSLETTER_SENDER):
            roles.grant(role, "newsletter.view_subscriber")
            roles.grant(role, "newsletter.add_subscriber")
            roles.grant(role, SEND)
        for role in (*roles.WRITERS, roles.NEWSLETTER_SENDER):
            roles.grant(role, "newsletter.view_dispatch")
        for action in ("add", "change", "delete"):
            roles.grant(roles.ADMINISTRATOR, f"newsletter.{action}_newsletter")
            roles.grant(roles.ADMINISTRATOR, f"newsletter.{action}_digest")
        for role in (*roles.WRITERS, roles.NEWSLETTER_SENDER):
            roles.grant(role, "newsletter.view_digest")
        # Who sends issues writes them, and nothing else on the site.
        rights.let_write(SEND, "newsletter.NewsletterPage", "newsletter.IssuePage")
