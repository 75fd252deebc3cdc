"""What a digest recommended, kept so that a later one can look back on it.

1. When a digest has been posted, `remember_focus` keeps its focus, once for each week.
2. Four weeks later `look_back_for` tells whether that link moved. Where the way to the goal takes longer, it tells once
   more when the goals have had their time.
3. When that has been posted, `remember_look_back` keeps what was found, so that it is not told again.
"""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from bot.domain.chain import Analysis, Moved
from bot.domain.period import Period
from bot.services.chain.chain_facts import named
from bot.services.chain.chain_reports import Material, Report
from messages.chain_content import LookBackFacts, MoveFact
from storage import Session, chain, kpis
from storage.chain import Recommended
from storage.tables import Team

LOOK_BACK_AFTER: Final = 4  # weeks
_GOALS_BY: Final = 26  # weeks; goals that have not had their time by then are not waited for
_LARGEST: Final = Decimal(10) ** 15


def remember_focus(session: Session, team: Team, period: Period, analysis: Analysis, now: datetime) -> bool:
    """Keep the focus that a digest named, if it named one; tell whether that is new. Needs a writing session."""
    focus = analysis.focus
    rate, norm, goals = (_exact(number) for number in (focus.rate_now, focus.norm, focus.goals))
    if focus.kpi is None or focus.link is None or rate is None or norm is None or goals is None:
        return False
    known = kpis.formulas(session, team.id or 0)
    if not set(focus.link) <= set(known):
        return False
    is_new = chain.recommend(
        session,
        workspace_id=team.workspace_id,
        team_id=team.id or 0,
        period=str(period),
        upstream_id=known[focus.link[0]][0],
        downstream_id=known[focus.link[1]][0],
        rate=rate,
        norm=norm,
        goals=goals,
        now=now,
    )
    if is_new:  # of a first link the focus is its own volume, which its link alone does not tell
        chain.look_back(session, team.id or 0, str(period), outcome={"kpi": focus.kpi})
    return is_new


def look_back_for(session: Session, team: Team, report: Report) -> LookBackFacts | None:
    """Look back on what an earlier digest recommended, if that is due in the report's week. Slow: it computes."""
    material, period = report.material, report.material.period
    first, last = period.shift(-_GOALS_BY), period.shift(-LOOK_BACK_AFTER)
    for made in chain.recommendations(session, team.id or 0, first=str(first), last=str(last)):
        ends = _ends(material, made)
        told = made.outcome.get("goals_told_in")
        if ends is None or told not in {None, str(period)}:
            continue
        facts = _looked_back(report, made, ends)
        if facts is not None:
            return facts
    return None


def remember_look_back(session: Session, team: Team, period: Period, facts: LookBackFacts) -> None:
    """Keep what looking back found, once a digest has told it. Needs a writing session."""
    for made in chain.recommendations(session, team.id or 0, first=facts.made, last=facts.made):
        outcome: dict[str, Any] = {**made.outcome, "link": asdict(facts.link), "goals": asdict(facts.goals)}
        if facts.goals_are_due:
            outcome["goals_told_in"] = str(period)
        chain.look_back(session, team.id or 0, facts.made, outcome=outcome)


def _looked_back(report: Report, made: Recommended, ends: tuple[str, str]) -> LookBackFacts | None:
    # Only who computes imports numpy and scipy.
    from bot.domain.chain.analysis import look_back  # noqa: PLC0415

    material, since = report.material, Period.parse(made.period)
    kpi = made.outcome.get("kpi", ends[1])
    if kpi not in ends or material.chain.goal is None or material.series.place(since) < 0:
        return None
    found = look_back(material.chain, material.series, kpi, since, statistics=report.analysis.links)
    weeks = material.period.weeks_since(since)
    if not found.ready and weeks != LOOK_BACK_AFTER:
        return None
    return LookBackFacts(
        made=made.period,
        weeks=weeks,
        source=named(material, ends[0]),
        target=named(material, ends[1]),
        goal=named(material, material.chain.goal),
        link=_move(found.link),
        goals=_move(found.goals),
        is_volume=kpi == ends[0],
        goals_are_due=found.ready,
    )


def _ends(material: Material, made: Recommended) -> tuple[str, str] | None:
    """Give the slugs of a recommendation's link, as long as it is in the chain."""
    slugs = {row.id: slug for slug, row in material.kpis.items()}
    ends = (slugs.get(made.upstream_id, ""), slugs.get(made.downstream_id, ""))
    return ends if ends in {link.ends for link in material.chain.links} else None


def _move(moved: Moved) -> MoveFact:
    return MoveFact(moved.before, moved.after, moved.call.value, moved.lack.value if moved.lack else None)


def _exact(number: float | None) -> Decimal | None:
    exact = None if number is None else Decimal(repr(number))
    return exact if exact is not None and exact.is_finite() and abs(exact) < _LARGEST else None
