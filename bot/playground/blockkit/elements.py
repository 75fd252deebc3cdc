"""Elements that are pressed or picked from (reference/block-kit/block-elements)."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from bot.playground.blockkit.composition import (
    ABSENT,
    ChoiceOption,
    Confirm,
    Filled,
    Id255,
    ImageSource,
    OverflowOption,
    Placeholder,
    PlainText,
    Strict,
    Style,
    Url,
    Workflow,
)
from bot.playground.blockkit.problems import Problem, at_most, refuse

Label75 = Annotated[str, StringConstraints(min_length=1, max_length=75)]
Value2000 = Annotated[str, StringConstraints(max_length=2000)]


class ImageElement(ImageSource):
    """image-element."""


class Element(Strict):
    """What every interactive element has."""

    action_id: Id255 = ABSENT


class Focusable(Element):
    """What every element has that a person fills in."""

    focus_on_load: bool = ABSENT


class Button(Element):
    """button-element."""

    type: Literal["button"]
    text: Annotated[PlainText, at_most(75)]
    url: Url = ABSENT
    value: Value2000 = ABSENT
    style: Style = ABSENT
    confirm: Confirm = ABSENT
    accessibility_label: Label75 = ABSENT


class WorkflowButton(Element):
    """workflow-button-element."""

    type: Literal["workflow_button"]
    text: Annotated[PlainText, at_most(75)]
    workflow: Workflow
    style: Style = ABSENT
    accessibility_label: Label75 = ABSENT
    confirm: Confirm = ABSENT


class IconButton(Element):
    """icon-button-element."""

    type: Literal["icon_button"]
    icon: Filled
    text: Annotated[PlainText, at_most(75)]
    value: Value2000 = ABSENT
    confirm: Confirm = ABSENT
    accessibility_label: Label75 = ABSENT
    visible_to_user_ids: list[Filled] = ABSENT


class FeedbackButton(Strict):
    """One side of feedback-buttons-element."""

    text: Annotated[PlainText, at_most(75)]
    value: Value2000
    accessibility_label: Label75 = ABSENT


class FeedbackButtons(Element):
    """feedback-buttons-element."""

    type: Literal["feedback_buttons"]
    positive_button: FeedbackButton
    negative_button: FeedbackButton


class Overflow(Element):
    """overflow-menu-element: 1 to 5 options."""

    type: Literal["overflow"]
    options: Annotated[list[OverflowOption], Field(min_length=1, max_length=5)]
    confirm: Confirm = ABSENT


def strangers(initial: Sequence[object], options: Sequence[object], field: str) -> Iterator[Problem]:
    """Yield a problem for every preselected option that the menu does not offer."""
    several = field.endswith("s")
    for index, option in enumerate(initial):
        if option not in options:
            yield Problem("must match one of the options", (field, index) if several else (field,))


class Checkboxes(Focusable):
    """checkboxes-element: 1 to 10 options."""

    type: Literal["checkboxes"]
    options: Annotated[list[ChoiceOption], Field(min_length=1, max_length=10)]
    initial_options: Annotated[list[ChoiceOption], Field(min_length=1)] = ABSENT
    confirm: Confirm = ABSENT

    @model_validator(mode="after")
    def _initial_is_offered(self) -> "Checkboxes":
        refuse(strangers(self.initial_options or [], self.options, "initial_options"))
        return self


class RadioButtons(Focusable):
    """radio-button-group-element: 1 to 10 options."""

    type: Literal["radio_buttons"]
    options: Annotated[list[ChoiceOption], Field(min_length=1, max_length=10)]
    initial_option: ChoiceOption = ABSENT
    confirm: Confirm = ABSENT

    @model_validator(mode="after")
    def _initial_is_offered(self) -> "RadioButtons":
        if self.has("initial_option"):
            refuse(strangers([self.initial_option], self.options, "initial_option"))
        return self


def _calendar_day(value: str) -> str:
    # fromisoformat also takes 20260401 and 2026-W14-3, which Slack does not.
    try:
        fits = date.fromisoformat(value).isoformat() == value
    except ValueError:
        fits = False
    refuse([] if fits else [Problem("must be a date in the format YYYY-MM-DD")])
    return value


@cache
def _zones() -> set[str]:
    return available_timezones()


def _zone(value: str) -> str:
    refuse([] if value in _zones() else [Problem("must be an IANA time zone")])
    return value


def _clock_time(value: str) -> str:
    fits = re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value)
    refuse([] if fits else [Problem("must be a time in the format HH:mm")])
    return value


class DatePicker(Focusable):
    """date-picker-element."""

    type: Literal["datepicker"]
    initial_date: Annotated[str, AfterValidator(_calendar_day)] = ABSENT
    confirm: Confirm = ABSENT
    placeholder: Placeholder = ABSENT


class DatetimePicker(Focusable):
    """datetime-picker-element: a UNIX time in seconds of 10 digits."""

    type: Literal["datetimepicker"]
    initial_date_time: Annotated[int, Field(ge=1_000_000_000, le=9_999_999_999)] = ABSENT
    confirm: Confirm = ABSENT


class TimePicker(Focusable):
    """time-picker-element."""

    type: Literal["timepicker"]
    initial_time: Annotated[str, AfterValidator(_clock_time)] = ABSENT
    timezone: Annotated[str, AfterValidator(_zone)] = ABSENT
    confirm: Confirm = ABSENT
    placeholder: Placeholder = ABSENT
