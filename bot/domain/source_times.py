"""When a source is pulled: before its owner is asked, before the digest, and again when it has failed."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.period import Period
from bot.domain.schedule import DEFAULT_DIGEST, DEFAULT_PROMPT, digest_at, prompt_at
from bot.domain.weekly import WeeklyTime

LEAD: Final = timedelta(hours=2)
SHORTEST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=6)
# A server that is away for a moment is nobody's business.
TOLD_AFTER: Final = timedelta(minutes=20)


def next_pull(now: datetime, prompt: str, prompt_zone: str, digest: str, digest_zone: str) -> datetime:
    """Give the next pull after `now`: two hours before the prompt, or before the digest.

    Args:
        now: The present, aware.
        prompt: When the owner is asked, such as `Friday 13:00`; "" where nobody is.
        prompt_zone: The owner's zone.
        digest: When the team sees the week; "" where it does not.
        digest_zone: The team's zone.
    """
    weekly = WeeklyTime.parse(prompt) if prompt else DEFAULT_PROMPT
    shown = WeeklyTime.parse(digest) if digest else DEFAULT_DIGEST
    week = Period.of(now.astimezone(ZoneInfo(prompt_zone)))
    candidates = [
        at - LEAD
        for period in Period.span(week.shift(-2), week.shift(2))
        for at in (prompt_at(period, weekly, prompt_zone), digest_at(period, shown, digest_zone))
    ]
    return min(at for at in candidates if at > now)


def present_week(now: datetime, digest: str, zone: str) -> Period:
    """Give the week that a value without a week belongs to: last week until the team has seen it, then this one."""
    last = Period.of(now.astimezone(ZoneInfo(zone))).shift(-1)
    shown = digest_at(last, WeeklyTime.parse(digest) if digest else DEFAULT_DIGEST, zone)
    return last if now < shown else last.shift(1)


def retry_at(now: datetime, failing_since: datetime) -> datetime:
    """Give when a source that fails is tried again: after five minutes, then twice as late each time, to six hours."""
    return now + min(max(now - failing_since, SHORTEST_WAIT), LONGEST_WAIT)


def is_to_be_told(now: datetime, failing_since: datetime, *, passing: bool) -> bool:
    """Tell whether the owner should hear of a failure: at once, or after a while where it may pass by itself."""
    return not passing or now - failing_since >= TOLD_AFTER
