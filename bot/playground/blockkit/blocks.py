"""The blocks (reference/block-kit/blocks), and which elements each of them takes."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from bot.playground.blockkit import elements as el
from bot.playground.blockkit import inputs
from bot.playground.blockkit.charts import DataVisualization
from bot.playground.blockkit.composition import (
    ABSENT,
    Filled,
    Id255,
    ImageSource,
    ImageUrl,
    Mrkdwn,
    PlainText,
    SlackIcon,
    Strict,
    Text,
    Url,
)
from bot.playground.blockkit.problems import Problem, at_most, refuse
from bot.playground.blockkit.rich_text import RichText
from bot.playground.blockkit.selects import Select
from bot.playground.blockkit.tables import DataTable, Table

_Picked = (
    el.Button
    | el.Checkboxes
    | el.DatePicker
    | el.Overflow
    | el.RadioButtons
    | el.TimePicker
    | el.WorkflowButton
    | Select
)
_Entered = (
    el.Checkboxes
    | el.DatePicker
    | el.DatetimePicker
    | el.RadioButtons
    | el.TimePicker
    | inputs.EmailInput
    | inputs.FileInput
    | inputs.NumberInput
    | inputs.PlainTextInput
    | inputs.RichTextInput
    | inputs.UrlInput
    | Select
)
HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://", max_length=3000)]


class _Block(Strict):
    block_id: Id255 = ABSENT


class Actions(_Block):
    """actions-block: 1 to 25 elements."""

    type: Literal["actions"]
    elements: Annotated[
        list[
            Annotated[
                _Picked | el.DatetimePicker | inputs.RichTextInput,
                Field(discriminator="type"),
            ]
        ],
        Field(min_length=1, max_length=25),
    ]


class Alert(_Block):
    """alert-block."""

    type: Literal["alert"]
    text: Annotated[Text, at_most(200)]
    level: Literal["default", "info", "warning", "error", "success"] = ABSENT


class Card(_Block):
    """card-block: at least one of hero_image, title, actions and body."""

    type: Literal["card"]
    hero_image: el.ImageElement = ABSENT
    icon: el.ImageElement = ABSENT
    slack_icon: SlackIcon = ABSENT
    title: Annotated[Text, at_most(150)] = ABSENT
    subtitle: Annotated[Text, at_most(150)] = ABSENT
    body: Annotated[Text, at_most(200)] = ABSENT
    subtext: Annotated[Text, at_most(200)] = ABSENT
    actions: Annotated[list[el.Button], Field(min_length=1, max_length=3)] = ABSENT

    @model_validator(mode="after")
    def _says_something(self) -> "Card":
        refuse(self._lacks())
        return self

    def _lacks(self) -> Iterator[Problem]:
        if not self.model_fields_set & {"hero_image", "title", "actions", "body"}:
            yield Problem("must provide at least one of hero_image, title, actions, body")
        if self.has("icon") and self.has("slack_icon"):
            yield Problem("must provide either icon or slack_icon")


class Carousel(_Block):
    """carousel-block: 1 to 10 cards."""

    type: Literal["carousel"]
    elements: Annotated[list[Card], Field(min_length=1, max_length=10)]


class Context(_Block):
    """context-block: 1 to 10 images and texts."""

    type: Literal["context"]
    elements: Annotated[
        list[Annotated[el.ImageElement | PlainText | Mrkdwn, Field(discriminator="type")]],
        Field(min_length=1, max_length=10),
    ]


class ContextActions(_Block):
    """context-actions-block: 1 to 5 elements."""

    type: Literal["context_actions"]
    elements: Annotated[
        list[Annotated[el.FeedbackButtons | el.IconButton, Field(discriminator="type")]],
        Field(min_length=1, max_length=5),
    ]


class Divider(_Block):
    """divider-block."""

    type: Literal["divider"]


class File(_Block):
    """file-block."""

    type: Literal["file"]
    external_id: Filled
    source: Literal["remote"]


class Header(_Block):
    """header-block."""

    type: Literal["header"]
    text: Annotated[PlainText, at_most(150)]
    level: Annotated[int, Field(ge=1, le=4)] = ABSENT


class Image(ImageSource, _Block):
    """image-block."""

    title: Annotated[PlainText, at_most(2000)] = ABSENT


class Input(_Block):
    """input-block."""

    type: Literal["input"]
    label: Annotated[PlainText, at_most(2000)]
    element: Annotated[_Entered, Field(discriminator="type")]
    dispatch_action: bool = ABSENT
    hint: Annotated[PlainText, at_most(2000)] = ABSENT
    optional: bool = ABSENT

    @model_validator(mode="after")
    def _files_do_not_dispatch(self) -> "Input":
        if self.dispatch_action and self.element.type == "file_input":
            refuse([Problem("unsupported type: file_input", ("element", "type"))])
        return self


class Markdown(_Block):
    """markdown-block; 12,000 characters for all of them together."""

    type: Literal["markdown"]
    text: Filled


class Section(_Block):
    """section-block: a text, or 1 to 10 fields, or both."""

    type: Literal["section"]
    text: Text = ABSENT
    fields: Annotated[list[Annotated[Text, at_most(2000)]], Field(min_length=1, max_length=10)] = ABSENT
    accessory: Annotated[_Picked | el.ImageElement, Field(discriminator="type")] = ABSENT
    expand: bool = ABSENT

    @model_validator(mode="after")
    def _says_something(self) -> "Section":
        refuse([] if self.has("text") or self.has("fields") else [Problem("must provide text or fields")])
        return self


class UrlSource(Strict):
    """url-source-element."""

    type: Literal["url"]
    url: Url
    text: Filled


class _Task(_Block):
    task_id: Filled
    title: Filled
    details: RichText = ABSENT
    output: RichText = ABSENT
    sources: list[UrlSource] = ABSENT


class TaskCard(_Task):
    """task-card-block; `pending` is for tasks of a plan only."""

    type: Literal["task_card"]
    status: Literal["in_progress", "complete", "error"] = ABSENT


class PlannedTask(_Task):
    """A task inside a plan block, where it may go without a type."""

    type: Literal["task_card"] = ABSENT
    status: Literal["pending", "in_progress", "complete", "error"] = ABSENT


class Plan(_Block):
    """plan-block; its title is a bare string."""

    type: Literal["plan"]
    title: Filled
    tasks: list[PlannedTask] = ABSENT
    status: Literal["pending", "in_progress", "complete", "error"] = ABSENT


class Video(_Block):
    """video-block; title and author_name stay below their limits."""

    type: Literal["video"]
    title: Annotated[PlainText, at_most(199)]
    alt_text: Filled
    video_url: HttpsUrl
    thumbnail_url: ImageUrl
    title_url: HttpsUrl = ABSENT
    description: Annotated[PlainText, at_most(199)] = ABSENT
    author_name: Annotated[str, StringConstraints(max_length=49)] = ABSENT
    provider_name: str = ABSENT
    provider_icon_url: ImageUrl = ABSENT


_Child = Actions | Context | Divider | File | Header | Image | Input | RichText | Section | Table | Video


class Container(_Block):
    """container-block: 1 to 10 child blocks; containers do not nest."""

    type: Literal["container"]
    title: Annotated[PlainText, at_most(150)] = ABSENT
    rich_text_title: RichText = ABSENT
    subtitle: Annotated[Text, at_most(150)] = ABSENT
    child_blocks: Annotated[list[Annotated[_Child, Field(discriminator="type")]], Field(min_length=1, max_length=10)]
    width: Literal["narrow", "standard", "wide", "full"] = ABSENT
    icon: el.ImageElement = ABSENT
    is_collapsible: bool = ABSENT
    default_collapsed: bool = ABSENT
    has_header_divider: bool = ABSENT

    @model_validator(mode="after")
    def _header_agrees(self) -> "Container":
        refuse(self._disagreements())
        return self

    def _disagreements(self) -> Iterator[Problem]:
        if not (self.has("title") or self.has("rich_text_title")):
            yield Problem("must provide title or rich_text_title")
        if self.default_collapsed and not self.is_collapsible:
            yield Problem("requires is_collapsible", ("default_collapsed",))
        if self.has_header_divider and self.is_collapsible:
            yield Problem("must not be set when is_collapsible is true", ("has_header_divider",))


Block = Annotated[
    _Child
    | Alert
    | Card
    | Carousel
    | Container
    | ContextActions
    | DataTable
    | DataVisualization
    | Markdown
    | Plan
    | TaskCard,
    Field(discriminator="type"),
]
