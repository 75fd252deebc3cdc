"""conversations.*: where the bot may be, and what was said there."""

from decimal import Decimal, InvalidOperation

from bot.playground.api.call import Call, method
from bot.playground.errors import ApiError
from bot.playground.model import SLACKBOT, Channel, Json, Message
from bot.playground.shapes import channel_json, message_json

_FAMILY = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
_TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
_SCOPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


@method("conversations.open", tier=3)
def open_conversation(call: Call) -> Json:
    """Open the direct conversation with one person."""
    call.need("im:write")
    if call.text("channel"):
        channel = call.channel()
        return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
    names = [name for name in call.text("users").strip("[]").replace('"', "").split(",") if name]
    if not names:
        raise ApiError("users_list_not_supplied")
    if len(names) > 1:
        call.need("mpim:write")
    users = [call.workspace.users.get(name.strip()) for name in names]
    if len(users) != 1 or users[0] is None:
        raise ApiError("user_not_found")
    user, bot = users[0], call.installation.bot_user_id
    if user.deleted:
        raise ApiError("user_disabled")
    if user.is_bot or user.id == SLACKBOT:
        raise ApiError("cannot_dm_bot")
    known = call.workspace.im_between(user.id, bot) is not None
    channel = call.playground.slack.open_im(call.workspace, user.id, bot)
    shape = channel_json(channel, bot) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shape} | ({"no_op": True, "already_open": True} if known else {})


@method("conversations.info", tier=3)
def info(call: Call) -> Json:
    """Describe a conversation."""
    channel = _seen(call, "read")
    shape = channel_json(channel, call.installation.bot_user_id)
    if not call.flag("include_num_members"):
        shape.pop("num_members", None)
    if call.flag("include_locale"):
        shape["locale"] = "en-US"
    return {"channel": shape}


@method("conversations.list", tier=2)
def list_conversations(call: Call) -> Json:
    """List the conversations that the bot may see."""
    return _listed(call, list(call.workspace.channels.values()))


@method("users.conversations", tier=3)
def of_user(call: Call) -> Json:
    """List the conversations of a member (the bot itself where none is named) that the bot may see."""
    user_id = call.text("user") or call.installation.bot_user_id
    if user_id not in call.workspace.users:
        raise ApiError("user_not_found")
    return _listed(call, [c for c in call.workspace.channels.values() if user_id in c.members])


@method("conversations.members", tier=4)
def members(call: Call) -> Json:
    """List who is in a conversation."""
    page, more = call.page(list(_seen(call, "read").members))
    return {"members": page} | more


@method("conversations.join", tier=3, scopes="channels:join")
def join(call: Call) -> Json:
    """Bring the bot into a public channel."""
    channel = call.channel()
    if channel.kind != "public":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    bot = call.installation.bot_user_id
    already = bot in channel.members
    call.playground.people.add(call.workspace, channel, bot)
    answer: Json = {"channel": channel_json(channel, bot)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


@method("conversations.history", tier=3)
def history(call: Call) -> Json:
    """Return messages, newest first, with their metadata where `include_all_metadata` asks for it."""
    channel = _read(call)
    wanted = [m for m in channel.messages.values() if not m.is_reply or m.broadcast]
    wanted = sorted(_between(call, wanted), key=lambda m: m.ts, reverse=True)
    return _messages(call, wanted)


@method("conversations.replies", tier=3)
def replies(call: Call) -> Json:
    """Return a thread, the parent first."""
    channel = _read(call)
    ts = call.required("ts")
    message = channel.messages.get(ts)
    if message is None:
        raise ApiError("thread_not_found")
    root = message.thread_ts or ts
    thread = [m for m in channel.messages.values() if root in (m.ts, m.thread_ts)]
    bounded = {m.ts for m in _between(call, thread)} | {root}
    return _messages(call, sorted((m for m in thread if m.ts in bounded), key=lambda m: m.ts))


def _messages(call: Call, wanted: list[Message]) -> Json:
    page, more = call.page(wanted, default=100, high=999)
    metadata = call.flag("include_all_metadata")
    shapes = [message_json(call.workspace, m, metadata=metadata) for m in page]
    has_more = bool(more["response_metadata"]["next_cursor"])
    answer: Json = {"messages": shapes, "has_more": has_more, "pin_count": 0}
    return answer | (more if has_more else {})


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    inclusive = call.flag("inclusive")

    def fits(message: Message) -> bool:
        at = Decimal(message.ts)
        if inclusive and at in (oldest, latest):
            return True
        return (oldest is None or at > oldest) and (latest is None or at < latest)

    return [m for m in messages if fits(m)]


def _bound(call: Call, name: str) -> Decimal | None:
    text = call.text(name)
    if text in ("", "0", "now"):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ApiError(f"invalid_ts_{name}") from None


def _seen(call: Call, right: str) -> Channel:
    channel = call.channel()
    call.need(f"{_FAMILY[channel.kind]}:{right}")
    return channel


def _read(call: Call) -> Channel:
    channel = _seen(call, "history")
    if not call.is_in(channel):
        raise ApiError("not_in_channel")
    return channel


def _listed(call: Call, channels: list[Channel]) -> Json:
    kinds = [kind.strip() for kind in call.text("types", "public_channel").split(",")]
    if not set(kinds) <= set(_TYPES):
        raise ApiError("invalid_types")
    for kind in kinds:
        call.need(f"{_SCOPES[kind]}:read")
    wanted = {_TYPES[kind] for kind in kinds}
    bot = call.installation.bot_user_id
    visible = [
        channel_json(c, bot)
        for c in channels
        if c.kind in wanted
        and (c.kind == "public" or bot in c.members)
        and not (c.archived and call.flag("exclude_archived"))
    ]
    page, more = call.page(visible)
    return {"channels": page} | more
