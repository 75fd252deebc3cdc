"""A chain's analysis as JSON, and back: how it is kept from the time that it is computed until somebody reads it."""

import json
import types
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def as_content(result: Any) -> dict[str, Any]:
    """Give a result of `bot.domain.chain` as plain values that JSON takes."""
    return asdict(result)


def is_sound(content: Mapping[str, Any]) -> bool:
    """Tell whether JSON takes it: rates beyond all measure make infinite numbers."""
    try:
        json.dumps(content, allow_nan=False)
    except ValueError:
        return False
    return True


def from_content(kind: type[T], content: Mapping[str, Any]) -> T:
    """Read a result again.

    Raises:
        KeyError, TypeError, ValueError: It was written by another version.
    """
    read: T = _read(kind, content)
    return read


def _read(kind: Any, value: Any) -> Any:
    if get_origin(kind) in {types.UnionType, Union}:
        return None if value is None else _read(next(one for one in get_args(kind) if one is not type(None)), value)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_read(one, part) for one, part in zip(kinds, value, strict=True))
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _read(hint, value[name]) for name, hint in _hints(kind).items()})
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    return float(value) if kind is float else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
