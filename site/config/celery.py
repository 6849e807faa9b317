"""The Celery application: one for the worker and for beat."""

from __future__ import annotations

import os

from celery import Celery

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

broker.use()
app = Celery("pregon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
