"""The chain report for the terminal."""

from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.domain.chain import Analysis, Call, Focus, Lack, LinkStatistics, NoFocus, Remark, Variance, Verdict

VERDICTS: Final = {
    Verdict.HOLDS_TOGETHER: "[green]hang together[/green]",
    Verdict.OPPOSITE: "[red]go opposite ways[/red]",
    Verdict.NOT_SHOWN: "not shown",
    Verdict.TOO_EARLY: "too early to tell",
}
REMARKS: Final = {
    Remark.FEW_PAIRS: "fewer than 8 pairs of weeks",
    Remark.CONSTANT_SOURCE: "the first one hardly moved",
    Remark.CONSTANT_TARGET: "the second one hardly moved",
    Remark.EXPLAINED_BY_ITSELF: "one of them follows its own course exactly",
    Remark.GAPS: "weeks are missing",
    Remark.OUTLIERS: "an odd week, counted by rank only",
    Remark.MANY_ZEROS: "many zeros",
    Remark.SHORT: "few weeks: only a close link can show",
    Remark.RHYTHM: "a rhythm was taken out",
}
LACKS: Final = {
    Lack.NO_READING: "no reading",
    Lack.NO_UPSTREAM: "what feeds it has no reading",
    Lack.NO_NORM: "no norm: fewer than 4 readings in the 13 weeks before",
    Lack.NO_RATE: "too few weeks to fit a rate",
    Lack.NOTHING_CAME_IN: "nothing came in",
    Lack.FEEDS_ALIKE: "its feeds went up and down together",
    Lack.FEW_WEEKS: "too few weeks to know what is usual",
    Lack.NO_GOAL: "no goal",
    Lack.NO_WAY_TO_GOAL: "no usable way to the goal",
    Lack.RUNAWAY_LOOP: "a loop gives back more than goes in",
}
NO_FOCUS: Final = {
    NoFocus.NO_GOAL: "the chain has no goal",
    NoFocus.TOO_EARLY: "it is too early to know what is usual",
    NoFocus.NOTHING_BELOW_NORM: "nothing is further below its norm than chance explains",
    NoFocus.RUNAWAY_LOOP: "a loop gives back more than goes in",
    NoFocus.ONLY_REFUTED: "what is below its norm is not linked to the goal",
    NoFocus.SEVERAL_ALIKE: "several are worth about the same",
}
_CALLS: Final = {Call.UP: "up", Call.DOWN: "down", Call.AS_USUAL: "as usual", Call.CANNOT_TELL: ""}


def print_analysis(analysis: Analysis) -> None:
    """Print a chain report: links, variance, worth and focus."""
    console = Console()
    console.print(_links(analysis.links))
    for link in analysis.links:
        if link.remarks:
            because = "; ".join(REMARKS[remark] for remark in link.remarks)
            console.print(f"{escape(link.source)} → {escape(link.target)}: {because}.", style="dim")
    console.print("Hanging together is no proof that one number causes the other.", style="dim")
    _print_variance(console, analysis.variance)
    console.print(_worth(analysis))
    console.print(_focus(analysis.focus))
    for vanity in analysis.vanity:
        console.print(
            f"{escape(vanity.source)} grew {vanity.source_growth:+.0%} over {vanity.weeks} weeks, and "
            f"{escape(vanity.target)} did not follow ({vanity.target_growth:+.0%})."
        )


def _links(links: tuple[LinkStatistics, ...]) -> Table:
    table = Table("link", title="Do the links hang together?", title_justify="left")
    for heading in ("lag", "pairs", "r", "95 % interval", "p"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for link in links:
        table.add_row(
            f"{escape(link.source)} → {escape(link.target)}",
            f"{link.lag} w" + ("" if link.lag_declared or link.verdict is Verdict.HOLDS_TOGETHER else "?"),
            str(link.n),
            _figure(link.r),
            "" if link.ci is None else f"{link.ci[0]:.2f} to {link.ci[1]:.2f}",
            "" if link.p is None else f"{link.p:.2g}",
            VERDICTS[link.verdict],
        )
    return table


def _print_variance(console: Console, variance: Variance) -> None:
    if variance.total is None or variance.actual is None or variance.plan is None:
        why = LACKS[variance.lack] if variance.lack else ""
        console.print(f"What won or cost goals in {variance.week} cannot be told: {why}.")
        return
    goal = escape(variance.goal or "")
    console.print(f"{goal} in {variance.week}: {variance.actual:g}, expected {variance.plan:.1f}.")
    table = Table("from")
    table.add_column(f"{goal} won or lost", justify="right")
    for part in variance.parts:
        table.add_row(escape(part.kpi), "cannot be told" if part.goals is None else _signed(part.goals))
    if variance.earlier:
        table.add_row("earlier weeks", _signed(variance.earlier))
    if variance.unattributed:
        table.add_row("cannot be told apart", _signed(variance.unattributed))
    table.add_section()
    table.add_row("together", _signed(variance.total))
    console.print(table)
    for untold in variance.untold:
        weeks = ", ".join(untold.weeks)
        console.print(f"Cannot be told of {escape(untold.kpi)} in {weeks}: {LACKS[untold.lack]}.", style="yellow")


def _worth(analysis: Analysis) -> Table:
    table = Table("KPI", title="What each is worth, in goals a week", title_justify="left")
    for heading in ("last 4 weeks", "norm", "call", "back at its norm", "10 % more"):
        table.add_column(heading, justify="right")
    for worth in analysis.worth:
        if worth.lack in (Lack.NO_WAY_TO_GOAL, Lack.RUNAWAY_LOOP):
            table.add_row(escape(worth.kpi), "", "", "", LACKS[worth.lack], "")
            continue
        table.add_row(
            escape(worth.kpi),
            _short(worth.rate_now),
            _short(worth.norm),
            _CALLS[worth.call],
            "" if worth.goals_if_norm is None else _signed(worth.goals_if_norm),
            "" if worth.goals_if_plus_10_percent is None else _signed(worth.goals_if_plus_10_percent),
        )
    return table


def _focus(focus: Focus) -> str:
    if focus.kpi is None or focus.link is None or focus.goals is None or focus.ci is None:
        why = NO_FOCUS[focus.why_none] if focus.why_none else ""
        alike = f": {', '.join(map(escape, focus.alike))}" if focus.alike else ""
        return f"No clear focus: {why}{alike}."
    source, target = map(escape, focus.link)
    unsure = "" if focus.shown else ", as far as links that are not shown to hang together allow"
    return (
        f"Focus: [bold]{source} → {target}[/bold]. Restoring {escape(focus.kpi)} to its norm is worth "
        f"{focus.goals:.1f} goals a week ({focus.ci[0]:.1f} to {focus.ci[1]:.1f}){unsure}."
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}"


def _signed(value: float) -> str:
    return f"{value:+.2f}"
