"""chat.*: messages of the bot."""

from bot.playground.api.call import Call, method
from bot.playground.checks import check_blocks, check_metadata, check_text, with_ids
from bot.playground.errors import ApiError
from bot.playground.model import SLACKBOT, Channel, Json, Message
from bot.playground.shapes import message_json


@method("chat.postMessage", tier=0, scopes="chat:write")
def post_message(call: Call) -> Json:
    """Post to a conversation, or to a person, whose direct conversation is opened."""
    channel = _destination(call)
    _may_write(call, channel)
    message = _composed(call, channel)
    _slow_down(call, channel)
    if message.thread_ts and message.thread_ts in channel.messages:
        parent = channel.messages[message.thread_ts]
        parent.thread_ts = parent.ts
    call.playground.slack.keep(channel, message)
    call.playground.events.posted(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": _shown(call, message)}


@method("chat.postEphemeral", tier=4, scopes="chat:write")
def post_ephemeral(call: Call) -> Json:
    """Show one person something that is in no history."""
    channel = _destination(call)
    user = call.workspace.users.get(call.required("user"))
    _may_write(call, channel)
    if user is None or user.id not in channel.members or user.deleted:
        raise ApiError("user_not_in_channel")
    message = _composed(call, channel)
    message.ephemeral_to = user.id
    call.playground.slack.keep(channel, message)
    return {"message_ts": message.ts}


@method("chat.update", tier=3, scopes="chat:write")
def update(call: Call) -> Json:
    """Change a message of the bot. Blocks and metadata that the call does not name stay."""
    channel, message = _own(call, "cant_update_message")
    before = message_json(call.workspace, message)
    blocks = _blocks(call)
    attachments = call.parsed("attachments") or []
    metadata = check_metadata(call.parsed("metadata", error="invalid_metadata_format"))
    message.text = check_text(call.args.get("text"), blocks=blocks, attachments=attachments)
    if call.args.get("blocks") is not None:
        message.blocks = with_ids(blocks, call.playground.slack.ids)
    if call.args.get("attachments") is not None:
        message.attachments = attachments
    if metadata is not None:
        message.metadata = metadata or None
    message.edited_ts = call.playground.slack.new_ts(channel)
    message.edited_by = call.installation.bot_user_id
    call.playground.slack.touched(channel, message)
    call.playground.events.edited(call.workspace, channel, message, before)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": _shown(call, message),
    }


@method("chat.delete", tier=3, scopes="chat:write")
def delete(call: Call) -> Json:
    """Delete a message of the bot."""
    channel, message = _own(call, "cant_delete_message")
    before = message_json(call.workspace, message)
    del channel.messages[message.ts]
    call.playground.slack.changed("message", channel.team_id, channel_id=channel.id)
    call.playground.events.deleted(call.workspace, channel, before)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", tier=0)
def permalink(call: Call) -> Json:
    """Give the address of a message, below its thread where it has one."""
    channel = call.channel()
    message = channel.messages.get(call.required("message_ts"))
    if message is None:
        raise ApiError("message_not_found")
    link = f"https://{call.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _destination(call: Call) -> Channel:
    name, workspace = call.text("channel"), call.workspace
    if not name:
        raise ApiError("invalid_arguments", messages=["[ERROR] missing required field: channel"])
    if name[0] in "UW":
        return _direct(call, name)
    named = workspace.channel_named(name) if name not in workspace.channels else None
    if named is not None:
        call.args = {**call.args, "channel": named.id}
    return call.channel()


def _direct(call: Call, user_id: str) -> Channel:
    user = call.workspace.users.get(user_id)
    if user is None:
        raise ApiError("channel_not_found")
    if user.is_bot or user.id == SLACKBOT:
        raise ApiError("cannot_dm_bot")
    # Posting to a deactivated member succeeds on Slack; so it does here.
    return call.playground.slack.open_im(call.workspace, user_id, call.installation.bot_user_id)


def _may_write(call: Call, channel: Channel) -> None:
    if channel.archived:
        raise ApiError("is_archived")
    if not call.is_in(channel):
        raise ApiError("not_in_channel")
    if channel.posting_restricted:
        raise ApiError("restricted_action")


def _slow_down(call: Call, channel: Channel) -> None:
    wait = call.playground.limiter.refuse_post(call.workspace.id, channel.id)
    if wait:
        raise ApiError("ratelimited", status=429, headers={"Retry-After": str(wait)})


def _composed(call: Call, channel: Channel) -> Message:
    blocks = _blocks(call)
    attachments = call.parsed("attachments") or []
    text = check_text(call.args.get("text") or call.args.get("markdown_text"), blocks=blocks, attachments=attachments)
    metadata = check_metadata(call.parsed("metadata", error="invalid_metadata_format"))
    slack = call.playground.slack
    return Message(
        ts=slack.new_ts(channel),
        channel_id=channel.id,
        user_id=call.installation.bot_user_id,
        text=text,
        blocks=with_ids(blocks, slack.ids),
        attachments=attachments,
        metadata=metadata or None,
        thread_ts=call.text("thread_ts") or None,
        bot_id=call.installation.bot_id,
        app_id=slack.app.id,
        broadcast=call.flag("reply_broadcast"),
    )


def _own(call: Call, error: str) -> tuple[Channel, Message]:
    channel = call.channel()
    message = channel.messages.get(call.required("ts"))
    if message is None:
        raise ApiError("message_not_found")
    if message.user_id != call.installation.bot_user_id:
        raise ApiError(error)
    if channel.archived:
        raise ApiError("is_archived")
    return channel, message


def _shown(call: Call, message: Message) -> Json:
    return message_json(call.workspace, message, metadata=True)


def _blocks(call: Call) -> list[Json]:
    asked = call.parsed("blocks", error="invalid_blocks_format")
    return check_blocks(asked, call.playground.dice, call.workspace.files)
