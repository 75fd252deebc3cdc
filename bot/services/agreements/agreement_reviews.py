"""Agreements are reviewed: when the date comes, the owner keeps the hat, changes its terms, or passes it on."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.agreements import agreement_news, ownership
from bot.services.agreements.agreement_form import TermProblems, Typed, offered_terms, read_terms
from bot.services.agreements.agreement_table import number_of
from bot.services.agreements.agreement_terms import TermsProposed, current_terms, review_terms_in
from bot.services.hats.hats import kpi_value
from bot.services.kpis.computed import with_computed
from bot.services.sending.owing import owe_to
from bot.services.sending.texts import MOST_CHARACTERS, storable
from bot.services.workspaces.authority import Player, player, the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team
from messages.agreement_content import Review, TermsForm
from messages.content import HatName
from storage import Session, Sessions, assignments, audits, hats, kpis, teams
from storage.hats import HatRow
from storage.tables import Assignment, Member, Team


def owe_reviews(sessions: Sessions, now: datetime) -> None:
    """Owe owners whose agreement's review date has come the question what to do, once for each date."""
    with sessions.read() as session:
        if not assignments.to_review(session, now=now):
            return
    with sessions.write() as session:
        for assignment, hat, member in assignments.to_review(session, now=now):
            team = teams.get(session, hat.workspace_id, hat.team_id)
            if team is not None and assignment.review_at is not None:
                about = f"review-{assignment.id}-{assignment.review_at:%Y%m%d}"
                owe_to(session, team, agreement_news.REVIEW, member.slack_user_id, about, now=now)


def review_of(session: Session, team: Team, assignment: Assignment, owner: Member, now: datetime) -> Review | None:
    """Put together what the owner is asked; None when the hat is gone."""
    hat = hats.one(session, team.id or 0, assignment.hat_id)
    if hat is None:
        return None
    zone = ZoneInfo(owner.timezone or team.timezone)
    week = Period.of(now.date())
    measured = with_computed(session, team.id or 0, kpis.of_hats(session, [hat.id], period=str(week)), week)
    return Review(
        key=str(assignment.id),
        hat=HatName(hat.slug, hat.name),
        team=team.name,
        since=assignment.started_at.astimezone(zone).date(),
        kpis=tuple(kpi_value(row) for row in measured),
        again_on=assignment.review_at.astimezone(zone).date() if assignment.review_at else None,
    )


def keep(sessions: Sessions, asker: Asker, key: str, *, now: datetime) -> Answer[Review]:
    """Keep the hat as agreed until the next review.

    Raises:
        Refused: `review_over`, when the hat is not the asker's any more or the review was answered before.
    """
    with sessions.write() as session:
        scene, owner, assignment, hat = _reviewed(session, asker, key)
        with in_language(scene.language):
            if assignment.review_at is not None and assignment.review_at > now:
                raise Refused("review_over", hat=hat.name)
            team = the_team(session, scene)
            before = assignment.review_at
            ownership.renew(session, team, hats.entity_by_id(session, scene.team_id, hat.id), now=now)
            audits.add(
                session,
                workspace_id=scene.workspace_id,
                team_id=scene.team_id,
                actor=asker.user,
                action="agreement.kept",
                subject=hat.slug,
                now=now,
                before={"review": before},
                after={"review": assignment.review_at},
            )
            review = review_of(session, team, assignment, owner.member, now)
            if review is None:
                raise Refused("hat_archived")
            return Answer(scene.language, review)


def open_change(sessions: Sessions, asker: Asker, key: str, *, now: datetime) -> Answer[TermsForm]:
    """Prepare the form in which an owner writes other terms.

    Raises:
        Refused: `review_over`.
    """
    with sessions.write() as session:  # writing, since it holds the hat to look at it
        scene, _, _, hat = _reviewed(session, asker, key)
        terms = current_terms(session, hat.id, now)
        shown = offered_terms(session, hat, terms, now.date())
        return Answer(scene.language, TermsForm(state=key, hat=HatName(hat.slug, hat.name), terms=shown))


def change(
    sessions: Sessions, asker: Asker, key: str, typed: Typed, *, now: datetime
) -> Answer[TermsProposed | TermProblems]:
    """Offer other terms to the team; where nobody is left to agree, they hold at once.

    Raises:
        Refused: `review_over`, `reason_missing`, `nothing_countered`, `proposal_live`, `kpi_unnamed`, `kpi_taken`.
    """
    with sessions.write() as session:
        scene, owner, _, hat = _reviewed(session, asker, key)
        with in_language(scene.language):
            if not storable(typed.reason.strip(), MOST_CHARACTERS):
                raise Refused("reason_missing")
            before = current_terms(session, hat.id, now)
            read = read_terms(session, hat, before, typed, scene.language, now.date())
            if isinstance(read, TermProblems):
                return Answer(scene.language, read)
            changed = [term for term in read if term not in before]
            if not changed:
                raise Refused("nothing_countered")
            answer = review_terms_in(session, scene, owner, hat, changed, typed.reason, now=now)
            return Answer(scene.language, answer.content)


def hat_of_review(sessions: Sessions, asker: Asker, key: str) -> Answer[tuple[str, str]]:
    """Return the slug of the hat under review and its team's channel, for the form in which it is passed on.

    Raises:
        Refused: `review_over`.
    """
    with sessions.write() as session:  # writing, since it holds the hat to look at it
        scene, _, _, hat = _reviewed(session, asker, key)
        return Answer(scene.language, (hat.slug, the_team(session, scene).channel_id or ""))


def _reviewed(session: Session, asker: Asker, key: str) -> tuple[Scene, Player, Assignment, HatRow]:
    workspace_id = teams.workspace_id(session, asker.workspace) or 0
    assignment = assignments.one(session, workspace_id, number_of(key))
    team_id = hats.team_of(session, assignment.hat_id) if assignment else None
    if assignment is None or team_id is None:
        raise Refused("review_over")
    scene = locate_team(session, asker, team_id)
    with in_language(scene.language):
        owner = player(session, scene, asker.user)
        hats.lock(session, assignment.hat_id)
        hat = hats.one(session, team_id, assignment.hat_id)
        live = assignments.live(session, assignment.hat_id)
        if hat is None or live is None or live.id != assignment.id or live.member_id != owner.id:
            raise Refused("review_over", hat=hat.name if hat else None)
        return scene, owner, live, hat
