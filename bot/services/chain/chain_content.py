"""A chain's analysis as JSON, and back: how it is kept from the time that it is computed until somebody reads it."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from bot.domain.chain import Analysis


def as_content(analysis: Analysis) -> dict[str, Any]:
    """Give an analysis as plain values that JSON takes."""
    content: dict[str, Any] = _adapter().dump_python(analysis)
    return content


def is_sound(content: Mapping[str, Any]) -> bool:
    """Tell whether JSON takes it: rates beyond all measure make infinite numbers."""
    try:
        json.dumps(content, allow_nan=False)
    except ValueError:
        return False
    return True


def from_content(content: Mapping[str, Any]) -> Analysis:
    """Read an analysis again.

    Raises:
        ValueError: It was written by another version.
    """
    return _adapter().validate_python(content)


@cache
def _adapter() -> TypeAdapter[Analysis]:
    return TypeAdapter(Analysis)
