"""Putting a workspace's exported rows into a database, under numbers that are free there."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, delete, exists, func, insert, text, update
from sqlalchemy import select as select_columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from storage import exports
from storage.import_rows import LARGEST_ID, BadRowError, Known, Shape
from storage.inserts import insert_or_ignore
from storage.tables import Delivery, Install, Team, Workspace, metadata

ROWS_AT_ONCE: Final = 500
NOT_SENT: Final = "it was open when the workspace was taken here"
_LOCK: Final = 4_281_975  # any number, the same in all processes
_COUNT_FROM: Final = text(
    "SELECT setval(numbers, GREATEST(COALESCE(pg_sequence_last_value(numbers), 1), :last)) "
    "FROM (SELECT CAST(pg_get_serial_sequence(:table, 'id') AS regclass) AS numbers) AS its"
)


@dataclass
class Checked:
    """What is known of a file's rows once all were looked at: their ids by table, how many there are, the workspace."""

    shapes: Mapping[str, Shape]
    known: dict[str, Known] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    workspace: dict[str, Any] = field(default_factory=dict)

    def look_at(self, name: str, row: Mapping[str, Any]) -> None:
        """Check the next row, and that every row that it speaks of came before it.

        Raises:
            BadRowError: It cannot be taken.
        """
        shape = self.shapes.get(name)
        if shape is None:
            raise BadRowError("this table is not known here")
        values = shape.read(row)
        if name == "workspace":
            if self.workspace:
                raise BadRowError("there are several workspaces")
            self.workspace = values
        for column, target in shape.references.items():
            number = values.get(column)
            if number is not None and number not in self.known.get(target, ()):
                raise BadRowError(f"{column}: there is no {target} {number} before it")
        if shape.has_ids:
            self.known.setdefault(name, Known()).add(values["id"])
        self.rows[name] = self.rows.get(name, 0) + 1

    @property
    def total(self) -> int:
        """How many rows there are."""
        return sum(self.rows.values())


@dataclass(frozen=True)
class Place:
    """Where rows go: the workspace's own number, and what is added to every other id.

    `sent_before` is what the workspace was owed here while it had no team: it is not sent again.
    """

    workspace_id: int
    shift: int
    sent_before: tuple[dict[str, Any], ...] = ()

    def moved(self, shape: Shape, values: dict[str, Any]) -> dict[str, Any]:
        """Give a row the numbers that it has here."""
        for column in shape.references:
            if values.get(column) is not None:
                values[column] = self.workspace_id if column == "workspace_id" else values[column] + self.shift
        if shape.has_ids:
            values["id"] += self.shift
        return values


def is_in_use(session: Session, slack_team_id: str) -> bool:
    """Tell whether there is a workspace that has, or had, a team."""
    query = select(Team.id).join(Workspace, col(Workspace.id) == col(Team.workspace_id))
    return session.exec(query.where(Workspace.slack_team_id == slack_team_id)).first() is not None


def make_room(session: Session, checked: Checked, *, now: datetime) -> Place:
    """Delete what is there of the workspace, all but its install, and find free numbers for its rows.

    Ids stay as they are where all of them are free: the buttons of messages that were sent go on working. Otherwise
    all grow by the same number, past every id of the file, so that a former id never means another row.

    Raises:
        BadRowError: There are not enough numbers left.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    workspace_id = _workspace(session, checked.workspace, now)
    sent_before = _without_team(session, workspace_id)
    for table, condition in reversed(list(exports.scopes(workspace_id))):
        if table.name != "workspace":
            session.execute(delete(table).where(condition))
    ranges = {
        checked.shapes[name].table: (known.ids[0], known.ids[-1])
        for name, known in checked.known.items()
        if name != "workspace"
    }
    for table, (_, last) in ranges.items():
        _count_from(session, table, last)
    shift = 0
    if any(_is_taken(session, table, first, last) for table, (first, last) in ranges.items()):
        shift = max([_highest(session, table) for table in ranges] + [last for _, last in ranges.values()])
    if shift + max([last for _, last in ranges.values()], default=0) > LARGEST_ID:
        raise BadRowError("there are not enough free ids in the database")
    for table, (_, last) in ranges.items():
        _count_from(session, table, last + shift)
    return Place(workspace_id, shift, sent_before)


def put_back(session: Session, place: Place) -> None:
    """Remember what was sent here before, unless the rows that were stored know of it."""
    if place.sent_before:
        session.connection().execute(insert_or_ignore(session, Delivery), list(place.sent_before))


def store(
    session: Session,
    rows: Iterator[tuple[Shape, dict[str, Any]]],
    *,
    stored: Callable[[int], None],
) -> None:
    """Insert rows as they come, many at a time; `stored` is told how many.

    Raises:
        BadRowError: The database refuses one.
    """
    lot: list[dict[str, Any]] = []
    shape: Shape | None = None
    for its, values in rows:
        if shape is not None and (its is not shape or len(lot) == ROWS_AT_ONCE or values.keys() != lot[0].keys()):
            _insert(session, shape, lot)
            stored(len(lot))
            lot = []
        shape = its
        lot.append(values)
    if shape is not None:
        _insert(session, shape, lot)
        stored(len(lot))


def filled(shape: Shape, values: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Fill secrets that a row cannot be without with what nobody knows; a token of programs has ended with that."""
    for column in shape.table.columns:
        if column.name not in shape.columns and not column.nullable:
            values[column.name] = secrets.token_hex(32)
            if "revoked_at" in shape.columns:
                values["revoked_at"] = values.get("revoked_at") or now
    return values


def settled(values: dict[str, Any], place: Place, *, keep_due: bool) -> dict[str, Any]:
    """Say what becomes of a delivery that was open: it is not sent, or with `keep_due` looked for and then sent."""
    if values["state"] == "claimed" and keep_due:
        values |= {"state": "due", "doubtful": True}
    elif values["state"] in {"due", "claimed"} and not keep_due:
        values |= {"state": "skipped", "error": NOT_SENT}
    if place.shift and values["state"] != "due":
        # Nobody looks for it any more, and its key may be that of a team which has its number here.
        values["key"] = secrets.token_hex(16)
    return values


def without_app(session: Session) -> list[str]:
    """Return the workspaces, Slack's ids, that never had an install of their own here and are silent."""
    own = exists().where(col(Install.slack_id).in_((col(Workspace.slack_team_id), col(Workspace.enterprise_id))))
    query = select(Workspace.slack_team_id).where(col(Workspace.uninstalled_at).is_not(None), ~own)
    return list(session.exec(query.order_by(col(Workspace.slack_team_id))))


def _workspace(session: Session, values: Mapping[str, Any], now: datetime) -> int:
    """Return the workspace's number, added where it is new: then it is silent until the app is installed."""
    found = session.exec(select(Workspace).where(Workspace.slack_team_id == values["slack_team_id"])).first()
    facts = {name: value for name, value in values.items() if name not in {"id", "uninstalled_at"}}
    if found is not None:
        session.execute(update(Workspace).where(col(Workspace.id) == found.id).values(**facts))
        return found.id or 0
    table = metadata.tables["workspace"]
    _count_from(session, table, values["id"])
    if not _is_taken(session, table, values["id"], values["id"]):
        facts["id"] = values["id"]
    silent = values.get("uninstalled_at") or now
    statement = insert(Workspace).values(**facts, uninstalled_at=silent).returning(col(Workspace.id))
    return int(session.connection().execute(statement).scalar_one() or 0)


def _is_taken(session: Session, table: Table, first: int, last: int) -> bool:
    query = select_columns(exists().where(table.c.id.between(first, last)))
    return bool(session.execute(query).scalar())


def _highest(session: Session, table: Table) -> int:
    return int(session.execute(select_columns(func.coalesce(func.max(table.c.id), 0))).scalar_one())


def _without_team(session: Session, workspace_id: int) -> tuple[dict[str, Any], ...]:
    table = metadata.tables["delivery"]
    others = [column for column in table.columns if column.name != "id"]
    query = select_columns(*others).where(table.c.workspace_id == workspace_id, table.c.team_id.is_(None))
    return tuple(dict(row) for row in session.execute(query).mappings())


def _count_from(session: Session, table: Table, last: int) -> None:
    """Let new rows get numbers after `last`: from now on, also where others insert meanwhile."""
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite takes the number after the highest
    session.execute(_COUNT_FROM, {"table": table.name, "last": last})


def _insert(session: Session, shape: Shape, lot: list[dict[str, Any]]) -> None:
    try:
        session.connection().execute(insert(shape.table), lot)
    except IntegrityError as error:
        reason = str(error.orig).splitlines()[0]
        between = f"{lot[0].get('id')} to {lot[-1].get('id')}" if shape.has_ids else f"{len(lot)}"
        raise BadRowError(f"{shape.table.name}, rows {between}: the database refuses them ({reason})") from error
