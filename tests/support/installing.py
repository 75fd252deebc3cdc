"""Installing in a browser: the pages in the test's own process, in front of a playground's Slack."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from cryptography.fernet import Fernet

from bot.services.installs.installs import Installs
from bot.slack.vault import Vault
from bot.web.install import Credentials, install_flow
from bot.web.server import create_web
from storage import Sessions
from tests.support.http_api import InProcess
from tests.support.playground import PlaygroundClient, start_playground
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY

COOKIE = "slack-app-oauth-state"


@dataclass
class Entrance:
    """A browser at the door. `told` is what the flow has said of workspaces that may be spoken to."""

    sessions: Sessions
    clock: StandingClock
    vault: Vault
    playground: PlaygroundClient
    web: InProcess
    flow: Any
    told: list[str] = field(default_factory=list)

    def begin(self) -> tuple[str, str]:
        """Begin an install; return the state in Slack's address and the one in the cookie."""
        answer = self.web.get("/slack/install")
        assert answer.status_code == 302
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "Secure" in cookie
        return query["state"][0], cookie.partition(";")[0].removeprefix(f"{COOKIE}=")

    def code(self, workspace: str, user: str) -> str:
        """Let somebody allow the app."""
        return str(self.playground.post("/oauth/code", user=user, team=workspace)["code"])

    def come_back(self, *, cookie: str, language: str = "en", **query: str) -> httpx.Response:
        """Come back from Slack."""
        headers = {"Cookie": f"{COOKIE}={cookie}", "Accept-Language": language}
        return self.web.get("/slack/oauth_redirect", params=query, headers=headers)

    def install(self, workspace: str, user: str) -> httpx.Response:
        """Go all the way."""
        state, cookie = self.begin()
        return self.come_back(cookie=cookie, state=state, code=self.code(workspace, user))

    def installs(self) -> Installs:
        """Give what a replica that has just started knows of the installs."""
        return Installs(self.sessions, self.vault.open)


@contextmanager
def an_entrance(sessions: Sessions) -> Iterator[Entrance]:
    """Open the pages, and a Slack behind them."""
    with start_playground() as playground:
        app = playground.app()
        clock, vault = StandingClock(TUESDAY), Vault(Fernet.generate_key().decode())
        credentials = Credentials(app["client_id"], app["client_secret"], playground.api_url)
        told: list[str] = []
        flow = install_flow(sessions, vault, credentials, clock, installed=lambda *names: told.extend(names))
        web = InProcess(create_web(sessions, bolt=None, clock=clock, installing=flow))
        yield Entrance(sessions, clock, vault, playground, web, flow, told)
