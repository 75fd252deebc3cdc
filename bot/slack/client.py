"""The real Slack, through the official SDK."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.slack import searching
from bot.slack.measured import MeasuredClient, Reach
from bot.slack.outcomes import BLOCK_ERRORS, InDoubt, NotSent, Outcome, Refusal, Sent
from bot.slack.port import DELIVERY_EVENT, LookupFailed, Postable, Profile
from bot.slack.refusals import code_of, outcome_of, retry_after
from bot.slack.views import as_object, as_text

TIMEOUT_SECONDS = 10
# Whether Slack is there is asked only when nothing else has been asked for a while, and not for long.
HEARD_SECONDS, ASKING_SECONDS = 60.0, 3
MOST_LOOKS, SECONDS_BETWEEN_LOOKS = 20, 0.5
LONGEST_TEXT = 3_900  # characters; Slack advises to stay below 4,000
NETWORK_ERRORS = searching.NETWORK_ERRORS
log = structlog.get_logger()


class SlackClient:
    """Talks to Slack's Web API with the token of each workspace. Satisfies `bot.slack.port.Slack`."""

    def __init__(self, token_of: Callable[[str], str | None], *, base_url: str) -> None:
        self._token_of = token_of
        self._base_url = base_url
        self._clients: dict[str, WebClient] = {}
        self._reach = Reach()

    def client(self, workspace: str) -> WebClient:
        """Return the SDK's client for a workspace, with its token."""
        token = self._token_of(workspace)
        client = self._clients.get(workspace)
        if client is None or client.token != token:
            # The SDK's default repeats a request whose connection broke: the message could be there twice.
            client = self._new_client(token, TIMEOUT_SECONDS)
            self._clients[workspace] = client
        return client

    def unreachable(self) -> str | None:
        """Return why Slack cannot be reached; None when it has answered lately, or answers now."""
        if self._reach.silent_for() < HEARD_SECONDS:
            return None
        try:
            # Needs no token: whether one workspace's is still good is no matter of this process's health.
            self._new_client(None, ASKING_SECONDS).api_test()
        except (SlackApiError, *NETWORK_ERRORS) as error:
            if self._reach.silent_for() >= HEARD_SECONDS:
                return f"Slack does not answer: {type(error).__name__}"
        return None

    def _new_client(self, token: str | None, seconds: int) -> WebClient:
        return MeasuredClient(self._reach, token=token, base_url=self._base_url, timeout=seconds, retry_handlers=[])

    def post(
        self,
        workspace: str,
        recipient: str,
        message: Postable,
        *,
        key: str | None = None,
        thread_ts: str | None = None,
    ) -> Outcome:
        """Post; see the port."""
        metadata = {"event_type": DELIVERY_EVENT, "event_payload": {"key": key}} if key else None

        def send(text: str, blocks: list[dict[str, Any]] | None) -> Outcome:
            return self._send(
                lambda: self.client(workspace).chat_postMessage(
                    channel=recipient,
                    text=text,
                    blocks=blocks,
                    metadata=metadata,
                    thread_ts=thread_ts,
                    unfurl_links=False,
                )
            )

        outcome = send(message.text, message.blocks)
        if outcome == Refusal("not_in_channel"):
            outcome = self._shut_out(workspace, recipient) or send(message.text, message.blocks)
        return _plainer(outcome, message, send)

    def update(self, workspace: str, channel_id: str, ts: str, message: Postable) -> Outcome:
        """Replace a message; see the port."""

        def send(text: str, blocks: list[dict[str, Any]] | None) -> Outcome:
            return self._send(
                # Blocks that are not given stay: an empty list takes them away.
                lambda: self.client(workspace).chat_update(channel=channel_id, ts=ts, text=text, blocks=blocks or [])
            )

        return _plainer(send(message.text, message.blocks), message, send)

    def whisper(
        self, workspace: str, channel_id: str, user_id: str, message: Postable, *, thread_ts: str | None = None
    ) -> str | None:
        """Post to one person in a channel; see the port."""
        return self._failure(
            lambda: self.client(workspace).chat_postEphemeral(
                channel=channel_id, user=user_id, text=message.text, blocks=message.blocks, thread_ts=thread_ts
            )
        )

    def permalink(self, workspace: str, channel_id: str, ts: str) -> str | None:
        """Ask for a message's link; see the port."""
        try:
            answer = self.client(workspace).chat_getPermalink(channel=channel_id, message_ts=ts)
        except (SlackApiError, *NETWORK_ERRORS):
            return None
        return str(answer["permalink"])

    def is_member(self, workspace: str, channel_id: str) -> bool:
        """Ask for the conversation; see the port."""
        try:
            channel = self.client(workspace).conversations_info(channel=channel_id)["channel"]
        except (SlackApiError, *NETWORK_ERRORS):
            return False
        # Slack shows a bot no direct conversation but its own.
        return bool(channel.get("is_member") or channel.get("is_im"))

    def is_shut_out(self, workspace: str, channel_id: str) -> bool:
        """Ask for the channel: Slack shows a bot no private one but those that it is in; see the port."""
        try:
            channel = self.client(workspace).conversations_info(channel=channel_id)["channel"]
        except SlackApiError as error:
            return code_of(error) == "channel_not_found"
        except NETWORK_ERRORS:
            return False
        return bool(channel.get("is_private") and not channel.get("is_member"))

    def text_of(self, workspace: str, channel_id: str, ts: str) -> str | None:
        """Ask for the first message of a thread; see the port."""
        try:
            answer = self.client(workspace).conversations_replies(channel=channel_id, ts=ts, limit=1)
        except (SlackApiError, *NETWORK_ERRORS):
            return None
        return next((str(one.get("text") or "") for one in answer["messages"] if one.get("ts") == ts), None)

    def find(
        self, workspace: str, recipient: str, key: str, *, since: datetime, thread_ts: str | None = None
    ) -> Sent | None:
        """Look through the conversation's or the thread's history; see the port."""
        try:
            client = self.client(workspace)
            channel = recipient
            if recipient[:1] in "UW":
                channel = client.conversations_open(users=recipient)["channel"]["id"]
            try:
                return searching.search(client, channel, key, since=since, thread_ts=thread_ts)
            except SlackApiError as error:
                if code_of(error) != "not_in_channel":
                    raise
                # It joins to look, as it does to post: the first message may have failed before it could join.
                client.conversations_join(channel=channel)
                return searching.search(client, channel, key, since=since, thread_ts=thread_ts)
        except SlackApiError as error:
            raise LookupFailed(code_of(error), retry_after(error)) from error
        except NETWORK_ERRORS as error:
            raise LookupFailed(type(error).__name__) from error

    def open_view(self, workspace: str, trigger_id: str, view: dict[str, Any]) -> str | None:
        """Open a modal; see the port."""
        return self._failure(lambda: self.client(workspace).views_open(trigger_id=trigger_id, view=view))

    def update_view(self, workspace: str, view_id: str, view: dict[str, Any]) -> str | None:
        """Replace a modal; see the port."""
        return self._failure(lambda: self.client(workspace).views_update(view_id=view_id, view=view))

    def publish_home(self, workspace: str, user_id: str, view: dict[str, Any]) -> str | None:
        """Publish an App Home; see the port."""
        return self._failure(lambda: self.client(workspace).views_publish(user_id=user_id, view=view))

    def upload(self, workspace: str, name: str, content: bytes, *, title: str) -> str | None:
        """Upload a file, and wait until Slack has looked at it: before, a message with it is refused; see the port."""
        client = self.client(workspace)
        try:
            uploaded = client.files_upload_v2(filename=name, content=content, title=title)
            file_id = str(uploaded["files"][0]["id"])
            for _ in range(MOST_LOOKS):
                if client.files_info(file=file_id)["file"].get("mimetype"):
                    return file_id
                time.sleep(SECONDS_BETWEEN_LOOKS)
        except (SlackApiError, *NETWORK_ERRORS):
            return None
        return None

    def token_error(self, workspace: str) -> str | None:
        """Ask Slack whom the token belongs to, and who is there: an organisation's may hold and not be let in there."""
        try:
            client = self.client(workspace)
            client.auth_test()
            client.users_list(team_id=workspace, limit=1)
        except SlackApiError as error:
            return code_of(error)
        except NETWORK_ERRORS:
            return None
        return None

    def profile(self, workspace: str, user_id: str) -> Profile | None:
        """Ask for one person; see the port."""
        try:
            answer = self.client(workspace).users_info(user=user_id, include_locale=True)
        except (SlackApiError, *NETWORK_ERRORS):
            return None
        return profile_of(answer["user"], workspace)

    def _shut_out(self, workspace: str, channel: str) -> Outcome | None:
        """Join a public channel; where that fails, return what it means for the message that was to go there."""
        try:
            self.client(workspace).conversations_join(channel=channel)
        except SlackApiError as error:
            # Only Slack's no means that somebody has to invite the bot.
            return Refusal("not_in_channel") if isinstance(outcome_of(error), Refusal) else NotSent(code_of(error))
        except NETWORK_ERRORS as error:
            return NotSent(type(error).__name__)
        return None

    def _failure(self, call: Callable[[], Any]) -> str | None:
        try:
            call()
        except SlackApiError as error:
            return code_of(error)
        except NETWORK_ERRORS as error:
            return type(error).__name__
        return None

    def _send(self, call: Callable[[], Any]) -> Outcome:
        try:
            answer = call()
        except SlackApiError as error:
            return outcome_of(error)
        except NETWORK_ERRORS as error:
            # Refused means that nobody listened; after any other failure the request may have arrived.
            reason = getattr(error, "reason", error)
            name = type(reason).__name__
            return NotSent(name) if isinstance(reason, ConnectionRefusedError) else InDoubt(name)
        return Sent(answer["channel"], answer["ts"])


def _plainer(
    outcome: Outcome, message: Postable, send: Callable[[str, list[dict[str, Any]] | None], Outcome]
) -> Outcome:
    """Send in older blocks what Slack did not take in its blocks, and at last in words alone, cut to what it takes."""
    if not (isinstance(outcome, Refusal) and outcome.error in BLOCK_ERRORS):
        return outcome
    if message.older_blocks is not None:
        outcome = send(message.text, message.older_blocks)
    if isinstance(outcome, Refusal) and outcome.error in BLOCK_ERRORS:
        # A mistake of ours: the reader gets what can be said, without buttons.
        log.error("blocks_refused", error=outcome.error, blocks=len(message.blocks))
        outcome = send(_cut(message.text), None)
    return outcome


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def profile_of(user: dict[str, Any], workspace: str) -> Profile:
    """Read Slack's user object, from `users.info`, `users.list` or a `user_change` event."""
    described = as_object(user.get("profile"))
    told = (described.get("display_name"), described.get("real_name"), user.get("real_name"), user.get("name"))
    names = map(as_text, told)
    return Profile(
        slack_user_id=user["id"],
        handle=as_text(user.get("name")),
        name=next(filter(None, names), ""),
        timezone=as_text(user.get("tz")) or None,
        locale=as_text(user.get("locale")) or None,
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_restricted=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=_is_stranger(user, workspace),
        deleted=bool(user.get("deleted")),
    )


def _is_stranger(user: dict[str, Any], workspace: str) -> bool:
    """Tell whether somebody is of another workspace; people of an organisation may be in several, `team_id` being one.

    Slack may leave `team_id` out for them: `enterprise_user` has all that they are in.
    """
    own = user.get("team_id")
    theirs = as_object(user.get("enterprise_user")).get("teams") or [own or workspace]
    return bool(user.get("is_stranger")) or workspace not in (own, *theirs)
