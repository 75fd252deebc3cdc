"""Runs the benchmarks and tells how they stand against their bars, as a table and as JSON."""

import json
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.bench import (
    deliveries,
    deliveries_postgres,
    digest,
    growth,
    listening,
    page,
    punctuality,
    start,
    statistics,
    who_inside,
    who_socket,
)
from bot.bench.figures import Figure, NotMeasuredError
from bot.domain.errors import UserFacingError

BENCHMARKS: dict[str, Callable[[], list[Figure]]] = {
    "who-inside": who_inside.measure,
    "who-socket": who_socket.measure,
    "listening": listening.measure,
    "deliveries": deliveries.measure,
    "deliveries-postgres": deliveries_postgres.measure,
    "growth": growth.measure,
    "digest": digest.measure,
    "start": start.measure,
    "punctuality": punctuality.measure,
    "page": page.measure,
    "statistics": statistics.measure,
}
_COLOURS = {"passed": "green", "missed": "red", "reported": "dim", "not measured": "yellow"}


@dataclass(frozen=True)
class Finding:
    """What one benchmark came to: its figures, or why there are none."""

    benchmark: str
    figures: tuple[Figure, ...] = ()
    not_measured: str = ""

    @property
    def kept(self) -> bool:
        """Whether no bar was missed; what was not measured has missed nothing and passed nothing."""
        return all(figure.verdict != "missed" for figure in self.figures)


def run_benchmarks(*, only: str | None = None, output: Path | None = None) -> bool:
    """Measure, print a table and one line of JSON on stdout, and return whether every bar was kept.

    Args:
        only: The name of one benchmark; all of them without it.
        output: A file that the JSON is written to as well.

    Raises:
        UserFacingError: When there is no benchmark of that name.
    """
    console = Console()
    findings = [_measured(name, measure) for name, measure in _chosen(only).items()]
    console.print(_table(findings))
    line = json.dumps(_as_json(findings))
    console.out(line, highlight=False)
    if output is not None:
        output.write_text(line + "\n", encoding="utf-8")
    return all(finding.kept for finding in findings)


def _chosen(only: str | None) -> Mapping[str, Callable[[], list[Figure]]]:
    if only is None:
        return BENCHMARKS
    if only not in BENCHMARKS:
        raise UserFacingError(f"There is no benchmark {only!r}. There are {', '.join(BENCHMARKS)}.")
    return {only: BENCHMARKS[only]}


def _measured(name: str, measure: Callable[[], list[Figure]]) -> Finding:
    try:
        return Finding(name, tuple(measure()))
    except NotMeasuredError as reason:
        return Finding(name, not_measured=str(reason))


def _table(findings: list[Finding]) -> Table:
    table = Table("benchmark", "figure", title=f"Benchmarks on {_machine()['cores']} cores")
    for heading in ("measured", "bar"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for finding in findings:
        if finding.not_measured:
            _add(table, finding.benchmark, f"not measured: {finding.not_measured}", "", "", "not measured")
        for figure in finding.figures:
            bar = "" if figure.bar is None else f"≤ {_number(figure.bar)} {figure.unit}"
            measured = f"{_number(figure.value)} {figure.unit}"
            _add(table, finding.benchmark, figure.name, measured, bar, figure.verdict)
    return table


def _add(table: Table, benchmark: str, name: str, measured: str, bar: str, verdict: str) -> None:
    colour = _COLOURS[verdict]
    table.add_row(benchmark, name, measured, bar, f"[{colour}]{verdict}[/{colour}]")


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 else f"{value:,.0f}"  # noqa: PLR2004  # three digits are enough to read


def _as_json(findings: list[Finding]) -> dict[str, Any]:
    return {
        "machine": _machine(),
        "kept": all(finding.kept for finding in findings),
        "figures": [
            {
                "benchmark": finding.benchmark,
                "name": figure.name,
                "value": figure.value,
                "unit": figure.unit,
                "bar": figure.bar,
                "verdict": figure.verdict,
            }
            for finding in findings
            for figure in finding.figures
        ],
        "not_measured": {finding.benchmark: finding.not_measured for finding in findings if finding.not_measured},
    }


def _machine() -> dict[str, Any]:
    return {"cores": len(os.sched_getaffinity(0)), "python": platform.python_version(), "load": os.getloadavg()[0]}
