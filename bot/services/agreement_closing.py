"""The messages that an offer left in people's DMs, as they read once it has been answered or put off."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.agreement import LIVE, State
from bot.services import agreement_news as news
from bot.services.agreement_letters import decision_of, proposal_card
from messages import catalog
from messages.content import Message
from messages.i18n import language_of
from storage import Session, Sessions, deliveries, members, proposals, teams
from storage.tables import Delivery, Proposal, Team


class StillSendingError(Exception):
    """A message about the proposal is on its way: where it will stand is not known yet."""


@dataclass(frozen=True)
class Left:
    """A message in a DM, and what takes its place."""

    channel_id: str
    ts: str
    message: Message


def left_behind(
    sessions: Sessions, workspace: str, proposal_id: int, *, now: datetime, remind_on: date | None = None
) -> list[Left]:
    """Return the messages about a proposal as they should read now.

    The round before, and one that is over, say so and have no buttons. With `remind_on` the round that waits says when
    it comes again.

    Args:
        sessions: The database.
        workspace: Slack's id of the workspace.
        proposal_id: The proposal.
        now: The present.
        remind_on: The day to which the reader of the round that waits has put off the answer.

    Raises:
        StillSendingError: When a message is being sent right now. Look again in a moment.
    """
    with sessions.read() as session:
        proposal = proposals.get(session, teams.workspace_id(session, workspace) or 0, proposal_id)
        team = teams.get(session, proposal.workspace_id, proposal.team_id) if proposal else None
        if proposal is None or team is None:
            return []
        kinds = (news.OFFER, news.OFFER_REMINDER)
        about = f"proposal-{proposal_id}-"
        found = []
        for delivery in deliveries.sent_about(session, team_id=proposal.team_id, kinds=kinds, about=about):
            round_ = news.round_about(delivery.period)
            if round_ < proposal.round - 1:
                continue
            if delivery.state != "sent":
                raise StillSendingError
            message = _message(session, team, proposal, delivery, round_, now, remind_on)
            if message and delivery.channel_id and delivery.message_ts:
                found.append(Left(delivery.channel_id, delivery.message_ts, message))
        return found


def _message(
    session: Session, team: Team, proposal: Proposal, delivery: Delivery, round_: int, now: datetime, later: date | None
) -> Message | None:
    reader = members.by_slack_id(session, team.workspace_id, delivery.recipient)
    if reader is None:
        return None
    language = language_of(reader.locale, team.locale)
    if round_ == proposal.round and proposal.state in LIVE:
        shown = proposal_card(session, team, proposal, reader, today=now.date(), remind_on=later) if later else None
        return catalog.proposal(shown, language=language) if shown else None
    state = proposal.state if round_ == proposal.round else State.COUNTERED.value
    decided = decision_of(session, team, proposal, reader, state=state, round_=round_)
    return catalog.proposal_closed(decided, language=language)
