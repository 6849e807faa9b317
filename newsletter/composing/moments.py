"""Moments in words, with the time zone they are meant in."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format


def site_zone() -> ZoneInfo:
    """The time zone in which the site's people plan."""
    return ZoneInfo(settings.TIME_ZONE)


def in_site_time(at: datetime) -> str:
    """A moment in the site's time zone, with the zone's name behind it."""
    return in_zone_time(at, site_zone())


def in_zone_time(at: datetime, zone: ZoneInfo) -> str:
    """A moment in a time zone, with the zone's name behind it."""
    local = timezone.localtime(at, zone)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({zone.key})"
