"""The Celery application: one for the worker and for beat."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pregon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.task_cls = "config.waking:WakingTask"
