"""`/hat who` through Socket Mode, many people at once: our bot's process against a bare Bolt app's, in turn."""

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.bench import bare, scene
from bot.bench.figures import Figure, median, quantile
from bot.bench.local_slack import Address, local_slack
from bot.bench.processes import running
from bot.clock import system_clock

_WARM_ROUNDS = 2


@dataclass(frozen=True)
class Size:
    """How many ask at once, in how many rounds."""

    at_once: int = 200
    rounds: int = 12
    hats: int = 200


def measure(size: Size | None = None) -> list[Figure]:
    """Measure two processes, each with a local Slack of its own; a round of one follows a round of the other.

    The figures are over all requests of all rounds. Who goes first changes from round to round.
    """
    size = size or Size()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hattrick-bench-")))
        ours = _ours(stack, folder, size)
        theirs = _theirs(stack, folder)
        texts = [f"who email-nurturing-{number % size.hats}" for number in range(size.at_once)]
        took: dict[Address, list[float]] = {ours: [], theirs: []}
        for number in range(size.rounds + _WARM_ROUNDS):
            for address in (ours, theirs) if number % 2 else (theirs, ours):
                milliseconds = address.burst(texts)
                if number >= _WARM_ROUNDS:
                    took[address] += milliseconds
    our, their = took[ours], took[theirs]
    return [
        Figure(f"{size.at_once} at once, p50 against a bare Bolt app", median(our) / median(their), "x", 1.1),
        Figure("p99 against a bare Bolt app", quantile(our, 0.99) / quantile(their, 0.99), "x", 1.1),
        Figure("ours, p50", median(our), "ms"),
        Figure("ours, p99", quantile(our, 0.99), "ms"),
        Figure("bare Bolt app, p50", median(their), "ms"),
        Figure("bare Bolt app, p99", quantile(their, 0.99), "ms"),
    ]


def _ours(stack: ExitStack, folder: Path, size: Size) -> Address:
    address, _ = stack.enter_context(local_slack())
    url = scene.sqlite_url(folder)
    with scene.database(url) as sessions, sessions.write() as session:
        scene.directory(session, address.places[0], hats=size.hats, now=system_clock())
    environment = address.environment(url)
    stack.enter_context(running("bot.cli", "run", ready=scene.READY, folder=folder, environment=environment))
    address.wait_for_app()
    return address


def _theirs(stack: ExitStack, folder: Path) -> Address:
    address, _ = stack.enter_context(local_slack())
    environment = address.environment(scene.sqlite_url(folder, "unused.db"))
    stack.enter_context(running("bot.bench.bare", ready=bare.READY, folder=folder, environment=environment))
    address.wait_for_app()
    return address
