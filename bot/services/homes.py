"""The App Home of one person."""

from datetime import datetime

from bot.services import reports
from bot.services.hats import card, names
from bot.services.question_learning import figures_of_hats
from bot.services.scene import Answer, Asker, scene_of
from messages.content import Home, Person
from storage import Sessions, hats, members, teams


def home(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[Home]:
    """Collect a person's hats and what is still to report.

    Raises:
        Refused: `no_team`, `several_teams`.
    """
    with scene_of(sessions, asker) as (session, scene):
        team = teams.get(session, scene.workspace_id, scene.team_id)
        member = members.get(session, scene.workspace_id, scene.member_id) if scene.member_id else None
        if team is None or member is None or member.id is None:
            return Answer(scene.language, Home(scene.team_name, Person(asker.user)))
        owned = hats.owned_by(session, scene.team_id, member.id)
        worn = [hat for hat in hats.worn_by(session, scene.team_id, member.id) if hat.owner_id != member.id]
        duty = reports.duty_of(session, team, member, reports.current_period(team, member, now), now=now)
        return Answer(
            scene.language,
            Home(
                team=team.name,
                person=Person(asker.user, member.name),
                owned=tuple(card(session, scene, hat, on=now.date()) for hat in owned),
                worn=names(worn),
                period=str(duty.period),
                state=duty.state if duty.rows else "",
                due=duty.values(reported=False),
                reported=duty.values(reported=True),
                digest_at=duty.digest_at(),
                questions=figures_of_hats(session, team, owned, now=now),
            ),
        )
