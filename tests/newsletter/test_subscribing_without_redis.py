"""A reader can sign up while Redis is away, and still not without limit."""

from __future__ import annotations

import pytest

from guards import limits
from newsletter.models import Subscription
from tests.newsletter.readers import PATHS, sign_up

NOBODY = "redis://127.0.0.1:9/0"  # the discard port: nothing listens

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("lang", ["es", "en"])
def test_sign_up_goes_on_while_redis_is_away(client, newsletter, settings, lang):
    settings.REDIS_URL = NOBODY
    settings.CACHES = {
        "default": {"BACKEND": "config.caches.ForgivingRedisCache", "LOCATION": NOBODY}
    }
    settings.SIGN_UP_LIMITS = {"network": ("1/hour",)}
    limits.forget()
    answer = sign_up(client, lang, address="ana@lector.example.org")
    assert answer["Location"] == PATHS[lang]["sent"]
    assert Subscription.objects.get().state == "pending"
    assert sign_up(client, lang, address="eva@lector.example.org").status_code == 429
