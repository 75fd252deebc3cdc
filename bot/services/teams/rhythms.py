"""The weekly rhythm of a team and of each of its people, as their rows say."""

from functools import lru_cache

from bot.domain.asking_time import AskingTime
from bot.domain.schedule import Rhythm
from bot.domain.weekly import WeeklyTime
from bot.services.teams.holiday_calendars import is_holiday_in
from storage.tables import Member, Team


@lru_cache(maxsize=4096)
def asking_time(days: str, quiet_from: str, quiet_until: str, holidays: str) -> AskingTime:
    """Read when people of a team may be asked.

    Raises:
        ValueError: a weekday or a time is none.
    """
    return AskingTime.of(days, quiet_from, quiet_until, is_holiday_in(holidays))


def rhythm(  # one column each
    *,
    prompt: str,
    own_prompt: bool,
    reminder: str,
    digest: str,
    zone: str,
    team_zone: str,
    days: str,
    quiet_from: str,
    quiet_until: str,
    holidays: str,
) -> Rhythm:
    """Read a rhythm from columns; an empty time is switched off.

    Raises:
        ValueError: a time or a weekday is none.
    """
    return Rhythm(
        prompt=_weekly(prompt),
        reminder=_weekly(reminder),
        digest=_weekly(digest),
        zone=zone,
        team_zone=team_zone,
        asking=asking_time(days, quiet_from, quiet_until, holidays),
        own_prompt=own_prompt,
    )


def rhythm_of(team: Team, member: Member) -> Rhythm:
    """Read the rhythm of a member of a team.

    Raises:
        ValueError: a time or a weekday is none.
    """
    return rhythm(
        prompt=member.prompt_at if member.prompt_at is not None else team.prompt_at,
        own_prompt=member.prompt_at is not None,
        reminder=team.reminder_at if member.reminders else "",
        digest=team.digest_at if team.channel_id else "",
        zone=member.timezone or team.timezone,
        team_zone=team.timezone,
        days=team.working_days,
        quiet_from=team.quiet_from,
        quiet_until=team.quiet_until,
        holidays=team.holidays,
    )


@lru_cache(maxsize=4096)
def _weekly(written: str) -> WeeklyTime | None:
    return WeeklyTime.parse(written) if written else None
