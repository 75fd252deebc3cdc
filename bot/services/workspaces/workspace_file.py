"""A workspace's whole content as a file of JSON: written row by row, checked and read back into any database."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

from bot.domain.errors import UserFacingError
from bot.services.people.moved_ids import moved_row
from bot.services.workspaces.json_rows import JsonRows, NotJsonError
from storage import Sessions, exports, imports, schema, workspaces
from storage.import_rows import BadRowError, Shape, shapes

FORMAT: Final = 2
TOLD_EVERY: Final = 1_000

# What is being done, how much of it is done, and of how much.
Progress = Callable[[str, int, int], None]


class WorkspaceFileError(UserFacingError):
    """A file cannot be taken; the sentence says why. Nothing was written."""


@dataclass(frozen=True)
class Imported:
    """What was stored: the workspace, Slack's id; how many rows of each table; whether they kept their ids."""

    workspace: str
    rows: dict[str, int]
    same_ids: bool

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.rows.values())


def write_file(sessions: Sessions, workspace: str, out: TextIO) -> None:
    """Write all that is stored of a workspace, without tokens: the same rows give the same bytes, a row on each line.

    Raises:
        UserFacingError: When there is no such workspace.
    """
    with sessions.read() as session:
        exports.hold_still(session)
        found = workspaces.by_slack_id(session, workspace)
        if found is None:
            raise UserFacingError(f"There is no workspace {workspace} in the database.")
        head = {"format": FORMAT, "schema": schema.HEAD, "workspace": found.slack_team_id}
        out.write(f"{_json(head)[:-1]},\n" + '"tables": {\n')
        for number, (name, rows) in enumerate(exports.by_table(session, found.id or 0)):
            out.write((",\n" if number else "") + f"{_json(name)}: [")
            out.writelines((",\n" if place else "\n") + _json(row) for place, row in enumerate(rows))
            out.write("]")
        out.write("\n}}\n")


def read_file(
    sessions: Sessions,
    file: Path,
    *,
    now: datetime,
    replace: bool = False,
    keep_due: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Store a file's workspace in one transaction, after every row was looked at.

    Ids that are taken become others. What was sent stays sent; what was still open is not sent, unless `keep_due`.

    Args:
        sessions: The database.
        file: What `write_file` wrote, of this version or an earlier one.
        now: The present.
        replace: Take the place of a workspace that has teams here.
        keep_due: Go on sending what was open: only right where the bot that the file comes from sends no more.
        dry_run: Do everything and leave no trace.
        progress: Told how far it is.

    Raises:
        WorkspaceFileError: The file cannot be taken, or the workspace is in use here. Nothing was written.
    """
    tell = progress or (lambda *_: None)
    checked, slack_id = _check(file, tell)
    try:
        with sessions.write() as session:
            if not replace and imports.is_in_use(session, slack_id):
                raise WorkspaceFileError(
                    f"The workspace {slack_id} has teams here already; --replace deletes them and takes the file's."
                )
            place = imports.make_room(session, checked, now=now)
            moved = _moved_rows(file, checked, place, now=now, keep_due=keep_due)
            imports.store(session, moved, stored=_counting(tell, checked.total))
            imports.put_back(session, place)
            tell("Storing", checked.total, checked.total)
            if dry_run:
                session.rollback()
    except BadRowError as error:
        raise WorkspaceFileError(f"{file.name}: {error}. Nothing was written.") from error
    sessions.take_stock()
    return Imported(slack_id, dict(checked.rows), same_ids=place.shift == 0)


def _check(file: Path, tell: Progress) -> tuple[imports.Checked, str]:
    checked = imports.Checked(shapes())
    size = file.stat().st_size
    with _opened(file) as stream:
        rows = _begun(stream, file)
        for number, (name, row) in enumerate(_looked_through(rows, file)):
            try:
                checked.look_at(name, row)
            except BadRowError as error:
                raise WorkspaceFileError(f"{file.name}: {name}, row {_called(row)}: {error}.") from error
            if number % TOLD_EVERY == 0:
                tell("Checking", stream.buffer.tell(), size)
    tell("Checking", size, size)
    slack_id = checked.workspace.get("slack_team_id")
    if slack_id is None or slack_id != rows.head.get("workspace"):
        raise WorkspaceFileError(f"{file.name}: its workspace is not among its rows.")
    return checked, slack_id


def _begun(stream: TextIO, file: Path) -> JsonRows:
    """Read what stands before the rows, and refuse what this version cannot know how to read."""
    try:
        rows = JsonRows(stream)
    except NotJsonError as error:
        raise WorkspaceFileError(f"{file.name}: {error.sentence}; it must be what `hattrick export` wrote.") from error
    if rows.head.get("format") != FORMAT:
        raise WorkspaceFileError(f"{file.name}: it must be what `hattrick export` wrote, of format {FORMAT}.")
    revision = rows.head.get("schema")
    if not isinstance(revision, str) or revision > schema.HEAD:
        raise WorkspaceFileError(f"{file.name}: it was written by a newer version; upgrade this one first.")
    return rows


def _looked_through(rows: JsonRows, file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        yield from rows
    except NotJsonError as error:
        raise WorkspaceFileError(f"{file.name}: {error.sentence}.") from error


def _moved_rows(
    file: Path, checked: imports.Checked, place: imports.Place, *, now: datetime, keep_due: bool
) -> Iterator[tuple[Shape, dict[str, Any]]]:
    with _opened(file) as stream:
        for name, row in JsonRows(stream):
            if name == "workspace":
                continue
            shape = checked.shapes[name]
            values = place.moved(shape, imports.filled(shape, shape.read(row), now=now))
            if name == "delivery":
                values = imports.settled(values, place, keep_due=keep_due)
            yield shape, moved_row(name, values, place.shift)


@contextmanager
def _opened(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8-sig") as stream:
        try:
            yield stream
        except UnicodeDecodeError as error:
            raise WorkspaceFileError(f"{file.name}: this is not text in UTF-8.") from error


def _counting(tell: Progress, total: int) -> Callable[[int], None]:
    done = 0

    def stored(number: int) -> None:
        nonlocal done
        done += number
        tell("Storing", done, total)

    return stored


def _called(row: dict[str, Any]) -> str:
    return str(row.get("id", "without an id"))[:20]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
