"""What a delivery says. Rendered when it is sent, so that it says what is true then."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.period import Period
from bot.domain.schedule import GRACE, Kind, Timing, timing
from bot.services.digests import digest_of
from bot.services.reports import Duty, duty_of
from messages import catalog
from messages.content import Message, Prompt
from messages.i18n import language_of
from storage import Session, members, teams, workspaces
from storage.deliveries import Claimed
from storage.tables import Team


@dataclass(frozen=True)
class Letter:
    """A message ready to go. `workspace` is Slack's id."""

    workspace: str
    message: Message
    late: bool


@dataclass(frozen=True)
class Unneeded:
    """A delivery that need not be sent any more, and why."""

    reason: str


def compose(session: Session, claimed: Claimed, *, now: datetime) -> Letter | Unneeded:
    """Render one delivery, or tell why it is not needed any more."""
    team = teams.get(session, claimed.workspace_id, claimed.team_id)
    when = timing(claimed.due_at, now, GRACE[Kind(claimed.kind)])
    if team is None or when is Timing.MISSED:
        return Unneeded("the team is gone" if team is None else "missed by more than its grace")
    workspace = workspaces.get(session, claimed.workspace_id).slack_team_id
    late = when is Timing.LATE
    message = (_digest if claimed.kind == Kind.DIGEST else _to_owner)(session, team, claimed, late)
    return message if isinstance(message, Unneeded) else Letter(workspace, message, late)


def _digest(session: Session, team: Team, claimed: Claimed, late: bool) -> Message:
    digest = digest_of(session, team, Period.parse(claimed.period), late=late)
    return catalog.digest(digest, language=team.locale)


def _to_owner(session: Session, team: Team, claimed: Claimed, late: bool) -> Message | Unneeded:
    member = members.by_slack_id(session, claimed.workspace_id, claimed.recipient)
    if member is None or member.deleted:
        return Unneeded("the person has left")
    duty = duty_of(session, team, member, Period.parse(claimed.period))
    if duty.done:
        return Unneeded("reported already" if duty.rows else "nothing to report any more")
    render = catalog.prompt if claimed.kind == Kind.PROMPT else catalog.reminder
    return render(_prompt(duty, late=late), language=language_of(member.locale, team.locale))


def _prompt(duty: Duty, *, late: bool) -> Prompt:
    return Prompt(
        team=duty.team.name,
        period=str(duty.period),
        hats=duty.hats,
        kpis=duty.values(reported=False),
        state=duty.state,
        digest_at=duty.digest_at(),
        late=late,
    )
