"""The playground for tests: a server in a thread, and a small client over its control API."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import httpx

from bot.playground.faults import Faults
from bot.playground.limits import Limits
from bot.playground.server import PlaygroundServer, build_playground

MANIFEST = Path(__file__).resolve().parents[2] / "app_manifest.yml"
Json = dict[str, Any]


class StepRefused(Exception):  # noqa: N818  # a refusal by Slack's client, not an error of the test
    """Slack's client would not have offered this step."""


@dataclass
class PlaygroundClient:
    """Set the scene, act as a person, and look at what happened. `team` names a workspace, else the first one."""

    url: str
    team: str = ""
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=f"{self.url}/control", timeout=30, trust_env=False)

    def close(self) -> None:
        self._http.close()

    @property
    def api_url(self) -> str:
        """What the bot gets as SLACK_API_URL."""
        return f"{self.url}/api/"

    def get(self, path: str, **query: Any) -> Any:
        return _answer(self._http.get(path, params=query))

    def post(self, path: str, **body: Any) -> Any:
        return _answer(self._http.post(path, json=body))

    def put(self, path: str, **body: Any) -> Any:
        return _answer(self._http.put(path, json=body))

    # What there is

    def app(self) -> Json:
        return self.get("/app")

    def workspace(self) -> Json:
        found = [w for w in self.get("/workspaces") if self.team in ("", w["id"])]
        return found[0]

    def environment(self) -> dict[str, str]:
        """Return the environment variables with which the real bot process talks to this playground."""
        app, workspace = self.app(), self.workspace()
        return {
            "SLACK_BOT_TOKEN": workspace["bot_token"],
            "SLACK_APP_TOKEN": app["app_token"],
            "SLACK_SIGNING_SECRET": app["signing_secret"],
            "SLACK_CLIENT_ID": app["client_id"],
            "SLACK_CLIENT_SECRET": app["client_secret"],
            "SLACK_API_URL": self.api_url,
        }

    def messages(self, channel: str = "", *, user: str = "", ephemeral: bool = True) -> list[Json]:
        """Return what was said in a channel (id or `#name`), or between the bot and `user`."""
        return self.get("/messages", channel=channel, user=user, team=self.team, ephemeral=ephemeral)

    def modal(self, user: str) -> Json | None:
        return self.get("/views", user=user, team=self.team)["modal"]

    def home(self, user: str) -> Json | None:
        return self.get("/views", user=user, team=self.team)["home"]

    def calls(self, method: str = "") -> list[Json]:
        return self.get("/calls", method=method)

    def deliveries(self, kind: str = "") -> list[Json]:
        return self.get("/deliveries", kind=kind)

    # The scene

    def move_clock(self, to: datetime) -> None:
        self.post("/clock/move", to=to.isoformat())

    def advance_clock(self, seconds: float) -> None:
        self.post("/clock/advance", seconds=seconds)

    def faults(self, *rules: Json, **settings: Any) -> None:
        """Let things go wrong from now on; without arguments nothing does."""
        self.put("/faults", rules=list(rules), **settings)

    def limits(self, **limits: Any) -> None:
        self.put("/limits", **limits)

    def deliver_to(self, request_url: str, *, retry_delays: list[float] | None = None) -> None:
        """Deliver by signed HTTP from now on."""
        self.post("/delivery", mode="http", request_url=request_url, retry_delays=retry_delays)

    # A person's steps; each answers with what the person saw

    def act(self, step: str, user: str, **arguments: Any) -> Any:
        return self.post(f"/act/{step}", user=user, team=self.team, **arguments)

    def command(self, user: str, channel: str, text: str, *, wait: float = 0) -> Json:
        return self.act("command", user, channel=channel, text=text, wait=wait)

    def say(self, user: str, text: str, *, channel: str = "", thread_ts: str | None = None) -> Json:
        """Write in a channel, or without one to the bot."""
        return self.act("post", user, channel=channel, text=text, thread_ts=thread_ts)

    def click(self, user: str, action_id: str, **where: Any) -> Json:
        return self.act("click", user, action_id=action_id, **where)

    def submit(self, user: str, values: Json, *, wait: float = 0) -> Json:
        return self.act("submit", user, values=values, wait=wait)

    def open_home(self, user: str, *, wait: float = 2) -> Json | None:
        return self.act("home", user, wait=wait)["view"]

    def eventually(self, look: Callable[[], Any], *, seconds: float = 5) -> Any:
        """Return the first true answer of `look()`; fail after `seconds`."""
        deadline = time.monotonic() + seconds
        version = -1
        while not (found := look()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"nothing came within {seconds} s")
            version = self.get("/changes", since=version, seconds=min(left, 0.25))["version"]
        return found


@contextlib.contextmanager
def start_playground(
    *,
    language: Literal["en", "sv"] | None = "en",
    faults: Faults | None = None,
    limits: Limits | None = None,
    seed: int = 0,
    manifest: Path = MANIFEST,
) -> Iterator[PlaygroundClient]:
    """Run a playground on a free port; Slack's rate limits hold unless `limits` says otherwise."""
    playground = build_playground(manifest=manifest, seed=seed, faults=faults, limits=limits, language=language)
    with PlaygroundServer(playground) as server:
        client = PlaygroundClient(server.url)
        try:
            yield client
        finally:
            client.close()


def _answer(response: httpx.Response) -> Any:
    if response.status_code == 409:
        raise StepRefused(response.json()["detail"])
    response.raise_for_status()
    return response.json()
