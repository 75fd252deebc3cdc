"""How a team's hats are, and the one step that mends each thing that could be better."""

from datetime import datetime, tzinfo

from bot.domain.errors import Refused
from bot.domain.health import UNWORN_WEEKS, Ailment, Finding, HatFacts, findings
from bot.domain.period import Period
from bot.domain.zones import zone_of
from bot.services.agreements import agreement_news
from bot.services.hats.hats import names, owner_of, the_one
from bot.services.people import life_news
from bot.services.people.directory import HatDirectory
from bot.services.questions.question_learning import asked_lately
from bot.services.sending.owing import owe_to
from bot.services.workspaces.authority import player, the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, scene_of
from messages import ids
from messages.content import HatName
from messages.life_content import Done, Health, HealthLine
from storage import Session, Sessions, assignments, evidences, hats
from storage.hats import HatRow

# What mends it. Only the owner passes a hat on; everybody else asks them.
_ACTIONS = {
    Ailment.REVIEW: ids.REVIEW_ASK,
    Ailment.SHARED: ids.VOLUNTEERS_ASK,
    Ailment.VACANT: ids.PROPOSE_OPEN,
    Ailment.OVERLOADED: ids.HAT_ASK,
    Ailment.UNWORN: ids.HAT_ASK,
}


def health(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[Health]:
    """Look at every hat of the asker's team."""
    with scene_of(sessions, asker) as (session, scene):
        zone = zone_of(the_team(session, scene).timezone)
        week = Period.of(now.astimezone(zone))
        rows = {row.id: row for row in hats.all_of_team(session, scene.team_id)}
        answered = evidences.answered(
            session, scene.team_id, first=str(week.shift(-UNWORN_WEEKS)), last=str(week.shift(-1))
        )
        found = findings(_facts(session, scene, rows, now), answered, week, now)
        lines = tuple(_line(one, rows[one.hat_id], scene, zone) for one in found)
        team = the_team(session, scene)
        shown = Health(scene.team_name, lines, team.channel_id or "", team.channel_paused_for or "")
        return Answer(scene.language, shown)


def _facts(session: Session, scene: Scene, rows: dict[int, HatRow], now: datetime) -> list[HatFacts]:
    worn = hats.wearers_of_team(session, scene.team_id)
    last = evidences.last_worn(session, scene.team_id)
    reviews = assignments.reviews(session, scene.team_id)
    asked = asked_lately(session, the_team(session, scene), now=now)
    return [
        HatFacts(
            hat_id=row.id,
            owner_id=row.owner_id,
            wearers=len(worn.get(row.id, ())),
            owned_since=row.owner_since,
            review_at=reviews.get(row.id),
            last_worn=Period.parse(last[row.id]) if row.id in last else None,
            asked=asked.get(row.id, 0),
        )
        for row in rows.values()
    ]


def _line(finding: Finding, hat: HatRow, scene: Scene, zone: tzinfo) -> HealthLine:
    action = _ACTIONS[finding.ailment]
    if action == ids.HAT_ASK and finding.member_id == scene.member_id:
        action = ids.PROPOSE_OPEN
    return HealthLine(
        kind=finding.ailment.value,
        action=action,
        value=hat.slug,
        hat=HatName(hat.slug, hat.name),
        person=owner_of(hat) if finding.member_id else None,
        number=finding.number,
        asked=finding.asked,
        on=finding.since.astimezone(zone).date() if finding.since else None,
    )


def ask_for_volunteers(
    sessions: Sessions, directory: HatDirectory, asker: Asker, slug: str, *, now: datetime
) -> Answer[Done]:
    """Let the team's channel be asked who would like to own a vacant hat, once a week at most.

    Raises:
        Refused: `hat_has_owner`, `hat_not_found`, `not_a_member`; `no_channel`, when the team has none.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            player(session, scene, asker.user)
            hat = the_one(session, directory, scene, slug)
            if hat.owner_id is not None:
                raise Refused("hat_has_owner", hat=hat.name, owner=owner_of(hat))
            team = the_team(session, scene)
            if not team.channel_id:
                raise Refused("no_channel", team=team.name)
            about = f"volunteers-{hat.id}-{Period.of(now.date())}"
            owe_to(session, team, life_news.VOLUNTEERS, team.channel_id, about, now=now)
            return Answer(scene.language, Done("volunteers_asked", {"hat": names([hat])[0]}))


def ask_for_review(
    sessions: Sessions, directory: HatDirectory, asker: Asker, slug: str, *, now: datetime
) -> Answer[Done]:
    """Let a hat's owner be asked again to look at the agreement, once a day at most.

    Raises:
        Refused: `review_over`, when there is nothing to review any more; `hat_not_found`, `not_a_member`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            player(session, scene, asker.user)
            hat = the_one(session, directory, scene, slug)
            assignment = assignments.live(session, hat.id)
            if (
                assignment is None
                or assignment.review_at is None
                or assignment.review_at > now
                or not hat.owner_slack_id
            ):
                raise Refused("review_over", hat=hat.name)
            about = f"review-{assignment.id}-{now:%Y%m%d}"
            owe_to(session, the_team(session, scene), agreement_news.REVIEW, hat.owner_slack_id, about, now=now)
            return Answer(scene.language, Done("review_asked", {"hat": names([hat])[0], "owner": owner_of(hat)}))
