"""What the tests of listeners, and of generated input, start from."""

from collections.abc import Iterator

import pytest

from storage import Sessions
from tests.support.desk import Desk
from tests.support.gauntlet import gauntlet, response_urls  # noqa: F401  # fixtures of theirs


@pytest.fixture
def desk(sessions: Sessions) -> Iterator[Desk]:
    """A club whose people type and press, on each engine."""
    desk = Desk(sessions)
    yield desk
    desk.club.close()
