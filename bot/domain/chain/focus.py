"""What each KPI is worth in goals, and the one thing that is worth the effort now."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.chain.flow import Flow
from bot.domain.chain.lags import Ends, Lags, downstream_of
from bot.domain.chain.model import Chain, Series
from bot.domain.chain.rates import rates_at
from bot.domain.chain.results import Call, Focus, Lack, NoFocus, Verdict, Worth
from bot.domain.chain.spans import SPAN, Span, span_of_weeks, without_links

ALIKE: Final = 0.9  # a second one that is worth this share of the best leaves no clear focus
LEVEL: Final = 0.05


@dataclass(frozen=True)
class _Standing:
    """How a KPI stands now, over the last 4 weeks."""

    worth: Worth
    span: Span | None


def worth_and_focus(
    chain: Chain, series: Series, place: int, lags: Lags, flow: Flow, verdicts: Mapping[Ends, Verdict]
) -> tuple[tuple[Worth, ...], Focus]:
    """Tell what each KPI is worth and what to focus on in a week.

    1. Refuted links count as absent.
    2. Each KPI's last 4 weeks are held against its norm, from the 13 weeks before those.
    3. It is down where the interval of the shortfall, at 5 % over all KPIs together, leaves out zero.
    4. The focus is the one that is down and worth most goals, unless the next one is worth nearly as much.
    """
    refuted = flow.refuted
    shown = without_links(chain, refuted)
    rates = rates_at(shown, series, place - SPAN + 1, lags)
    spans = {
        kpi.slug: span_of_weeks(
            shown, series, kpi.slug, range(place - SPAN + 1, place + 1), place - SPAN + 1, lags, rates
        )
        for kpi in chain.kpis
    }
    standings = {
        kpi.slug: _Standing(_worth(flow, kpi.slug, spans[kpi.slug], LEVEL / len(chain.kpis)), spans[kpi.slug])
        for kpi in chain.kpis
    }
    return tuple(standing.worth for standing in standings.values()), _focus(shown, flow, standings, verdicts)


def _worth(flow: Flow, kpi: str, span: Span | None, level: float) -> Worth:
    lack = _lack(flow, kpi)
    goals = 0.0 if lack else flow.worths[kpi]
    height = None if lack else flow.levels[kpi]
    lift = None if height is None else 0.1 * height * goals
    way = flow.on_the_way(kpi)
    if span is None:
        return Worth(kpi, None, lift, None, Call.CANNOT_TELL, None, None, way, lack or Lack.FEW_WEEKS)
    short, half = span.expected - span.actual, span.half(level)
    call = Call.DOWN if short - half > 0 else Call.UP if short + half < 0 else Call.AS_USUAL
    now, norm = span.value, span.norm
    if span.came_in is None and not flow.chain.feeds[kpi]:
        now, norm = span.actual / span.weeks, span.expected / span.weeks
    if lack:
        return Worth(kpi, None, None, None, call, now, norm, way, lack)
    each = goals / span.weeks
    gain = max(0.0, short * each)
    ci = (max(0.0, (short - half) * each), max(0.0, (short + half) * each))
    return Worth(kpi, gain, lift, ci, call, now, norm, way)


def _lack(flow: Flow, kpi: str) -> Lack | None:
    if flow.chain.goal is None:
        return Lack.NO_GOAL
    if flow.runs_away:
        return Lack.RUNAWAY_LOOP
    return None if flow.reaches(kpi, flow.chain.goal) else Lack.NO_WAY_TO_GOAL


def _focus(chain: Chain, flow: Flow, standings: Mapping[str, _Standing], verdicts: Mapping[Ends, Verdict]) -> Focus:
    if chain.goal is None:
        return _none(NoFocus.NO_GOAL)
    if flow.runs_away:
        return _none(NoFocus.RUNAWAY_LOOP)
    if all(standing.span is None for standing in standings.values()):
        return _none(NoFocus.TOO_EARLY)
    down = {kpi: standing.worth for kpi, standing in standings.items() if standing.worth.call is Call.DOWN}
    links = {kpi: _concerned(chain, flow, kpi) for kpi in down}
    ranked = sorted(
        (kpi for kpi, worth in down.items() if worth.goals_if_norm and links[kpi]),
        key=lambda kpi: (-(down[kpi].goals_if_norm or 0.0), kpi),
    )
    if not ranked:
        all_links = [link.ends for link in flow.chain.links]
        lost = any(chain.goal in downstream_of(kpi, all_links) and not down[kpi].goals_if_norm for kpi in down)
        return _none(NoFocus.ONLY_REFUTED if lost and flow.refuted else NoFocus.NOTHING_BELOW_NORM)
    best = down[ranked[0]]
    alike = tuple(kpi for kpi in ranked if (down[kpi].goals_if_norm or 0.0) >= ALIKE * (best.goals_if_norm or 0.0))
    if len(alike) > 1:
        return _none(NoFocus.SEVERAL_ALIKE, alike)
    return _named(chain, best, links[best.kpi], verdicts)


def _named(chain: Chain, best: Worth, link: Ends | None, verdicts: Mapping[Ends, Verdict]) -> Focus:
    relies_on = best.relies_on if link is None or link in best.relies_on else (link, *best.relies_on)
    not_shown = tuple(ends for ends in relies_on if verdicts.get(ends) is not Verdict.HOLDS_TOGETHER)
    return Focus(
        kpi=best.kpi,
        link=link,
        goals=best.goals_if_norm,
        ci=best.ci,
        rate_now=best.rate_now,
        norm=best.norm,
        is_volume=not chain.feeds[best.kpi],
        shown=not not_shown,
        not_shown=not_shown,
    )


def _concerned(chain: Chain, flow: Flow, kpi: str) -> Ends | None:
    """Give the link that a KPI's shortfall concerns most: the strongest one into it, or out of a first link."""
    if chain.feeds[kpi]:
        strength = {
            feed.ends: flow.usable.get(feed.ends, 0.0) * (flow.levels[feed.source] or 0.0) for feed in chain.feeds[kpi]
        }
    else:
        strength = {ends: rate * flow.worths[ends[1]] for ends, rate in flow.usable.items() if ends[0] == kpi}
    return max(sorted(strength), key=lambda ends: strength[ends], default=None)


def _none(why: NoFocus, alike: tuple[str, ...] = ()) -> Focus:
    return Focus(None, None, None, None, None, None, why_none=why, alike=alike)
