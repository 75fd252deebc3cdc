"""The bot's doors without the house around them: a real Bolt app, a Slack that remembers, and response_urls."""

import itertools
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from slack_bolt import App, BoltRequest
from structlog.processors import format_exc_info
from structlog.testing import capture_logs

from bot.app import _bolt
from bot.config import Settings
from bot.listeners.binding import Deps
from bot.listeners.register import register
from bot.services.installs.installs import Installs
from bot.services.people.directory import HatDirectory
from storage import Sessions
from tests.support.fake_slack import FakeSlack, words
from tests.support.replica import StandingClock

Json = dict[str, Any]
CRASHES = {"listener_crashed", "later_crashed", "event_crashed"}
_NUMBERS = itertools.count(1)


class AtOnce(ThreadPoolExecutor):
    """Runs work where it is handed in, so that everything has been said when an answer is back."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(work(*args, **kwargs))
        return done


@dataclass
class Answer:
    """Everything that a person saw after they did something."""

    status: int
    ack: Json
    shown: list[Json] = field(default_factory=list)
    log: list[Any] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Every word of it."""
        errors = "\n".join(self.ack.get("errors", {}).values())
        return "\n".join(filter(None, [words(self.ack), errors, *(words(one) for one in self.shown)]))


@dataclass
class Doors:
    """Knock as Slack would."""

    app: App
    slack: FakeSlack
    response_url: str
    responses: list[Json]

    def knock(self, body: Json) -> Answer:
        """Hand a payload to Bolt; collect what was said and what was logged as a failure."""
        said, modals, answered = len(self.slack.said), len(self.slack.modals), len(self.responses)
        with capture_logs(processors=[format_exc_info]) as logs:
            response = self.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        answer = Answer(response.status, json.loads(response.body) if response.body.startswith("{") else {})
        answer.shown = [
            *(view for _, _, view in self.slack.modals[modals:]),
            *self.responses[answered:],
            *({"text": one.words} for one in self.slack.said[said:]),
        ]
        answer.log = [log.get("exception", log) for log in logs if log["event"] in CRASHES]
        return answer

    def command(self, workspace: str, user: str, text: Any, channel: Any = "C0NORTH") -> Answer:
        """Type `/hat ...`."""
        return self.knock(
            {
                "command": "/hat",
                "text": text,
                "team_id": workspace,
                "user_id": user,
                "channel_id": channel,
                "response_url": self.response_url,
                "trigger_id": "1.2.3",
                "api_app_id": "A1",
            }
        )

    def click(self, workspace: str, user: str, action: Json, **payload: Any) -> Answer:
        """Click a button. `payload` replaces parts of what Slack sends with it."""
        return self.knock(
            {
                "type": "block_actions",
                "team": {"id": workspace, "domain": "north"},
                "user": {"id": user, "team_id": workspace},
                "channel": {"id": "C0NORTH"},
                "container": {"type": "message"},
                "response_url": self.response_url,
                "trigger_id": "1.2.3",
                "api_app_id": "A1",
                "actions": [{"type": "button", "block_id": "b", **action}],
                **payload,
            }
        )

    def submit(self, workspace: str, user: str, view: Json) -> Answer:
        """Submit a modal."""
        return self.knock(
            {
                "type": "view_submission",
                "team": {"id": workspace, "domain": "north"},
                "user": {"id": user, "team_id": workspace},
                "trigger_id": "1.2.3",
                "api_app_id": "A1",
                "view": {"type": "modal", "id": "V1", **view},
            }
        )

    def event(self, workspace: str, event: Json) -> Answer:
        """Let something happen."""
        return self.knock(
            {
                "type": "event_callback",
                "team_id": workspace,
                "api_app_id": "A1",
                "event_id": f"Ev{next(_NUMBERS)}",
                "event": event,
            }
        )


@contextmanager
def open_doors(
    sessions: Sessions, clock: StandingClock, response_urls: "ResponseUrls", *workspaces: str
) -> Iterator[Doors]:
    """Open the doors of a database, for workspaces that have the app."""
    installs = Installs(sessions, lambda _: None)
    for workspace in workspaces:
        installs.own(workspace, f"xoxb-{workspace}", bot_user_id="U0BOT", name="", now=clock())
    slack = FakeSlack(clock)
    app = _bolt(Settings(_env_file=None), installs, clock)  # type: ignore[call-arg]  # pydantic's own argument
    with AtOnce(1) as workers:
        register(app, Deps(sessions, HatDirectory(), slack, clock, workers))
        yield Doors(app, slack, response_urls.url, response_urls.taken)


@dataclass(frozen=True)
class ResponseUrls:
    """An address that takes what the bot answers later, and everything it took."""

    url: str
    taken: list[Json]


@contextmanager
def taking_responses() -> Iterator[ResponseUrls]:
    """Take what the bot answers to response_urls."""
    taken: list[Json] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Keep the test's output free of access logs."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield ResponseUrls(f"http://127.0.0.1:{server.server_port}/", taken)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
