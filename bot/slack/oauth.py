"""Slack's side of OAuth: where people allow the app, and how a token that rotates is renewed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.client import NETWORK_ERRORS, TIMEOUT_SECONDS
from bot.slack.refusals import is_passing


@dataclass(frozen=True)
class Renewed:
    """A token in the place of one that ends, the refresh token that comes with it, and how many seconds it lives."""

    token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    seconds: int


@dataclass(frozen=True)
class NotRenewed:
    """Slack's reason, or the name of what failed on the way; `is_final` when asking again at once would not help."""

    error: str
    is_final: bool = False


_MOST_PAGES: Final = 100
Renew = Callable[[str], Renewed | NotRenewed]


def authorize_url(api_url: str) -> str:
    """Return the page on which people allow the app, beside the Web API at `api_url`."""
    return urljoin(api_url, "../oauth/v2/authorize")


def let_into(token: str, *, base_url: str) -> list[str] | None:
    """Return the workspaces into which an organisation has let the app; None when Slack cannot be asked now."""
    client = WebClient(token=token, base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    found: list[str] = []
    cursor: str | None = None
    try:
        for _ in range(_MOST_PAGES):
            page = client.auth_teams_list(limit=1000, cursor=cursor)
            found += [str(team["id"]) for team in page["teams"]]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return found
    except (SlackApiError, *NETWORK_ERRORS):
        return None
    return None


def renewer(client_id: str, client_secret: str, *, base_url: str) -> Renew:
    """Make what trades a refresh token for a new token."""

    def renew(refresh_token: str) -> Renewed | NotRenewed:
        # Not repeated when the connection breaks: the refresh token may be used up. A later round tries again.
        client = WebClient(base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
        try:
            answer = client.oauth_v2_access(
                client_id=client_id,
                client_secret=client_secret,
                grant_type="refresh_token",
                refresh_token=refresh_token,
            )
        except SlackApiError as error:
            return NotRenewed(str(error.response.get("error")), is_final=not is_passing(error))
        except NETWORK_ERRORS as error:
            return NotRenewed(type(error).__name__)
        return Renewed(answer["access_token"], answer["refresh_token"], int(answer["expires_in"]))

    return renew
