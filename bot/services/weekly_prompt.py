"""The weekly message to one person, as it should read now: numbers and hats in one."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain import schedule
from bot.domain.period import Period
from bot.services.hat_checks import check_of, is_asked
from bot.services.reports import Duty, duty_of, read_state, receipt_of
from bot.services.scene import Answer, Asker, locate_team
from messages.content import HatCheck, Prompt, Receipt
from storage import Session, Sessions, deliveries, members, teams
from storage.tables import Member, Team


@dataclass(frozen=True)
class Weekly:
    """What to ask, and what was stored already; `receipt` is None as long as no number is."""

    asked: Prompt
    receipt: Receipt | None = None


@dataclass(frozen=True)
class Posted:
    """The weekly message in a person's DM (Slack's channel and ts), and what it should say now."""

    channel: str
    ts: str
    weekly: Weekly


def first_prompt(duty: Duty, check: HatCheck | None, *, late: bool) -> Prompt:
    """Return what a prompt asks when it is sent: numbers that are missing, and the hats if they were not said yet."""
    return Prompt(
        team=duty.team.name,
        period=str(duty.period),
        hats=duty.hats if not duty.done else (),
        kpis=duty.values(reported=False),
        state=duty.state,
        digest_at=duty.digest_at(),
        late=late,
        check=check,
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
        sent = deliveries.sent(
            session, team_id=team_id, kind=schedule.Kind.PROMPT, recipient=asker.user, period=str(period)
        )
        weekly = weekly_of(session, team, member, period, now=now)
        if weekly is None or sent is None or not sent.channel_id or not sent.message_ts:
            return Answer(scene.language, None)
        return Answer(scene.language, Posted(sent.channel_id, sent.message_ts, weekly))


def weekly_of(session: Session, team: Team, member: Member, period: Period, *, now: datetime) -> Weekly | None:
    """Return what the weekly message should say now; None when there is nothing to say."""
    duty = duty_of(session, team, member, period, now=now)
    check = check_of(session, team, member, period)
    if check and check.answered is None and not is_asked(team, member):
        check = None
    if not duty.rows and check is None:
        return None
    return Weekly(first_prompt(duty, check, late=False), receipt_of(duty) if duty.stored else None)
