"""The port to Slack: what the rest of the bot asks of it. `bot.slack.client` is the real one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.slack.outcomes import Outcome, Sent

# The event type in the metadata of what the dispatcher sends.
DELIVERY_EVENT = "hattrick_delivery"


class Postable(Protocol):
    """A rendered message: a text fallback, blocks, and the same in older blocks when the first ones are new."""

    @property
    def text(self) -> str:
        """The plain text that notifications and old clients show."""

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Block Kit blocks."""

    @property
    def older_blocks(self) -> list[dict[str, Any]] | None:
        """The same, in blocks that every workspace knows."""


@dataclass(frozen=True)
class Profile:
    """What Slack says of a person. `timezone` is an IANA name, `locale` as in `sv-SE`."""

    slack_user_id: str
    handle: str
    name: str
    timezone: str | None
    locale: str | None
    is_bot: bool
    is_restricted: bool
    is_stranger: bool
    deleted: bool


class Slack(Protocol):
    """One workspace's Slack. `workspace` is Slack's team id everywhere."""

    def post(
        self,
        workspace: str,
        recipient: str,
        message: Postable,
        *,
        key: str | None = None,
        thread_ts: str | None = None,
    ) -> Outcome:
        """Post to a channel, a thread of it or, by a user's id, to a person. `key` goes into the message's metadata."""

    def whisper(
        self, workspace: str, channel_id: str, user_id: str, message: Postable, *, thread_ts: str | None = None
    ) -> str | None:
        """Show one person a message that nobody else in the channel sees; return None, or Slack's error."""

    def permalink(self, workspace: str, channel_id: str, ts: str) -> str | None:
        """Return the link to a message; None when there is none."""

    def is_member(self, workspace: str, channel_id: str) -> bool:
        """Tell whether the bot reads along in a conversation; no when Slack cannot be asked now."""

    def is_shut_out(self, workspace: str, channel_id: str) -> bool:
        """Tell whether somebody has to invite the bot before it can post in a channel; no when Slack cannot tell."""

    def text_of(self, workspace: str, channel_id: str, ts: str) -> str | None:
        """Return what the message says that begins a thread; None when there is none, or Slack cannot be asked now."""

    def find(
        self, workspace: str, recipient: str, key: str, *, since: datetime, thread_ts: str | None = None
    ) -> Sent | None:
        """Look for a posted message by its key, in a conversation or in one of its threads.

        All that was posted `since` is looked through, by Slack's clock, and of the day before as much as is read at
        once: the sender's clock may have been ahead of Slack's.

        Raises:
            LookupFailed: When Slack could not tell.
        """

    def update(self, workspace: str, channel_id: str, ts: str, message: Postable) -> Outcome:
        """Replace a message that the bot posted."""

    def open_view(self, workspace: str, trigger_id: str, view: dict[str, Any]) -> str | None:
        """Open a modal; return None, or Slack's error."""

    def update_view(self, workspace: str, view_id: str, view: dict[str, Any]) -> str | None:
        """Replace what a modal shows; return None, or Slack's error."""

    def publish_home(self, workspace: str, user_id: str, view: dict[str, Any]) -> str | None:
        """Show a person their App Home; return None, or Slack's error."""

    def upload(self, workspace: str, name: str, content: bytes, *, title: str) -> str | None:
        """Keep a picture with Slack; return its id once messages can show it, None when Slack does not take it."""

    def token_error(self, workspace: str) -> str | None:
        """Return why Slack refuses the bot's token in a workspace; None when it holds, or Slack cannot be asked now."""

    def profile(self, workspace: str, user_id: str) -> Profile | None:
        """Return what Slack says of a person; None when it does not know them or cannot be asked now."""


class LookupFailed(Exception):  # noqa: N818  # reads as what happened
    """Slack could not be asked now; `seconds` is how long it wants to be left alone."""

    def __init__(self, error: str, seconds: float = 5.0) -> None:
        super().__init__(error)
        self.error = error
        self.seconds = seconds
