"""A whole world for a scenario: a local Slack, a database with the demo's team, and bots that live in them."""

import time as real_time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import yaml
from sqlmodel import select

from bot.clock import FollowedClock
from bot.demo.seed import demo_file, seed_demo
from bot.domain.period import Period
from bot.playground.seed import OSKAR, TEAM, TEAM_CHANNEL
from bot.services.people.directory import HatDirectory
from bot.services.team_file.team_apply import apply
from bot.services.team_file.team_file import load_team_file
from storage.tables import Team
from tests.support.bot_process import BotProcess, run_hattrick, start_bot, stopped_at_the_end
from tests.support.database import opened
from tests.support.playground import PlaygroundClient, start_playground

Language = Literal["en", "sv"]
Mode = Literal["socket", "http"]
Json = dict[str, Any]

STOCKHOLM: Final = ZoneInfo("Europe/Stockholm")
MONDAY, WEDNESDAY, FRIDAY = 0, 2, 4
FIRST_WEEK: Final = Period(2026, 48)
PATIENCE = 20.0  # seconds; how long a busy machine may take for something that should take one


@dataclass
class World:
    """Where a scenario plays. `week` is the one that is being lived; weeks follow each other, one per test.

    Without `hat_check` the team is not asked which hats it wore: only owners get weekly messages. With `as_installed`
    each process is started as a person starts it, which takes longer.
    """

    playground: PlaygroundClient
    database_url: str
    folder: Path
    language: Language = "en"
    mode: Mode = "socket"
    week: Period = FIRST_WEEK
    hat_check: bool = False
    as_installed: bool = False
    bots: list[BotProcess] = field(default_factory=list)

    # The scene

    @property
    def settings(self) -> dict[str, str]:
        """What the bot and the commands of the terminal get as their environment."""
        return {
            **self.playground.environment(),
            "HATTRICK_DATABASE_URL": self.database_url,
            "HATTRICK_LOG_FORMAT": "json",
            "HATTRICK_CLOCK_URL": f"{self.playground.url}/control/clock",
            "HATTRICK_TICK_SECONDS": "0.5",
        }

    def hattrick(self, *arguments: str, **settings: str) -> CompletedProcess[str]:
        """Run a command of the terminal."""
        settings = self.settings | settings
        return run_hattrick(*arguments, settings=settings, folder=self.folder, as_installed=self.as_installed)

    def start(self) -> BotProcess:
        """Start one more bot; in HTTP mode Slack's requests go to the one that was started last."""
        bot = start_bot(self.settings, self.folder, mode=self.mode, as_installed=self.as_installed)
        self.bots.append(bot)
        if self.mode == "http":
            self.playground.deliver_to(f"{bot.address}/slack/events", retry_delays=[0.1, 0.5])
        return bot

    def stop_all(self) -> None:
        """Stop every bot that runs, with what it was about to do done and its log clean."""
        for bot in self.bots:
            if bot.process.poll() is None:
                bot.stop()

    def seed(self) -> None:
        """Put the demo's team and its 30 weeks into the database, and give Oskar a second hat to own."""
        with opened(self.database_url) as sessions:
            seed_demo(sessions, TEAM, self.language, now=self.now())
            with sessions.write() as session:
                session.exec(select(Team)).one().hat_check = self.hat_check
            apply(sessions, TEAM, load_team_file(self.team_file(), HatDirectory()), self.now())

    def team_file(self, **team: Any) -> Path:
        """Write the demo's team file with Oskar owning the booking as well, and `team`'s fields changed."""
        content = yaml.safe_load(demo_file(self.language).read_text(encoding="utf-8"))
        content["team"] |= team
        next(hat for hat in content["hats"] if hat["slug"] == "booking")["owner"] = OSKAR
        file = self.folder / "team.yml"
        file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return file

    # Time

    def now(self) -> datetime:
        """Return the world's present, in UTC."""
        return datetime.fromisoformat(self.playground.get("/clock")["now"])

    def at(self, weekday: int, hour: int, minute: int = 0, *, weeks: int = 0) -> datetime:
        """Give a local time of the team, `weeks` after this week. A second late: nothing comes before its time."""
        day = self.week.monday + timedelta(days=weekday, weeks=weeks)
        return datetime.combine(day, time(hour, minute, 1), tzinfo=STOCKHOLM)

    def go_to(self, weekday: int, hour: int, minute: int = 0, *, weeks: int = 0) -> None:
        """Move the clock of Slack, and of the bots as soon as they look at it again."""
        self.playground.move_clock(self.at(weekday, hour, minute, weeks=weeks))
        real_time.sleep(2 * FollowedClock.REFRESH_SECONDS)

    def next_week(self) -> None:
        """Go on to the Wednesday of the week after this one, when nothing is due."""
        self.week = self.week.shift(1)
        self.go_to(WEDNESDAY, 9)

    # What was said

    def told(self, user: str) -> list[Json]:
        """Return what the bot has written to a person this week and until the next Wednesday."""
        return self._of_this_week(self.playground.messages(user=user, ephemeral=False))

    def posted(self) -> list[Json]:
        """Return what the bot has posted in the team's channel this week and until next Wednesday, not in threads."""
        return [m for m in self._in_channel() if m.get("thread_ts", m["ts"]) == m["ts"]]

    def under(self, message: Json) -> list[Json]:
        """Return what the bot has said in the thread of a message in the team's channel, oldest first."""
        return [m for m in self._in_channel() if m.get("thread_ts") == message["ts"] != m["ts"]]

    def eventually(self, look: Any, *, seconds: float = PATIENCE) -> Any:
        """Return the first true answer of `look()`."""
        return self.playground.eventually(look, seconds=seconds)

    def _in_channel(self) -> list[Json]:
        return self._of_this_week(self.playground.messages(TEAM_CHANNEL, ephemeral=False))

    def _of_this_week(self, said: list[Json]) -> list[Json]:
        first, last = (self.at(WEDNESDAY, 0, weeks=weeks).timestamp() for weeks in (0, 1))
        bot = self.playground.workspace()["bot_user_id"]
        return [m for m in said if m["user"] == bot and first <= float(m["ts"]) < last]


@contextmanager
def open_world(
    database_url: str,
    folder: Path,
    *,
    language: Language = "en",
    mode: Mode = "socket",
    seeded: bool = True,
    hat_check: bool = False,
) -> Iterator[World]:
    """Start a playground on a Wednesday and seed the database; stop all bots at the end and look at their logs."""
    with start_playground(language=language) as playground:
        world = World(playground, database_url, folder, language, mode, hat_check=hat_check)
        world.go_to(WEDNESDAY, 9)
        playground.limits(tier_1=600)  # bots start more often here than Slack would let them connect
        if seeded:
            world.seed()
        with stopped_at_the_end(world.bots):
            yield world


def spoken(*said: Any) -> str:
    """Return every text that a person reads in messages, views or blocks, one a line."""
    return "\n".join(text for one in said for text in _texts(one))


def block(message: Json, kind: str) -> Json:
    """Return the message's only block of a type."""
    (found,) = (b for b in message["blocks"] if b["type"] == kind)
    return found


def buttons(message: Json) -> list[Json]:
    """Return a message's or a view's buttons."""
    return [e for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]


def fields(view: Json) -> dict[str, Json]:
    """Return a modal's inputs by the label that the person reads."""
    return {b["label"]["text"]: b for b in view["blocks"] if b["type"] == "input"}


def _texts(one: Any) -> Iterator[str]:
    if isinstance(one, list):
        for each in one:
            yield from _texts(each)
    elif isinstance(one, dict):
        for key, value in one.items():
            if key in ("text", "initial_value", "caption", "title") and isinstance(value, str):
                yield value
            elif isinstance(value, dict | list) and key not in ("metadata", "bot_profile", "state"):
                yield from _texts(value)
