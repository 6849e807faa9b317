"""Tasks only wake: the database holds what is to be done, and beat wakes again."""

from __future__ import annotations

from typing import Any

from celery.contrib.django.task import DjangoTask
from django.db import transaction


class WakingTask(DjangoTask):
    """A task whose broker may be away without failing the request that wakes it."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        """Wake a worker after the commit; without a broker the error is logged."""

        def wake() -> None:
            self.delay(*args, **kwargs)

        transaction.on_commit(wake, robust=True)
