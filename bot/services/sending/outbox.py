"""What a delivery says. Rendered when it is sent, so that it says what is true then."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.schedule import GRACE, Timing, timing
from bot.services.agreements import agreement_closing, agreement_letters
from bot.services.digests import digest_letters
from bot.services.installs import onboarding_letters
from bot.services.people import life_letters
from bot.services.questions import listening, question_cards, question_letters, question_returns
from bot.services.sending import channels, weekly_letters
from bot.services.sending.batches import Batch
from bot.services.sending.letters import (
    Amendment,
    Composer,
    Held,
    Illustrate,
    Occasion,
    Reply,
    Sequel,
    TooEarly,
    Undeliverable,
    Unneeded,
)
from bot.services.sources import source_news
from messages.content import Message
from storage import Session, teams, workspaces
from storage.deliveries import NO_TEAM, Claimed
from storage.tables import Team

COMPOSERS: Final[dict[str, Composer]] = {
    **weekly_letters.COMPOSERS,
    **digest_letters.COMPOSERS,
    **agreement_letters.COMPOSERS,
    **agreement_closing.COMPOSERS,
    **life_letters.COMPOSERS,
    **question_letters.COMPOSERS,
    **question_cards.COMPOSERS,
    **listening.COMPOSERS,
    **onboarding_letters.COMPOSERS,
    **source_news.COMPOSERS,
    **channels.COMPOSERS,
}
OTHER_WAYS: Final = {
    **question_returns.OTHER_WAYS,
    **digest_letters.OTHER_WAYS,
    **onboarding_letters.OTHER_WAYS,
    **channels.OTHER_WAYS,
}
# What people did, as opposed to what the week brings, is still worth telling days later.
GRACE_OF_NEWS: Final = timedelta(days=7)
_MOMENT: Final = timedelta(seconds=1)
Unwritten = Unneeded | TooEarly | Held | Undeliverable


@dataclass(frozen=True)
class Letter:
    """A message ready to go. `workspace` is Slack's id; `thread_ts` the message that it is a reply to.

    `replaces` is the channel and `ts` of a message whose place it takes, `once_sent` stores what follows from it,
    `illustrate` gives it with its picture.
    """

    workspace: str
    message: Message
    late: bool
    thread_ts: str | None = None
    replaces: tuple[str, str] | None = None
    once_sent: Callable[[Session, datetime], None] | None = None
    illustrate: Illustrate | None = None


def compose(batch: Batch, claimed: Claimed) -> Letter | Unwritten:
    """Render one delivery of a batch, or tell why it is not needed any more, or not yet."""
    session, now = batch.session, batch.now
    if claimed.team_id == NO_TEAM:
        return _without_team(session, claimed, now)
    found = batch.team(claimed)
    grace = GRACE.get(claimed.kind, GRACE_OF_NEWS)
    when = timing(claimed.due_at, now, grace)
    if found is None:
        return Unneeded("the team is gone", _installed_in(session, claimed))
    team, workspace = found
    if when is Timing.MISSED:
        return Unneeded("missed by more than its grace", workspace)
    if team.channel_paused_at is None or claimed.recipient != team.channel_id:
        return _written(batch, claimed, team, workspace, late=when is Timing.LATE)
    reason = f"paused: {team.channel_paused_for}"
    if claimed.kind not in OTHER_WAYS:
        # A moment after its grace: by then it is missed.
        return Held(reason, claimed.due_at + grace + _MOMENT)
    if not claimed.doubtful:
        return Undeliverable(reason)
    written = _written(batch, claimed, team, workspace, late=when is Timing.LATE)
    if not isinstance(written, Letter):
        return written
    # What takes another's place is not looked for.
    return Undeliverable(reason, None if written.replaces else workspace, written.thread_ts)


def _written(batch: Batch, claimed: Claimed, team: Team, workspace: str, *, late: bool) -> Letter | Unneeded | TooEarly:
    message = COMPOSERS[claimed.kind](Occasion(batch.session, team, claimed, late, batch.now, batch))
    if isinstance(message, Unneeded):
        return replace(message, workspace=workspace)
    if isinstance(message, TooEarly):
        return message
    once_sent = message.once_sent if isinstance(message, Sequel) else None
    message = message.message if isinstance(message, Sequel) else message
    if isinstance(message, Reply):
        return Letter(workspace, message.message, late, message.thread_ts, illustrate=message.illustrate)
    if isinstance(message, Amendment):
        replaces = (message.channel_id, message.ts)
        return Letter(workspace, message.message, late, replaces=replaces, once_sent=once_sent)
    return Letter(workspace, message, late, once_sent=once_sent)


def _without_team(session: Session, claimed: Claimed, now: datetime) -> Letter | Unneeded:
    when = timing(claimed.due_at, now, GRACE_OF_NEWS)
    workspace = workspaces.get(session, claimed.workspace_id)
    if workspace.uninstalled_at is not None:
        return Unneeded("the app is not installed any more")
    if when is Timing.MISSED:
        return Unneeded("missed by more than its grace", workspace.slack_team_id)
    message = onboarding_letters.WORKSPACE_COMPOSERS[claimed.kind](session, workspace, claimed)
    if isinstance(message, Unneeded):
        return replace(message, workspace=workspace.slack_team_id)
    return Letter(workspace.slack_team_id, message, when is Timing.LATE)


def _installed_in(session: Session, claimed: Claimed) -> str | None:
    """Return Slack's id of a delivery's workspace; None when the app is gone from there, and can look for nothing."""
    workspace = workspaces.get(session, claimed.workspace_id)
    return workspace.slack_team_id if workspace.uninstalled_at is None else None


def returned(session: Session, claimed: Claimed, *, now: datetime) -> None:
    """Find another way for a delivery that Slack will never take to where it was meant for, if there is one."""
    found = teams.with_workspace(session, claimed.workspace_id, claimed.team_id)
    other_way = OTHER_WAYS.get(claimed.kind)
    if found and other_way:
        other_way(session, found[0], claimed, now)


def waits_for_channel(session: Session, claimed: Claimed, error: str, *, now: datetime) -> datetime | None:
    """Pause the team's channel that refused a delivery; return until when that waits for it, if it has no other way."""
    if not channels.refused(session, claimed, error, now=now) or claimed.kind in OTHER_WAYS:
        return None
    return claimed.due_at + GRACE.get(claimed.kind, GRACE_OF_NEWS) + _MOMENT


__all__ = [
    "Batch",
    "Held",
    "Letter",
    "TooEarly",
    "Undeliverable",
    "Unneeded",
    "Unwritten",
    "compose",
    "returned",
    "waits_for_channel",
]
