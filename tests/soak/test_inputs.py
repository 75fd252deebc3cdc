"""Ten thousand generated commands, clicks, forms, shortcuts, events and requests of the API."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.support import inputs, inputs_of_programs
from tests.support.gauntlet import Gauntlet
from tests.support.soaking import Artefact, setting

EXAMPLES = setting("inputs", 10_000)
# How many of them are of which kind, in tenths.
KINDS: dict[str, tuple[Callable[[], SearchStrategy[Any]], int]] = {
    "commands": (inputs.commands, 3),
    "clicks": (inputs.clicks, 2),
    "forms": (inputs.forms, 2),
    "shortcuts": (inputs.shortcuts, 1),
    "events": (inputs_of_programs.events, 1),
    "requests": (inputs_of_programs.requests, 1),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_whatever_is_sent_is_answered_whole_or_not_at_all(gauntlet: Gauntlet, artefact: Artefact, kind: str) -> None:
    strategy, tenths = KINDS[kind]
    began, sent = time.monotonic(), 0

    @seed(artefact.seed)
    @settings(
        max_examples=EXAMPLES * tenths // 10,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(one=strategy())
    def holds(one: Any) -> None:
        nonlocal sent
        sent += 1
        gauntlet.take(one)

    try:
        holds()
    finally:
        figures = {"sent": sent, "refused": gauntlet.refused, "answered": gauntlet.answered}
        artefact.record(f"generated {kind}", **figures, seconds=round(time.monotonic() - began, 1))
    assert sent >= EXAMPLES * tenths // 10
