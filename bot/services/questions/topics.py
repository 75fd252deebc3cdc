"""Finding the hat that a message is about."""

from collections import OrderedDict, defaultdict
from threading import Lock

from bot.domain.topics import HatTopics, TopicIndex
from storage import Session, hats

MOST_INDEXES = 256


class TopicDirectory:
    """Keeps an index of what each team's hats can be asked about, as old as the team's `directory_version`."""

    def __init__(self) -> None:
        self._indexes: OrderedDict[int, tuple[int, TopicIndex]] = OrderedDict()
        self._lock = Lock()

    def of(self, session: Session, team_id: int, version: int) -> TopicIndex:
        """Return the team's index, made anew when its hats have changed."""
        with self._lock:
            known = self._indexes.get(team_id)
            if known and known[0] == version:
                self._indexes.move_to_end(team_id)
                return known[1]
        names: dict[int, list[str]] = defaultdict(list)
        for name, hat_id in hats.names(session, team_id):
            names[hat_id].append(name)
        rows = hats.all_of_team(session, team_id)
        index = TopicIndex(HatTopics(row.id, tuple(names[row.id]), row.ask_about) for row in rows)
        with self._lock:
            self._indexes[team_id] = (version, index)
            if len(self._indexes) > MOST_INDEXES:
                self._indexes.popitem(last=False)
        return index
