"""Replicas that are killed at any moment and started again, as a supervisor would."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from tests.support.bot_process import START_SECONDS, BotProcess, launch_bot
from tests.support.soaking import Artefact
from tests.support.world import World

MOST_STARTS = 10
_GLANCE_SECONDS = 0.02
# Longer than a claim is left to whoever made it, on the bots' clock.
PAST_THE_LEASE = timedelta(seconds=95)
# How long the playground may still work, in real time, on a call of a bot that is gone.
STRAY_CALL_SECONDS = 1.0


@dataclass
class Fleet:
    """Some replicas on one database. What their logs tell of bugs is collected, and judged at the end."""

    world: World
    size: int
    chance: random.Random
    artefact: Artefact
    bots: list[BotProcess] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    bugs: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._settings = self.world.settings | {"HATTRICK_SEND_WORKERS": "4"}

    def fill(self) -> None:
        """Start what is missing, and return when all are ready."""
        starting = [self._launch() for _ in range(self.size - len(self.bots))]
        for bot in starting:
            self.bots.append(self._once_ready(bot))

    def kill_someone(self) -> None:
        """Kill one replica at once and start another; now and then that one is killed while it starts."""
        self._kill(self.bots.pop(self.chance.randrange(len(self.bots))), "kills")
        if self.chance.random() < 0.1:
            starting = self._launch()
            time.sleep(self.chance.uniform(0, 1.5))
            self._kill(starting, "killed while starting")
        self.fill()

    def kill_all(self) -> None:
        """Kill every replica at once."""
        while self.bots:
            self._kill(self.bots.pop(), "killed while nobody acts")

    def take_over(self) -> None:
        """Kill all, let what they had claimed run out, and start others, who find it."""
        self.kill_all()
        time.sleep(STRAY_CALL_SECONDS)
        self.world.playground.advance_clock(PAST_THE_LEASE.total_seconds())
        self.fill()

    def stop(self) -> None:
        """Ask every replica to end, as a deployment does."""
        while self.bots:
            bot = self.bots.pop()
            try:
                bot.stop()
            except AssertionError as problem:
                self.bugs.append(str(problem))

    def _kill(self, bot: BotProcess, how: str) -> None:
        self.counts[how] += 1
        try:
            bot.kill()
        except AssertionError as problem:
            self.bugs.append(str(problem))
            self.artefact.say(f"a bug, see the bots' log: {bot.log_file}")

    def _launch(self) -> BotProcess:
        self.counts["starts"] += 1
        return launch_bot(self._settings, self.world.folder, mode="socket")

    def _once_ready(self, bot: BotProcess) -> BotProcess:
        """Wait until it is ready; one that ends because Slack has troubles is started again."""
        for _ in range(MOST_STARTS):
            deadline = time.monotonic() + START_SECONDS
            while bot.process.poll() is None and time.monotonic() < deadline:
                if bot.events("ready"):
                    return bot
                time.sleep(_GLANCE_SECONDS)
            self.counts["failed starts"] += 1
            self.artefact.say(f"a start failed: {bot.log()[-300:]}")
            if bot.process.poll() is None:
                bot.process.kill()
                bot.process.wait()
            bot = self._launch()
        raise AssertionError(f"no bot became ready: {bot.log()}")
