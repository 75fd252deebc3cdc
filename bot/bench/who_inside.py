"""`/hat who` inside the process: our app against a bare Bolt app, in turns of some requests each.

A request that follows a pause takes longer, on a virtual machine up to four times as long: the processor slept, or
worked for another machine, and has to get everything into its caches again. A bare app waits with each request, so that
one of ours behind one of its would be measured with such a pause. That is told apart.
"""

import random
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from pydantic import SecretStr
from slack_bolt import App, BoltRequest

from bot import log
from bot.app import Bot, build
from bot.bench import scene
from bot.bench.bare import bare_app
from bot.bench.figures import Figure, median, quantile
from bot.bench.local_slack import CHANNEL, COMMAND, Address, Place, local_slack
from bot.clock import system_clock
from bot.config import Settings

_OK = 200
_IN_A_TURN = 250
_PAUSE_SECONDS = 0.01


@dataclass(frozen=True)
class Size:
    """How many hats there are, and how often each kind of request is made."""

    hats: int = 10_000
    requests: int = 1_500
    misspelt: int = 100
    after_pauses: int = 150
    warm: int = 50


def measure(size: Size | None = None) -> list[Figure]:
    """Measure in this process; Slack is another one, so that its threads do not get in the way."""
    size = size or Size()
    log.configure("json", level=30)
    with ExitStack() as stack:
        address, _ = stack.enter_context(local_slack())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hattrick-bench-")))
        bot = _bot(address, scene.sqlite_url(folder), size.hats)
        stack.callback(bot.stop)
        bare = bare_app(address.places[0].token, f"{address.url}/api/")
        chance = random.Random(1)  # noqa: S311  # repeatable on purpose
        names = [f"email-nurturing-{chance.randrange(size.hats)}" for _ in range(size.requests + size.warm)]
        ours, theirs = _in_turn(bot.bolt, bare, address.places[0], names)
        rested = [_rested(bot.bolt, _request(address.places[0], name)) for name in names[: size.after_pauses]]
        wrong = [f"emial-nurtring-{chance.randrange(size.hats)}" for _ in range(size.misspelt + 1)]
        misspelt = [_timed(bot.bolt, _request(address.places[0], name)) for name in wrong]
    ours, theirs, misspelt = ours[size.warm :], theirs[size.warm :], misspelt[1:]
    return [
        Figure(f"/hat who, {size.hats:,} hats, p50", median(ours), "ms", 1),
        Figure(f"/hat who, {size.hats:,} hats, p99", quantile(ours, 0.99), "ms", 5),
        Figure("share of a bare Bolt listener's time, p50", median(ours) / median(theirs), "x", 0.2),
        Figure("bare Bolt listener, p50", median(theirs), "ms"),
        Figure(f"/hat who after a pause of {_PAUSE_SECONDS * 1000:.0f} ms, p50", median(rested), "ms"),
        Figure("misspelt name, p50", median(misspelt), "ms"),
        Figure("misspelt name, p99", quantile(misspelt, 0.99), "ms"),
    ]


def _bot(address: Address, url: str, hats: int) -> Bot:
    settings = Settings(
        slack_bot_token=SecretStr(address.places[0].token), slack_api_url=f"{address.url}/api/", database_url=url
    )
    with scene.database(url) as sessions, sessions.write() as session:
        scene.directory(session, address.places[0], hats=hats, now=system_clock())
    return build(settings, system_clock)


def _in_turn(ours: App, theirs: App, place: Place, names: list[str]) -> tuple[list[float], list[float]]:
    our: list[float] = []
    their: list[float] = []
    for start in range(0, len(names), _IN_A_TURN):
        for app, times in ((theirs, their), (ours, our)):
            times += [_timed(app, _request(place, name)) for name in names[start : start + _IN_A_TURN]]
    return our, their


def _rested(app: App, request: BoltRequest) -> float:
    time.sleep(_PAUSE_SECONDS)
    return _timed(app, request)


def _timed(app: App, request: BoltRequest) -> float:
    started = time.perf_counter()
    response = app.dispatch(request)
    milliseconds = (time.perf_counter() - started) * 1000
    if response.status != _OK or not response.body:
        raise RuntimeError(f"the app answered {response.status} {response.body[:200]}")
    return milliseconds


def _request(place: Place, name: str) -> BoltRequest:
    form = {
        "team_id": place.id,
        "team_domain": "club",
        "channel_id": CHANNEL,
        "channel_name": "team",
        "user_id": place.users[0],
        "user_name": "player",
        "command": COMMAND,
        "text": f"who {name}",
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/",
        "trigger_id": "1.1",
    }
    return BoltRequest(body=urlencode(form), mode="socket_mode")
