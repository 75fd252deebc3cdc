"""What holds for every message, in both languages, whatever people write into it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.playground.blockkit import blocks_too_long, validate_blocks, validate_view
from messages import catalog
from messages.content import Message
from messages.environment import TEMPLATES
from tests.messages.content import KINDS, PEOPLE, Content
from tests.messages.examples import EXAMPLES, Rendered

LIVE = re.compile(r"<[!@#][^>]*>?")
# No mrkdwn: the terminal, and what stands at a field.
PLAIN = ("digest_text", "field_problem", "number_problem")
EVERY = [
    pytest.param(name, kind, language, id=f"{name}-{kind}-{language}")
    for name in EXAMPLES
    for kind in KINDS
    for language in ("en", "sv")
]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def shown(rendered: Rendered) -> list[str]:
    if isinstance(rendered, Message):
        return list(strings([rendered.text, rendered.blocks, rendered.older_blocks]))
    return list(strings(rendered))


def problems(rendered: Rendered) -> list[str]:
    if isinstance(rendered, str):
        return [] if rendered.strip() else ["nothing is said"]
    if isinstance(rendered, dict):
        return validate_view(rendered)
    found = [] if rendered.text.strip() and len(rendered.text) <= 4000 else ["the fallback text is missing or too long"]
    for blocks in (rendered.blocks, rendered.older_blocks or []):
        found += validate_blocks(blocks, surface="message")
        found += ["too long for one message"] if blocks_too_long(blocks) else []
    return found


def test_every_message_of_the_catalogue_has_an_example() -> None:
    assert set(EXAMPLES) == set(catalog.__all__)


@pytest.mark.parametrize(("name", "kind", "language"), EVERY)
def test_slack_takes_it_as_utf_8_and_nobody_is_pinged_but_the_people_it_is_about(
    name: str, kind: str, language: str
) -> None:
    known = {f"<@{person}>" for person in PEOPLE} | {"<#C0TEAM0001>"}
    allowed = known if kind != "hostile" else {"<#C0TEAM0001>"}  # a link to the channel pings nobody
    for rendered in EXAMPLES[name](Content(kind), language):
        assert problems(rendered) == []
        texts = shown(rendered)
        json.dumps(texts, ensure_ascii=False).encode()
        assert {live for text in texts for live in LIVE.findall(text)} <= allowed


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in PLAIN])
def test_what_people_write_is_shown_and_not_formatted(name: str, language: str) -> None:
    for rendered in EXAMPLES[name](Content("hostile"), language):
        for text in mrkdwn_texts(rendered):
            assert "*bold*" not in text
            assert "`rm`" not in text
            assert "<http" not in text
            assert "\u202e" not in text


def mrkdwn_texts(rendered: Rendered) -> Iterator[str]:
    if isinstance(rendered, str):
        yield rendered
        return
    pending: list[Any] = [rendered] if isinstance(rendered, dict) else [rendered.blocks, rendered.older_blocks]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if node.get("type") == "mrkdwn":
                yield node["text"]
            pending += node.values()
        elif isinstance(node, list):
            pending += node


@pytest.mark.parametrize("name", ["digest"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_channel_digest_names_people_without_a_ping(name: str, kind: str) -> None:
    for rendered in EXAMPLES[name](Content(kind), "en"):
        assert not any("<@" in text for text in shown(rendered))


def test_every_message_that_is_posted_has_a_fallback_text_of_its_own() -> None:
    folders = {path.parent for path in TEMPLATES.glob("*/blocks.json.j2")}
    assert folders
    assert [folder.name for folder in folders if not (folder / "text.j2").exists()] == []
