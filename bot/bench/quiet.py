"""A Slack that takes everything at once and says nothing, for costs that are ours alone."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from bot.slack.outcomes import Outcome, Sent
from bot.slack.port import Postable, Profile


@dataclass
class QuietSlack:
    """Satisfies `bot.slack.port.Slack`."""

    posted: "count[int]" = field(default_factory=lambda: count(1))

    def post(
        self,
        workspace: str,  # noqa: ARG002  # the port's
        recipient: str,
        message: Postable,  # noqa: ARG002  # the port's
        *,
        key: str | None = None,  # noqa: ARG002  # the port's
        thread_ts: str | None = None,  # noqa: ARG002  # the port's
    ) -> Outcome:
        """Take a message."""
        return Sent(recipient, f"{next(self.posted)}.000000")

    def whisper(
        self,
        workspace: str,  # noqa: ARG002  # the port's
        channel_id: str,  # noqa: ARG002  # the port's
        user_id: str,  # noqa: ARG002  # the port's
        message: Postable,  # noqa: ARG002  # the port's
        *,
        thread_ts: str | None = None,  # noqa: ARG002  # the port's
    ) -> str | None:
        """Take a whisper."""
        return None

    def permalink(self, workspace: str, channel_id: str, ts: str) -> str | None:  # noqa: ARG002  # the port's
        """Know no link."""
        return None

    def upload(self, workspace: str, name: str, content: bytes, *, title: str) -> str | None:  # noqa: ARG002  # the port's
        """Take no file."""
        return None

    def is_shut_out(self, workspace: str, channel_id: str) -> bool:  # noqa: ARG002  # the port's
        """Let the bot post everywhere."""
        return False

    def is_member(self, workspace: str, channel_id: str) -> bool:  # noqa: ARG002  # the port's
        """Read along nowhere."""
        return False

    def token_error(self, workspace: str) -> str | None:  # noqa: ARG002  # the port's
        """Hold every token good."""
        return None

    def text_of(self, workspace: str, channel_id: str, ts: str) -> str | None:  # noqa: ARG002  # the port's
        """Know no message."""
        return None

    def find(
        self,
        workspace: str,  # noqa: ARG002  # the port's
        recipient: str,  # noqa: ARG002  # the port's
        key: str,  # noqa: ARG002  # the port's
        *,
        since: datetime,  # noqa: ARG002  # the port's
        thread_ts: str | None = None,  # noqa: ARG002  # the port's
    ) -> Sent | None:
        """Find nothing."""
        return None

    def update(self, workspace: str, channel_id: str, ts: str, message: Postable) -> Outcome:  # noqa: ARG002  # the port's
        """Take a change."""
        return Sent(channel_id, ts)

    def open_view(self, workspace: str, trigger_id: str, view: dict[str, Any]) -> str | None:  # noqa: ARG002  # the port's
        """Take a modal."""
        return None

    def update_view(self, workspace: str, view_id: str, view: dict[str, Any]) -> str | None:  # noqa: ARG002  # the port's
        """Take it."""
        return None

    def publish_home(self, workspace: str, user_id: str, view: dict[str, Any]) -> str | None:  # noqa: ARG002  # the port's
        """Take an App Home."""
        return None

    def profile(self, workspace: str, user_id: str) -> Profile | None:  # noqa: ARG002  # the port's
        """Know nobody."""
        return None
