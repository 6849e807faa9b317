"""When mails may leave: days, hours, midnight and clocks that change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.delivery.hours import EVERY_DAY, Hours

LIMA, SANTIAGO = ZoneInfo("America/Lima"), ZoneInfo("America/Santiago")
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
OFFICE = Hours(LIMA, frozenset({MON, TUE, WED, THU, FRI}), time(8), time(18, 30))
NIGHT = Hours(LIMA, frozenset({FRI}), time(22), time(2))


def at(text: str, zone: ZoneInfo = LIMA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("hours", "asked", "opens"),
    [
        # 27 November 2026 is a Friday.
        (Hours(LIMA), "2026-11-27 03:00", "2026-11-27 03:00"),
        (OFFICE, "2026-11-27 07:59:59", "2026-11-27 08:00"),
        (OFFICE, "2026-11-27 08:00", "2026-11-27 08:00"),
        (OFFICE, "2026-11-27 18:29:59", "2026-11-27 18:29:59"),
        (OFFICE, "2026-11-27 18:30", "2026-11-30 08:00"),
        (OFFICE, "2026-11-29 12:00", "2026-11-30 08:00"),
        (NIGHT, "2026-11-27 21:00", "2026-11-27 22:00"),
        (NIGHT, "2026-11-28 01:59", "2026-11-28 01:59"),
        (NIGHT, "2026-11-28 02:00", "2026-12-04 22:00"),
        (NIGHT, "2026-11-27 01:00", "2026-11-27 22:00"),
        (Hours(LIMA, frozenset({SUN})), "2026-11-28 23:00", "2026-11-29 00:00"),
        (Hours(LIMA, frozenset({SUN})), "2026-11-29 23:59", "2026-11-29 23:59"),
        (Hours(LIMA, opens=time(18), closes=time(0)), "2026-11-27 00:00",
         "2026-11-27 18:00"),
        (Hours(LIMA, opens=time(18), closes=time(0)), "2026-11-27 23:59",
         "2026-11-27 23:59"),
    ],
)  # fmt: skip
def test_hours_open_on_their_days(hours, asked, opens):
    assert hours.opens_at(at(asked)) == at(opens)
    assert hours.is_open(at(asked)) is (asked == opens)


@pytest.mark.parametrize(
    ("opens", "closes", "asked", "expected"),
    [
        # Clocks go on from 24:00 on 5 September 2026, a Saturday, to 01:00 on Sunday.
        (time(0, 30), time(6), "2026-09-06 03:59+00:00", "2026-09-06 04:30+00:00"),
        (time(0), time(6), "2026-09-06 03:59+00:00", "2026-09-06 04:00+00:00"),
        (time(8), time(20), "2026-09-06 10:59+00:00", "2026-09-06 11:00+00:00"),
        (time(8), time(20), "2026-09-05 11:00+00:00", "2026-09-05 12:00+00:00"),
        # They go back from 24:00 on 3 April 2027, a Saturday, to 23:00.
        (time(23), time(6), "2027-04-04 01:59+00:00", "2027-04-04 02:00+00:00"),
        (time(23), time(6), "2027-04-04 09:59+00:00", "2027-04-04 09:59+00:00"),
        (time(23), time(6), "2027-04-04 10:00+00:00", "2027-04-05 03:00+00:00"),
        (time(8), time(20), "2027-04-04 11:30+00:00", "2027-04-04 12:00+00:00"),
    ],
)
def test_hours_are_those_of_the_clock_when_it_changes(opens, closes, asked, expected):
    hours = Hours(SANTIAGO, opens=opens, closes=closes)
    found = hours.opens_at(datetime.fromisoformat(asked))
    assert found == datetime.fromisoformat(expected)


hours = st.builds(
    Hours,
    st.sampled_from([SANTIAGO, LIMA, ZoneInfo("Europe/Madrid")]),
    st.frozensets(st.integers(MON, SUN)),
    st.times(),
    st.times(),
).filter(lambda hours: hours.opens != hours.closes)
moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)
)


@settings(max_examples=60, deadline=None)
@given(hours, moments)
def test_it_is_open_when_it_opens_and_never_waits_longer_than_a_week(hours, moment):
    opens = hours.opens_at(moment)
    local = opens.astimezone(hours.zone)
    assert moment <= opens <= moment + timedelta(days=7, hours=2)
    assert hours.is_open(opens)
    if opens > moment:
        days = hours.days or EVERY_DAY
        assert local.weekday() in days or local.hour <= 1
        assert not hours.is_open(opens - timedelta(microseconds=1))
        skipped = timedelta(hours=1)
        begin = datetime.combine(local.date(), hours.opens)
        assert local.replace(tzinfo=None) in {begin, begin + skipped}
