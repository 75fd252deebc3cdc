"""The rich_text block and its elements (blocks/rich-text-block, block-elements/rich-text-*-element)."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.playground.blockkit.composition import ABSENT, Filled, Id255, Strict, Url


class RichStyle(Strict):
    """How a leaf looks; Slack's pages list different flags per leaf, this is all of them."""

    bold: bool = ABSENT
    italic: bool = ABSENT
    strike: bool = ABSENT
    underline: bool = ABSENT
    code: bool = ABSENT
    highlight: bool = ABSENT
    client_highlight: bool = ABSENT
    unlink: bool = ABSENT


class _Leaf(Strict):
    style: RichStyle = ABSENT


class TextLeaf(_Leaf):
    """A run of text."""

    type: Literal["text"]
    text: Filled


class LinkLeaf(_Leaf):
    """A link."""

    type: Literal["link"]
    url: Url
    text: str = ABSENT
    unsafe: bool = ABSENT


class UserLeaf(_Leaf):
    """A mention of a person."""

    type: Literal["user"]
    user_id: Filled


class UsergroupLeaf(_Leaf):
    """A mention of a user group."""

    type: Literal["usergroup"]
    usergroup_id: Filled


class TeamLeaf(_Leaf):
    """A mention of a workspace."""

    type: Literal["team"]
    team_id: Filled


class ChannelLeaf(_Leaf):
    """A mention of a channel."""

    type: Literal["channel"]
    channel_id: Filled


class EmojiLeaf(_Leaf):
    """An emoji, named without colons."""

    type: Literal["emoji"]
    name: Filled
    unicode: str = ABSENT
    skin_tone: Annotated[int, Field(ge=1, le=6)] = ABSENT
    url: Url = ABSENT


class BroadcastLeaf(_Leaf):
    """@here, @channel or @everyone."""

    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]


class ColorLeaf(_Leaf):
    """A colour swatch."""

    type: Literal["color"]
    value: Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]


class DateLeaf(_Leaf):
    """A UNIX time in seconds, written by a format such as {date_long}."""

    type: Literal["date"]
    timestamp: int
    format: Filled
    url: Url = ABSENT
    fallback: str = ABSENT


Leaf = Annotated[
    TextLeaf
    | LinkLeaf
    | UserLeaf
    | UsergroupLeaf
    | TeamLeaf
    | ChannelLeaf
    | EmojiLeaf
    | BroadcastLeaf
    | ColorLeaf
    | DateLeaf,
    Field(discriminator="type"),
]


class RichSection(Strict):
    """rich-text-section-element."""

    type: Literal["rich_text_section"]
    elements: list[Leaf]


class _Bordered(Strict):
    border: Literal[0, 1] = ABSENT


class RichList(_Bordered):
    """rich-text-list-element."""

    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: Annotated[list[RichSection], Field(min_length=1)]
    indent: Annotated[int, Field(ge=0, le=8)] = ABSENT
    offset: Annotated[int, Field(ge=0)] = ABSENT


class RichPreformatted(_Bordered):
    """rich-text-preformatted-element: text and links only."""

    type: Literal["rich_text_preformatted"]
    elements: list[Annotated[TextLeaf | LinkLeaf, Field(discriminator="type")]]
    language: Filled = ABSENT


class RichQuote(_Bordered):
    """rich-text-quote-element."""

    type: Literal["rich_text_quote"]
    elements: list[Leaf]


class RichText(Strict):
    """rich-text-block; an empty list of elements is accepted, as Slack does."""

    type: Literal["rich_text"]
    elements: list[Annotated[RichSection | RichList | RichPreformatted | RichQuote, Field(discriminator="type")]]
    block_id: Id255 = ABSENT
