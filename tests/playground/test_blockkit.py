"""What Slack accepts and what it refuses, block by block."""

import copy
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.blockkit import blocks_too_long, known_block_types, validate_blocks, validate_view
from tests.support import blockkit_samples as s

SURFACE_OF = {"alert": "modal"}


SECTION = {"type": "section", "text": s.plain(), "accessory": s.BUTTON}
WORDS, FILES = s.input_block(s.TYPED[0]), s.input_block(s.TYPED[5])
CHART, TABLE = s.chart(), s.first("table")


def problems(block: Any, surface: Any = "message") -> list[str]:
    return validate_blocks([block], surface=surface)


def test_there_is_a_sample_of_every_known_block() -> None:
    assert set(s.BLOCKS) == known_block_types


@pytest.mark.parametrize("block", [b for kind in s.BLOCKS.values() for b in kind], ids=lambda b: b["type"])
def test_valid_blocks_pass(block: Any) -> None:
    assert problems(block, SURFACE_OF.get(block["type"], "message")) == []


@pytest.mark.parametrize("element", s.PICKED, ids=lambda e: e["type"])
def test_what_is_picked_passes_in_sections_actions_and_inputs(element: Any) -> None:
    assert problems({"type": "section", "text": s.plain(), "accessory": element}) == []
    assert problems({"type": "actions", "elements": [element]}) == []
    if element["type"] not in {"button", "workflow_button", "overflow"}:
        assert problems(s.input_block(element)) == []


@pytest.mark.parametrize("element", s.TYPED, ids=lambda e: e["type"])
def test_what_is_typed_passes_in_inputs_and_not_in_sections(element: Any) -> None:
    assert problems(s.input_block(element), "modal") == []
    refused = problems({"type": "section", "text": s.plain(), "accessory": element})
    assert refused == [f"[ERROR] unsupported type: {element['type']} [json-pointer:/blocks/0/accessory/type]"]


@pytest.mark.parametrize(
    ("surface", "refused"),
    [
        ("message", {"alert"}),
        (
            "modal",
            {"carousel", "container", "context_actions", "data_table", "data_visualization", "file"}
            | {"markdown", "plan", "table", "task_card"},
        ),
        (
            "home",
            {"alert", "context_actions", "data_visualization", "file", "markdown", "plan", "task_card"},
        ),
    ],
)
def test_blocks_are_refused_where_slack_does_not_show_them(surface: Any, refused: Any) -> None:
    assert {kind for kind in known_block_types if problems(s.first(kind), surface)} == refused


def test_files_are_asked_for_in_modals_only() -> None:
    for surface in ("message", "home"):
        assert problems(FILES, surface) == [
            "[ERROR] unsupported type: file_input [json-pointer:/blocks/0/element/type]"
        ]


def test_a_message_holds_50_blocks_and_other_surfaces_100() -> None:
    divider = {"type": "divider"}
    assert validate_blocks([divider] * 50, surface="message") == []
    assert validate_blocks([divider] * 100, surface="home") == []
    assert validate_blocks([divider] * 51, surface="message") == [
        "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert validate_blocks([divider] * 101, surface="modal") == [
        "[ERROR] no more than 100 items allowed [json-pointer:/blocks]"
    ]


def test_block_ids_are_unique_also_inside_containers() -> None:
    blocks = [
        {"type": "divider", "block_id": "a"},
        {
            "type": "container",
            "title": s.plain(),
            "child_blocks": [{"type": "divider", "block_id": "a"}],
        },
    ]
    assert validate_blocks(blocks, surface="message") == [
        '[ERROR] `block_id` "a" already exists [json-pointer:/blocks/1/child_blocks/0/block_id]'
    ]


def test_action_ids_are_unique_within_a_block_and_may_return_in_the_next() -> None:
    twice = {"type": "actions", "elements": [s.BUTTON, s.BUTTON]}
    assert problems(twice) == [
        '[ERROR] `action_id` "go" already exists in this block [json-pointer:/blocks/0/elements/1/action_id]'
    ]
    once = {"type": "actions", "elements": [s.BUTTON]}
    assert validate_blocks([once, once], surface="message") == []


def test_only_one_element_has_the_focus() -> None:
    lines = validate_blocks([WORDS, WORDS], surface="modal")
    assert lines == ["[ERROR] only one element may be focused on load [json-pointer:/blocks/1/element/focus_on_load]"]


def test_a_message_holds_two_charts_and_one_table() -> None:
    assert validate_blocks([CHART, s.PIE, s.DATA_TABLE], surface="message") == []
    assert validate_blocks([CHART, s.PIE, CHART], surface="message") == [
        "[ERROR] no more than 2 data_visualization blocks allowed [json-pointer:/blocks/2]"
    ]
    assert validate_blocks([s.DATA_TABLE, TABLE], surface="message") == [
        "[ERROR] only_one_table_allowed [json-pointer:/blocks/1]"
    ]


def test_markdown_blocks_share_12000_characters() -> None:
    half = {"type": "markdown", "text": "x" * 6000}
    assert validate_blocks([half, half], surface="message") == []
    assert validate_blocks([half, half, s.first("markdown")], surface="message") == [
        "[ERROR] markdown blocks must be less than 12001 characters in total [json-pointer:/blocks]"
    ]


def test_every_problem_of_every_block_is_told() -> None:
    blocks = [s.changed(SECTION, "text/text", ""), 3, {"type": "song"}, {}, {"type": ["section"]}]
    assert validate_blocks(blocks, surface="message") == [
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        "[ERROR] must provide an object [json-pointer:/blocks/1]",
        "[ERROR] unsupported type: song [json-pointer:/blocks/2/type]",
        "[ERROR] missing required field: type [json-pointer:/blocks/3]",
        "[ERROR] unsupported type: ['section'] [json-pointer:/blocks/4/type]",
    ]
    assert validate_blocks("[]", surface="message") == ["[ERROR] must provide an array [json-pointer:/blocks]"]


def test_a_key_is_escaped_in_its_pointer() -> None:
    sentence = validate_view({**s.HOME, "a/b~c": 1})
    assert sentence == ["[ERROR] invalid additional property: a/b~c [json-pointer:/view]"]


def test_texts_of_more_than_13200_characters_are_too_long_and_cells_do_not_count() -> None:
    section = {"type": "section", "text": s.plain("x" * 3000)}
    assert not blocks_too_long([section] * 4 + [s.DATA_TABLE])
    assert blocks_too_long([section] * 5)
    long_table = s.changed(s.DATA_TABLE, "rows/1/0", {"type": "raw_text", "text": "x" * 14_000})
    assert not blocks_too_long([long_table])
    assert not blocks_too_long(None)


@pytest.mark.parametrize("view", [s.MODAL, s.HOME, {"type": "home", "blocks": []}])
def test_valid_views_pass(view: Any) -> None:
    assert validate_view(view) == []


@pytest.mark.parametrize(
    ("view", "path", "value", "problem"),
    [
        (s.MODAL, "title/text", "x" * 25, "must be less than 25 characters [json-pointer:/view/title/text]"),
        (s.MODAL, "submit/text", "x" * 25, "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (s.MODAL, "close/text", "x" * 25, "must be less than 25 characters [json-pointer:/view/close/text]"),
        (s.MODAL, "title", ..., "missing required field: title [json-pointer:/view]"),
        (s.MODAL, "submit", ..., "missing required field: submit [json-pointer:/view]"),
        (
            s.MODAL,
            "private_metadata",
            "x" * 3001,
            "must be less than 3001 characters [json-pointer:/view/private_metadata]",
        ),
        (
            s.MODAL,
            "callback_id",
            "x" * 256,
            "must be less than 256 characters [json-pointer:/view/callback_id]",
        ),
        (s.MODAL, "blocks", [], "no fewer than 1 items allowed [json-pointer:/view/blocks]"),
        (s.MODAL, "blocks", ..., "missing required field: blocks [json-pointer:/view]"),
        (s.MODAL, "type", "window", "unsupported type: window [json-pointer:/view/type]"),
        (s.MODAL, "blocks/0/label/text", "", "must be more than 0 characters [json-pointer:/view/blocks/0/label/text]"),
        (s.HOME, "title", s.plain(), "invalid additional property: title [json-pointer:/view]"),
        (
            s.HOME,
            "blocks",
            [{"type": "section", "fields": [s.plain("x" * 2000)] * 10}] * 20,
            "must be less than 250 kB [json-pointer:/view]",
        ),
    ],
)  # fmt: skip
def test_a_view_is_refused_at_its_place(view: Any, path: Any, value: Any, problem: Any) -> None:
    assert validate_view(s.changed(view, path, value)) == [f"[ERROR] {problem}"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(blocks=json_values, surface=st.sampled_from(["message", "modal", "home"]))
def test_arbitrary_json_is_answered_with_a_list(blocks: Any, surface: Any) -> None:
    for line in validate_blocks(blocks, surface=surface) + validate_view(blocks):
        assert line.startswith("[ERROR] ")
    assert blocks_too_long(blocks) is False


def spots(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [at, *(spot for key, value in inner for spot in spots(value, (*at, key)))]


ALL_BLOCKS = [block for kind in s.BLOCKS.values() for block in kind]
ALL_BLOCKS += [s.input_block(e) for e in s.TYPED] + [{"type": "actions", "elements": [e]} for e in s.PICKED]


@settings(deadline=None)
@given(random=st.data(), junk=json_values)
def test_junk_anywhere_in_a_good_block_is_answered_with_a_pointer_into_it(random: Any, junk: Any) -> None:
    block = copy.deepcopy(random.draw(st.sampled_from(ALL_BLOCKS)))
    *parents, last = random.draw(st.sampled_from(spots(block)[1:]))
    node = block
    for step in parents:
        node = node[step]
    node[last] = junk
    for line in problems(block):
        assert "[json-pointer:/blocks" in line


def test_null_is_not_the_same_as_leaving_out() -> None:
    for key in ("block_id", "accessory", "fields", "expand"):
        assert len(problems({"type": "section", "text": s.plain(), key: None})) == 1


def test_deeply_nested_junk_does_not_exhaust_the_stack() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert problems({"type": "section", "text": deep}) == [
        "[ERROR] must provide an object [json-pointer:/blocks/0/text]"
    ]
    assert blocks_too_long(deep) is False


def test_fifty_blocks_take_about_a_millisecond() -> None:
    blocks = [{"type": "section", "block_id": f"b{n}", "text": s.mrkdwn(), "accessory": s.BUTTON} for n in range(50)]
    durations = []
    for _ in range(20):
        start = time.perf_counter()
        assert validate_blocks(blocks, surface="message") == []
        durations.append(time.perf_counter() - start)
    # The best of many, and a wide margin: the machine may be busy with other tests.
    assert min(durations) < 0.005
