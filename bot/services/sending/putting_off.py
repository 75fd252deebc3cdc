"""'Not now' and 'nothing this week': asking again at the person's own time, and weeks without numbers."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.domain.snoozing import CHOICES, MORNING, Mornings, ask_again_at, offered
from bot.services.readings.duties import Duty, duty_in, read_state, scene_and_week, write_state
from bot.services.sending.texts import storable
from bot.services.teams.rhythms import rhythm_of
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team
from messages.content import AskAgain, SkipForm
from storage import Session, Sessions, absences, weeks
from storage.tables import Member, Team

LONGEST_REASON = 500


def snooze(sessions: Sessions, asker: Asker, state: str, choice: str, *, now: datetime) -> Answer[datetime]:
    """Ask the asker again about a week when they said; return when, in their zone. A second choice moves it.

    Raises:
        Refused: `form_outdated`; `nothing_to_report`; `report_there` when everything is reported, or skipped;
            `asked_twice` when that would be a third message.
    """
    with sessions.write() as session:
        scene, duty = _duty(session, asker, state, now)
        with in_language(scene.language):
            if choice not in CHOICES:
                raise Refused("form_outdated")
            if duty.done or _reason(session, duty) is not None:
                raise Refused("report_there", week=str(duty.period))
            theirs = mornings_of(session, duty.team, duty.member, now=now)
            at = ask_again_at(choice, now, theirs)
            if not weeks.ask_again(
                session,
                workspace_id=scene.workspace_id,
                team_id=scene.team_id,
                recipient=asker.user,
                period=str(duty.period),
                at=at,
            ):
                raise Refused("asked_twice", week=str(duty.period))
            return Answer(scene.language, at.astimezone(ZoneInfo(theirs.zone)))


def open_skip(sessions: Sessions, asker: Asker, state: str, *, now: datetime) -> Answer[SkipForm]:
    """Prepare the form for a week without numbers.

    Raises:
        Refused: `form_outdated`, `nothing_to_report`, `report_there`.
    """
    with sessions.read() as session:
        scene, duty = _duty(session, asker, state, now)
        with in_language(scene.language):
            if duty.done:
                raise Refused("report_there", week=str(duty.period))
            reason = _reason(session, duty) or ""
            return Answer(scene.language, SkipForm(duty.team.name, str(duty.period), duty.state, reason))


def skip(sessions: Sessions, asker: Asker, state: str, reason: str, *, now: datetime) -> Answer[str]:
    """Note that the asker has nothing to report for a week; return the state that their message is found by.

    Raises:
        Refused: `form_outdated`, `nothing_to_report`, `report_there`.
    """
    with sessions.write() as session:
        scene, duty = _duty(session, asker, state, now)
        with in_language(scene.language):
            if duty.done:
                raise Refused("report_there", week=str(duty.period))
            weeks.skip(
                session,
                workspace_id=scene.workspace_id,
                team_id=scene.team_id,
                member_id=duty.member.id or 0,
                period=str(duty.period),
                reason=storable(" ".join(reason.split()), LONGEST_REASON),
                now=now,
            )
            return Answer(scene.language, duty.state)


def unskip(sessions: Sessions, asker: Asker, state: str) -> Answer[str]:
    """Take back that a week has no numbers; return the state that the asker's message is found by.

    Raises:
        Refused: `form_outdated`.
    """
    team_id, period = read_state(state)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            weeks.unskip(session, scene.team_id, scene.member_id or 0, str(period))
            return Answer(scene.language, write_state(team_id, period))


def later_choices(
    team: Team, member: Member, period: Period, now: datetime, *, away_until: datetime | None = None
) -> tuple[AskAgain, ...]:
    """Return when a person can be asked again about a week."""
    theirs = rhythm_of(team, member)
    mornings = Mornings(theirs.zone, theirs.asking, away_until)
    return named(offered(now, mornings, theirs.digest_due(period)), mornings, now)


def mornings_of(session: Session, team: Team, member: Member, *, now: datetime, at: time = MORNING) -> Mornings:
    """Return a person's mornings in a team, which begin at `at`."""
    theirs = rhythm_of(team, member)
    absence = absences.current(session, team.workspace_id, member.id or 0, now=now)
    return Mornings(theirs.zone, theirs.asking, absence.ends_at if absence else None, at)


def named(days: Mapping[str, date | None], mornings: Mornings, now: datetime) -> tuple[AskAgain, ...]:
    """Return choices with what they are called by: the day, and how far away it is."""
    today = mornings.today(now)
    return tuple(AskAgain(choice, day, (day - today).days if day else 0) for choice, day in days.items())


def _duty(session: Session, asker: Asker, state: str, now: datetime) -> tuple[Scene, Duty]:
    scene, period = scene_and_week(session, asker, state)
    with in_language(scene.language):
        return scene, duty_in(session, scene, period, now)


def _reason(session: Session, duty: Duty) -> str | None:
    return weeks.skipped(session, duty.team.id or 0, duty.member.id or 0, str(duty.period))
