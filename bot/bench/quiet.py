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

    def post(self, workspace: str, recipient: str, message: Postable, *, key: str | None = None) -> Outcome:  # noqa: ARG002  # the port's
        """Take a message."""
        return Sent(recipient, f"{next(self.posted)}.000000")

    def find(self, workspace: str, recipient: str, key: str, *, since: datetime) -> Sent | None:  # noqa: ARG002  # the port's
        """Find nothing."""
        return None

    def update(self, workspace: str, channel_id: str, ts: str, message: Postable) -> Outcome:  # noqa: ARG002  # the port's
        """Take a change."""
        return Sent(channel_id, ts)

    def open_view(self, workspace: str, trigger_id: str, view: dict[str, Any]) -> str | None:  # noqa: ARG002  # the port's
        """Take a modal."""
        return None

    def publish_home(self, workspace: str, user_id: str, view: dict[str, Any]) -> str | None:  # noqa: ARG002  # the port's
        """Take an App Home."""
        return None

    def profile(self, workspace: str, user_id: str) -> Profile | None:  # noqa: ARG002  # the port's
        """Know nobody."""
        return None
