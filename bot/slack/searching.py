"""Looking for a message by its delivery's key, in a channel's history or in a thread."""

import json
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.slack.outcomes import Sent
from bot.slack.port import LookupFailed

HISTORY_PAGE: Final = 100
MOST_PAGES: Final = 10
# What a clock that is a day ahead sends has a `ts` from a day before it was due.
CLOCK_AHEAD: Final = timedelta(hours=25)
# What the SDK lets through when the network fails: urllib's, the socket's and http.client's errors, and its own.
NETWORK_ERRORS: Final = (URLError, OSError, HTTPException, SlackRequestError, json.JSONDecodeError)


def search(client: WebClient, channel: str, key: str, *, since: datetime, thread_ts: str | None) -> Sent | None:
    """Look through everything posted `since`, and through as much as can be of the day before.

    Raises:
        LookupFailed: There is more than can be looked through.
        SlackApiError, NETWORK_ERRORS: Slack could not tell.
    """
    cursor: str | None = None
    enough = False
    for _ in range(MOST_PAGES):
        try:
            page = _page(client, channel, since - CLOCK_AHEAD, thread_ts, cursor)
        except (SlackApiError, *NETWORK_ERRORS):
            if enough:
                return None
            raise
        for posted in page["messages"]:
            if posted.get("metadata", {}).get("event_payload", {}).get("key") == key:
                return Sent(channel, posted["ts"])
            # A channel's newest messages come first, a thread's oldest.
            enough = enough or (not thread_ts and float(posted["ts"]) < since.timestamp())
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None
    if enough:
        return None
    # It may stand further back: not to know is no reason to send it again.
    raise LookupFailed("more messages than can be looked through", seconds=60)


def _page(client: WebClient, channel: str, oldest: datetime, thread_ts: str | None, cursor: str | None) -> Any:
    where: dict[str, Any] = {
        "channel": channel,
        "oldest": f"{oldest.timestamp():.6f}",
        "include_all_metadata": True,
        "limit": HISTORY_PAGE,
        "cursor": cursor,
    }
    return client.conversations_replies(**where, ts=thread_ts) if thread_ts else client.conversations_history(**where)
