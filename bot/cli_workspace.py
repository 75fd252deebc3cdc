"""`hattrick export` and `hattrick erase-member`: a workspace's data taken along, a person's data erased."""

import json
import sys
from typing import Annotated

import typer

Workspace = Annotated[str | None, typer.Option(help="Slack's id of the workspace, T…")]


def export(workspace: Workspace = None) -> None:
    """Write all that is stored of a workspace as JSON to standard output, without tokens."""
    from bot.context import open_context
    from bot.services.privacy import export as everything

    with open_context() as context:
        content = everything(context.sessions, context.workspace(workspace))
    json.dump(content, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def erase_member(
    member: Annotated[str, typer.Argument(help="Slack's id of the person, U…")], workspace: Workspace = None
) -> None:
    """Erase a person's data. The history keeps an anonymous member; a second time there is nothing to erase."""
    from bot.context import open_context
    from bot.services.privacy import erase_member as erase

    with open_context() as context:
        erased = erase(context.sessions, context.workspace(workspace), member, now=context.now())
    if not erased.rows:
        typer.echo(f"Nothing is kept of {member} in {erased.workspace}.")
        return
    told = ", ".join(f"{number} {what}" for what, number in erased.rows.items() if number)
    typer.echo(f"Erased of {member} in {erased.workspace}: {told}.")


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("export")(export)
    app.command("erase-member")(erase_member)
