"""An offer about a hat, looked at where its reader is, without waiting for the message that brings it."""

from datetime import datetime

from bot.domain.errors import Refused
from bot.services.agreements.agreement_letters import proposal_card
from bot.services.agreements.agreement_table import number_of
from bot.services.workspaces.authority import known, the_team
from bot.services.workspaces.scene import Answer, Asker, in_language, locate_team
from messages.agreement_content import ProposalCard
from storage import Sessions, proposals, teams
from storage.proposals import LIVE


def offer(sessions: Sessions, asker: Asker, key: str, *, now: datetime) -> Answer[ProposalCard]:
    """Put together the offer that a button names, for one of its two sides.

    Raises:
        Refused: `proposal_gone`, also when it is over; `not_your_proposal`, `hat_archived`, `form_outdated`.
    """
    with sessions.read() as session:
        workspace_id = teams.workspace_id(session, asker.workspace) or 0
        found = proposals.get(session, workspace_id, number_of(key))
        if found is None:
            raise Refused("proposal_gone")
        scene = locate_team(session, asker, found.team_id)
        with in_language(scene.language):
            reader = known(session, scene, asker.user)
            if reader.id not in {found.candidate_id, found.counterpart_id}:
                raise Refused("not_your_proposal")
            if found.state not in LIVE:
                raise Refused("proposal_gone")
            shown = proposal_card(session, the_team(session, scene), found, reader, today=now.date())
            if shown is None:
                raise Refused("hat_archived")
            return Answer(scene.language, shown)
