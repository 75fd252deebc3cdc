"""The traffic between Slack and the app as an inspector tells it, with every secret masked."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Any, Literal

from bot.playground.model import ApiCall, Delivered, Json
from bot.playground.state import Slack

# How far back each of the two lists is searched.
_MOST = 1_000
_LONGEST = 60_000
_SECRET_NAMES = re.compile(r"(^|_)(token|secret|password|ticket|authorization|code)$")
_SECRET_WORDS = re.compile(
    r"\b(xox[a-z]|xapp)-[\w-]+|(?<=/response/)[\w/]+|(?<=/files/upload/)[\w/]+|(?<=ticket=)[\w-]+"
)
_MASK = "•••"
_PIECES = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|\btrue\b|\bfalse\b|\bnull\b)')

Direction = Literal["to_app", "from_app"]


@dataclass(frozen=True)
class Exchange:
    """One payload to the app with its ack, or one call of the app with its answer.

    `at` is ISO 8601 by the playground's clock. `outcome` is `ok`, `pending`, or what went wrong.
    """

    key: str
    direction: Direction
    name: str
    user_id: str
    outcome: str
    at: str
    request: Any
    answer: Any

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong, as far as is known."""
        return self.outcome in ("ok", "pending")


def exchanges(slack: Slack, team_id: str, *, direction: Direction | None = None, words: str = "") -> Iterator[Exchange]:
    """Yield what went to and fro, newest first; `words` must all stand in the name or the content."""
    wanted = words.casefold().split()
    with slack.lock:
        deliveries = list(islice(reversed(slack.deliveries), _MOST))
        calls = list(islice(reversed(slack.calls), _MOST))
        answers = dict(slack.recent_answers)
    found: list[Exchange] = []
    if direction != "from_app":
        found += [_delivered(d) for d in deliveries if _team_of(d.payload) in ("", team_id)]
    if direction != "to_app":
        found += [_called(call, answers.get(call.serial)) for call in calls if call.team_id in ("", team_id)]
    found.sort(key=lambda exchange: exchange.at, reverse=True)
    return (exchange for exchange in found if not wanted or _holds(exchange, wanted))


def masked(value: Any, name: str = "") -> Any:
    """Return the value without tokens, secrets, tickets and the keys in one-time addresses."""
    if isinstance(value, dict):
        return {key: masked(held, key) for key, held in value.items()}
    if isinstance(value, list):
        return [masked(held) for held in value]
    if isinstance(value, str):
        return _MASK if value and _SECRET_NAMES.search(name) else _SECRET_WORDS.sub(_hide, value)
    return value


def pretty(value: Any) -> str:
    """Return a value as indented JSON without secrets; JSON that was sent as text is opened up."""
    text = json.dumps(masked(_opened(value)), indent=2, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n…"


def coloured(text: str) -> str:
    """Return JSON as HTML with marks around names, texts, and the rest."""
    parts: list[str] = []
    position = 0
    for piece in _PIECES.finditer(text):
        parts.append(escape(text[position : piece.start()]))
        if piece[1] is None:
            parts.append(f'<span class="hp-json-rest">{escape(piece[3])}</span>')
        else:
            kind = "key" if piece[2] else "text"
            parts.append(f'<span class="hp-json-{kind}">{escape(piece[1])}</span>{piece[2] or ""}')
        position = piece.end()
    parts.append(escape(text[position:]))
    return "".join(parts)


def _hide(match: re.Match[str]) -> str:
    return f"{match[1]}-{_MASK}" if match[1] else _MASK


def _opened(value: Any) -> Any:
    """Open arguments such as `blocks` and `view`, which the SDK may send as JSON in a form field."""
    if isinstance(value, dict):
        return {key: _opened(held) for key, held in value.items()}
    if isinstance(value, str) and value[:1] in "{[" and value:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _holds(exchange: Exchange, wanted: list[str]) -> bool:
    said = masked([exchange.name, exchange.outcome, exchange.user_id, exchange.request, exchange.answer])
    text = json.dumps(said, ensure_ascii=False, default=str).casefold()
    return all(word in text for word in wanted)


def _delivered(record: Delivered) -> Exchange:
    return Exchange(
        key=f"d{record.serial}",
        direction="to_app",
        name=_payload_name(record.kind, record.payload),
        user_id=_person_of(record.payload),
        outcome="ok" if record.outcome == "acked" else record.outcome,
        at=record.at,
        request=record.payload,
        answer=record.answer,
    )


def _called(call: ApiCall, answer: Json | None) -> Exchange:
    told: Json = {"ok": call.ok} | ({"error": call.error} if call.error else {}) | ({"ts": call.ts} if call.ts else {})
    return Exchange(
        key=f"c{call.serial}",
        direction="from_app",
        name=call.method,
        user_id=str(call.args.get("user") or call.args.get("user_id") or ""),
        outcome="ok" if call.ok else call.error,
        at=call.at,
        request=call.args,
        answer=told if answer is None else answer,
    )


def _payload_name(kind: str, payload: Json) -> str:
    if kind == "slash_commands":
        return f"{payload.get('command', '')} {payload.get('text', '')}".strip()
    if kind == "events_api":
        return f"event · {payload.get('event', {}).get('type', '')}"
    actions = payload.get("actions") or [{}]
    named = actions[0].get("action_id") or payload.get("callback_id") or payload.get("view", {}).get("callback_id", "")
    return f"{payload.get('type', '')} · {named}" if named else str(payload.get("type", ""))


def _person_of(payload: Json) -> str:
    user = payload.get("user") or payload.get("user_id") or payload.get("event", {}).get("user") or ""
    return str(user.get("id", "")) if isinstance(user, dict) else str(user)


def _team_of(payload: Json) -> str:
    team = payload.get("team_id") or payload.get("team") or ""
    return str(team.get("id", "")) if isinstance(team, dict) else str(team)
