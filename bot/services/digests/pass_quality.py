"""Pass quality: how good the passes over a link were in a week, 1 to 5, as whoever receives them says.

With a weekly report comes the question about the links that end in the KPIs which were reported.
"""

from collections.abc import Collection, Mapping
from statistics import fmean
from typing import Final

from bot.domain.period import Period
from bot.services.hats.hats import owner_of
from messages.content import HatName, PassToRate, Person
from messages.digest_content import PassQuality
from storage import Session, hats, kpis, passes
from storage.tables import Member, Team

WEEKS: Final = 13


def pass_quality(session: Session, team_id: int, period: Period) -> tuple[PassQuality, ...]:
    """Return how the passes over a team's links were rated in a week, in the chain's order; unrated links left out.

    Two queries, whatever the number of links. `weeks` are the means of the weeks up to this one, oldest first.
    """
    first = period.shift(1 - WEEKS)
    rated = passes.by_link(passes.scores(session, team_id, first=str(first), last=str(period)))
    found = []
    for link in passes.received(session, team_id, _ends(session, team_id, set(rated))) if rated else ():
        by_week: dict[str, list[int]] = {}
        for one in rated.get(link.link_id, ()):
            by_week.setdefault(one.period, []).append(one.score)
        if str(period) in by_week:
            found.append(
                PassQuality(
                    source=HatName(link.upstream_slug, link.upstream),
                    target=HatName(link.downstream_slug, link.downstream),
                    score=fmean(by_week[str(period)]),
                    ratings=len(by_week[str(period)]),
                    weeks=tuple((week, fmean(scores)) for week, scores in sorted(by_week.items())),
                )
            )
    return tuple(found)


def passes_to_rate(
    session: Session, team: Team, member: Member, period: Period, kpi_ids: Collection[int]
) -> tuple[PassToRate, ...]:
    """Return the links into KPIs that a member has reported, whose passes they can rate, and what they said so far."""
    team_id = team.id or 0
    links = passes.received(session, team_id, sorted(kpi_ids))
    if not links:
        return ()
    said = passes.of_member(session, team_id, member.id or 0, str(period))
    senders = _senders(session, team_id, {link.upstream_id for link in links})
    return tuple(
        PassToRate(
            value=f"{team_id} {link.link_id}|{period}",
            source=HatName(link.upstream_slug, link.upstream),
            target=HatName(link.downstream_slug, link.downstream),
            sender=senders.get(link.upstream_id),
            score=said.get(link.link_id),
        )
        for link in links
    )


def _ends(session: Session, team_id: int, link_ids: Collection[int]) -> list[int]:
    return sorted({link.downstream_id for link in kpis.links(session, team_id) if link.id in link_ids})


def _senders(session: Session, team_id: int, kpi_ids: Collection[int]) -> Mapping[int, Person | None]:
    owners = {hat.id: owner_of(hat) for hat in hats.all_of_team(session, team_id)}
    return {kpi.id or 0: owners.get(kpi.hat_id) for kpi in kpis.entities(session, team_id) if kpi.id in kpi_ids}
