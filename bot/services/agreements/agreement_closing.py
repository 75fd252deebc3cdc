"""The messages that an offer left in people's DMs, as they read once it has been answered, put off, or has ended.

Who presses a button sees the change at once, made by the listener. However a proposal ends, the change is owed as a
delivery as well: nobody may be pressing, and the process may die before it is made.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.agreement import LIVE, State
from bot.services.agreements import agreement_news as news
from bot.services.agreements.agreement_letters import decision_of, proposal_card
from bot.services.sending.letters import Amendment, Composer, Occasion, TooEarly, Unneeded
from messages import catalog
from messages.content import Message
from messages.i18n import language_of
from storage import Session, Sessions, delivered, members, proposals, teams
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
        for delivery in delivered.sent_about(session, team_id=proposal.team_id, kinds=kinds, about=about):
            round_ = news.round_about(delivery.period)
            if round_ < proposal.round - 1:
                continue
            if delivery.state == "claimed":
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
    language = language_of(members.spoken_locale(reader), team.locale)
    if round_ == proposal.round and proposal.state in LIVE:
        shown = proposal_card(session, team, proposal, reader, today=now.date(), remind_on=later) if later else None
        return catalog.proposal(shown, language=language) if shown else None
    state = _ending(session, proposal, delivery) if round_ == proposal.round else State.COUNTERED.value
    decided = decision_of(session, team, proposal, reader, state=state, round_=round_)
    return catalog.proposal_closed(decided, language=language)


def _ending(session: Session, proposal: Proposal, delivery: Delivery) -> str:
    """Return how a proposal ended: one that became pointless was not taken back by anybody."""
    owed = delivered.state(
        session,
        team_id=proposal.team_id,
        kind=news.OFFER_CLOSED,
        recipient=delivery.recipient,
        period=news.closing_about(delivery.id or 0, news.CALLED_OFF),
    )
    return proposal.state if owed is None else news.CALLED_OFF


def _closing(occasion: Occasion) -> Amendment | Unneeded | TooEarly:
    session, team = occasion.session, occasion.team
    offer = delivered.one(session, team.id or 0, int(occasion.claimed.period.split("-")[1]))
    if offer is not None and offer.state in ("due", "claimed"):
        return TooEarly("the offer is on its way")
    if offer is None or offer.channel_id is None or offer.message_ts is None:
        return Unneeded("the offer was never sent")
    proposal = proposals.get(session, team.workspace_id, int(offer.period.split("-")[1]))
    reader = members.by_slack_id(session, team.workspace_id, offer.recipient)
    if proposal is None or reader is None or reader.deleted:
        return Unneeded("the offer or its reader is gone")
    round_ = news.round_about(offer.period)
    message = _message(session, team, proposal, offer, round_, occasion.now, None)
    return Amendment(message, offer.channel_id, offer.message_ts) if message else Unneeded("the offer waits")


COMPOSERS: dict[str, Composer] = {news.OFFER_CLOSED: _closing}
