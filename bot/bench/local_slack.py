"""A playground in a process of its own, with as many workspaces and people as a benchmark needs.

The process writes one line of JSON, `Address`, when it answers. Beside the playground's own doors it has two: one that
sends a burst of commands to the app and tells how long each took, and one that counts what was delivered to people.
"""

import asyncio
import contextlib
import json
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from bot.bench.processes import Child, running
from bot.manifest import manifest_path
from bot.playground.faults import Faults
from bot.playground.limits import Limits
from bot.playground.model import User
from bot.playground.payloads import Payloads
from bot.playground.playground import Playground
from bot.playground.server import serve

CHANNEL = "C0BENCH001"
COMMAND = "/hat"
_REQUEST_SECONDS = 120
_POLL_SECONDS = 0.05
_SAID = '{"url"'


@dataclass(frozen=True)
class Place:
    """A workspace: Slack's id, the bot's token, its people, and who the bot is there."""

    id: str
    token: str
    users: tuple[str, ...]
    bot_user_id: str = ""
    bot_id: str = ""


@dataclass(frozen=True)
class Address:
    """Where a playground listens, with what an app needs to be its app."""

    url: str
    app_token: str
    places: tuple[Place, ...]

    def environment(self, database_url: str) -> dict[str, str]:
        """Return the settings of a bot in the first workspace."""
        return {
            "SLACK_BOT_TOKEN": self.places[0].token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_API_URL": f"{self.url}/api/",
            "HATTRICK_DATABASE_URL": database_url,
            "HATTRICK_LOG_FORMAT": "json",
        }

    def burst(self, texts: list[str]) -> list[float]:
        """Send a command for each text at once; return the milliseconds until each was answered."""
        answer: list[float] = self.call("/bench/burst", {"texts": texts})
        return answer

    def wait_for_app(self) -> None:
        """Wait until the app has a Socket Mode connection."""
        deadline = time.monotonic() + _REQUEST_SECONDS
        while not self.call("/control/app")["sockets"]:
            if time.monotonic() > deadline:
                raise RuntimeError("the app does not connect")
            time.sleep(_POLL_SECONDS)

    def posted(self) -> dict[str, int]:
        """Count the bot's messages: `messages` altogether, `keys` that differ among their metadata."""
        answer: dict[str, int] = self.call("/bench/posted")
        return answer

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Ask the playground; with a body by POST."""
        request = urllib.request.Request(  # noqa: S310  # a loopback address that this benchmark made
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=_REQUEST_SECONDS) as response:  # noqa: S310  # same
            return json.load(response)


@contextlib.contextmanager
def local_slack(*, workspaces: int = 1, people: int = 6, latency_ms: float = 0) -> Iterator[tuple[Address, Child]]:
    """Run a playground without rate limits while the block runs."""
    wanted = json.dumps({"workspaces": workspaces, "people": people, "latency_ms": latency_ms})
    with (
        tempfile.TemporaryDirectory(prefix="hattrick-bench-") as folder,
        running("bot.bench.local_slack", wanted, ready='"}]}\n', folder=Path(folder)) as child,
    ):
        line = next(line for line in child.log.read_text(encoding="utf-8").splitlines() if line.startswith(_SAID))
        said = json.loads(line)
        places = tuple(Place(**place | {"users": tuple(place["users"])}) for place in said["places"])
        yield Address(said["url"], said["app_token"], places), child


def main() -> None:
    """Run the process: its one argument is JSON with `workspaces`, `people` (in each) and `latency_ms`."""
    wanted = json.loads(sys.argv[1])
    with tempfile.NamedTemporaryFile("w", suffix=".json") as faults:
        faults.write(Faults(latency_ms=wanted["latency_ms"]).model_dump_json())
        faults.flush()
        serve(
            port=0,
            manifest=manifest_path(),
            faults_file=Path(faults.name),
            language=None,
            limits=Limits(enabled=False),
            extend=_add_doors,
            on_start=lambda playground: _people(playground, wanted["workspaces"], wanted["people"]),
        )


def _people(playground: Playground, workspaces: int, people: int) -> None:
    slack = playground.slack
    places = []
    for number in range(workspaces):
        workspace = slack.add_workspace(f"Club {number}", f"club-{number}", team_id=f"T{number:07d}")
        users = [f"U{number:05d}{person:04d}" for person in range(people)]
        for person, user_id in enumerate(users):
            slack.add_user(workspace, User(user_id, workspace.id, f"p{person}", f"Player {person}"))
        slack.add_channel(workspace, "team", members=[*users, workspace.bot_user_id], channel_id=CHANNEL)
        bot = workspace.installation
        who = (bot.bot_token, tuple(users), bot.bot_user_id, bot.bot_id) if bot else ("", tuple(users))
        places.append(Place(workspace.id, *who))
    sys.stdout.write(json.dumps(asdict(Address(slack.url, slack.app.app_token, tuple(places)))) + "\n")
    sys.stdout.flush()


def _add_doors(app: FastAPI, playground: Playground) -> None:
    payloads = Payloads(playground.slack)

    @app.post("/bench/burst")
    async def burst(body: dict[str, list[str]]) -> list[float]:
        workspace = playground.slack.workspace()
        channel, people = workspace.channels[CHANNEL], workspace.people()

        async def ask(number: int, text: str) -> float:
            payload = payloads.command(workspace, people[number % len(people)], channel, COMMAND, text)
            started = time.perf_counter()
            delivered = await playground.delivery.ask("slash_commands", payload)
            # What is not answered in time counts as long as the person waited.
            if delivered.outcome not in {"acked", "timeout"}:
                raise RuntimeError(f"a command was not answered: {delivered.outcome}")
            return (time.perf_counter() - started) * 1000

        return await asyncio.gather(*(ask(number, text) for number, text in enumerate(body["texts"])))

    @app.get("/bench/posted")
    async def posted() -> dict[str, int]:
        keys = Counter(
            (message.metadata or {}).get("event_payload", {}).get("key")
            for workspace in playground.slack.workspaces.values()
            for channel in workspace.channels.values()
            for message in channel.messages.values()
            if message.user_id == workspace.bot_user_id
        )
        return {"messages": keys.total(), "keys": len(keys)}


if __name__ == "__main__":
    main()
