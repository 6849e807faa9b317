"""The site's own settings with an impatient beat: no test waits half a minute."""

from __future__ import annotations

from config.settings import *  # noqa: F403
from config.settings import CELERY_BEAT_SCHEDULE

CELERY_BEAT_SCHEDULE = {
    "dispatches": CELERY_BEAT_SCHEDULE["dispatches"]
    | {"schedule": 1, "options": {"expires": 5}}
}
