"""What a report on a chain says, as plain values for messages."""

from collections.abc import Sequence

from bot.domain.chain import Analysis, LinkStatistics, Rate, Verdict
from bot.services.chain_reports import Material, Report
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


def passes_of(analysis: Analysis) -> dict[Ends, str]:
    """Give the verdict on each link by its ends."""
    return {(link.source, link.target): link.verdict.value for link in analysis.links}


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
