"""What Slack accepts as a message, as metadata and as a view, with the error codes of its own."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from bot.playground.blockkit import blocks_too_long, validate_blocks, validate_view
from bot.playground.errors import ApiError
from bot.playground.faults import FaultDice
from bot.playground.ids import Ids
from bot.playground.model import File, Json

MOST_TEXT = 40_000
MOST_METADATA_BYTES = 16_000
MOST_VIEW_BYTES = 250_000


def check_blocks(blocks: Any, dice: FaultDice, files: Mapping[str, File]) -> list[Json]:
    """Return a message's blocks, or raise `invalid_blocks_format`, `invalid_blocks` or `msg_blocks_too_long`."""
    if blocks is None:
        return []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise ApiError("invalid_blocks_format")
    problems = dice.unknown_blocks(blocks) or validate_blocks(blocks, surface="message") or _pictures(blocks, files)
    if problems:
        raise ApiError("invalid_blocks", errors=problems, messages=problems)
    if blocks_too_long(blocks):
        raise ApiError("msg_blocks_too_long")
    return blocks


def check_text(text: Any, *, blocks: list[Json], attachments: list[Json], files: bool = False) -> str:
    """Return the text, or raise `no_text` or `msg_too_long`."""
    if text is not None and not isinstance(text, str):
        text = str(text)
    if not text and not blocks and not attachments and not files:
        raise ApiError("no_text")
    if text and len(text) > MOST_TEXT:
        raise ApiError("msg_too_long")
    return text or ""


def check_metadata(metadata: Any) -> Json | None:
    """Return the metadata, or raise `invalid_metadata_format`, `invalid_metadata_schema`, `metadata_too_large`."""
    if metadata in (None, ""):
        return None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if not metadata:
        return {}
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > MOST_METADATA_BYTES:
        raise ApiError("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def check_view(view: Any, dice: FaultDice, files: Mapping[str, File], *, kind: Literal["modal", "home"]) -> Json:
    """Return the view, or raise `invalid_arguments` with Slack's complaints, or `view_too_large`."""
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments", messages=["[ERROR] must be an object [json-pointer:/view]"])
    if len(json.dumps(view).encode()) > MOST_VIEW_BYTES:
        raise ApiError("view_too_large")
    if view.get("type") != kind:
        raise ApiError("invalid_arguments", messages=[f'[ERROR] must be type "{kind}" [json-pointer:/view/type]'])
    problems = dice.unknown_blocks(view.get("blocks")) or validate_view(view) or _pictures(view["blocks"], files)
    if problems:
        raise ApiError("invalid_arguments", messages=problems)
    return view


def _pictures(blocks: list[Json], files: Mapping[str, File]) -> list[str]:
    """Complain of pictures that are not there, or that Slack has not looked at yet."""
    return [
        f"[ERROR] invalid slack file [json-pointer:/blocks/{number}/slack_file]"
        for number, block in enumerate(blocks)
        if "slack_file" in block and not _is_picture(files.get(block["slack_file"].get("id", "")))
    ]


def _is_picture(file: File | None) -> bool:
    return file is not None and file.looked_at and file.mimetype.startswith("image/")


def with_ids(blocks: list[Json], ids: Ids) -> list[Json]:
    """Return a copy with the block ids and action ids that Slack adds where the app gave none."""
    copied: list[Json] = json.loads(json.dumps(blocks))
    for block in _all_blocks(copied):
        block.setdefault("block_id", ids.new("", 5))
        for element in _interactive(block):
            element.setdefault("action_id", ids.new("", 5))
    return copied


def _all_blocks(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        nested = "elements" if block["type"] == "carousel" else "child_blocks"
        if isinstance(block.get(nested), list):
            yield from _all_blocks(block[nested])


def _interactive(block: Json) -> Iterator[Json]:
    listed = block.get("elements", []) if block["type"] in ("actions", "context_actions") else []
    for element in [block.get("element"), block.get("accessory"), *listed, *block.get("actions", [])]:
        if isinstance(element, dict) and element.get("type") != "image":
            yield element
