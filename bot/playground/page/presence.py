"""Who has the page open now. Shared by all tabs, so that several people see each other."""

from collections import Counter
from collections.abc import Callable


class Presence:
    """Count the tabs in which each member sits."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._tabs: Counter[str] = Counter()
        self._changed = changed

    def move(self, leaves: str, comes: str) -> None:
        """Let a tab go from one member to another; an empty id is nobody."""
        if leaves == comes:
            return
        self._tabs[leaves] -= 1
        self._tabs[comes] += 1
        self._changed()

    def here(self, user_id: str) -> bool:
        """Tell whether somebody sits at the page as this member."""
        return self._tabs[user_id] > 0
