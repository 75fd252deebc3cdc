"""Evidence for a natural owner: counts by hat and person."""

from datetime import datetime
from decimal import Decimal

from bot.domain.errors import Refused
from bot.domain.evidence import TREND_WEEKS, WINDOW, Counts, Natural, Unclear, natural_owner, sharing
from bot.domain.period import Period
from bot.domain.zones import zone_of
from bot.services.hats.hats import owner_of, the_one
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.authority import Player, can_own, known, player, the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, scene_of
from messages.agreement_content import EvidenceLine
from messages.content import HatName, Person
from messages.evidence_content import HatEvidence, OwnEvidence
from storage import Session, Sessions, evidences, members, teams
from storage.hats import HatRow
from storage.tables import Member, Team

WEEKS = WINDOW.days // 7
_TENTH = Decimal("0.1")
_HUNDREDTH = Decimal("0.01")


def counts_of_hat(session: Session, team: Team, hat_id: int, *, since: datetime) -> dict[int, Counts]:
    """Return what each member of the workspace did for one hat since an instant."""
    counted = evidences.counts(session, team.id or 0, since=since)
    return {member: Counts(**kinds) for (hat, member), kinds in counted.items() if hat == hat_id}


def evidence_lines(session: Session, team: Team, hat_id: int, *, since: datetime) -> tuple[EvidenceLine, ...]:
    """Return the evidence for one hat as it is shown, most first; people who have left are not shown."""
    counted = counts_of_hat(session, team, hat_id, since=since)
    found = {member_id: members.get(session, team.workspace_id, member_id) for member_id in counted}
    return _lines(counted, {member_id: one for member_id, one in found.items() if one and not one.deleted})


def natural_owner_of(session: Session, team: Team, hat_id: int, *, now: datetime) -> Member | None:
    """Return the natural owner of a hat among those who play in the team and can own hats, if there is a clear one."""
    people = _possible_owners(session, team)
    judged = _judge(counts_of_hat(session, team, hat_id, since=now - WINDOW), people)
    return people[judged.member_id] if isinstance(judged, Natural) else None


def of_hat(
    sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, now: datetime
) -> Answer[HatEvidence]:
    """Show who does what for a hat, whether somebody is its natural owner, and how many share it week by week.

    Only those count who play in the team and can own a hat.

    Raises:
        Refused: `not_a_member` for people outside the team; `no_hat_named`, `hat_not_found`.
    """
    with scene_of(sessions, asker) as (session, scene):
        by = player(session, scene, asker.user)
        if not query:
            raise Refused("no_hat_named")
        team, hat = the_team(session, scene), the_one(session, directory, scene, query)
        people = _possible_owners(session, team)
        counted = counts_of_hat(session, team, hat.id, since=now - WINDOW)
        judged = _judge(counted, people)
        natural = people[judged.member_id] if isinstance(judged, Natural) else None
        return Answer(
            scene.language,
            HatEvidence(
                hat=HatName(hat.slug, hat.name),
                team=team.name,
                weeks=WEEKS,
                lines=_lines(counted, people),
                owner=owner_of(hat),
                natural=_person(natural) if natural else None,
                share=_rounded(judged.share, _HUNDREDTH) if isinstance(judged, Natural) else Decimal(0),
                missing=0 if isinstance(judged, Natural) else judged.events,
                close=() if isinstance(judged, Natural) else tuple(_person(people[one]) for one in judged.close),
                trend=_trend(session, team, hat, now),
                reader=asker.user,
                may_propose=natural is not None and _may_propose(hat, by, natural),
            ),
        )


def of_reader(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[OwnEvidence]:
    """Show a member what is kept of them.

    Raises:
        Refused: `not_a_member`.
    """
    with scene_of(sessions, asker) as (session, scene):
        return Answer(scene.language, _own(session, scene, player(session, scene, asker.user), now))


def forget(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[None]:
    """Delete everything that is kept of the asker, in every team of the workspace.

    Raises:
        Refused: `not_a_member`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            member = known(session, scene, asker.user)
            evidences.forget(session, scene.workspace_id, member.id or 0, now=now)
            return Answer(scene.language, None)


def _possible_owners(session: Session, team: Team) -> dict[int, Member]:
    return {member.id or 0: member for member, _ in teams.members(session, team.id or 0) if can_own(member)}


def _judge(counted: dict[int, Counts], people: dict[int, Member]) -> Natural | Unclear:
    return natural_owner({member_id: counts for member_id, counts in counted.items() if member_id in people})


def _own(session: Session, scene: Scene, by: Player, now: datetime) -> OwnEvidence:
    team = the_team(session, scene)
    counted = evidences.counts(session, scene.team_id, since=now - WINDOW)
    return OwnEvidence(
        team=team.name,
        weeks=WEEKS,
        person=_person(by.member),
        hats=tuple(
            (HatName(hat.slug, hat.name), _line(by.member, Counts(**counted[hat.id, by.id])))
            for hat in evidences.choices(session, scene.team_id, by.id)
            if (hat.id, by.id) in counted
        ),
        asked=by.member.hat_check,
        team_asks=team.hat_check,
    )


def _lines(counted: dict[int, Counts], people: dict[int, Member]) -> tuple[EvidenceLine, ...]:
    ordered = sorted(counted.items(), key=lambda item: (-item[1].weight, item[0]))
    return tuple(_line(people[member_id], counts) for member_id, counts in ordered if member_id in people)


def _line(member: Member, counts: Counts) -> EvidenceLine:
    return EvidenceLine(
        person=_person(member),
        hat_checks=counts.hat_checks,
        answered=counts.answered,
        passed_on=counts.passed_on,
        readings=counts.readings,
        took_it=counts.took_it,
    )


def _trend(session: Session, team: Team, hat: HatRow, now: datetime) -> tuple[tuple[str, Decimal], ...]:
    """Return how many people share a hat, by week. It ends with the last full week: of this one, few have said yet."""
    last = Period.of(now.astimezone(zone_of(team.timezone))).shift(-1)
    worn = evidences.worn(session, team.id or 0, first=str(last.shift(1 - TREND_WEEKS)), last=str(last))
    return tuple((week, _rounded(number, _TENTH)) for week, number in sharing(worn, hat.id))


def _may_propose(hat: HatRow, by: Player, natural: Member) -> bool:
    """Tell whether the asker may offer the hat, a vacant one or their own, to somebody else who does not own it."""
    return natural.id not in (hat.owner_id, by.id) and hat.owner_id in (None, by.id)


def _person(member: Member) -> Person:
    return Person(member.slack_user_id, member.name)


def _rounded(number: float, step: Decimal) -> Decimal:
    return Decimal(str(number)).quantize(step)
