"""What the commands of the terminal work with: settings, database, clock and, where it is needed, Slack."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock, clock_of
from bot.config import Settings, read_settings
from bot.domain.errors import UserFacingError
from bot.slack.client import NETWORK_ERRORS
from bot.slack.directory import SlackDirectory
from storage import Sessions, open_engine, schema, workspaces


@dataclass
class Context:
    """One run of a command."""

    settings: Settings
    sessions: Sessions
    clock: Clock

    def now(self) -> datetime:
        """Return the present, in UTC."""
        return self.clock()

    def workspace(self, slack_id: str | None) -> str:
        """Return the workspace to work on: the one named, the token's, or the only one in the database.

        Raises:
            UserFacingError: When it cannot be told.
        """
        if slack_id:
            return slack_id
        with self.sessions.read() as session:
            known = [workspace.slack_team_id for workspace in workspaces.live(session)]
        if len(known) == 1:
            return known[0]
        token = self.settings.slack_bot_token
        if token is not None:
            return _workspace_of(token.get_secret_value(), self.settings.slack_api_url)
        if known:
            raise UserFacingError(f"There are several workspaces ({', '.join(known)}); name one with --workspace.")
        raise UserFacingError("There is no workspace yet. Name yours with --workspace T…, or set SLACK_BOT_TOKEN.")

    def directory(self) -> SlackDirectory | None:
        """Return what looks up @handles and #channels, if there is a token to do so."""
        token = self.settings.slack_bot_token
        if token is None:
            return None
        return SlackDirectory(WebClient(token=token.get_secret_value(), base_url=self.settings.slack_api_url))


@contextmanager
def open_context() -> Iterator[Context]:
    """Open the database named in the settings, with its schema up to date, and close it afterwards."""
    settings = read_settings()
    engine = open_engine(settings.database_url)
    schema.upgrade(engine)
    sessions = Sessions(engine)
    try:
        yield Context(settings, sessions, clock_of(settings.clock_url))
    finally:
        sessions.close()


def _workspace_of(token: str, base_url: str) -> str:
    try:
        return str(WebClient(token=token, base_url=base_url, timeout=10).auth_test()["team_id"])
    except (SlackApiError, *NETWORK_ERRORS) as error:
        raise UserFacingError("Slack could not be asked which workspace it is; name it with --workspace.") from error
