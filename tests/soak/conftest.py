"""Long runs: only `make soak` (HATTRICK_SOAK=1) selects them. Sizes and the seed come from the environment."""

from itertools import zip_longest

import pytest

from tests.scenarios.conftest import new_database  # noqa: F401  # a fixture of theirs
from tests.support.gauntlet import gauntlet, response_urls  # noqa: F401  # same
from tests.support.soaking import Artefact, asked_for, begin

LONGEST_SECONDS = 4 * 60 * 60
# `make test` does not even read them.
collect_ignore_glob = [] if asked_for() else ["test_*.py"]


def pytest_configure(config: pytest.Config) -> None:
    """Begin the folder that the run leaves, once for all of its processes."""
    if asked_for() and not hasattr(config, "workerinput"):
        begin()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give each as long as it needs, also where it runs alone."""
    item.add_marker(pytest.mark.timeout(LONGEST_SECONDS))


@pytest.fixture(scope="session")
def artefact() -> Artefact:
    """What the run leaves in `soak/`."""
    return Artefact()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each of two processes begin with one of the two tests that take longest: each is handed two at once."""
    longest = [item for item in items if "test_kills" in item.nodeid]
    others = [item for item in items if item not in longest]
    items[:] = [one for pair in zip_longest(longest, others) for one in pair if one is not None]
