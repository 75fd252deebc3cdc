"""Reading a JSON document that is larger than memory: a few words about it, then tables with their rows, one by one."""

import json
from collections.abc import Iterator
from typing import Any, Final, TextIO

from bot.domain.errors import UserFacingError

CHUNK: Final = 1 << 16
# No row comes near; a file in which one value does not end is none of ours.
LONGEST_VALUE: Final = 1 << 24
_SPACE: Final = " \t\n\r"


class NotJsonError(UserFacingError):
    """The document cannot be read; the sentence names the line."""


class JsonRows:
    """Reads `{"a": 1, …, "tables": {"name": [{…}, {…}], …}}` from the start, once.

    `head` is what stands before `tables`. Iterating yields each table's name with its next row, and then nothing more
    may follow. A table without rows is not yielded.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._text, self._at, self._line, self._ended = "", 0, 1, False
        self._decoder = json.JSONDecoder(parse_constant=_refused)
        self.head: dict[str, Any] = {}
        self._take("{")
        while (name := self._name()) != "tables":
            self.head[name] = self._value()
            if self._next() == "}":
                raise self._wrong("there are no tables in it")
            self._take(",")
        self._take("{")

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        seen: set[str] = set()
        for name in self._members("}"):
            if name in seen:
                raise self._wrong(f"the table {name} stands there twice")
            seen.add(name)
            yield from ((name, row) for row in self._rows())
        self._take("}")
        if self._next():
            raise self._wrong("something follows after its end")

    def _members(self, end: str) -> Iterator[str]:
        if self._next() != end:
            yield self._name()
            while self._next() == ",":
                self._take(",")
                yield self._name()
        self._take(end)

    def _rows(self) -> Iterator[dict[str, Any]]:
        self._take("[")
        if self._next() != "]":
            yield self._row()
            while self._next() == ",":
                self._take(",")
                yield self._row()
        self._take("]")

    def _row(self) -> dict[str, Any]:
        value = self._value()
        if not isinstance(value, dict):
            raise self._wrong("a row must be an object")
        return value

    def _name(self) -> str:
        value = self._value()
        if not isinstance(value, str):
            raise self._wrong("a name must be text")
        self._take(":")
        return value

    def _value(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                # It may only be cut off where the part in memory ends.
                if self._ended or len(self._text) - self._at > LONGEST_VALUE:
                    raise self._wrong("this is not JSON") from error
            else:
                # A number that goes up to the end may go on.
                if end < len(self._text) or self._ended:
                    self._at = end
                    return value
            self._read(max(CHUNK, len(self._text) - self._at))

    def _next(self) -> str:
        """Return the next character that is no space, without taking it; nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._read(CHUNK)

    def _take(self, character: str) -> None:
        if self._next() != character:
            raise self._wrong(f"“{character}” is missing")
        self._at += 1

    def _read(self, characters: int) -> None:
        self._line += self._text.count("\n", 0, self._at)
        more = self._stream.read(characters)
        self._text, self._at, self._ended = self._text[self._at :] + more, 0, not more

    def _wrong(self, reason: str) -> NotJsonError:
        return NotJsonError(f"line {self._line + self._text.count(chr(10), 0, self._at)}: {reason}")


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number")
