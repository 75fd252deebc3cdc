"""What people do with offers in a scenario: type, press, and look at what their messages say by now."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from bot.playground.seed import TEAM_CHANNEL
from tests.support.world import World, buttons, spoken

Json = dict[str, Any]


def typed(world: World, user: str, text: str) -> Json:
    """Type a command in the team's channel, and return the answer or the form that came."""
    came = world.playground.command(user, TEAM_CHANNEL, f"/hat {text}", wait=10)
    assert came["messages"] or came["view"], came
    answer: Json = came["messages"][0] if came["messages"] else came["view"]
    return answer


def dms(world: World, user: str, *parts: str) -> list[Json]:
    """Return what the bot has ever written to a person in which all of this stands, as it stands now."""
    bot = world.playground.workspace()["bot_user_id"]
    said = world.playground.messages(user=user, ephemeral=False)
    return [m for m in said if m["user"] == bot and all(part in spoken(m) for part in parts)]


def last_dm(world: World, user: str, *parts: str) -> Json:
    """Return the latest of them, once it is there."""
    found: Json = world.eventually(lambda: dms(world, user, *parts))[-1]
    return found


def press(world: World, user: str, message: Json, action: str, *, wait: float = 0) -> Json:
    """Press a button of a message."""
    came: Json = world.playground.click(user, action, channel=message["channel"], message_ts=message["ts"], wait=wait)
    return came


def closed(world: World, user: str, message: Json, part: str) -> None:
    """Wait until a message says how it ended, and has no buttons any more."""

    def look() -> bool:
        (now,) = [m for m in dms(world, user) if m["ts"] == message["ts"]]
        return part in spoken(now) and buttons(now) == []

    world.eventually(look)


def announced(world: World, hat: str) -> list[Json]:
    """Return the announcements about a hat in the team's channel: the messages that ping somebody and name it."""
    bot = world.playground.workspace()["bot_user_id"]
    said = world.playground.messages(TEAM_CHANNEL, ephemeral=False)
    return [m for m in said if m["user"] == bot and f"*{hat}*" in spoken(m) and "<@" in spoken(m)]


def at_the_same_instant(steps: Iterable[Callable[[], Any]]) -> list[Any]:
    """Let several people act at once, each from a thread of their own; return what each of them saw."""
    waiting = list(steps)
    ready = Barrier(len(waiting))

    def run(step: Callable[[], Any]) -> Any:
        ready.wait()
        return step()

    with ThreadPoolExecutor(len(waiting)) as threads:
        return list(threads.map(run, waiting))
