"""Reading a team's YAML, and saying where in it something is wrong."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from bot.domain.errors import UserFacingError

Loc = tuple[int | str, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is there: ten times as fast
_LARGEST: Final = 5_000_000
_UNQUOTED_CHANNEL = re.compile(r"^\s*channel\s*:\s+#\S")
_NEAR: Final = 0.6  # similarity from which a name is worth offering
_MOST_SHOWN: Final = 20
_SAID = {
    "missing": "is missing",
    "string_type": "must be text; put it in quotes",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "must be a currency's code such as SEK",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "finite_number": "must be a number",
    "tuple_type": "must be a list",
    "too_short": "is empty",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
_SETTINGS = ("quiet", "edit_weeks", "review_months", "hat_check")
# Fields that a person may have misspelt, by the last named part of the place.
_FIELDS = {
    "": ("team", "members", "hats", "links", "goal", "order"),
    "team": ("slug", "name", "channel", "locale", "timezone", "schedule", "work", *_SETTINGS),
    "work": ("days", "from", "until", "holidays", "answer_hours"),
    "quiet": ("from", "until"),
    "schedule": ("prompt", "reminder", "digest"),
    "members": ("id", "name", "timezone", "locale", "admin"),
    "hats": ("slug", "name", "aliases", "side", "position", "ask_about", "owner", "wearers", "kpis"),
    "kpis": (
        "slug",
        "name",
        "unit",
        "currency",
        "direction",
        "cadence",
        "decimals",
        "formula",
        "shown_as",
        "target",
        "weeks",
        "source",
    ),
    "source": ("url", "format", "values", "weeks"),
    "weeks": ("week", "target", "reason"),
    "links": ("from", "to", "lag", "lag_known", "rate"),
}


class TeamFileError(UserFacingError):
    """A team's file cannot be used. `problems` says why, each in one line that names its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems[:_MOST_SHOWN])
        if len(problems) > _MOST_SHOWN:
            self.problems += (f"and {len(problems) - _MOST_SHOWN} more",)
        super().__init__("; ".join(self.problems))


def nearest(word: str, known: Sequence[str]) -> str:
    """Give `; did you mean ...?` for the known word that is most like `word`, or nothing."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=_NEAR)
    return f"; did you mean {close[0]}?" if close else ""


@dataclass
class Document:
    """A file's content, and on which line each part of it stands."""

    content: Any
    lines: dict[Loc, int] = field(default_factory=dict)

    @classmethod
    def read(cls, source: Path | str) -> "Document":
        """Read a file, or a text.

        Raises:
            TeamFileError: It is not there, not text, or not YAML.
        """
        text = source if isinstance(source, str) else _text_of(source)
        if len(text) > _LARGEST:
            raise TeamFileError(["the file is too large to be a team"])
        if lost := next((n for n, line in enumerate(text.splitlines(), 1) if _UNQUOTED_CHANNEL.match(line)), None):
            raise TeamFileError([f'team › channel: put "#name" in quotes, or YAML takes it for a remark (line {lost})'])
        try:
            return cls._parse(text)
        except yaml.MarkedYAMLError as error:
            raise TeamFileError([_not_yaml(error)]) from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            reason = str(error).splitlines()[0] if str(error) else "it is nested too deeply"
            raise TeamFileError([f"this is not YAML: {reason}"]) from None

    @classmethod
    def _parse(cls, text: str) -> "Document":
        loader = _LOADER(text.removeprefix("\ufeff"))
        try:
            root = loader.get_single_node()
            if not isinstance(root, yaml.MappingNode):
                raise TeamFileError(["the file must have the parts team, members, hats, links and goal"])
            lines: dict[Loc, int] = {}
            for place, line in _walk(root, (), set()):
                lines.setdefault(place, line)
            return cls(loader.construct_document(root), lines)
        finally:
            loader.dispose()

    def say(self, place: Loc, text: str) -> str:
        """Say what is wrong at a place: `hats › email-nurturing › side: must be ... (line 12)`."""
        line = next((self.lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in self.lines), None)
        where = " › ".join(self._words(place))
        return f"{where}: {text}" + (f" (line {line})" if line else "")

    def explain(self, error: Mapping[str, Any]) -> str:
        """Say one of pydantic's errors in words."""
        place: Loc = tuple(error["loc"])
        kind, context = error["type"], error.get("ctx") or {}
        if kind == "value_error":
            return self.say(place, str(context["error"]))
        if kind in {"enum", "literal_error"}:
            return self.say(place, f"must be {context['expected'].replace(chr(39), '')}")
        if kind == "extra_forbidden":
            return self.say(place, f"is not known here{nearest(str(place[-1]), _FIELDS[_section(place[:-1])])}")
        if kind in {"model_type", "model_attributes_type"}:
            return self.say(place, f"must have the fields {', '.join(_FIELDS[_section(place)])}")
        return self.say(place, _SAID[kind].format(**context) if kind in _SAID else str(error["msg"]))

    def _words(self, place: Loc) -> Iterator[str]:
        here = self.content
        for step in place:
            here = _step(here, step)
            yield str(step) if isinstance(step, str) else _name_of(here, step)


def _section(place: Loc) -> str:
    return next((step for step in reversed(place) if isinstance(step, str)), "")


def _step(here: Any, step: int | str) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def _name_of(entry: Any, index: int) -> str:
    """Call a list's entry by its slug, id or ends, or else by its number."""
    if isinstance(entry, dict):
        if {"from", "to"} <= entry.keys():
            return f"{entry['from']} → {entry['to']}"
        entry = entry.get("slug") or entry.get("id") or entry.get("name")
    return entry if isinstance(entry, str) and entry else f"number {index + 1}"


def _walk(node: Any, place: Loc, seen: set[int]) -> Iterator[tuple[Loc, int]]:
    if id(node) in seen:
        raise yaml.MarkedYAMLError(problem="anchors and aliases are not used here", problem_mark=node.start_mark)
    seen.add(id(node))
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _walk(child, (*place, index), seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, child in node.value:
            if key.value in keys if isinstance(key.value, str) else False:
                raise yaml.MarkedYAMLError(problem=f"{key.value} stands here twice", problem_mark=key.start_mark)
            keys.add(str(key.value))
            yield from _walk(child, (*place, str(key.value)), seen)


def _not_yaml(error: yaml.MarkedYAMLError) -> str:
    reason = error.problem or error.context or "it cannot be read"
    if "cannot start any token" in reason:
        reason += "; put texts that begin with @, ` or % in quotes"
    line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
    return f"this is not YAML: {reason}{line}"


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TeamFileError([f"{path} cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError:
        raise TeamFileError([f"{path} is not text in UTF-8"]) from None
