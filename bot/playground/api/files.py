"""files.*: uploads in three steps, as Slack has them since 2024."""

import mimetypes

from bot.playground.api.call import Call, method
from bot.playground.errors import ApiError
from bot.playground.model import File, Json, Message
from bot.playground.shapes import file_json


@method("files.getUploadURLExternal", tier=4, scopes="files:write")
def upload_url(call: Call) -> Json:
    """Give the address to which the file's bytes go."""
    name, length = call.required("filename"), call.number("length", 0, high=1_000_000_000)
    if length <= 0:
        raise ApiError("invalid_arguments", messages=["[ERROR] missing required field: length"])
    slack = call.playground.slack
    file = File(
        id=slack.ids.new("F"),
        team_id=call.workspace.id,
        user_id=call.installation.bot_user_id,
        name=name,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        length=length,
        upload_key=slack.ids.hexes(24),
        created=slack.epoch(),
    )
    for place in call.places:
        place.files[file.id] = file
    return {"upload_url": f"{slack.url}/files/upload/{file.team_id}/{file.upload_key}", "file_id": file.id}


@method("files.completeUploadExternal", tier=4, scopes="files:write")
def complete_upload(call: Call) -> Json:
    """Finish uploads and share them where the call says."""
    named = call.parsed("files")
    if not isinstance(named, list) or not named or not all(isinstance(f, dict) for f in named):
        raise ApiError("invalid_arguments", messages=["[ERROR] missing required field: files"])
    files = [_uploaded(call, str(item.get("id", ""))) for item in named]
    for file, item in zip(files, named, strict=True):
        file.title = str(item.get("title") or file.name)
    wanted = call.text("channel_id") or call.text("channels")
    for channel_id in filter(None, wanted.split(",")):
        _share(call, files, channel_id)
    return {"files": [file_json(file) for file in files]}


@method("files.info", tier=4, scopes="files:read")
def info(call: Call) -> Json:
    """Tell of a file. The first who asks comes too early: Slack has not looked at it yet."""
    file = _uploaded(call, call.required("file"))
    told = file_json(file)
    file.looked_at = True
    return {"file": told}


def _uploaded(call: Call, file_id: str) -> File:
    file = call.workspace.files.get(file_id)
    if file is None or file.content is None:
        raise ApiError("file_not_found")
    return file


def _share(call: Call, files: list[File], channel_id: str) -> None:
    call.args = {**call.args, "channel": channel_id}
    channel = call.channel()
    if channel.archived:
        raise ApiError("is_archived")
    if not call.is_in(channel):
        raise ApiError("not_in_channel")
    slack = call.playground.slack
    message = Message(
        ts=slack.new_ts(channel),
        channel_id=channel.id,
        user_id=call.installation.bot_user_id,
        text=call.text("initial_comment"),
        thread_ts=call.text("thread_ts") or None,
        bot_id=call.installation.bot_id,
        app_id=slack.app.id,
        files=[file.id for file in files],
    )
    for file in files:
        file.shared_in.append(channel.id)
    slack.keep(channel, message)
    call.playground.events.posted(call.workspace, channel, message)
