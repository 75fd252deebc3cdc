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
    """How many ask at once, in how many rounds, half of which one app begins and half the other."""

    at_once: int = 200
    rounds: int = 24
    hats: int = 200


@dataclass(frozen=True)
class Usual:
    """A usual round of an app, the slowest p99 of all, and the p50 and p99 of each round; milliseconds."""

    p50: float
    p99: float
    worst: float
    each: list[tuple[float, float]]


def measure(size: Size | None = None) -> list[Figure]:
    """Measure two processes, each with a local Slack of its own; a round of one follows a round of the other.

    The bars are for a usual pair of rounds: each of ours is held against the other app's next to it, and the median of
    these ratios counts, so that neither a machine that becomes busier meanwhile nor one disturbed round decides. Such a
    round shows in the worst round's figures. Who goes first changes from pair to pair.
    """
    size = size or Size()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hattrick-bench-")))
        ours = _ours(stack, folder, size)
        theirs = _theirs(stack, folder)
        texts = [f"who email-nurturing-{number % size.hats}" for number in range(size.at_once)]
        took: dict[Address, list[list[float]]] = {ours: [], theirs: []}
        for number in range(size.rounds + _WARM_ROUNDS):
            for address in (ours, theirs) if number % 2 else (theirs, ours):
                milliseconds = address.burst(texts)
                if number >= _WARM_ROUNDS:
                    took[address].append(milliseconds)
    our, their = _usual(took[ours]), _usual(took[theirs])
    return [
        Figure(f"{size.at_once} at once, p50 against a bare Bolt app", _against(our, their, 0), "x", 1.1),
        Figure("p99 against a bare Bolt app", _against(our, their, 1), "x", 1.1),
        Figure("ours, p50", our.p50, "ms"),
        Figure("ours, p99", our.p99, "ms"),
        Figure("ours, p99 of the worst round", our.worst, "ms"),
        Figure("bare Bolt app, p50", their.p50, "ms"),
        Figure("bare Bolt app, p99", their.p99, "ms"),
        Figure("bare Bolt app, p99 of the worst round", their.worst, "ms"),
    ]


def _usual(rounds: list[list[float]]) -> Usual:
    each = [(median(milliseconds), quantile(milliseconds, 0.99)) for milliseconds in rounds]
    slow = [p99 for _, p99 in each]
    return Usual(median([p50 for p50, _ in each]), median(slow), max(slow), each)


def _against(our: Usual, their: Usual, which: int) -> float:
    """Return a usual ratio of the p50 (0) or the p99 (1) of two rounds next to each other."""
    return median([ours[which] / theirs[which] for ours, theirs in zip(our.each, their.each, strict=True)])


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
