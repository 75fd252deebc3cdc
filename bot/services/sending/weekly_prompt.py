"""The weekly message to one person, as it should read now: numbers and hats in one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.period import Period
from bot.services.hats.hat_checks import check_of, is_asked
from bot.services.readings.duties import Duty, duty_of, read_state
from bot.services.readings.reports import receipt_of
from bot.services.sending.putting_off import later_choices
from bot.services.workspaces.scene import Answer, Asker, locate_team
from messages.content import AskAgain, HatCheck, Prompt, Receipt
from storage import Session, Sessions, absences, members, teams, weeks
from storage.tables import Delivery, Member, Team


@dataclass(frozen=True)
class Weekly:
    """What to ask, and what was stored already; `receipt` is None as long as no number is."""

    asked: Prompt
    receipt: Receipt | None = None


@dataclass(frozen=True)
class Posted:
    """The messages about a week in a person's DM (Slack's channel and ts), and what they should say now."""

    places: tuple[tuple[str, str], ...]
    weekly: Weekly


def first_prompt(
    duty: Duty, check: HatCheck | None, *, late: bool, skipped: str | None = None, later: tuple[AskAgain, ...] = ()
) -> Prompt:
    """Return what a prompt asks when it is sent: numbers that are missing, and the hats if they were not said yet.

    Args:
        duty: What the person owes for the week.
        check: The hat check, if they are asked.
        late: Whether it comes later than it should.
        skipped: Why they have nothing to report; None when they have not said so.
        later: When they can be asked again.
    """
    asks = not duty.done and skipped is None
    return Prompt(
        team=duty.team.name,
        period=str(duty.period),
        hats=duty.hats if asks else (),
        kpis=duty.values(reported=False) if asks else (),
        state=duty.state,
        digest_at=duty.digest_at(),
        late=late,
        check=check,
        later=later if asks else (),
        skipped=skipped,
    )


def open_check(session: Session, team: Team, member: Member, period: Period) -> HatCheck | None:
    """Return the hat check that a member still has to answer, if they are asked at all."""
    check = check_of(session, team, member, period) if is_asked(team, member) else None
    return check if check and check.answered is None else None


def posted(sessions: Sessions, asker: Asker, state: str, *, now: datetime) -> Answer[Posted | None]:
    """Return how the asker's weekly message should read now; None when there is none to change.

    Raises:
        Refused: `form_outdated`, when the team is gone.
    """
    team_id, period = read_state(state)
    with sessions.read() as session:
        scene = locate_team(session, asker, team_id)
        team = teams.get(session, scene.workspace_id, scene.team_id)
        member = members.get(session, scene.workspace_id, scene.member_id or 0)
        if team is None or member is None:
            return Answer(scene.language, None)
        sent = weeks.asked(session, team_id, asker.user, str(period))
        weekly = weekly_of(session, team, member, period, sent=sent, now=now)
        places = tuple((one.channel_id, one.message_ts) for one in sent if one.channel_id and one.message_ts)
        return Answer(scene.language, Posted(places, weekly) if weekly and places else None)


def weekly_of(
    session: Session, team: Team, member: Member, period: Period, *, now: datetime, sent: Sequence[Delivery] = ()
) -> Weekly | None:
    """Return what the weekly messages that were `sent` should say now; None when there is nothing to say."""
    duty = duty_of(session, team, member, period, now=now)
    check = check_of(session, team, member, period)
    if check and check.answered is None and not is_asked(team, member):
        check = None
    if not duty.rows and check is None:
        return None
    skipped = weeks.skipped(session, team.id or 0, member.id or 0, str(period))
    again = weeks.asked_again_at(session, team.id or 0, member.slack_user_id, str(period))
    absence = absences.current(session, team.workspace_id, member.id or 0, now=now)
    away_until = absence.ends_at if absence else None
    # Who has had two messages is not asked again.
    later = later_choices(team, member, period, now, away_until=away_until) if len(sent) == 1 else ()
    asked = first_prompt(duty, check, late=False, skipped=skipped, later=later)
    if again and asked.kpis:
        asked = replace(asked, asked_again_at=again.astimezone(ZoneInfo(member.timezone or team.timezone)))
    return Weekly(asked, receipt_of(session, duty) if duty.stored and skipped is None else None)
