"""`hattrick digest`: what would be posted."""

import json
from typing import Annotated, Any, Literal

import typer

app = typer.Typer(help="The Monday digest.", no_args_is_help=True)


def _spoken(language: str | None) -> str | None:
    from messages.i18n import LANGUAGES

    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(f"must be one of {', '.join(LANGUAGES)}")
    return language


@app.callback()
def digest() -> None:
    """Keep `preview` a subcommand although it is the only one."""


@app.command()
def preview(
    team: Annotated[str | None, typer.Option(help="The team's slug; not needed when there is only one.")] = None,
    week: Annotated[str | None, typer.Option(help="As in 2026-W48; the last full week when left out.")] = None,
    workspace: Annotated[str | None, typer.Option(help="Slack's id of the workspace.")] = None,
    language: Annotated[
        str | None, typer.Option(help="Such as en or sv; the team's own when left out.", callback=_spoken)
    ] = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="What to print.")] = "text",
) -> None:
    """Show a week's digest as it would be posted; post nothing."""
    from bot.context import open_context
    from bot.domain.period import Period
    from bot.services.chain.chain_reports import content_of
    from bot.services.digests.digests import last_full_week, preview_of
    from messages import catalog

    with open_context() as context:
        try:
            period = Period.parse(week) if week else None
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--week") from error
        wanted, named = period or last_full_week(context.now()), context.workspace(workspace)
        shown = preview_of(context.sessions, named, team, wanted)
        chain = content_of(context.sessions, named, team, wanted) if form == "json" else {}
    spoken = language or shown.language
    if form == "text":
        typer.echo(catalog.digest_text(shown.content, language=spoken))
        return
    message = catalog.digest(shown.content, language=spoken)
    answer: dict[str, Any] = {
        "team": shown.content.team,
        "week": shown.content.period,
        "text": message.text,
        "blocks": message.blocks,
        "older_blocks": message.older_blocks,
        "rows": [_row(row) for row in shown.content.rows],
        "chain": chain,
        "missing": [person.name or person.slack_id for person, _ in shown.content.missing],
        "focus": _focus(shown.content.story),
        "goals": _goals(shown.content.story),
    }
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _row(row: Any) -> dict[str, Any]:
    def number(value: Any) -> float | None:
        return None if value is None else float(value)

    return {
        "kpi": row.kpi.slug,
        "hat": row.hat.slug,
        "owner": row.owner.slack_id if row.owner else None,
        "value": number(row.kpi.value),
        "target": number(row.kpi.target),
        "previous": number(row.kpi.previous),
        "change": number(row.change),
        "conversion": number(row.conversion),
        "status": row.status,
        "is_goal": row.is_goal,
        "call": row.call or None,
        "goals": row.goals,
    }


def _focus(story: Any) -> dict[str, Any] | None:
    focus = story.focus if story else None
    if focus is None or focus.source is None or focus.target is None:
        return None
    return {"source": focus.source.slug, "target": focus.target.slug, "goals": focus.goals, "ci": focus.ci}


def _goals(story: Any) -> dict[str, Any] | None:
    names = ("actual", "plan", "total", "earlier", "unattributed")
    return {name: getattr(story, name) for name in names} if story else None
