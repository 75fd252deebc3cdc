"""What each member has read, so that the page can count what is new. Shared by all tabs."""

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

    def unread(self, workspace: Workspace, channel: Channel, user_id: str) -> int:
        """Count what others have said there since the member looked."""
        seen = self._seen.get((user_id, channel.id), self._since)
        timeline = workspace.timeline(channel.id, user_id)
        return sum(float(message.ts) > seen and message.user_id != user_id for message in timeline)

    def waiting(self, workspace: Workspace, user_id: str) -> int:
        """Count what is new in all direct conversations of the member."""
        direct = [c for c in workspace.channels_of(user_id) if c.kind in ("im", "mpim")]
        return sum(self.unread(workspace, channel, user_id) for channel in direct)
