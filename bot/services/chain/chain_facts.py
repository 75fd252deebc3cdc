"""What a report on a chain says, as plain values for messages."""

from collections.abc import Sequence

from bot.domain.chain import Analysis, LinkStatistics, Rate, Verdict
from bot.services.chain.chain_reports import Material, Report
from messages.chain_content import ChainFacts, LinkFact, VanityFacts
from messages.content import HatName

Ends = tuple[str, str]


def link_facts(report: Report, ends: Sequence[Ends] | None = None) -> tuple[LinkFact, ...]:
    """Give what is known of links: those named by their ends, or all of the chain."""
    rates = {(rate.source, rate.target): rate for rate in report.analysis.rates}
    known = {(link.source, link.target): link for link in report.analysis.links}
    wanted = list(known) if ends is None else [one for one in ends if one in known]
    return tuple(_fact(report.material, known[one], rates.get(one)) for one in wanted)


def chain_facts(report: Report, team: str) -> ChainFacts:
    """Give what `/hat chain` shows."""
    return _facts(report.material, team, link_facts(report))


def unlinked_facts(material: Material, team: str) -> ChainFacts:
    """Give what `/hat chain` shows of KPIs that nobody has linked: there is nothing to compute."""
    return _facts(material, team, ())


def vanity_facts(report: Report) -> tuple[VanityFacts, ...]:
    """Give the KPIs that grow while what they feed does not, with the owners of both."""
    material = report.material
    return tuple(
        VanityFacts(
            source=named(material, one.source),
            target=named(material, one.target),
            lag=one.lag,
            weeks=one.weeks,
            source_growth=one.source_growth,
            target_growth=one.target_growth,
            source_owner=material.owner(one.source),
            target_owner=material.owner(one.target),
        )
        for one in report.analysis.vanity
    )


def passes_of(material: Material, analysis: Analysis) -> dict[Ends, tuple[str, float | None]]:
    """Give the verdict on each link, and what it won or lost in goals: None where that cannot be told.

    Where several links meet, what was won or lost there is shared out by what was expected of each.
    """
    verdicts = {(link.source, link.target): link.verdict.value for link in analysis.links}
    won = {part.kpi: part.goals for part in analysis.variance.parts}
    expected = {(rate.source, rate.target): _expected(material, rate) for rate in analysis.rates}
    passes: dict[Ends, tuple[str, float | None]] = {}
    for ends, verdict in verdicts.items():
        goals = won.get(ends[1])
        beside = [of_link for (_, target), of_link in expected.items() if target == ends[1]]
        share = _share(expected.get(ends), beside)
        passes[ends] = (verdict, None if goals is None or share is None else goals * share)
    return passes


def named(material: Material, slug: str) -> HatName:
    """Name a KPI."""
    return HatName(slug, material.name(slug))


def _facts(material: Material, team: str, links: tuple[LinkFact, ...]) -> ChainFacts:
    return ChainFacts(
        team=team,
        period=str(material.period),
        kpis=tuple(named(material, kpi.slug) for kpi in material.chain.kpis),
        unlinked=tuple(HatName(row.slug, row.name) for row in material.unlinked),
        links=links,
        goal=material.chain.goal,
    )


def _fact(material: Material, link: LinkStatistics, rate: Rate | None) -> LinkFact:
    return LinkFact(
        source=named(material, link.source),
        target=named(material, link.target),
        lag=rate.lag if rate else link.lag,
        lag_from=_lag_from(link),
        rate=rate.value if rate else None,
        is_fitted=rate.fitted if rate else True,
        rate_ci=rate.ci if rate else None,
        verdict=link.verdict.value,
        n=link.n,
        r=link.r,
        ci=link.ci,
        remarks=tuple(remark.value for remark in link.remarks),
    )


def _lag_from(link: LinkStatistics) -> str:
    if link.lag_declared:
        return "declared"
    return "found" if link.verdict is Verdict.HOLDS_TOGETHER else "assumed"


def _expected(material: Material, rate: Rate) -> float | None:
    """Give what was expected to come over a link in the week."""
    series = material.series
    came_in = series.at(rate.source, series.weeks - 1 - rate.lag)
    return None if rate.value is None or came_in is None else rate.value * came_in


def _share(of_link: float | None, beside: Sequence[float | None]) -> float | None:
    """Give a link's share of what was expected where it ends; `beside` are all that end there, itself too."""
    if len(beside) == 1:
        return 1.0
    known = [one for one in beside if one is not None]
    total = sum(known)
    return of_link / total if of_link is not None and len(known) == len(beside) and total > 0 else None
