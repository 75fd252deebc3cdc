"""Whatever Slack may tell, and programs may ask: strategies for events and for requests of the API."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from bot.listeners.register import EVENTS, INSTALL_EVENTS
from tests.support.hostile import ANYTHING, BEHIND, NOT_TEXT, TEXTS, WEEK
from tests.support.inputs import METADATA, OURS, PEOPLE, STATES, THEIRS, Attempt, Json, worn


@dataclass(frozen=True)
class Request:
    """Something that arrives at the API; `token` is how it authenticates, "ours" for a live token."""

    method: str
    path: str
    token: str | None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    def __repr__(self) -> str:
        """Show so much that a failure can be understood: some bodies are huge."""
        return f"{self.method} {self.path} {self.query} {self.headers} {self.content[:300]!r}"


_SUBTYPES = st.sampled_from(
    [
        None,
        None,
        "message_changed",
        "message_deleted",
        "thread_broadcast",
        "file_share",
        "channel_join",
        "bot_message",
        "new",
    ]
)
_SAID = st.one_of(
    TEXTS,
    st.builds(
        "{} {}".format, st.sampled_from(["<@U0BOT>", "<@U0BOT> who", "Who owns", "vem har hatten", "leads 12"]), BEHIND
    ),
)


@st.composite
def events(draw: st.DrawFn) -> Attempt:
    """Give an event, whole or with a part that is gone or of a wrong type."""
    kind = draw(st.sampled_from([*EVENTS, "message", "message", *INSTALL_EVENTS, "reaction_added", "something_new"]))
    if kind in INSTALL_EVENTS and not draw(st.booleans()):
        kind = "message"
    by = draw(st.sampled_from(PEOPLE))
    before = {"ts": "1.2", "user": by, "text": draw(_SAID), "subtype": draw(st.sampled_from([None, "tombstone"]))}
    event: Json = {
        "type": kind,
        "user": draw(st.one_of(st.just(by), st.just({"id": by, "profile": draw(_PROFILES)})))
        if kind == "user_change"
        else by,
        "text": draw(_SAID),
        "ts": "1.3",
        "event_ts": "1.3",
        "channel": draw(st.sampled_from(["C1", "C2", "D1"])),
        "channel_type": draw(st.sampled_from(["channel", "im", "mpim", None])),
        "tab": draw(st.sampled_from(["home", "messages", None])),
        "subtype": draw(_SUBTYPES),
        "thread_ts": draw(st.sampled_from([None, "1.2", "5.6", "x"])),
        "previous_message": before,
        "message": before,
        "inviter": draw(st.sampled_from(["U1", "U0BOT", None])),
        "view": {"private_metadata": draw(METADATA), "state": draw(STATES)},
    }
    name = st.sampled_from(sorted(set(event) - {"type"}))
    # Bolt itself reads these before it knows a listener, and wants each to be a text or an object.
    wrong = st.sampled_from(sorted(set(event) - {"type", "user", "channel", "message", "view"}))
    put = st.one_of(st.none(), st.tuples(wrong, ANYTHING), st.tuples(st.sampled_from(["user", "channel"]), TEXTS))
    event = worn(event, draw(st.none() | name), draw(put))
    if kind in INSTALL_EVENTS:
        # Of the other workspace: the doors of this one stay open.
        event |= {
            "tokens": draw(ANYTHING | st.just({"bot": ["U0BOT"]})),
            "team_ids": draw(ANYTHING | st.just([THEIRS])),
        }
    body: Json = {
        "type": "event_callback",
        "team_id": OURS if kind not in INSTALL_EVENTS else THEIRS,
        "api_app_id": "A1",
        "event_id": f"Ev{draw(st.integers(1, 10**9))}",
        "event_time": draw(st.sampled_from([1_790_000_000, 0, "x", None, 10**20])),
        "event": event,
        "authorizations": draw(st.sampled_from([[{"user_id": "U0BOT", "team_id": OURS}], [], None])),
    }
    return Attempt("event", body, by, silent=True)


_PROFILES: Any = st.one_of(
    st.none(),
    st.just({}),
    st.builds(lambda name: {"display_name": name, "real_name": name}, st.none() | TEXTS),
    NOT_TEXT,
)

_ROWS: Any = st.one_of(
    st.builds(
        lambda kpi, week, value, note: {"kpi": kpi, "week": week, "value": value, "note": note},
        st.sampled_from(["visits", "revenue", "rate", "old", "theirs"]) | TEXTS,
        st.sampled_from([WEEK, "2026-W48", "2026-W54", "1900-W01"]) | TEXTS,
        st.sampled_from([12, -1, 12.5, 1e300, 10**30, "12", None, True]),
        st.none() | TEXTS,
    ),
    st.dictionaries(TEXTS, ANYTHING, max_size=3),
    ANYTHING,
)


def _as_json(content: Any) -> bytes:
    return json.dumps(content).encode(errors="surrogatepass")


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Give a request of the API."""
    body = draw(
        st.one_of(
            _ROWS.map(_as_json),
            st.lists(_ROWS, max_size=4).map(_as_json),
            st.binary(max_size=40),
            st.sampled_from([b"[" * 100_000, b"1" * 1_000_001, b'{"kpi": 1e999}', b"NaN", b""]),
        )
    )
    plain = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=120)
    return Request(
        method=draw(st.sampled_from(["POST", "POST", "GET", "PUT", "DELETE", "PATCH", "OPTIONS"])),
        path=draw(
            st.sampled_from(
                ["/api/v1/readings", "/api/v1/readings", "/api/v1/kpis", "/api/v1", "/api/", "/api/v2/x", "/api/docs"]
            )
        ),
        token=draw(st.sampled_from(["ours", "ours", "ours", "theirs", None]) | plain),
        headers={
            "Content-Type": draw(st.sampled_from(["application/json"] * 4 + ["text/csv", "application/json; x=y", ""])),
            **draw(st.just({}) | plain.map(lambda key: {"Idempotency-Key": key})),
        },
        query=draw(
            st.just({})
            | st.dictionaries(
                st.sampled_from(["kpi", "first", "last", "limit", "offset", "x"]),
                st.sampled_from(["visits", WEEK, "2026-W99", "1", "-1", "1" * 30, "", "\x00", "å", "nan"]),
                max_size=3,
            )
        ),
        content=body,
    )
