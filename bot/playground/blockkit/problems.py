"""From pydantic's errors to Slack's sentences with JSON pointers."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from pydantic import AfterValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

_REFUSED = "slack_refused"

# Objects whose `type` equals one of their own keys although they stand in no union: no tag to skip.
_UNTAGGED = frozenset({"url"})

_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "string_too_long": lambda c: f"must be less than {c['max_length'] + 1} characters",
    "string_too_short": lambda c: f"must be more than {c['min_length'] - 1} characters",
    "too_long": lambda c: f"no more than {c['max_length']} items allowed",
    "too_short": lambda c: f"no fewer than {c['min_length']} items allowed",
    "literal_error": lambda _: "must be a valid enum value",
    "string_type": lambda _: "must provide a string",
    "string_unicode": lambda _: "must provide a string",
    "bool_type": lambda _: "must provide a boolean",
    "int_type": lambda _: "must provide an integer",
    "float_type": lambda _: "must provide a number",
    "finite_number": lambda _: "must provide a number",
    "list_type": lambda _: "must provide an array",
    "dict_type": lambda _: "must provide an object",
    "model_type": lambda _: "must provide an object",
    "model_attributes_type": lambda _: "must provide an object",
    "string_pattern_mismatch": lambda c: f"must match {c['pattern']}",
    "greater_than": lambda c: f"must be greater than {c['gt']:.10g}",
    "greater_than_equal": lambda c: f"must be at least {c['ge']:.10g}",
    "less_than_equal": lambda c: f"must be at most {c['le']:.10g}",
}


class _HasText(Protocol):
    text: str


_Text = TypeVar("_Text", bound=_HasText)


class Problem(NamedTuple):
    """What is wrong, and the path of keys and indices to it."""

    sentence: str
    at: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        """Return Slack's line for ``response_metadata.messages``."""
        return f"[ERROR] {self.sentence} [json-pointer:{_pointer(self.at)}]"


def refuse(problems: Iterable[Problem]) -> None:
    """Refuse the object under validation, unless there is no problem.

    Args:
        problems: Their paths are relative to that object.

    Raises:
        PydanticCustomError: Carries all of them, for `explain` to unfold.
    """
    if found := list(problems):
        raise PydanticCustomError(_REFUSED, "refused", {"problems": found})


def at_most(length: int) -> AfterValidator:
    """Limit the ``text`` of a text object to `length` characters."""

    def check(value: _Text) -> _Text:
        if len(value.text) > length:
            refuse([Problem(f"must be less than {length + 1} characters", ("text",))])
        return value

    return AfterValidator(check)


def explain(error: ValidationError, raw: Any, base: tuple[str | int, ...]) -> list[Problem]:
    """Translate every error of one validation.

    Args:
        error: What pydantic found.
        raw: The value that was validated.
        base: The path of `raw` in the payload.
    """
    details = error.errors(include_url=False, include_input=False)
    return [Problem(sentence, base + path) for detail in details for sentence, path in _translate(detail, raw)]


def _translate(detail: ErrorDetails, raw: Any) -> Iterable[Problem]:
    kind, loc, context = detail["type"], detail["loc"], detail.get("ctx", {})
    if kind == _REFUSED:
        path, _ = _resolve(loc, raw)
        return [Problem(problem.sentence, path + problem.at) for problem in context["problems"]]
    if kind in {"missing", "extra_forbidden"}:
        path, _ = _resolve(loc[:-1], raw)
        phrase = "missing required field" if kind == "missing" else "invalid additional property"
        return [Problem(f"{phrase}: {loc[-1]}", path)]
    path, value = _resolve(loc, raw)
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return [_unknown_type(path, value)]
    if kind == "literal_error" and loc[-1] == "type" and isinstance(value, str):
        return [Problem(f"unsupported type: {value}", path)]
    sentence = _SENTENCES.get(kind)
    return [Problem(sentence(context) if sentence else detail["msg"], path)]


def _unknown_type(path: tuple[str | int, ...], value: Any) -> Problem:
    if not isinstance(value, dict):
        return Problem("must provide an object", path)
    if "type" not in value:
        return Problem("missing required field: type", path)
    return Problem(f"unsupported type: {value['type']}", (*path, "type"))


def _resolve(loc: Sequence[str | int], raw: Any) -> tuple[tuple[str | int, ...], Any]:
    """Follow `loc` through `raw`, leaving out the union tags that pydantic puts in between."""
    path: list[str | int] = []
    node, tag_taken = raw, False
    for step in loc:
        if isinstance(node, dict):
            kind = node.get("type")
            if not tag_taken and step == kind and kind not in _UNTAGGED:
                tag_taken = True
                continue
            node = node.get(str(step))
        elif isinstance(node, list) and isinstance(step, int):
            node = node[step]
        else:
            continue
        path.append(step)
        tag_taken = False
    return tuple(path), node


def _pointer(path: Iterable[str | int]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
