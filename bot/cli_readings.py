"""`hattrick readings`: values from and to CSV."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Readings from and to CSV: week,kpi,value[,note].", no_args_is_help=True)

Team = Annotated[str | None, typer.Option(help="The team's slug; not needed when there is only one.")]
Workspace = Annotated[str | None, typer.Option(help="Slack's id of the workspace, T…")]


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="The CSV file.")], team: Team = None, workspace: Workspace = None
) -> None:
    """Store a file's readings, all or none; a correction keeps the earlier value."""
    from bot.context import open_context
    from bot.services.readings.readings_file import ReadingsFileError, import_readings

    with open_context() as context, _progress() as progress:
        try:
            result = import_readings(
                context.sessions, context.workspace(workspace), team, file, context.now(), progress=progress
            )
        except ReadingsFileError as error:
            for problem in error.problems:
                typer.echo(f"hattrick: {file.name}: {problem}", err=True)
            raise typer.Exit(1) from None
    typer.echo(f"{result.rows} readings: {result.new} new, {result.corrected} corrected, {result.same} as before.")


@app.command("export")
def export_file(
    *,
    team: Team = None,
    workspace: Workspace = None,
    computed: Annotated[
        bool, typer.Option("--computed", help="Values of KPIs with a formula too, marked in one more column.")
    ] = False,
) -> None:
    """Write every reading of the team as CSV to standard output. An import passes computed values over."""
    from bot.context import open_context
    from bot.services.readings.readings_file import export_readings

    with open_context() as context:
        written = export_readings(context.sessions, context.workspace(workspace), team, with_computed=computed)
    sys.stdout.write(written)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Storing readings", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
