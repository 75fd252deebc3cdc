"""`hattrick token`: who may send readings over HTTP."""

from typing import Annotated

import typer

app = typer.Typer(help="Tokens with which programs send readings (docs/api.md).", no_args_is_help=True)

Team = Annotated[str | None, typer.Option(help="The team's slug; not needed when there is only one.")]
Workspace = Annotated[str | None, typer.Option(help="Slack's id of the workspace, T…")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the token is for, such as CRM.")],
    team: Team = None,
    workspace: Workspace = None,
) -> None:
    """Make a token and write it to standard output. It is shown this once."""
    from bot.context import open_context
    from bot.services.workspaces.api_tokens import create_in_terminal

    with open_context() as context:
        made = create_in_terminal(context.sessions, context.workspace(workspace), team, name, context.now())
    typer.echo(made.plain)
    typer.echo(f"Keep it now: it is not shown again. It begins with {made.prefix}.", err=True)


@app.command("list")
def show(team: Team = None, workspace: Workspace = None) -> None:
    """List the team's live tokens: number, beginning, name, made on, used on."""
    from bot.context import open_context
    from bot.services.workspaces.api_tokens import list_in_terminal

    with open_context() as context:
        live = list_in_terminal(context.sessions, context.workspace(workspace), team)
    for token in live:
        used = f"used {token.used_at:%Y-%m-%d}" if token.used_at else "never used"
        typer.echo(f"{token.id}\t{token.prefix}…\t{token.name}\tmade {token.created_at:%Y-%m-%d}\t{used}")
    if not live:
        typer.echo("There are no tokens.")


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Its number, or how it begins; `token list` shows both.")],
    team: Team = None,
    workspace: Workspace = None,
) -> None:
    """End a token: from now on it is refused."""
    from bot.context import open_context
    from bot.services.workspaces.api_tokens import revoke_in_terminal

    with open_context() as context:
        name = revoke_in_terminal(context.sessions, context.workspace(workspace), team, token, context.now())
    typer.echo(f"Revoked: {name}.")
