"""Running statements that were built once, on the way to an answer that somebody waits for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Executable
from sqlmodel import Session


def fetch(session: Session, statement: Executable, values: Mapping[str, Any]) -> Any:
    """Run a statement that selects columns and no entities, with its parameters.

    The session's own `execute` keeps books for entities, and that costs as much as the statement itself.
    """
    if session.autoflush:  # a writer sees what it has added, as with `execute`
        session.flush()
    return session.connection().execute(statement, values)
