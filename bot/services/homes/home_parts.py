"""The parts of the App Home that are put together from what is stored. None of them computes statistics."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.evidence import WINDOW
from bot.domain.period import Period
from bot.services.chain.chain_facts import named
from bot.services.hats.hats import deputy_of, kpi_value, owner_of
from bot.services.hats.pitch import Linked
from bot.services.kpis.computed import WEEKS, values_of_team
from bot.services.workspaces.authority import can_own
from messages.agreement_content import EvidenceLine
from messages.content import HatName, Person
from messages.home_content import HomeChain, HomeHat, HomeKpi, HomeLink, HomeOffer, HomeSettings
from messages.i18n import language_of
from storage import Session, absences, evidences, kpis, members, proposals
from storage.hats import HatRow
from storage.tables import Member, Team


def hats_with_courses(
    session: Session, team: Team, member: Member, rows: Sequence[HatRow], *, now: datetime
) -> tuple[HomeHat, ...]:
    """Show hats with their KPIs, how these went over 13 weeks, and what the member did for them."""
    if not rows:
        return ()
    last = Period.of(now.astimezone(ZoneInfo(team.timezone)).date())
    values = values_of_team(session, team.id or 0, first=str(last.shift(-WEEKS)), last=str(last))
    measured: dict[int, list[HomeKpi]] = {}
    for row in kpis.of_hats(session, [hat.id for hat in rows], period=str(last)):
        weeks = sorted(values.get(row.id, {}).items())[-WEEKS:]
        latest = row._replace(value=weeks[-1][1], period=weeks[-1][0]) if row.formula and weeks else row
        measured.setdefault(row.hat_id, []).append(HomeKpi(kpi_value(latest), tuple(value for _, value in weeks)))
    counted = evidences.counts(session, team.id or 0, since=now - WINDOW)
    who = Person(member.slack_user_id, member.name)
    return tuple(
        HomeHat(
            hat=HatName(hat.slug, hat.name),
            position=hat.position,
            kpis=tuple(measured.get(hat.id, ())),
            deputy=deputy_of(hat),
            stands_in_for=None if hat.owner_id == member.id else owner_of(hat),
            evidence=EvidenceLine(who, **counted.get((hat.id, member.id or 0), {})),
            evidence_weeks=WINDOW.days // 7,
        )
        for hat in rows
    )


def offers(session: Session, team: Team, member: Member) -> tuple[HomeOffer, ...]:
    """Show the offers about hats that a member is part of, those that wait for them first."""
    zone = ZoneInfo(member.timezone or team.timezone)
    found = []
    for row in proposals.live_with_member(session, team.id or 0, member.id or 0):
        is_candidate = row.candidate_id == member.id
        other = (row.counterpart_slack_id, row.counterpart_name)
        found.append(
            HomeOffer(
                value=f"{row.id}.{row.round}",
                hat=HatName(row.hat_slug, row.hat_name),
                other=Person(*(other if is_candidate else (row.candidate_slack_id, row.candidate_name))),
                kind=row.kind,
                mine=row.turn == ("candidate" if is_candidate else "counterpart"),
                asks_me=is_candidate,
                until=row.expires_at.astimezone(zone).date(),
            )
        )
    return tuple(sorted(found, key=lambda offer: not offer.mine))


def chain_at_a_glance(linked: Linked) -> HomeChain:
    """Show each link with its verdict and the goals that it won or lost, from the report that is kept."""
    told = linked.told or {}
    links = (
        HomeLink(named(linked.material, link.source), named(linked.material, link.target), *told.get(link.ends, ()))
        for link in linked.material.chain.links
    )
    return HomeChain(tuple(links), known=linked.told is not None)


def settings(session: Session, team: Team, member: Member, *, now: datetime) -> HomeSettings:
    """Show what a member has set for themselves, and what holds in its place."""
    absence = absences.current(session, team.workspace_id, member.id or 0, now=now)
    zone = member.timezone or team.timezone
    return HomeSettings(
        prompt=member.prompt_at or team.prompt_at,
        own_prompt=member.prompt_at is not None,
        timezone=zone,
        language=language_of(members.spoken_locale(member), team.locale),
        own_language=member.own_locale is not None,
        reminders=member.reminders and bool(team.reminder_at),
        reach=member.reach,
        hat_check=member.hat_check and team.hat_check if can_own(member) else None,
        away_until=absence.ends_at.astimezone(ZoneInfo(zone)).date() if absence else None,
    )
