"""The Celery application: one for the worker and for beat."""

from __future__ import annotations

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from config import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

broker.use()
app = Celery("pregon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_handlers(loglevel: int, **kwargs: Any) -> None:
    """Take Celery's level but not its handlers, which would write tokens as they are.

    WORKER_HIJACK_ROOT_LOGGER alone leaves it a handler of its own for tasks' logs.
    """
    logging.getLogger().setLevel(loglevel)
