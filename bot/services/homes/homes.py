"""The App Home of one person in one of their teams.

Everything is read, nothing computed: the number of queries does not grow with hats, KPIs or links.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.hats.hats import card, names
from bot.services.hats.pitch import linked_of, pitch_of
from bot.services.homes import home_parts, next_steps
from bot.services.questions.question_learning import figures_of_hats
from bot.services.questions.question_lists import waiting_for
from bot.services.readings import duties
from bot.services.sending.weekly_prompt import open_check
from bot.services.workspaces.authority import the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team, team_place
from messages.content import Person
from messages.home_content import Home, HomeTeam
from storage import Session, Sessions, hats, members, teams, weeks
from storage.hats import HatRow
from storage.tables import Member, Team
from storage.teams import Place


def home(sessions: Sessions, asker: Asker, *, now: datetime, hat: str = "") -> Answer[Home]:
    """Collect what a person's Home shows, of the team in `asker`, or of their first one.

    Args:
        sessions: The database.
        asker: Whose Home it is. A team that they do not find themselves in (any more) is passed over.
        now: The present.
        hat: The slug of the hat that they look at; one that is gone is passed over.

    Raises:
        Refused: `no_team`.
    """
    with sessions.read() as session:
        places = _places(session, asker)
        chosen = next((place for place in places if place.team_id == asker.team_id), places[0])
        scene = locate_team(session, replace(asker, channel=None), chosen.team_id)
        with in_language(scene.language):
            team = the_team(session, scene)
            member = members.get(session, scene.workspace_id, scene.member_id) if scene.member_id else None
            known = hats.all_of_team(session, scene.team_id)
            seen = next((row for row in known if row.slug == hat), None)
            shown = Home(
                team=team.name,
                person=Person(asker.user, member.name if member else ""),
                state=" ".join(filter(None, (team_place(scene.team_id), seen.slug if seen else ""))),
                teams=tuple(HomeTeam(team_place(place.team_id), place.team_name) for place in places),
                plays=chosen.is_admin is not None,
                is_admin=scene.is_admin,
                hat=card(session, scene, seen, on=now.date(), now=now) if seen else None,
                set_up=next_steps.state_for(session, scene, asker, now=now),
            )
            shown = _of_the_team(session, scene, team, shown, now=now)
            return Answer(scene.language, _of_the_member(session, scene, team, member, shown, known, now=now))


def _places(session: Session, asker: Asker) -> Sequence[Place]:
    """Return the teams that a person plays in; for somebody who plays in none, all of the workspace."""
    places = teams.places(session, workspace=asker.workspace, channel=None, user=asker.user)
    if not places:
        raise Refused("no_team")
    return [place for place in places if place.rank == places[0].rank]


def _of_the_team(session: Session, scene: Scene, team: Team, shown: Home, *, now: datetime) -> Home:
    period = Period.of(now.date()).shift(-1)
    linked = linked_of(session, scene.team_id, period)
    pitch = pitch_of(session, scene.team_id, team.name, period, now=now, linked=linked)
    return replace(
        shown,
        pitch=pitch,
        chain=home_parts.chain_at_a_glance(linked),
        all_hats=tuple(shirt.hat for shirt in pitch.shirts),
    )


def _of_the_member(
    session: Session,
    scene: Scene,
    team: Team,
    member: Member | None,
    shown: Home,
    known: Sequence[HatRow],
    *,
    now: datetime,
) -> Home:
    if member is None or member.id is None:
        return shown
    owned = [row for row in known if row.owner_id == member.id]
    away = [row for row in known if row.deputy_id == member.id and row.owner_away_until(now)]
    worn = hats.worn_by(session, scene.team_id, member.id)
    duty = duties.duty_of(session, team, member, duties.current_period(team, member, now), now=now)
    skipped = weeks.skipped(session, scene.team_id, member.id, str(duty.period)) is not None
    return replace(
        shown,
        period=str(duty.period),
        report=duty.state if duty.rows else "",
        due=() if skipped else duty.values(reported=False),
        reported=duty.values(reported=True),
        skipped=skipped,
        digest_at=duty.digest_at(),
        check=open_check(session, team, member, duty.period) if shown.plays else None,
        offers=home_parts.offers(session, team, member),
        asked=waiting_for(session, scene, member.id, now=now),
        owned=home_parts.hats_with_courses(session, team, member, [*owned, *away], now=now),
        worn=names([row for row in worn if row.owner_id != member.id]),
        wears_hat=shown.hat is not None and any(row.slug == shown.hat.slug for row in worn),
        questions=figures_of_hats(session, team, owned, now=now),
        settings=home_parts.settings(session, team, member, now=now),
    )
