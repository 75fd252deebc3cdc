"""The API in the test's own process: a team with KPIs, a token, and a client that needs no socket."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from bot.services.workspaces import api_tokens
from bot.web.server import create_web
from storage import Sessions
from storage.tables import Team, Workspace
from tests.support.builders import a_hat, a_kpi, a_workspace
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY, a_playing_team

FAST = 1_000_000  # requests a minute: no test means to be slowed down by accident


class InProcess:
    """An HTTP client that calls the application in place of a server."""

    def __init__(self, web: FastAPI) -> None:
        self._web = web

    def request(
        self, method: str, path: str, *, content: Iterable[bytes] | bytes | str = b"", **rest: Any
    ) -> httpx.Response:
        """Send one request; `content` may come in pieces."""
        pieces = content if isinstance(content, str | bytes) else _pieces(content)
        if content != b"":
            rest["content"] = pieces

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._web, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
                return await client.request(method, path, **rest)

        return asyncio.run(send())

    def get(self, path: str, **rest: Any) -> httpx.Response:
        """Send a GET."""
        return self.request("GET", path, **rest)

    def post(self, path: str, **rest: Any) -> httpx.Response:
        """Send a POST."""
        return self.request("POST", path, **rest)


async def _pieces(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@dataclass
class Api:
    """Ask as a program does."""

    sessions: Sessions
    clock: StandingClock
    workspace: Workspace
    team: Team
    token: str
    web: FastAPI
    client: InProcess

    def bearer(self, token: str | None = None) -> dict[str, str]:
        """Give the header that a program authenticates with."""
        return {"Authorization": f"Bearer {token or self.token}"}

    def post(self, body: Any, **headers: str) -> httpx.Response:
        """Send readings."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {**self.bearer(), "Content-Type": "application/json", **names}
        return self.client.post("/api/v1/readings", content=json.dumps(body), headers=headers)

    def get(self, path: str, **query: Any) -> httpx.Response:
        """Look something up."""
        return self.client.get(f"/api/v1/{path}", params=query, headers=self.bearer())

    def new_token(self, name: str = "CRM") -> str:
        """Make one more token."""
        made = api_tokens.create_in_terminal(
            self.sessions, self.workspace.slack_team_id, self.team.slug, name, self.clock()
        )
        return made.plain


@contextmanager
def an_api(sessions: Sessions, *, per_minute: int = FAST) -> Iterator[Api]:
    """Open the API for one team with the KPIs visits, revenue (money), rate (computed) and old (archived)."""
    workspace = a_workspace(sessions)
    team = a_playing_team(sessions, workspace=workspace, name="North", edit_weeks=6)
    hat = a_hat(sessions, team, "Online")
    a_kpi(sessions, hat, "Visits", sequence=1)
    a_kpi(sessions, hat, "Revenue", sequence=2, unit="money", currency="SEK", decimals=2, is_goal=True)
    a_kpi(sessions, hat, "Rate", sequence=3, formula="revenue / visits")
    a_kpi(sessions, hat, "Old", sequence=4, archived_at=TUESDAY)
    clock = StandingClock(TUESDAY)
    web = create_web(sessions, bolt=None, clock=clock, per_minute=per_minute)
    api = Api(sessions, clock, workspace, team, "", web, InProcess(web))
    api.token = api.new_token()
    yield api
