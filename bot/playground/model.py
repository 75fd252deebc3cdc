"""What a Slack workspace is made of. Plain records; the rules are in `state`, `people` and `api`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
ChannelKind = Literal["public", "private", "im", "mpim"]
ViewKind = Literal["modal", "home"]

# Every workspace has Slackbot, and users.list calls it no bot.
SLACKBOT = "USLACKBOT"


@dataclass
class User:
    """A member of a workspace: a person, a guest, a stranger from Slack Connect or a bot."""

    id: str
    team_id: str
    name: str
    real_name: str
    display_name: str = ""
    tz: str = "Europe/Stockholm"
    locale: str = "en-US"
    title: str = ""
    color: str = "4bbe2e"
    deleted: bool = False
    is_bot: bool = False
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    updated: int = 0

    @property
    def shown_name(self) -> str:
        """The name that Slack's client shows."""
        return self.display_name or self.real_name or self.name


@dataclass
class Message:
    """A message, its thread parent and its fate. An ephemeral one names who sees it and is in no history."""

    ts: str
    channel_id: str
    user_id: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    ephemeral_to: str | None = None
    edited_ts: str | None = None
    edited_by: str | None = None
    deleted: bool = False
    broadcast: bool = False
    files: list[str] = field(default_factory=list)
    client_msg_id: str | None = None

    @property
    def is_reply(self) -> bool:
        """Whether the message stands in a thread below another one."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Channel:
    """A conversation and everything said in it. `members` keeps the order in which people joined."""

    id: str
    team_id: str
    name: str
    kind: ChannelKind = "public"
    creator: str = ""
    created: int = 0
    members: dict[str, None] = field(default_factory=dict)
    archived: bool = False
    is_ext_shared: bool = False
    is_general: bool = False
    posting_restricted: bool = False
    topic: str = ""
    purpose: str = ""
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)


@dataclass
class View:
    """A modal or a Home tab as one person sees it.

    `content` is the view as the app sent it, with the block ids that Slack adds. `state` is Slack's
    `state.values`: block id, action id, value. `errors` stand beside inputs: block id, sentence.
    """

    id: str
    team_id: str
    user_id: str
    type: ViewKind
    content: Json
    hash: str
    external_id: str = ""
    root_view_id: str = ""
    previous_view_id: str | None = None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """The blocks that the person sees."""
        blocks: list[Json] = self.content.get("blocks", [])
        return blocks

    @property
    def callback_id(self) -> str:
        """The app's own name of the view."""
        return str(self.content.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        """The app's own note, which the person never sees."""
        return str(self.content.get("private_metadata", ""))


@dataclass
class File:
    """An uploaded file; until `shared_in` names a channel nobody sees it.

    Slack looks at what was uploaded before messages can show it: until it is `looked_at`, its kind is not told.
    """

    id: str
    team_id: str
    user_id: str
    name: str
    title: str = ""
    mimetype: str = "application/octet-stream"
    length: int = 0
    content: bytes | None = None
    upload_key: str = ""
    created: int = 0
    shared_in: list[str] = field(default_factory=list)
    looked_at: bool = False


@dataclass
class Installation:
    """The app in one workspace, or without `team_id` in a whole organisation: its bot user and its token."""

    team_id: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    scopes: frozenset[str]
    installer_id: str = ""
    revoked: bool = False
    enterprise_id: str | None = None


@dataclass
class Organisation:
    """An organisation of Enterprise Grid: its workspaces, and those that it has let the app into."""

    id: str
    name: str
    workspaces: dict[str, None] = field(default_factory=dict)
    granted: dict[str, None] = field(default_factory=dict)
    installation: Installation | None = None


@dataclass
class App:
    """The one app that the playground serves, with every secret that Slack would give it.

    Bot tokens end after `token_seconds` of the playground's clock where the app rotates them; 0: they never do.
    """

    id: str
    name: str
    app_token: str
    signing_secret: str
    verification_token: str
    client_id: str
    client_secret: str
    delivery: Literal["socket", "http"] = "socket"
    request_url: str = ""
    token_seconds: int = 0


@dataclass
class Trigger:
    """A permission to open one modal, once, within three real seconds. `made` is `time.monotonic()`."""

    id: str
    team_id: str
    user_id: str
    made: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseHook:
    """A response_url: five uses within 30 minutes of the playground's clock."""

    key: str
    team_id: str
    user_id: str
    channel_id: str
    made: datetime
    message_ts: str | None = None
    uses: int = 0


@dataclass(frozen=True)
class ApiCall:
    """One call of the Web API as the playground saw and answered it."""

    serial: int
    method: str
    team_id: str
    args: Json
    status: int
    ok: bool
    error: str
    at: str
    seconds: float
    ts: str = ""
    channel: str = ""


@dataclass
class Delivered:
    """One payload that was sent to the app, and how it was received.

    `outcome` is `pending`, `acked`, `timeout` (no ack within 3 s), `refused` (HTTP error) or `unreachable`.
    """

    serial: int
    kind: str
    payload: Json
    at: str
    outcome: str = "pending"
    attempts: int = 0
    answer: Any = None


@dataclass(frozen=True)
class Change:
    """Something that a person could see changed.

    `kind` is message, view, home, channel, user, clock, call, delivery or workspace.
    """

    version: int
    kind: str
    team_id: str = ""
    channel_id: str = ""
    user_id: str = ""
