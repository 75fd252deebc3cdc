"""`hattrick db`: the schema brought up to date, backups, and putting one back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="The database.", no_args_is_help=True)
POSTGRES = (
    "That is for SQLite. PostgreSQL: `pg_dump --format=custom --file FILE`, `pg_restore --clean --if-exists`, "
    "then `hattrick db doubt`."
)


@app.command()
def upgrade() -> None:
    """Bring the database's schema up to date."""
    from storage import schema

    with _engine() as engine:
        changed = schema.upgrade(engine)
    typer.echo(f"The schema is {'now' if changed else 'already'} at {schema.HEAD}.")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A file that does not exist yet.")]) -> None:
    """Copy a SQLite database while the bot runs, and look through the copy."""
    from storage import backups

    with _sqlite() as engine, _told():
        backups.save(engine, file)
    typer.echo(f"{file} holds the database as it is now, and was looked through.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `hattrick db backup` wrote.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of a SQLite database. Stop the bot first."""
    from storage import backups

    with _sqlite() as engine, _told():
        backups.check(file)
        if not yes:
            typer.confirm("Everything that was stored since the backup is lost. Is the bot stopped?", abort=True)
        backups.restore(engine, file)
        open_ = _doubted(engine)
    typer.echo(f"Restored. {open_} open messages are looked for in Slack before they are sent.")


@app.command()
def doubt() -> None:
    """After a restore of PostgreSQL: look in Slack for every open message before it is sent."""
    with _engine() as engine:
        open_ = _doubted(engine)
    typer.echo(f"{open_} open messages are looked for in Slack before they are sent.")


def _doubted(engine: Any) -> int:
    from bot.clock import system_clock
    from bot.services.workspaces.restoring import doubt_what_is_open
    from storage import Sessions, schema

    schema.upgrade(engine)
    return doubt_what_is_open(Sessions(engine), now=system_clock())


@contextmanager
def _engine() -> Iterator[Any]:
    from bot.config import read_settings
    from storage import open_engine

    engine = open_engine(read_settings().database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _sqlite() -> Iterator[Any]:
    from bot.domain.errors import UserFacingError
    from storage import backups

    with _engine() as engine:
        if not backups.is_sqlite(engine):
            raise UserFacingError(POSTGRES)
        yield engine


@contextmanager
def _told() -> Iterator[None]:
    from bot.domain.errors import UserFacingError
    from storage.backups import BackupError

    try:
        yield
    except BackupError as error:
        raise UserFacingError(str(error)) from error
