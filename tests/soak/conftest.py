"""Long runs: only `make soak` (HATTRICK_SOAK=1) selects them. Sizes and the seed come from the environment."""

import time
from pathlib import Path

import pytest

from tests.scenarios.conftest import new_database  # noqa: F401  # a fixture of theirs
from tests.support.soaking import Artefact, asked_for, setting

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave this folder out of `make test`."""
    if asked_for():
        return
    long = [item for item in items if item.path.is_relative_to(HERE)]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.path.is_relative_to(HERE)]


@pytest.fixture(scope="session")
def artefact() -> Artefact:
    """What the run leaves in `soak/`; its seed makes the run's choices repeatable."""
    return Artefact(setting("seed", int(time.time())))
