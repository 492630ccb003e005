"""When cron expressions fire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby, islice, product, takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from coreops.scheduler.cron import Cron
from coreops.scheduler.expression import FIELDS
from coreops_hookspecs.errors import DeclarationError

ZONES = [
    "UTC",
    "Europe/Vienna",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Antarctica/Troll",
    "Africa/Casablanca",
]
EXPRESSIONS = [
    "*/5 * * * *",
    "*/30 * * * *",
    "0 * * * *",
    "15 */2 * * *",
    "*/20 2 * * *",
    "30 2 * * *",
    "0,30 2 * * *",
    "15 2 * * *",
    "0 0 * * *",
    "59 23 * * *",
    "45 1-3 * * *",
    "0 9 * * 1-5",
    "0 9 * * mon-fri",
    "5/15 8 * * *",
    "15 10 1 */3 *",
    "0 12 13 * 5",
    "0 12 */2 * 1",
    "0 6 * * 7",
    "0 0 29 2 *",
    "0 3 31 * *",
    "30 2 * 3,10 sun",
    "30 2 L * *",
    "30 2 1,15,L * *",
    "30 2 * * 0L",
    "30 2 * * 0#1",
    "0 9 * * 1#1,wed#3,5L",
    "0 12 L * 5#2,2-3",
    "0 12 */2 * 5#2",
    "0 12 31 2 7L",
    "*/30 * * * 0#5",
    "0 */6 L * *",
]
START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
HALF_HOUR_JUMP = "Australia/Lord_Howe"
FIVE_ZONES = ["UTC", "Europe/Vienna", "America/New_York", "Africa/Casablanca", HALF_HOUR_JUMP]


def fires(expression: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    cron = Cron(expression, zone)
    found: list[datetime] = []
    at = cron.next_after(start)
    while at < end:
        found.append(at)
        at = cron.next_after(at)
    return found


def oracle(expression: str, zone: str, start: datetime) -> Iterator[datetime]:
    simulated = (at.astimezone(UTC) for at in CronSim(expression, start.astimezone(ZoneInfo(zone))))
    # several wall-clock times of one gap fall on the same instant: it is one run
    return (at for at, _ in groupby(simulated))


def is_wildcard(expression: str) -> bool:
    minute, hour, *_ = expression.split()
    return minute.startswith("*") or hour.startswith("*")


def read_off_the_clock(expression: str, walls: Iterable[datetime]) -> Iterator[datetime]:
    """Look at a clock once a minute: what a wildcard job is, by definition."""
    fields = CronSim(expression, START)
    for wall in walls:
        matches_time = wall.minute in fields.minutes and wall.hour in fields.hours
        if matches_time and wall.month in fields.months and fields.match_day(wall.date()):
            yield wall.astimezone(UTC)


@cache
def jumps(zone: str) -> list[datetime]:
    """The hours of ten years in which the zone's offset changes."""
    tz, hour = ZoneInfo(zone), timedelta(hours=1)
    hours = [START + hour * n for n in range((END - START) // hour)]
    return [at for at in hours if (at + hour).astimezone(tz).utcoffset() != at.astimezone(tz).utcoffset()]


def local(instants: Iterable[datetime], zone: str) -> list[str]:
    return [at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") for at in instants]


@pytest.mark.parametrize("zone", ZONES)
def test_every_expression_shape_fires_as_the_oracle_says_over_years(zone: str) -> None:
    start = START
    for expression in EXPRESSIONS:
        if is_wildcard(expression) and zone == HALF_HOUR_JUMP:
            continue  # the oracle steps by whole hours and loses its place there; the clock is read below instead
        expected = list(islice(oracle(expression, zone, start), 50))
        assert list(Cron(expression, zone).upcoming(start, len(expected))) == expected, expression


@pytest.mark.parametrize("zone", FIVE_ZONES)
def test_over_ten_years_a_daily_job_fires_as_the_oracle_says(zone: str) -> None:
    for expression in ("30 2 * * *", "0 9 * * 1-5", "0 0 29 2 *", "0 12 13 * 5", "30 2 * 3,10 sun", "30 2 L * *"):
        expected = list(takewhile(lambda at: at < END, oracle(expression, zone, START)))
        assert fires(expression, zone, START, END) == expected, expression


@pytest.mark.parametrize("zone", FIVE_ZONES)
def test_on_days_all_over_ten_years_every_shape_fires_next_as_the_oracle_says(zone: str) -> None:
    days = [START + timedelta(days=61, hours=7, minutes=13) * n for n in range(59)]
    for expression in EXPRESSIONS:
        if is_wildcard(expression) and zone == HALF_HOUR_JUMP:
            continue
        cron = Cron(expression, zone)
        for day in days:
            assert cron.next_after(day) == next(oracle(expression, zone, day)), (day, expression)


@pytest.mark.parametrize("zone", [each for each in ZONES if each != "UTC"])
def test_the_days_around_each_jump_agree_with_the_oracle(zone: str) -> None:
    found = jumps(zone)
    for jump, expression in product(found, [each for each in EXPRESSIONS if not is_wildcard(each)]):
        start, end = jump - timedelta(hours=30), jump + timedelta(hours=30)
        expected = list(takewhile(lambda at, end=end: at < end, oracle(expression, zone, start)))
        assert fires(expression, zone, start, end) == expected, (jump, expression)


@pytest.mark.parametrize("zone", [each for each in ZONES if each != "UTC"])
def test_a_wildcard_job_fires_whenever_the_clock_shows_a_matching_time(zone: str) -> None:
    minute, around = timedelta(minutes=1), timedelta(hours=2)
    for jump in jumps(zone):
        start, end = jump - around, jump + around
        walls = [(start + minute * n).astimezone(ZoneInfo(zone)) for n in range(2 * around // minute)]
        for expression in filter(is_wildcard, EXPRESSIONS):
            expected = list(read_off_the_clock(expression, walls))
            assert fires(expression, zone, start - timedelta(seconds=1), end) == expected, (jump, expression)


def test_the_last_friday_may_be_named() -> None:
    found = Cron("0 9 * * friL").upcoming(START, 50)
    assert found == Cron("0 9 * * 5L").upcoming(START, 50)


@settings(max_examples=100, deadline=None)
@given(
    at=st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - the strategy wants naive ones
    zone=st.sampled_from([each for each in ZONES if each != HALF_HOUR_JUMP]),
    expression=st.sampled_from(EXPRESSIONS),
)
def test_from_any_instant_the_next_fire_is_the_oracles(at: datetime, zone: str, expression: str) -> None:
    start = at.replace(microsecond=0, tzinfo=UTC)
    expected = next(found for found in oracle(expression, zone, start) if found > start)
    assert Cron(expression, zone).next_after(start) == expected


def test_a_wall_clock_job_in_the_spring_gap_runs_once_right_after_the_jump() -> None:
    found = fires("30 2 * * *", "Europe/Vienna", datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC))
    assert local(found, "Europe/Vienna") == [
        "2026-03-27T02:30+01:00",
        "2026-03-28T02:30+01:00",
        "2026-03-29T03:00+02:00",
        "2026-03-30T02:30+02:00",
    ]


def test_a_wall_clock_job_in_the_repeated_hour_runs_in_the_first_pass_only() -> None:
    found = fires(
        "30 2 * * *", "Europe/Vienna", datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 26, 12, tzinfo=UTC)
    )
    assert local(found, "Europe/Vienna") == ["2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]


def test_a_wildcard_job_runs_in_both_passes_of_the_repeated_hour() -> None:
    found = fires(
        "*/30 * * * *",
        "Europe/Vienna",
        datetime(2026, 10, 24, 23, 45, tzinfo=UTC),
        datetime(2026, 10, 25, 2, tzinfo=UTC),
    )
    assert local(found, "Europe/Vienna") == [
        "2026-10-25T02:00+02:00",
        "2026-10-25T02:30+02:00",
        "2026-10-25T02:00+01:00",
        "2026-10-25T02:30+01:00",
    ]


def test_a_wildcard_job_has_no_runs_made_up_for_the_gap() -> None:
    found = fires(
        "0 * * * *", "Europe/Vienna", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 3, tzinfo=UTC)
    )
    assert local(found, "Europe/Vienna") == ["2026-03-29T03:00+02:00", "2026-03-29T04:00+02:00"]


def test_the_half_hour_gap_of_lord_howe_is_a_gap_of_half_an_hour() -> None:
    zone = "Australia/Lord_Howe"
    found = fires("15 2 * * *", zone, datetime(2026, 10, 3, tzinfo=UTC), datetime(2026, 10, 5, tzinfo=UTC))
    assert local(found, zone) == ["2026-10-04T02:30+11:00", "2026-10-05T02:15+11:00"]


@pytest.mark.parametrize(
    ("expression", "field"),
    [
        ("60 * * * *", "minute"),
        ("x * * * *", "minute"),
        ("R * * * *", "minute"),
        ("5-1 * * * *", "minute"),
        ("*/0 * * * *", "minute"),
        ("1,,2 * * * *", "minute"),
        ("٣ * * * *", "minute"),
        ("0 24 * * *", "hour"),
        ("0 0 0 * *", "day of month"),
        ("0 0 LW * *", "day of month"),
        ("0 0 5L * *", "day of month"),
        ("L 0 * * *", "minute"),
        ("0 0 * L *", "month"),
        ("0 0 * * L", "day of week"),
        ("0 0 * * 8L", "day of week"),
        ("0 0 * * foo#1", "day of week"),
        ("0 0 * * 5#6", "day of week"),
        ("0 0 * * fri#2,9", "day of week"),
        ("0 0 1 13 *", "month"),
        ("0 0 1 foo *", "month"),
        ("0 0 1 dec-jan *", "month"),
        ("0 0 * * 8", "day of week"),
        ("0 0 * * fri-mon", "day of week"),
    ],
)
def test_a_wrong_field_is_refused_by_name(expression: str, field: str) -> None:
    with pytest.raises(DeclarationError, match=rf"^field {field} of cron '.*' cannot be '.*'; give "):
        Cron(expression)


@pytest.mark.parametrize("expression", ["", "* * * *", "* * * * * *", "@reboot", "@dailyy"])
def test_an_expression_without_five_fields_is_refused_with_their_names(expression: str) -> None:
    with pytest.raises(DeclarationError, match="give five: " + ", ".join(FIELDS)):
        Cron(expression)


def test_an_expression_that_never_fires_is_refused() -> None:
    for expression in ("0 0 30 2 *", "0 0 */5 2 1#5"):
        with pytest.raises(DeclarationError, match="never fires"):
            Cron(expression)


@pytest.mark.parametrize(
    ("nickname", "meaning"),
    [
        ("@hourly", "0 * * * *"),
        ("@Daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"),
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
    ],
)
def test_a_nickname_of_crontab_is_the_expression_it_stands_for(nickname: str, meaning: str) -> None:
    assert Cron(nickname).expression == meaning


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(DeclarationError, match="is not an IANA time zone"):
        Cron("0 0 * * *", zone)


def test_upcoming_lists_the_next_fires() -> None:
    assert [at.hour for at in Cron("0 */6 * * *").upcoming(datetime(2026, 1, 1, tzinfo=UTC), 5)] == [6, 12, 18, 0, 6]
