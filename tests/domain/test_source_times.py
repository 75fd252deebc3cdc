"""A source is pulled before its owner is asked and before the team sees the week, and rests when it fails."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.source_times import is_to_be_told, next_pull, present_week, retry_at

STOCKHOLM = "Europe/Stockholm"
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)


def pulls(now: datetime, number: int, prompt: str = "Friday 13:00", digest: str = "Monday 10:00") -> list[str]:
    told = []
    for _ in range(number):
        now = next_pull(now, prompt, STOCKHOLM, digest, STOCKHOLM)
        told.append(f"{now.astimezone(ZoneInfo(STOCKHOLM)):%a %d %b %H:%M}")
    return told


def test_pulls_come_two_hours_before_prompt_and_digest() -> None:
    assert pulls(TUESDAY, 4) == ["Fri 27 Nov 11:00", "Mon 30 Nov 08:00", "Fri 04 Dec 11:00", "Mon 07 Dec 08:00"]


def test_local_times_hold_over_the_change_of_clocks() -> None:
    before = datetime(2026, 10, 23, 12, tzinfo=UTC)
    assert pulls(before, 2) == ["Mon 26 Oct 08:00", "Fri 30 Oct 11:00"]


def test_where_prompt_or_digest_is_switched_off_the_usual_times_hold() -> None:
    assert pulls(TUESDAY, 2, prompt="", digest="") == ["Fri 27 Nov 11:00", "Mon 30 Nov 08:00"]


def test_a_prompt_early_in_the_week_is_preceded_too() -> None:
    assert pulls(TUESDAY, 2, prompt="Tuesday 09:00") == ["Mon 30 Nov 08:00", "Tue 01 Dec 07:00"]


def test_the_next_pull_lies_always_ahead() -> None:
    now = TUESDAY
    for _ in range(500):
        now += timedelta(hours=1, minutes=7)
        assert now < next_pull(now, "Wednesday 00:30", "Pacific/Kiritimati", "Sunday 23:45", "Pacific/Niue")


def test_a_value_without_a_week_is_last_weeks_until_the_digest() -> None:
    monday = datetime(2026, 11, 30, 8, 59, tzinfo=UTC)
    assert str(present_week(monday, "Monday 10:00", STOCKHOLM)) == "2026-W48"
    assert str(present_week(monday + timedelta(minutes=1), "Monday 10:00", STOCKHOLM)) == "2026-W49"
    assert str(present_week(monday, "", "Asia/Tokyo")) == "2026-W49"


def test_retries_come_twice_as_late_each_time() -> None:
    now, waits = TUESDAY, []
    for _ in range(9):
        later = retry_at(now, TUESDAY)
        waits.append(int((later - now).total_seconds() // 60))
        now = later
    assert waits == [5, 5, 10, 20, 40, 80, 160, 320, 360]


def test_what_may_pass_is_told_after_twenty_minutes_and_the_rest_at_once() -> None:
    assert is_to_be_told(TUESDAY, TUESDAY, passing=False)
    assert not is_to_be_told(TUESDAY + timedelta(minutes=19), TUESDAY, passing=True)
    assert is_to_be_told(TUESDAY + timedelta(minutes=20), TUESDAY, passing=True)
