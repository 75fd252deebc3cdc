"""Elements to type into (block-elements/*-input-element)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from bot.playground.blockkit.composition import (
    ABSENT,
    DispatchActionConfig,
    Filled,
    Placeholder,
)
from bot.playground.blockkit.elements import Element, Focusable
from bot.playground.blockkit.problems import Problem, refuse
from bot.playground.blockkit.rich_text import RichText


class _Typed(Focusable):
    placeholder: Placeholder = ABSENT
    dispatch_action_config: DispatchActionConfig = ABSENT


class PlainTextInput(_Typed):
    """plain-text-input-element."""

    type: Literal["plain_text_input"]
    initial_value: Annotated[str, StringConstraints(max_length=3000)] = ABSENT
    multiline: bool = ABSENT
    min_length: Annotated[int, Field(ge=0, le=3000)] = ABSENT
    max_length: Annotated[int, Field(ge=1, le=3000)] = ABSENT

    @model_validator(mode="after")
    def _lengths_agree(self) -> "PlainTextInput":
        refuse(self._disagreements())
        return self

    def _disagreements(self) -> Iterator[Problem]:
        least = self.min_length if self.has("min_length") else 0
        most = self.max_length if self.has("max_length") else 3000
        if least > most:
            yield Problem("must be at most max_length", ("min_length",))
        # An empty initial value is a field that nobody has filled in yet.
        length = len(self.initial_value or "")
        if length > most:
            yield Problem(f"must be less than {most + 1} characters", ("initial_value",))
        if 0 < length < least:
            yield Problem(f"must be more than {least - 1} characters", ("initial_value",))


class EmailInput(_Typed):
    """email-input-element."""

    type: Literal["email_text_input"]
    initial_value: str = ABSENT


class UrlInput(_Typed):
    """url-input-element."""

    type: Literal["url_text_input"]
    initial_value: str = ABSENT


class NumberInput(_Typed):
    """number-input-element: its numbers are strings."""

    type: Literal["number_input"]
    is_decimal_allowed: bool
    initial_value: str = ABSENT
    min_value: str = ABSENT
    max_value: str = ABSENT

    @model_validator(mode="after")
    def _numbers_agree(self) -> "NumberInput":
        refuse(self._disagreements())
        return self

    def _disagreements(self) -> Iterator[Problem]:
        numbers: dict[str, Decimal] = {}
        for field in ("min_value", "max_value", "initial_value"):
            if not self.has(field):
                continue
            number = _number(getattr(self, field))
            if number is None:
                yield Problem("must be a number", (field,))
            elif number % 1 and not self.is_decimal_allowed:
                yield Problem("must be a whole number", (field,))
            else:
                numbers[field] = number
        least = numbers.get("min_value", Decimal("-Infinity"))
        most = numbers.get("max_value", Decimal("Infinity"))
        if least > most:
            yield Problem("must be at most max_value", ("min_value",))
        elif not least <= numbers.get("initial_value", least) <= most:
            yield Problem("must be between min_value and max_value", ("initial_value",))


def _number(text: str) -> Decimal | None:
    # Decimal itself would also take 1_000, 1e9 and NaN. 8 decimals keep `%` exact.
    return Decimal(text) if re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,8})?", text) else None


class RichTextInput(_Typed):
    """rich-text-input-element."""

    type: Literal["rich_text_input"]
    initial_value: RichText = ABSENT
    min_lines: Annotated[int, Field(ge=1, le=100)] = ABSENT
    max_lines: Annotated[int, Field(ge=1, le=100)] = ABSENT


class FileInput(Element):
    """file-input-element."""

    type: Literal["file_input"]
    filetypes: Annotated[list[Filled], Field(min_length=1)] = ABSENT
    max_files: Annotated[int, Field(ge=1, le=10)] = ABSENT
