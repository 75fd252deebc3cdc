"""Whatever people may do in Slack: strategies for commands, clicks, forms and shortcuts.

Ids are those of the two workspaces of `tests.support.gauntlet`: half of what is generated means something there.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from bot.listeners.register import ACTIONS, SHORTCUTS, VIEWS
from messages import ids
from tests.messages.content import Content
from tests.messages.examples import EXAMPLES
from tests.support.hostile import COMMANDS, NASTY, NOT_TEXT, ROWS, TEXTS, VALUES

Json = dict[str, Any]
OURS, THEIRS = "T-ours", "T-theirs"
PEOPLE: Final = ("U1", "U2", "U7", "U0SVEN", "U0SARA", "U0GUEST", "U0GONE", "U0STRANGER", "U9")
PLACES: Final = ("C1", "C2", "D1", "", None)
ACTION_IDS: Final = [key if isinstance(key, str) else f"{ids.HAT_CHOOSE}_1" for table in ACTIONS for key in table]
CALLBACKS: Final = [key for table in VIEWS for key in table]
SHORTCUT_IDS: Final = [key for table in SHORTCUTS for key in table]
_BLOCKS = sorted(getattr(ids, name) for name in dir(ids) if name.endswith("_BLOCK"))
_INPUTS = sorted(getattr(ids, name) for name in dir(ids) if name.endswith("_INPUT"))


@dataclass(frozen=True)
class Attempt:
    """Something that arrives at the doors of Slack. `by` reads the answer, if the payload tells who that is."""

    door: str
    body: Json
    by: str = ""
    silent: bool = False  # nobody waits for an answer

    def __repr__(self) -> str:
        """Show so much that a failure can be understood: some texts are huge."""
        return f"{self.door} by {self.by}: {self.body!r:.1500}"


def worn(body: Json, drop: str | None, put: tuple[str, Any] | None) -> Json:
    """Return a payload of which a part may be gone, or be something else than it should."""
    worn = {name: value for name, value in body.items() if name != drop}
    return worn if put is None else {**worn, put[0]: put[1]}


@st.composite
def commands(draw: st.DrawFn) -> Attempt:
    """Give `/hat ...`, typed by anybody anywhere."""
    by = draw(st.sampled_from(PEOPLE))
    body = {
        "command": "/hat",
        "text": draw(COMMANDS),
        "team_id": OURS,
        "user_id": by,
        "channel_id": draw(st.sampled_from(PLACES)),
        "trigger_id": "1.2.3",
        "api_app_id": "A1",
    }
    return Attempt("command", body, by)


_CHOICE = st.one_of(
    VALUES.map(lambda value: {"value": value}),
    st.sampled_from(PEOPLE).map(lambda value: {"value": value}),
    st.none(),
    st.just({}),
)
_FIELD: Any = st.one_of(
    VALUES.map(lambda text: {"type": "plain_text_input", "value": text}),
    st.just({"type": "plain_text_input", "value": None}),
    _CHOICE.map(lambda one: {"selected_option": one}),
    st.lists(_CHOICE, max_size=3).map(lambda several: {"selected_options": several}),
    st.just({"selected_options": None}),
    st.sampled_from(PEOPLE).map(lambda user: {"selected_user": user}),
    st.sampled_from(["C1", "C2", "C0OTHER", None]).map(lambda where: {"selected_conversation": where}),
    st.sampled_from(["C1", None]).map(lambda where: {"selected_channel": where}),
    st.sampled_from(["2026-12-24", "2026-02-30", "x", None]).map(lambda day: {"selected_date": day}),
    st.sampled_from(["09:00", "25:00", "", None]).map(lambda time: {"selected_time": time}),
    st.none(),
    NOT_TEXT,
    NOT_TEXT.map(lambda wrong: {"value": wrong, "selected_option": wrong, "selected_user": wrong}),
    NOT_TEXT.map(lambda wrong: {"selected_options": wrong}),
)
_BLOCK_IDS = st.one_of(
    st.sampled_from(_BLOCKS),
    st.builds("{}{}".format, st.sampled_from(_BLOCKS), ROWS),
    st.builds("{}{}".format, st.sampled_from(_BLOCKS), st.sampled_from(NASTY)),
    TEXTS,
)
_FIELDS = st.dictionaries(
    _BLOCK_IDS,
    st.none() | NOT_TEXT | st.dictionaries(st.sampled_from(_INPUTS) | TEXTS, _FIELD, max_size=2),
    max_size=5,
)
STATES: Any = st.one_of(
    _FIELDS.map(lambda values: {"values": values}),
    _FIELDS.map(lambda values: {"values": values}),
    st.none(),
    st.just({}),
    st.just({"values": None}),
    NOT_TEXT,
    NOT_TEXT.map(lambda wrong: {"values": wrong}),
)
METADATA: Any = st.one_of(VALUES, VALUES, st.none(), st.just("x" * 10_000), st.just("2 " * 5_000), NOT_TEXT)


@st.composite
def clicks(draw: st.DrawFn) -> Attempt:
    """Give a click, in a message, a modal or the Home, of any element with any value."""
    by = draw(st.sampled_from(PEOPLE))
    action: Json = {
        "type": draw(
            st.sampled_from(["button", "static_select", "overflow", "users_select", "datepicker", "unheard_of"])
        ),
        "block_id": "b",
        "action_id": draw(st.sampled_from([*ACTION_IDS, "long_gone", ids.HAT_CHOOSE, f"{ids.HAT_CHOOSE}_999999"])),
        "value": draw(st.one_of(VALUES, VALUES, st.none(), NOT_TEXT)),
        **draw(st.just({}) | _FIELD.filter(lambda held: isinstance(held, dict) and "value" not in held)),
    }
    view = {
        "id": "V1",
        "type": draw(st.sampled_from(["modal", "home"])),
        "private_metadata": draw(METADATA),
        "state": draw(STATES),
        "callback_id": draw(st.sampled_from([*CALLBACKS, "long_gone"])),
    }
    message: Json = {
        "channel": {"id": draw(st.sampled_from(["C1", "D1"]))},
        "message": {"ts": "1.2", "thread_ts": "1.1"},
    }
    place = draw(
        st.sampled_from(
            [
                {**message, "container": {"type": "message", "channel_id": "C1", "message_ts": "1.2"}, "answer": True},
                {**message, "container": {"type": "message"}, "answer": True},
                {"view": view, "container": {"type": "view", "view_id": "V1"}},
                {"view": view, "container": None, "channel": None},
            ]
        )
    )
    return Attempt(
        "click", _from_a_person("block_actions", by, actions=[worn(action, draw(_DROPPED), None)], **place), by
    )


_DROPPED = st.sampled_from([None, None, None, "value", "type", "block_id"])


def _from_a_person(kind: str, by: str, **rest: Any) -> Json:
    team = {"id": OURS, "domain": "north"}
    return {
        "type": kind,
        "team": team,
        "user": {"id": by, "team_id": OURS},
        "trigger_id": "1.2.3",
        "api_app_id": "A1",
        **rest,
    }


@cache
def real_fields() -> dict[str, dict[str, Json]]:
    """Give the fields of each form, as the messages' examples show it: the element of each block."""
    found: defaultdict[str, dict[str, Json]] = defaultdict(dict)
    for example in EXAMPLES.values():
        for view in example(Content("ordinary"), "en"):
            if isinstance(view, dict) and view.get("type") == "modal":
                for block in view["blocks"]:
                    if "action_id" in block.get("element", ()):
                        found[view.get("callback_id", "")][block["block_id"]] = block["element"]
    return found


def _filled(element: Json) -> Any:
    """Fill in a field in the way that Slack does: with one of its options where it has some, or with anything."""
    offered = [option["value"] for option in element.get("options", ())]
    chosen = (st.sampled_from(offered) if offered else VALUES).map(lambda value: {"value": value})
    held = {
        "static_select": chosen.map(lambda one: {"selected_option": one}),
        "radio_buttons": chosen.map(lambda one: {"selected_option": one}),
        "external_select": chosen.map(lambda one: {"selected_option": one}),
        "users_select": st.sampled_from([*PEOPLE, None]).map(lambda user: {"selected_user": user}),
        "conversations_select": st.sampled_from(["C1", "C2", None]).map(lambda one: {"selected_conversation": one}),
        "checkboxes": st.lists(chosen, max_size=3).map(lambda ticked: {"selected_options": ticked}),
    }
    typed = (st.sampled_from(["12", "Hunters", "hunters", "0,5", None]) | VALUES).map(lambda text: {"value": text})
    return held.get(element["type"], typed).map(lambda field: {"type": element["type"], **field})


@st.composite
def _filled_in(draw: st.DrawFn, callback: str) -> Any:
    """Fill a form in; one of its fields may be missing."""
    fields = real_fields().get(callback, {})
    missing = draw(st.sampled_from([None, None, None, *fields]))
    # The examples' own KPIs have other ids than those of the two workspaces.
    kpi = draw(ROWS)
    return {
        "values": {
            re.sub(r"_\d+$", f"_{kpi}", block_id): {element["action_id"]: draw(_filled(element))}
            for block_id, element in fields.items()
            if block_id != missing
        }
    }


# Forms of the first workspace remember these: its team, hat, KPI, week and place.
_WELL_OPENED = st.sampled_from(
    ["2", "2 5", "2 5 7", "2 7", "2:2026-W47", "2:2026-W48", "hunter C1", "hunter", "5", "17"]
)


@st.composite
def forms(draw: st.DrawFn) -> Attempt:
    """Give a form that is submitted, with any fields and any memory of where it was opened."""
    by = draw(st.sampled_from(PEOPLE))
    callback = draw(st.sampled_from([*CALLBACKS, "long_gone"]))
    view = {
        "type": "modal",
        "id": "V1",
        "callback_id": callback,
        "private_metadata": draw(st.one_of(_WELL_OPENED, _WELL_OPENED, METADATA)),
        "state": draw(st.one_of(_filled_in(callback), _filled_in(callback), STATES)),
        "hash": draw(st.none() | TEXTS),
    }
    without = draw(st.sampled_from([None, None, None, "private_metadata", "state", "id"]))
    return Attempt("form", _from_a_person("view_submission", by, view=worn(view, without, None)), by)


@st.composite
def shortcuts(draw: st.DrawFn) -> Attempt:
    """Give the shortcut of a message's menu."""
    by = draw(st.sampled_from(PEOPLE))
    message: Any = draw(
        st.one_of(
            st.builds(
                lambda text, ts: {"text": text, "ts": ts, "user": "U2"},
                st.none() | TEXTS,
                st.sampled_from(["1.2", "", None]),
            ),
            st.just({}),
            st.none(),
            NOT_TEXT,
        )
    )
    callback = draw(st.sampled_from([*SHORTCUT_IDS, *SHORTCUT_IDS, "long_gone"]))
    rest = {"callback_id": callback, "message": message, "channel": {"id": draw(st.sampled_from(["C1", "D1"]))}}
    return Attempt("shortcut", _from_a_person("message_action", by, answer=True, **rest), by)
