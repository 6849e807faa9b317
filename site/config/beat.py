"""What beat wakes, and how often: in seconds, or as a crontab."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

JOBS: dict[str, dict[str, Any]] = {
    "heartbeat": {"task": "config.tasks.heartbeat", "schedule": 10},
    "publications": {"task": "pages.tasks.run_due_publications", "schedule": 30},
    "old-pages": {"task": "pages.tasks.forget_deleted_pages", "schedule": 3600},
    "old-versions": {"task": "pages.tasks.forget_revisions", "schedule": 24 * 3600},
    "pictures": {"task": "pictures.tasks.make_waiting_renditions", "schedule": 60},
    "queued-mail": {"task": "mail.tasks.requeue_stuck_mail", "schedule": 60},
    "old-mail": {"task": "mail.tasks.forget_old_mail", "schedule": 3600},
    "dispatches": {"task": "newsletter.tasks.rekick_dispatches", "schedule": 30},
    "watched-dispatches": {
        "task": "newsletter.tasks.watch_dispatches",
        "schedule": 60,
    },
    "due-issues": {"task": "newsletter.tasks.start_due_issues", "schedule": 30},
    "due-digests": {"task": "newsletter.tasks.start_due_digests", "schedule": 60},
    "mail-clicks": {"task": "newsletter.tasks.write_clicks", "schedule": 60},
    "numbers": {"task": "newsletter.tasks.write_numbers", "schedule": 60},
    "reader-numbers": {
        "task": "newsletter.tasks.write_reader_numbers",
        "schedule": 3600,
    },
    "unconfirmed": {"task": "newsletter.tasks.forget_unconfirmed", "schedule": 3600},
    "reminders": {"task": "newsletter.tasks.remind_unconfirmed", "schedule": 3600},
    "imports": {"task": "newsletter.tasks.rekick_imports", "schedule": 60},
    "old-imports": {"task": "newsletter.tasks.forget_imports", "schedule": 3600},
    "desk-summaries": {
        "task": "translations.tasks.send_summaries",
        "schedule": crontab(hour=7, minute=0),
    },
    "share-pictures": {"task": "front.tasks.make_due_share_pictures", "schedule": 60},
    "all-share-pictures": {
        "task": "front.tasks.settle_share_pictures",
        "schedule": 3600,
    },
    "office-sources": {"task": "offices.tasks.check_sources", "schedule": 60},
}
# Without a worker they pile up; all but the latest are thrown away unread.
for job in JOBS.values():
    if isinstance(job["schedule"], int):
        job["options"] = {"expires": job["schedule"]}
