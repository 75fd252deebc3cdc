"""`hattrick team`: a team as a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.services.teams.team_changes import Change

app = typer.Typer(help="A team as a file: apply it, or write one from what is there.", no_args_is_help=True)

Workspace = Annotated[str | None, typer.Option(help="Slack's id of the workspace, T…")]
_SIGNS = {
    "added": ("+", "green"),
    "restored": ("+", "green"),
    "changed": ("~", "yellow"),
    "archived": ("-", "red"),
    "removed": ("-", "red"),
}


@app.command("apply")
def apply_file(
    file: Annotated[Path, typer.Argument(help="The team's YAML; docs/team-file.md explains it.")],
    workspace: Workspace = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
) -> None:
    """Make the team what the file says; a second time there is nothing to change."""
    from bot.context import open_context
    from bot.services.team_file.team_apply import apply, plan
    from bot.services.team_file.team_file import TeamFileError, load_team_file

    with open_context() as context:
        slack_id = context.workspace(workspace)
        try:
            wanted = load_team_file(file, context.directory())
            changes = (plan if dry_run else apply)(context.sessions, slack_id, wanted, context.now())
        except TeamFileError as error:
            for problem in error.problems:
                typer.echo(f"hattrick: {file.name}: {problem}", err=True)
            raise typer.Exit(1) from None
    _show(changes, f"Team {wanted.team.slug}", dry_run=dry_run)


@app.command("export")
def export_file(
    team: Annotated[str | None, typer.Option(help="The team's slug; not needed when there is only one.")] = None,
    workspace: Workspace = None,
) -> None:
    """Write the team as YAML to standard output; applied again, it changes nothing."""
    from bot.context import open_context
    from bot.services.team_file.team_export import export_team

    with open_context() as context:
        sys.stdout.write(export_team(context.sessions, context.workspace(workspace), team, context.now()))


def _show(changes: list["Change"], title: str, *, dry_run: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for change in changes:
        sign, colour = _SIGNS[change.verb.value]
        console.print(Text(f"{sign} {change}", style=colour), soft_wrap=True)
    count = f"{len(changes)} change{'s' if len(changes) != 1 else ''}"
    if not changes:
        console.print(f"{title}: nothing to change.")
    elif dry_run:
        console.print(f"{title}: {count} to make; nothing was changed (--dry-run).")
    else:
        console.print(f"{title}: {count} made.")
