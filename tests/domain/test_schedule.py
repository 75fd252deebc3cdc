from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.asking_time import AskingTime
from bot.domain.period import Period
from bot.domain.schedule import (
    DEFAULT_DIGEST,
    DEFAULT_PROMPT,
    DEFAULT_REMINDER,
    GRACE,
    Kind,
    Rhythm,
    Timing,
    WeeklyTime,
    digest_at,
    next_digest,
    occurrence,
    periods_to_consider,
    prompt_at,
    reminder_at,
    timing,
)
from bot.services.teams.holiday_calendars import is_holiday_in

STOCKHOLM = "Europe/Stockholm"
W48 = Period(2026, 48)
ZONES = [STOCKHOLM, "America/New_York", "Australia/Sydney"]
EDGE_ZONES = [*ZONES, "Etc/GMT+12", "Pacific/Kiritimati", "Asia/Kolkata", "America/St_Johns", "UTC"]
WEEKLY = st.builds(WeeklyTime, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis wants naive bounds)
SUNDAY_0230 = WeeklyTime(6, 2, 30)


# Nobody rests: what the usual times are is told apart from what moves them.
ALWAYS = AskingTime.of("1234567", "00:00", "00:00")
USUAL = {Kind.PROMPT: prompt_at, Kind.REMINDER: reminder_at, Kind.DIGEST: digest_at}


def reporting_period(
    now: datetime,
    zone: str,
    prompt: WeeklyTime,
    *,
    digest: WeeklyTime = DEFAULT_DIGEST,
    digest_zone: str | None = None,
    asking: AskingTime = ALWAYS,
) -> Period:
    return Rhythm(prompt, None, digest, zone, digest_zone or zone, asking).reporting_period(now)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


# The default week


def test_the_default_week_is_friday_prompt_monday_reminder_monday_digest() -> None:
    assert prompt_at(W48, DEFAULT_PROMPT, STOCKHOLM) == local("2026-11-27T13:00")
    assert reminder_at(W48, DEFAULT_REMINDER, STOCKHOLM) == local("2026-11-30T08:00")
    assert digest_at(W48, DEFAULT_DIGEST, STOCKHOLM) == local("2026-11-30T10:00")


@pytest.mark.parametrize(
    ("weekly", "day"),
    [
        ("Thursday 00:00", "2026-11-26"),
        ("Sunday 23:59", "2026-11-29"),
        ("Monday 07:00", "2026-11-30"),
        ("Wednesday 12:00", "2026-12-02"),
    ],
)
def test_a_prompt_late_in_the_week_asks_about_that_week_and_an_early_one_about_the_last(weekly: str, day: str) -> None:
    assert prompt_at(W48, WeeklyTime.parse(weekly), STOCKHOLM).astimezone(ZoneInfo(STOCKHOLM)).date().isoformat() == day


def test_the_last_week_of_a_long_year_is_digested_in_the_new_year() -> None:
    assert digest_at(Period(2026, 53), DEFAULT_DIGEST, STOCKHOLM) == local("2027-01-04T10:00")
    assert prompt_at(Period(2026, 53), DEFAULT_PROMPT, STOCKHOLM) == local("2027-01-01T13:00")


def test_instants_are_aware_utc() -> None:
    assert occurrence(W48, DEFAULT_PROMPT, STOCKHOLM, after_week=False).tzinfo is UTC


# Daylight saving


@pytest.mark.parametrize("zone", ZONES)
def test_sixty_weeks_have_one_prompt_each_at_the_same_local_time(zone: str) -> None:
    first = Period(2026, 1)
    instants = [prompt_at(p, DEFAULT_PROMPT, zone) for p in Period.span(first, first.shift(59))]
    seen = [instant.astimezone(ZoneInfo(zone)) for instant in instants]
    assert {(s.weekday(), s.time()) for s in seen} == {(4, time(13))}
    assert [Period.of(s) for s in seen] == list(Period.span(first, first.shift(59)))
    gaps = {later - earlier for earlier, later in pairwise(instants)}
    week = timedelta(weeks=1)
    assert gaps == {week, week - timedelta(hours=1), week + timedelta(hours=1)}


@pytest.mark.parametrize(
    ("zone", "week", "prompt"),
    [
        (STOCKHOLM, "2026-W13", "2026-03-27T12:00"),
        (STOCKHOLM, "2026-W14", "2026-04-03T11:00"),
        (STOCKHOLM, "2026-W43", "2026-10-23T11:00"),
        (STOCKHOLM, "2026-W44", "2026-10-30T12:00"),
        ("America/New_York", "2026-W10", "2026-03-06T18:00"),
        ("America/New_York", "2026-W11", "2026-03-13T17:00"),
        ("America/New_York", "2026-W44", "2026-10-30T17:00"),
        ("America/New_York", "2026-W45", "2026-11-06T18:00"),
        ("Australia/Sydney", "2026-W14", "2026-04-03T02:00"),
        ("Australia/Sydney", "2026-W15", "2026-04-10T03:00"),
        ("Australia/Sydney", "2026-W40", "2026-10-02T03:00"),
        ("Australia/Sydney", "2026-W41", "2026-10-09T02:00"),
    ],
)
def test_friday_13_00_stays_13_00_across_both_changes(zone: str, week: str, prompt: str) -> None:
    assert prompt_at(Period.parse(week), DEFAULT_PROMPT, zone) == utc(prompt)


@pytest.mark.parametrize(
    ("zone", "week", "instant"),
    [
        (STOCKHOLM, "2026-W13", "2026-03-29T01:30"),
        ("America/New_York", "2026-W10", "2026-03-08T07:30"),
        ("Australia/Sydney", "2026-W40", "2026-10-03T16:30"),
    ],
)
def test_half_past_two_that_does_not_exist_becomes_half_past_three(zone: str, week: str, instant: str) -> None:
    got = occurrence(Period.parse(week), SUNDAY_0230, zone, after_week=False)
    assert got == utc(instant)
    assert got.astimezone(ZoneInfo(zone)).time() == time(3, 30)


@pytest.mark.parametrize(
    ("zone", "week", "at", "instant"),
    [
        (STOCKHOLM, "2026-W43", "Sunday 02:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-W44", "Sunday 01:30", "2026-11-01T05:30"),
        ("Australia/Sydney", "2026-W14", "Sunday 02:30", "2026-04-04T15:30"),
    ],
)
def test_a_time_that_comes_twice_is_the_first(zone: str, week: str, at: str, instant: str) -> None:
    assert occurrence(Period.parse(week), WeeklyTime.parse(at), zone, after_week=False) == utc(instant)


# Due, late, missed


@pytest.mark.parametrize(
    ("kind", "minutes", "expected"),
    [
        (Kind.PROMPT, -1, Timing.WAITING),
        (Kind.PROMPT, 0, Timing.DUE),
        (Kind.PROMPT, 15, Timing.DUE),
        (Kind.PROMPT, 16, Timing.LATE),
        (Kind.PROMPT, 24 * 60, Timing.LATE),
        (Kind.PROMPT, 24 * 60 + 1, Timing.MISSED),
        (Kind.REMINDER, 120, Timing.LATE),
        (Kind.REMINDER, 121, Timing.MISSED),
        (Kind.DIGEST, 24 * 60, Timing.LATE),
    ],
)
def test_a_run_missed_while_the_bot_was_down_goes_out_within_its_grace(
    kind: Kind, minutes: int, expected: Timing
) -> None:
    due = USUAL[kind](W48, DEFAULT_DIGEST, STOCKHOLM)
    assert timing(due, due + timedelta(minutes=minutes), GRACE[kind]) is expected


@given(INSTANTS, WEEKLY, st.sampled_from(EDGE_ZONES), st.sampled_from(Kind))
def test_no_period_with_something_due_or_missed_this_week_is_overlooked(
    now: datetime, weekly: WeeklyTime, zone: str, kind: Kind
) -> None:
    considered = periods_to_consider(now)
    assert len(considered) <= 5
    here = Period.of(now)
    for period in Period.span(here.shift(-8), here.shift(3)):
        behind = now - USUAL[kind](period, weekly, zone)
        if timedelta() <= behind <= GRACE[kind] + timedelta(weeks=1):
            assert period in considered


@given(INSTANTS, WEEKLY, st.sampled_from(EDGE_ZONES))
def test_the_next_digest_is_ahead_within_a_week_and_skips_none(now: datetime, weekly: WeeklyTime, zone: str) -> None:
    coming = next_digest(now, weekly, zone)
    here = Period.of(now)
    every = [digest_at(period, weekly, zone) for period in Period.span(here.shift(-4), here.shift(3))]
    assert coming == min(instant for instant in every if instant > now)


def test_at_the_very_moment_of_a_digest_the_next_one_is_a_week_away() -> None:
    monday = local("2026-11-30T10:00")
    assert next_digest(monday, DEFAULT_DIGEST, STOCKHOLM) == local("2026-12-07T10:00")


# What a person reports on


@pytest.mark.parametrize(
    ("now", "week"),
    [
        ("2026-11-27T12:59", "2026-W48"),
        ("2026-11-27T13:00", "2026-W48"),
        ("2026-11-29T23:00", "2026-W48"),
        ("2026-11-30T09:59", "2026-W48"),
        ("2026-11-30T10:00", "2026-W49"),
        ("2026-12-04T12:59", "2026-W49"),
        ("2026-12-04T13:00", "2026-W49"),
        ("2026-12-31T15:00", "2026-W53"),
        ("2027-01-04T09:00", "2026-W53"),
        ("2027-01-04T11:00", "2027-W01"),
    ],
)
def test_a_person_reports_on_the_prompted_week_until_its_digest_and_then_on_the_next(now: str, week: str) -> None:
    assert str(reporting_period(local(now), STOCKHOLM, DEFAULT_PROMPT)) == week


def test_the_digest_closes_the_week_in_the_teams_zone_not_in_the_persons() -> None:
    noon_in_stockholm = local("2026-11-30T12:00")
    period = reporting_period(noon_in_stockholm, STOCKHOLM, DEFAULT_PROMPT, digest_zone="America/New_York")
    assert str(period) == "2026-W48"


def test_a_monday_prompt_asks_about_last_week_until_the_digest() -> None:
    monday = WeeklyTime(0, 7, 0)
    assert str(reporting_period(local("2026-11-30T09:00"), STOCKHOLM, monday)) == "2026-W48"
    assert str(reporting_period(local("2026-11-30T11:00"), STOCKHOLM, monday)) == "2026-W49"


def test_a_prompt_after_its_digest_still_asks_about_its_own_week() -> None:
    wednesday = WeeklyTime(2, 9, 0)
    assert str(reporting_period(local("2026-12-02T10:00"), STOCKHOLM, wednesday)) == "2026-W48"


@given(INSTANTS, WEEKLY, WEEKLY, st.sampled_from(EDGE_ZONES), st.sampled_from(EDGE_ZONES))
def test_the_reported_week_never_goes_back_in_time(
    now: datetime, prompt: WeeklyTime, digest: WeeklyTime, zone: str, team: str
) -> None:
    periods = [
        reporting_period(now + timedelta(hours=8 * step), zone, prompt, digest=digest, digest_zone=team)
        for step in range(22)
    ]
    assert periods == sorted(periods)
    assert periods[-1].weeks_since(periods[0]) == 1


# Quiet hours, days off and holidays

OFFICE = AskingTime.of("12345", "20:00", "07:00")
SWEDISH = AskingTime.of("12345", "20:00", "07:00", is_holiday_in("SE"))
CITIES = ["Europe/Stockholm", "America/New_York", "America/Los_Angeles", "Asia/Tokyo", "Australia/Sydney", "UTC"]
HOURS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 30]))
ASKING = st.builds(
    AskingTime.of,
    st.lists(st.sampled_from("1234567"), unique=True).map("".join),
    HOURS,
    HOURS,
    st.sampled_from([is_holiday_in(code) for code in ("", "SE", "US", "JP", "CN")]),
)
RHYTHMS = st.builds(
    Rhythm,
    WEEKLY,
    WEEKLY,
    st.one_of(WEEKLY, st.none()),
    st.sampled_from(CITIES),
    st.sampled_from(CITIES),
    ASKING,
    st.booleans(),
)
PERIODS = st.builds(lambda weeks: Period(2024, 1).shift(weeks), st.integers(0, 300))


def rhythm(zone: str = STOCKHOLM, *, asking: AskingTime = OFFICE, team_zone: str = STOCKHOLM, **times: str) -> Rhythm:
    usual = {"prompt": "Friday 13:00", "reminder": "Monday 08:00", "digest": "Monday 10:00", **times}
    return Rhythm(
        **{name: WeeklyTime.parse(at) for name, at in usual.items()}, zone=zone, team_zone=team_zone, asking=asking
    )


@given(PERIODS, st.sampled_from(EDGE_ZONES), st.integers(7, 19), st.integers(0, 59))
def test_without_holidays_the_office_weeks_times_are_the_usual_ones(
    period: Period, zone: str, hour: int, minute: int
) -> None:
    prompt, digest = WeeklyTime(4, hour, minute), WeeklyTime(1, hour, minute)
    theirs = Rhythm(prompt, WeeklyTime(0, hour, minute), digest, zone, zone, OFFICE)
    assert theirs.prompt_due(period) == prompt_at(period, prompt, zone)
    assert theirs.reminder_due(period) == reminder_at(period, WeeklyTime(0, hour, minute), zone)
    assert theirs.digest_due(period) == digest_at(period, digest, zone)


def test_easter_monday_moves_the_digest_and_its_reminder_to_tuesday_at_the_same_time() -> None:
    week = Period.parse("2026-W14")
    theirs = rhythm(asking=SWEDISH)
    assert theirs.digest_due(week) == local("2026-04-07T10:00")
    assert theirs.reminder_due(week) == local("2026-04-07T08:00")
    assert theirs.digest_due(week.shift(1)) == local("2026-04-13T10:00"), "once: the next week is as usual"


def test_a_prompt_on_a_holiday_comes_when_people_may_be_asked_next() -> None:
    good_friday = Period.parse("2026-W14")
    assert rhythm(asking=SWEDISH).prompt_due(good_friday) == local("2026-04-07T07:00")
    assert rhythm(asking=SWEDISH, digest="Tuesday 08:30").reminder_due(good_friday) == local("2026-04-07T08:00")
    assert rhythm(asking=SWEDISH, digest="Tuesday 07:30").reminder_due(good_friday) is None, "half an hour after it"


@pytest.mark.parametrize(
    ("prompt", "due"),
    [
        ("Friday 21:30", "2026-11-30T07:00"),
        ("Friday 06:00", "2026-11-27T07:00"),
        ("Saturday 11:00", "2026-11-30T07:00"),
        ("Monday 05:00", "2026-11-30T07:00"),
    ],
)
def test_a_prompt_in_quiet_hours_or_at_the_weekend_waits_for_their_end_unless_its_time_is_the_persons_choice(
    prompt: str, due: str
) -> None:
    theirs = rhythm(prompt=prompt)
    assert theirs.prompt_due(W48) == local(due)
    assert replace(theirs, own_prompt=True).prompt_due(W48) == prompt_at(W48, WeeklyTime.parse(prompt), STOCKHOLM)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("America/New_York", "2026-11-27T19:00"),  # the digest is at 04:00 there
        ("America/Sao_Paulo", "2026-11-27T19:00"),  # at 06:00
        ("Europe/London", "2026-11-30T08:00"),  # at 09:00
        ("Atlantic/Azores", "2026-11-30T07:00"),  # at 08:00
        ("Asia/Tokyo", "2026-11-30T08:00"),
    ],
)
def test_who_lives_west_of_the_team_is_reminded_before_its_digest(zone: str, due: str) -> None:
    assert rhythm(zone).reminder_due(W48) == local(due, zone)


def test_a_reminder_without_room_between_prompt_and_digest_is_dropped() -> None:
    assert rhythm("America/New_York", prompt="Friday 18:30").reminder_due(W48) is None
    assert rhythm(prompt="Monday 07:30").reminder_due(W48) is None
    assert rhythm(prompt="Monday 07:00").reminder_due(W48) == local("2026-11-30T08:00")


@given(RHYTHMS, PERIODS)
def test_nobody_is_asked_when_they_may_not_be_and_no_reminder_comes_after_the_digest(
    theirs: Rhythm, period: Period
) -> None:
    prompt, reminder, digest = theirs.prompt_due(period), theirs.reminder_due(period), theirs.digest_due(period)
    assert prompt is not None
    reachable = any(theirs.asking.works_on(period.monday + timedelta(days=day)) for day in range(21))
    if not theirs.own_prompt and reachable and theirs.asking.forward(prompt, theirs.zone) != prompt:
        pytest.fail("asked in a closed time")
    if reminder is not None:
        assert reminder >= prompt + timedelta(hours=1)
        assert digest is None or reminder < digest
    if digest is not None and theirs.digest is not None:
        usual = digest_at(period, theirs.digest, theirs.team_zone)
        assert timedelta() <= digest - usual < timedelta(days=6, hours=2)
        moved = (
            digest.astimezone(ZoneInfo(theirs.team_zone)).date() != usual.astimezone(ZoneInfo(theirs.team_zone)).date()
        )
        day = usual.astimezone(ZoneInfo(theirs.team_zone)).date()
        assert not moved or theirs.asking.is_holiday(day)
        assert digest < digest_at(period.shift(1), theirs.digest, theirs.team_zone) + timedelta(hours=2)


@given(RHYTHMS, PERIODS)
def test_each_weeks_messages_come_before_those_of_the_next(theirs: Rhythm, period: Period) -> None:
    for kind in Kind:
        this, following = theirs.due(kind, period), theirs.due(kind, period.shift(1))
        assert this is None or following is None or this <= following


@given(INSTANTS, RHYTHMS)
def test_with_days_off_too_the_reported_week_never_goes_back_in_time(now: datetime, theirs: Rhythm) -> None:
    periods = [theirs.reporting_period(now + timedelta(hours=8 * step)) for step in range(22)]
    assert periods == sorted(periods)


@given(INSTANTS, st.sampled_from(CITIES), ASKING)
def test_forward_and_back_end_where_people_may_be_asked(now: datetime, zone: str, asking: AskingTime) -> None:
    later, earlier = asking.forward(now, zone), asking.back(now, zone)
    assert now <= later <= now + timedelta(days=8)
    assert later == now or asking.allows(later, zone)
    assert earlier is None or (earlier <= now and asking.allows(earlier, zone))


# How people write a time of the week


@pytest.mark.parametrize(
    "text",
    [
        "Friday 13:00",
        "friday 13:00",
        "FRI 13:00",
        "fri 13:00",
        "fredag 13.00",
        "fre 13:00",
        "Fri, 13:00",
        "fredag kl. 13.00",
    ],
)
def test_friday_one_oclock_in_english_and_swedish(text: str) -> None:
    assert WeeklyTime.parse(text) == WeeklyTime(4, 13, 0)


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("måndag 8:05", 0),
        ("tis 8:05", 1),
        ("ons 8.05", 2),
        ("tors 8.05", 3),
        ("lördag 08:05", 5),
        ("sön 08:05", 6),
    ],
)
def test_swedish_weekdays(text: str, weekday: int) -> None:
    assert WeeklyTime.parse(text) == WeeklyTime(weekday, 8, 5)


@pytest.mark.parametrize("text", ["", "Friday", "13:00", "Fridag 13:00", "Friday 24:00", "Friday 13:60", "Friday 13"])
def test_other_times_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        WeeklyTime.parse(text)


@given(WEEKLY)
def test_every_weekly_time_reads_back(weekly: WeeklyTime) -> None:
    assert WeeklyTime.parse(str(weekly)) == weekly


@given(st.text())
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        weekly = WeeklyTime.parse(text)
    except ValueError as problem:
        assert str(problem).endswith(".")  # noqa: PT017 (either outcome is right; a crash is not)
    else:
        assert WeeklyTime.parse(str(weekly)) == weekly
