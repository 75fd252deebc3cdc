"""`hattrick export`, `import` and `erase-member`: a workspace's data taken along, a person's data erased."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

Workspace = Annotated[str | None, typer.Option(help="Slack's id of the workspace, T…")]


def export(workspace: Workspace = None) -> None:
    """Write all that is stored of a workspace as JSON to standard output, without tokens."""
    from bot.context import open_context
    from bot.services.workspaces.workspace_file import write_file

    with open_context() as context:
        write_file(context.sessions, context.workspace(workspace), sys.stdout)


def import_file(
    file: Annotated[Path, typer.Argument(help="What `hattrick export` wrote.", exists=True, dir_okay=False)],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and write nothing.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete what is here of the workspace and take the file's.")
    ] = False,
    keep_due: Annotated[
        bool,
        typer.Option("--keep-due", help="Go on sending what was open; the bot that the file is from must be stopped."),
    ] = False,
) -> None:
    """Take a workspace over from a file, all or nothing. Messages that were sent are not sent again."""
    from bot.context import open_context
    from bot.services.workspaces.workspace_file import read_file

    with open_context() as context, _progress() as progress:
        options = {"replace": replace, "keep_due": keep_due, "dry_run": dry_run}
        taken = read_file(context.sessions, file, now=context.now(), progress=progress, **options)
    fate = "would be stored; nothing was" if dry_run else "stored"
    ids = "" if taken.same_ids else " Ids were taken here, so buttons of earlier messages no longer work."
    typer.echo(f"{taken.total} rows of {taken.workspace} {fate}.{ids}")
    if not dry_run:
        typer.echo("Tokens are in no export: install the app there. `hattrick doctor` says what is missing.")


def erase_member(
    member: Annotated[str, typer.Argument(help="Slack's id of the person, U…")], workspace: Workspace = None
) -> None:
    """Erase a person's data. The history keeps an anonymous member; a second time there is nothing to erase."""
    from bot.context import open_context
    from bot.services.people.privacy import erase_member as erase

    with open_context() as context:
        erased = erase(context.sessions, context.workspace(workspace), member, now=context.now())
    if not erased.rows:
        typer.echo(f"Nothing is kept of {member} in {erased.workspace}.")
        return
    told = ", ".join(f"{number} {what}" for what, number in erased.rows.items() if number)
    typer.echo(f"Erased of {member} in {erased.workspace}: {told}.")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Show a bar for each step on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        steps: dict[str, TaskID] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in steps:
                steps[step] = bar.add_task(step, total=total)
            bar.update(steps[step], completed=done)

        yield tell


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("export")(export)
    app.command("import")(import_file)
    app.command("erase-member")(erase_member)
