"""`hattrick chain`: whether the links of a chain hang together, from a file, without Slack or database."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from bot.domain.chain import Analysis, Chain, ChainKpi, ChainLink, Series
    from bot.domain.period import Period

app = typer.Typer(help="The chain: how the numbers hang together.", no_args_is_help=True)

LONGEST_LAG = 52
_LINK = re.compile(r"(?P<source>.+?)\s*(?:->|→)\s*(?P<target>.+?)\s*(?:@\s*(?P<lag>[0-9]{1,2}))?")


@app.callback()
def _chain() -> None:
    """Keep `analyse` a word of its own: a single command would take the place of `chain`."""


@app.command()
def analyse(
    file: Annotated[Path, typer.Argument(help="A CSV file: week and a column for each KPI, or week,kpi,value.")],
    link: Annotated[
        list[str],
        typer.Option(help="Two KPIs, such as 'leads -> deals'; with a known lag of two weeks, 'leads -> deals @2'."),
    ],
    max_lag: Annotated[int, typer.Option(help="The longest lag, in weeks, that is tried.", min=0, max=LONGEST_LAG)] = 8,
    output: Annotated[Literal["text", "json"], typer.Option("--format", help="How to print it.")] = "text",
    goal: Annotated[
        str | None, typer.Option(help="The KPI that counts in the end; the last link's without it.")
    ] = None,
    week: Annotated[str | None, typer.Option(help="The week to look at; the file's last one without it.")] = None,
) -> None:
    """Tell which links hang together, what won or cost goals, and what is worth the effort."""
    links = [_link(text) for text in link]
    period = None if week is None else _week(week)
    from bot.domain.chain.analysis import analyse as analyse_chain

    series, chain = _chain_of(file, links, goal)
    analysis = analyse_chain(chain, series, week=period, max_lag=max_lag)
    if output == "json":
        typer.echo(json.dumps(as_json(analysis), ensure_ascii=False, allow_nan=False))
    else:
        from bot.cli_chain_text import print_analysis

        print_analysis(analysis)


def as_json(analysis: "Analysis") -> dict[str, Any]:
    """Give the report as others read it: these keys, and no others."""
    variance = analysis.variance
    parts = [{"kpi": part.kpi, "goals": part.goals} for part in variance.parts]
    parts += [
        {"kpi": name, "goals": goals}
        for name, goals in (("earlier weeks", variance.earlier), ("cannot be told apart", variance.unattributed))
        if goals
    ]
    keys = ("source", "target", "lag", "n", "r", "ci", "p", "verdict")
    worths = ("kpi", "goals_if_norm", "goals_if_plus_10_percent")
    return {
        "links": [{key: getattr(link, key) for key in keys} for link in analysis.links],
        "variance": parts,
        "focus": [{key: getattr(worth, key) for key in worths} for worth in analysis.worth],
    }


def _link(text: str) -> "ChainLink":
    from bot.domain.chain import ChainLink

    written = _LINK.fullmatch(text.strip())
    if written is None:
        raise typer.BadParameter(f"A link is written like 'leads -> deals', and '{text}' is not.", param_hint="--link")
    return ChainLink(written["source"], written["target"], None if written["lag"] is None else int(written["lag"]))


def _week(text: str) -> "Period":
    from bot.domain.period import Period

    try:
        return Period.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--week") from None


def _chain_of(file: Path, links: Sequence["ChainLink"], goal: str | None) -> tuple["Series", "Chain"]:
    from bot.domain.chain import Chain, ChainError, Series
    from bot.domain.chain.table import read_table

    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ChainError(f"{file} is not text in UTF-8.") from None
    except OSError as error:
        raise ChainError(f"{file} cannot be read: {error.strerror}.") from None
    readings = read_table(text)
    named = [_among(readings, link) for link in links]
    ends = {end for link in named for end in link.ends}
    kpis = tuple(_kpi(slug, values) for slug, values in readings.items() if slug in ends)
    aim = _goal_of(named) if goal is None else _known(readings, goal)
    last = max(week for values in readings.values() for week in values)
    return Series.of({kpi.slug: readings[kpi.slug] for kpi in kpis}, last=last), Chain(kpis, tuple(named), aim)


def _among(readings: Mapping[str, Any], link: "ChainLink") -> "ChainLink":
    from dataclasses import replace

    return replace(link, source=_known(readings, link.source), target=_known(readings, link.target))


def _known(readings: Mapping[str, Any], name: str) -> str:
    """Find a KPI by its name as it is written, or with other capitals.

    Raises:
        ChainError: There is none.
    """
    from bot.domain.chain import ChainError

    if name in readings:
        return name
    alike = [slug for slug in readings if slug.casefold() == name.casefold()]
    if len(alike) != 1:
        raise ChainError(f"There is no KPI {name} in the file. There are {', '.join(readings)}.")
    return alike[0]


def _goal_of(links: Sequence["ChainLink"]) -> str:
    """Take the KPI that feeds no other for the goal; where that is not one, the last link's end."""
    sources = {link.source for link in links}
    ends = list(dict.fromkeys(link.target for link in links if link.target not in sources))
    return ends[0] if len(ends) == 1 else links[-1].target


def _kpi(slug: str, values: Mapping["Period", float]) -> "ChainKpi":
    from bot.domain.chain import ChainKpi

    whole = all(value >= 0 and value == int(value) for value in values.values())
    return ChainKpi(slug, unit="count" if whole else "ratio")
