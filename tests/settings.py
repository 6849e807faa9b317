"""The few settings that tests change.

The data folder is this process's own whatever the environment says, and `.env` is not
read: tests empty journals and databases. DATABASE_URL and REDIS_URL of the real
environment do count; scripts/servers.py sets them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="pregon-tests-")
os.environ["ENV_FILE"] = os.devnull
os.environ["SITE_URL"] = "http://testserver"

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, DATA_DIR
from translations.catalogues import compile_catalogues

atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)
compile_catalogues(BASE_DIR / "locale", DATA_DIR / "locale")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}

# Workers share one Redis server: each counts and caches in a database of its own.
if REDIS_URL:  # noqa: F405
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) + 1
    REDIS_URL = f"{REDIS_URL.rsplit('/', 1)[0]}/{number}"  # noqa: F405
    CACHES = {"default": {**CACHES["default"], "LOCATION": REDIS_URL}}  # noqa: F405
