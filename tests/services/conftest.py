from collections.abc import Iterator

import pytest

from storage import Sessions
from tests.support.room import Room


@pytest.fixture
def room(sessions: Sessions) -> Iterator[Room]:
    """A team with a vacant hat and people who may agree on it, on each engine."""
    opened = Room(sessions)
    yield opened
    opened.close()
