"""Looking up channels and people by the names that people use."""

from collections.abc import Callable, Iterator
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack.client import NETWORK_ERRORS, profile_of
from bot.slack.port import LookupFailed, Profile

PAGE = 200


class SlackDirectory:
    """Finds ids for `#channel` and `@handle`. Reads each list once.

    Raises:
        LookupFailed: From every method, when Slack cannot be asked or refuses.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._channels: dict[str, str] | None = None
        self._people: list[Profile] | None = None

    def channel_id(self, name: str) -> str | None:
        """Return the id of a channel, by its name with or without `#`."""
        if self._channels is None:
            pages = self._pages("channels", self._client.conversations_list, types="public_channel,private_channel")
            self._channels = {channel["name"]: channel["id"] for channel in pages}
        return self._channels.get(name.removeprefix("#"))

    def user_id(self, handle: str) -> str | None:
        """Return the id of a person of the workspace, by handle or displayed name, with or without `@`.

        What they are called is for everybody to choose: a displayed name counts where it is nobody's handle, and one
        person alone is called so.
        """
        wanted = handle.removeprefix("@").casefold()
        own = [person for person in self.people() if not person.is_stranger]
        found = [person for person in own if person.handle.casefold() == wanted]
        found = found or [person for person in own if person.name.casefold() == wanted and not person.deleted]
        return found[0].slack_user_id if len(found) == 1 else None

    def people(self) -> list[Profile]:
        """Return everybody in the workspace."""
        if self._people is None:
            workspace = str(_asked(self._client.auth_test)["team_id"])
            members = self._pages("members", self._client.users_list)
            self._people = [profile_of(user, workspace) for user in members]
        return self._people

    def _pages(self, field: str, method: Any, **arguments: Any) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            page = _asked(lambda: method(limit=PAGE, cursor=cursor, **arguments))  # noqa: B023  # called at once
            yield from page[field]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def _asked(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except SlackApiError as error:
        raise LookupFailed(str(error.response.get("error"))) from error
    except NETWORK_ERRORS as error:
        raise LookupFailed(type(error).__name__) from error
