"""How templates become messages.

`text.j2` gives plain mrkdwn. In `blocks.json.j2` and `view.json.j2` every ``{{ }}`` is JSON-encoded by the environment,
so a template never puts quotes around one, and what people wrote can never break out of its string. Items of a list
stand side by side: the commas between them are set here, because only strings' own brackets are encoded away and
``}`` followed by ``{`` (or ``]`` by ``[``) can then mean nothing else. A `blocks.json.j2` is a row of blocks, a
`view.json.j2` one view.

Shared sentences are macros of `_macros/say.j2`. They are text, so JSON templates reach them as `say`.
"""

import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from json.encoder import encode_basestring_ascii
from pathlib import Path
from types import CodeType
from typing import Any, Final, Literal, get_args

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template, Undefined
from jinja2.bccache import Bucket

from messages import ids
from messages.content import Message
from messages.definitions import redefined
from messages.escaping import cut, mrkdwn, plain, quote
from messages.formats import Formats, point
from messages.i18n import LANGUAGES, language_of, speech
from messages.origins import origin
from messages.people import Naming, channel

Kind = Literal["text", "json", "svg"]

TEMPLATES: Final = Path(__file__).parent
_SIDE_BY_SIDE = re.compile(r"([}\]])\s*(?=[{\[])")
_TEXT_LIMIT = 3000  # characters of a fallback text; Slack recommends at most 4,000


class _Compiled(FileSystemBytecodeCache):
    """Keeps what was compiled for one kind: for the next language in memory, for the next process as Python keeps its.

    A file is taken for the same template, Jinja, Python and this module only. Where none can be written, none is.
    """

    def __init__(self, kind: Kind) -> None:
        super().__init__(str(TEMPLATES / "__pycache__" / f"{kind}-{_VERSION}"))
        self._codes: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand out what is there."""
        bucket.code = self._codes.get(bucket.key)
        if bucket.code is None:
            with suppress(OSError):
                super().load_bytecode(bucket)
            self._remember(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._remember(bucket)
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                Path(self.directory).mkdir(parents=True, exist_ok=True)
                super().dump_bytecode(bucket)

    def _remember(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.code


# What is compiled depends on the options below as well.
_VERSION: Final = sha256(Path(__file__).read_bytes() + jinja2.__version__.encode()).hexdigest()[:12]
_COMPILED: Final[dict[Kind, _Compiled]] = {kind: _Compiled(kind) for kind in get_args(Kind)}


@cache
def environment(kind: Kind, language: str) -> Environment:
    """Make the environment of one language, once.

    `kind` json encodes every expression, svg escapes it for XML, text leaves it as it is.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=_encoded if kind == "json" else None,
        # JSON and mrkdwn are not HTML: there, escaping is the encoder's and the filters' work.
        autoescape=kind == "svg",  # noqa: S701
        auto_reload=False,
        bytecode_cache=_COMPILED[kind],
        # What is constant in one language, such as a number that a filter writes, is not so in another.
        optimized=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    gettext, ngettext = speech(language)
    made.filters |= {"cut": cut, "point": point, "mrkdwn": mrkdwn, "plain": plain, "quote": quote, **_spoken(language)}
    made.globals |= {"_": gettext, "ngettext": ngettext, "ids": ids, "channel": channel}
    made.globals["say"] = sayings(language) if kind == "json" else made.get_template("_macros/say.j2").module
    return made


def _spoken(language: str) -> dict[str, Callable[..., str]]:
    """Give the filters that a language adds to templates."""
    formats, naming = Formats(language), Naming(language)
    written = (
        "number",
        "amount",
        "value",
        "typed",
        "target",
        "typed_target",
        "delta",
        "share",
        "rate",
        "weekname",
        "weeklabel",
        "day",
        "daterange",
        "age",
        "moment",
        "weekly",
        "weekday",
    )
    called = ("mention", "named", "plainly", "together", "position", "line", "side")
    spoken = {name: getattr(formats, name) for name in written} | {name: getattr(naming, name) for name in called}
    return spoken | {
        "redefined": lambda change: redefined(change, language),
        "origin": lambda kpi: origin(kpi, language),
    }


@cache
def sayings(language: str) -> Any:
    """Give the shared sentences: an object with the macros of `_macros/say.j2`, each returning mrkdwn."""
    return environment("text", language_of(language)).get_template("_macros/say.j2").module


def message(name: str, language: str, **values: Any) -> Message:
    """Render the message in the folder `name`; `older.json.j2`, where there is one, gives its older blocks."""
    older = _older(name)
    return Message(
        text=text(name, language, **values),
        blocks=_blocks(f"{name}/blocks.json.j2", language, values),
        older_blocks=_blocks(older, language, values) if older else None,
    )


def view(name: str, language: str, **values: Any) -> dict[str, Any]:
    """Render the view in the folder `name`."""
    rendered = _template("json", f"{name}/view.json.j2", language_of(language)).render(values)
    parsed: dict[str, Any] = json.loads(_with_commas(rendered))
    return parsed


def drawing(name: str, language: str, **values: Any) -> str:
    """Render the picture in the folder `name`, as SVG."""
    return _template("svg", f"{name}/picture.svg.j2", language_of(language)).render(values)


def text(name: str, language: str, **values: Any) -> str:
    """Render the fallback text in the folder `name`."""
    return cut(_template("text", f"{name}/text.j2", language_of(language)).render(values).strip(), _TEXT_LIMIT)


def warm(languages: tuple[str, ...] = LANGUAGES) -> None:
    """Compile every template, so that the first reader of each does not wait for it."""
    for language in languages:
        for path in TEMPLATES.glob("*/*.j2"):
            kind: Kind = (
                "json" if path.name.endswith(".json.j2") else "svg" if path.name.endswith(".svg.j2") else "text"
            )
            _template(kind, path.relative_to(TEMPLATES).as_posix(), language_of(language))


@cache
def _older(name: str) -> str | None:
    path = f"{name}/older.json.j2"
    return path if (TEMPLATES / path).exists() else None


@cache
def _template(kind: Kind, path: str, language: str) -> Template:
    return environment(kind, language).get_template(path)


def _blocks(path: str, language: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    rendered = _template("json", path, language_of(language)).render(values)
    parsed: list[dict[str, Any]] = json.loads(f"[{_with_commas(rendered)}]")
    return parsed


def _with_commas(rendered: str) -> str:
    return _SIDE_BY_SIDE.sub(r"\1,", rendered)


def _encoded(value: Any) -> str:
    if isinstance(value, str):
        encoded = encode_basestring_ascii(value)
        if "{" in encoded or "[" in encoded or "}" in encoded or "]" in encoded:
            return encoded.translate(_BRACKETS)
        return encoded
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_encoded, value))}]"
    if isinstance(value, Undefined):
        return str(value)  # raises, and names what is missing
    return json.dumps(value)


_BRACKETS = {ord(bracket): f"\\u{ord(bracket):04x}" for bracket in "{}[]"}
