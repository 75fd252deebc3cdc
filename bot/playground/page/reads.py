"""What each member has read, so that the page can count what is new. Shared by all tabs."""

from collections import Counter
from itertools import takewhile

from bot.playground.model import Channel, Message
from bot.playground.workspace import Workspace


class Reads:
    """Remember per member and conversation the last message seen. What is older than `since` counts as read."""

    def __init__(self, since: float) -> None:
        self._since = since
        self._seen: dict[tuple[str, str], float] = {}

    def mark(self, user_id: str, channel_id: str, messages: list[Message]) -> None:
        """Say that the member has all of these messages on the screen."""
        if messages:
            self._seen[user_id, channel_id] = float(messages[-1].ts)

    def first_new(self, messages: list[Message], channel_id: str, user_id: str) -> str:
        """Return the `ts` of the first message of somebody else that the member has not seen; else nothing."""
        seen = self._seen.get((user_id, channel_id), self._since)
        fresh = (m for m in messages if float(m.ts) > seen and m.user_id != user_id and not m.ephemeral_to)
        return next((message.ts for message in fresh), "")

    def unread(self, channel: Channel, user_id: str) -> int:
        """Count what others have said there since the member looked; replies in threads do not count."""
        seen = self._seen.get((user_id, channel.id), self._since)
        # Messages are kept in the order in which they came, and the clock seldom goes back.
        fresh = takewhile(lambda message: float(message.ts) > seen, reversed(channel.messages.values()))
        return sum(message.user_id != user_id and not message.is_reply for message in fresh)

    def waiting(self, workspace: Workspace) -> Counter[str]:
        """Count per member what is new in all direct conversations."""
        counted: Counter[str] = Counter()
        for channel in workspace.channels.values():
            if channel.kind in ("im", "mpim") and channel.messages:
                for user_id in channel.members:
                    counted[user_id] += self.unread(channel, user_id)
        return counted
