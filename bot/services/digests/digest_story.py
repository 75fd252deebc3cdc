"""What a report on the chain says in the digest: goals won and lost, the focus, and what cannot be told."""

from bot.domain.chain import Analysis, Conversion, Focus, Variance
from bot.services.chain.chain_facts import link_facts, named, vanity_facts
from bot.services.chain.chain_reports import Material, Report
from messages.chain_content import LookBackFacts
from messages.content import HatName
from messages.digest_content import ChainStory, FocusFact, Untold


def story_of(report: Report, looked_back: LookBackFacts | None) -> ChainStory:
    """Tell a week of the chain."""
    material, analysis = report.material, report.analysis
    variance = analysis.variance
    return ChainStory(
        goal=named(material, variance.goal) if variance.goal else None,
        actual=variance.actual,
        plan=variance.plan,
        total=variance.total,
        earlier=variance.earlier,
        unattributed=variance.unattributed,
        lack=variance.lack.value if variance.lack else "",
        focus=_focus(report),
        untold=_untold(material, variance),
        vanity=vanity_facts(report),
        looked_back=looked_back,
        links=link_facts(report),
    )


def goals_by_kpi(analysis: Analysis) -> dict[str, float | None]:
    """Give what each KPI won or lost, by slug; nothing when the goal's variance cannot be told."""
    if analysis.variance.total is None:
        return {}
    return {part.kpi: part.goals for part in analysis.variance.parts}


def conversions_by_kpi(analysis: Analysis) -> dict[str, Conversion]:
    """Give how each KPI stands against its norm, by slug."""
    return {one.kpi: one for one in analysis.conversions}


def lags_of(report: Report) -> dict[tuple[str, str], int]:
    """Give the lags that count, by the links' ends."""
    return {(rate.source, rate.target): rate.lag for rate in report.analysis.rates}


def _focus(report: Report) -> FocusFact:
    material, focus = report.material, report.analysis.focus
    if focus.kpi is None or focus.link is None or focus.goals is None:
        why = focus.why_none.value if focus.why_none else ""
        return FocusFact(why_none=why, alike=tuple(material.name(slug) for slug in focus.alike))
    source, target = focus.link
    known = link_facts(report, [focus.link])
    return FocusFact(
        source=named(material, source),
        target=named(material, target),
        goal=named(material, material.chain.goal) if material.chain.goal else None,
        goals=focus.goals,
        ci=focus.ci,
        rate_now=focus.rate_now,
        norm=focus.norm,
        is_volume=focus.is_volume,
        is_joined=not focus.is_volume and _feeds(report, focus) > 1,
        evidence=known[0] if known else None,
        not_shown=_links(material, focus.not_shown),
        source_owner=material.owner(source),
        target_owner=material.owner(target),
    )


def _feeds(report: Report, focus: Focus) -> int:
    return sum(link.target == focus.kpi for link in report.material.chain.links)


def _untold(material: Material, variance: Variance) -> tuple[Untold, ...]:
    return tuple(
        Untold(named(material, one.kpi), one.weeks, _links(material, one.links), one.lack.value)
        for one in variance.untold
    )


def _links(material: Material, links: tuple[tuple[str, str], ...]) -> tuple[tuple[HatName, HatName], ...]:
    return tuple((named(material, source), named(material, target)) for source, target in links)
