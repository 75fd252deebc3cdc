"""Finding a hat by what people call it."""

from collections import OrderedDict
from threading import Lock

from bot.domain.naming import Found, Match, NameIndex, name_key
from storage import Session, hats
from storage.hats import HatRow

MOST_INDEXES = 256


class HatDirectory:
    """Finds hats. Exact names are one query; other spellings use an index of the team's names.

    The index is made when a spelling needs it and thrown away when the team's `directory_version` has moved on, so it
    is never older than the database.
    """

    def __init__(self) -> None:
        self._indexes: OrderedDict[int, tuple[int, NameIndex]] = OrderedDict()
        self._lock = Lock()

    def find(self, session: Session, team_id: int, version: int, query: str) -> HatRow | Match:
        """Return the one hat that the query means, or several, or the nearest."""
        row = hats.by_key(session, team_id, name_key(query))
        if row is not None:
            return row
        match = self._index(session, team_id, version).find(query)
        if isinstance(match, Found):
            return hats.one(session, team_id, match.hat_id) or match
        return match

    def _index(self, session: Session, team_id: int, version: int) -> NameIndex:
        with self._lock:
            known = self._indexes.get(team_id)
            if known and known[0] == version:
                self._indexes.move_to_end(team_id)
                return known[1]
        index = NameIndex(hats.names(session, team_id))
        with self._lock:
            self._indexes[team_id] = (version, index)
            if len(self._indexes) > MOST_INDEXES:
                self._indexes.popitem(last=False)
        return index
