"""Composition objects: texts, options, confirmations, filters (reference/block-kit/composition-objects)."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.playground.blockkit.problems import Problem, at_most, refuse

# The default of a field that may be left out. It is never validated, so an explicit null is still refused.
ABSENT: Any = None

Id255 = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Filled = Annotated[str, StringConstraints(min_length=1)]
Url = Annotated[str, StringConstraints(min_length=1, max_length=3000)]
ImageUrl = Annotated[str, StringConstraints(pattern=r"^https?://", max_length=3000)]
Style = Literal["primary", "danger"]


class Strict(BaseModel):
    """The base of every object: no unknown key, no coercion."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def has(self, field: str) -> bool:
        """Tell whether the payload named this field."""
        return field in self.model_fields_set


class PlainText(Strict):
    """text-object of type plain_text, 1 to 3,000 characters."""

    type: Literal["plain_text"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=3000)]
    emoji: bool = ABSENT


class Mrkdwn(Strict):
    """text-object of type mrkdwn, 1 to 3,000 characters."""

    type: Literal["mrkdwn"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=3000)]
    verbatim: bool = ABSENT


Text = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]
Placeholder = Annotated[PlainText, at_most(150)]


class Option(Strict):
    """option-object of a select or multi-select menu."""

    text: Annotated[PlainText, at_most(75)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    description: Annotated[PlainText, at_most(75)] = ABSENT


class ChoiceOption(Strict):
    """option-object of radio buttons and checkboxes: mrkdwn is allowed."""

    text: Annotated[Text, at_most(75)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    description: Annotated[Text, at_most(75)] = ABSENT


class OverflowOption(Option):
    """option-object of an overflow menu: the only one with a url."""

    url: Url = ABSENT


class OptionGroup(Strict):
    """option-group-object."""

    label: Annotated[PlainText, at_most(75)]
    options: Annotated[list[Option], Field(min_length=1, max_length=100)]


class Confirm(Strict):
    """confirmation-dialog-object; its text may be mrkdwn, as in the page's own example."""

    title: Annotated[PlainText, at_most(100)]
    text: Annotated[Text, at_most(300)]
    confirm: Annotated[PlainText, at_most(30)]
    deny: Annotated[PlainText, at_most(30)]
    style: Style = ABSENT


class DispatchActionConfig(Strict):
    """dispatch-action-configuration-object."""

    trigger_actions_on: Annotated[
        list[Literal["on_enter_pressed", "on_character_entered"]], Field(min_length=1, max_length=2)
    ]


class ConversationFilter(Strict):
    """conversation-filter-object: at least one of its fields."""

    include: Annotated[list[Literal["im", "mpim", "private", "public"]], Field(min_length=1)] = ABSENT
    exclude_external_shared_channels: bool = ABSENT
    exclude_bot_users: bool = ABSENT

    @model_validator(mode="after")
    def _not_empty(self) -> "ConversationFilter":
        refuse([] if self.model_fields_set else [Problem("must provide at least one filter")])
        return self


class SlackFile(Strict):
    """slack-file-object: an id or a url, not both."""

    id: Filled = ABSENT
    url: Url = ABSENT

    @model_validator(mode="after")
    def _one_of_them(self) -> "SlackFile":
        refuse([] if self.has("id") != self.has("url") else [Problem("must provide either id or url")])
        return self


class ImageSource(Strict):
    """What image blocks and image elements share: an image_url or a slack_file, not both."""

    type: Literal["image"]
    alt_text: Annotated[str, StringConstraints(max_length=2000)]
    image_url: ImageUrl = ABSENT
    slack_file: SlackFile = ABSENT

    @model_validator(mode="after")
    def _one_source(self) -> "ImageSource":
        if self.has("image_url") == self.has("slack_file"):
            refuse([Problem("must provide either image_url or slack_file")])
        return self


class WorkflowParameter(Strict):
    """One of a trigger-object's customizable_input_parameters."""

    name: Filled
    value: str


class Trigger(Strict):
    """trigger-object."""

    url: Url
    customizable_input_parameters: list[WorkflowParameter] = ABSENT


class Workflow(Strict):
    """workflow-object."""

    trigger: Trigger


class SlackIcon(Strict):
    """slack-icon-object; its names are Slack's and are not checked."""

    type: Literal["icon"]
    name: Filled
