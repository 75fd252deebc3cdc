"""Every limit of every block and element, broken once."""

from typing import Any

import pytest

from bot.playground.blockkit import validate_blocks
from tests.support import blockkit_samples as s
from tests.support.blockkit_samples import changed, first

SECTION = {"type": "section", "text": s.plain(), "fields": [s.plain()], "accessory": s.BUTTON}
ACTIONS = {"type": "actions", "elements": [s.BUTTON]}
SELECT = {"type": "actions", "elements": [s.PICKED[7]]}
GROUPED = {"type": "actions", "elements": [s.PICKED[8]]}
CHECKS = {"type": "actions", "elements": [s.PICKED[3]]}
RADIOS = {"type": "actions", "elements": [s.PICKED[4]]}
OVERFLOW = {"type": "actions", "elements": [s.PICKED[2]]}
DATE = {"type": "actions", "elements": [s.PICKED[5]]}
CLOCK = {"type": "actions", "elements": [s.PICKED[6]]}
TALKS = {"type": "actions", "elements": [s.PICKED[11]]}
MULTI = {"type": "actions", "elements": [s.PICKED[13]]}
CROWD = {"type": "actions", "elements": [s.PICKED[17]]}
WORDS, NUMBER = s.input_block(s.TYPED[0]), s.input_block(s.TYPED[1])
FILES, MOMENT = s.input_block(s.TYPED[5]), s.input_block(s.TYPED[6])
RICH, LIST = s.BLOCKS["rich_text"]
CHART, TABLE, DATA_TABLE = s.chart(), first("table"), s.DATA_TABLE
CELL = {"type": "raw_text", "text": "x"}
LEAF = "elements/0/elements/0"


# sample, path to change, new value (... removes it), the sentence, and the pointer when it is not the path
VIOLATIONS: list[tuple[dict[str, Any], str, Any, str, str | None]] = [
    (SECTION, "text/text", "x" * 3001, "must be less than 3001 characters", None),
    (SECTION, "text/text", "", "must be more than 0 characters", None),
    (SECTION, "text", "Hello", "must provide an object", None),
    (SECTION, "text/text", 3, "must provide a string", None),
    (SECTION, "text/type", "markdown", "unsupported type: markdown", None),
    (SECTION, "text/verbatim", True, "invalid additional property: verbatim", "text"),
    (SECTION, "text/emoji", "yes", "must provide a boolean", None),
    (SECTION, "accessory", None, "must provide an object", None),
    (SECTION, "colour", "red", "invalid additional property: colour", ""),
    (SECTION, "block_id", "x" * 256, "must be less than 256 characters", None),
    (SECTION, "fields", [s.plain()] * 11, "no more than 10 items allowed", None),
    (SECTION, "fields", [], "no fewer than 1 items allowed", None),
    (SECTION, "fields/0/text", "x" * 2001, "must be less than 2001 characters", None),
    (SECTION, "accessory/text/text", "x" * 76, "must be less than 76 characters", None),
    (SECTION, "accessory/text", ..., "missing required field: text", "accessory"),
    (SECTION, "accessory/text", {"type": "mrkdwn", "text": "x"}, "unsupported type: mrkdwn", "accessory/text/type"),
    (SECTION, "accessory/value", "x" * 2001, "must be less than 2001 characters", None),
    (SECTION, "accessory/url", "x" * 3001, "must be less than 3001 characters", None),
    (SECTION, "accessory/action_id", "x" * 256, "must be less than 256 characters", None),
    (SECTION, "accessory/style", "default", "must be a valid enum value", None),
    (SECTION, "accessory/accessibility_label", "x" * 76, "must be less than 76 characters", None),
    (SECTION, "accessory/confirm/title/text", "x" * 101, "must be less than 101 characters", None),
    (SECTION, "accessory/confirm/text/text", "x" * 301, "must be less than 301 characters", None),
    (SECTION, "accessory/confirm/confirm/text", "x" * 31, "must be less than 31 characters", None),
    (SECTION, "accessory/confirm/deny/text", "x" * 31, "must be less than 31 characters", None),
    (SECTION, "accessory/confirm/deny", ..., "missing required field: deny", "accessory/confirm"),
    ({"type": "section", "text": {}}, "text", ..., "must provide text or fields", ""),
    (ACTIONS, "elements", [{"type": "datetimepicker"}] * 26, "no more than 25 items allowed", None),
    (ACTIONS, "elements", [], "no fewer than 1 items allowed", None),
    (ACTIONS, "elements/0", s.IMAGE, "unsupported type: image", "elements/0/type"),
    (SELECT, "elements/0/options", [s.option()] * 101, "no more than 100 items allowed", None),
    (SELECT, "elements/0/options", ..., "must provide either options or option_groups", "elements/0"),
    (SELECT, "elements/0/options/0/text/text", "x" * 76, "must be less than 76 characters", None),
    (SELECT, "elements/0/options/0/value", "x" * 151, "must be less than 151 characters", None),
    (SELECT, "elements/0/options/0/description", s.plain("x" * 76), "must be less than 76 characters",
     "elements/0/options/0/description/text"),
    (SELECT, "elements/0/options/0/url", "https://example.com", "invalid additional property: url",
     "elements/0/options/0"),
    (SELECT, "elements/0/initial_option", s.option("z"), "must match one of the options", None),
    (SELECT, "elements/0/placeholder/text", "x" * 151, "must be less than 151 characters", None),
    (GROUPED, "elements/0/option_groups/0/label/text", "x" * 76, "must be less than 76 characters", None),
    (GROUPED, "elements/0/option_groups/0/options", [s.option()] * 101, "no more than 100 items allowed",
     None),
    (GROUPED, "elements/0/initial_option", s.option("z"), "must match one of the options", None),
    (CHECKS, "elements/0/options", [s.option()] * 11, "no more than 10 items allowed", None),
    (CHECKS, "elements/0/initial_options/0", s.option("z"), "must match one of the options", None),
    (RADIOS, "elements/0/options", [s.option()] * 11, "no more than 10 items allowed", None),
    (RADIOS, "elements/0/initial_option", s.option("z"), "must match one of the options", None),
    (OVERFLOW, "elements/0/options", [s.option()] * 6, "no more than 5 items allowed", None),
    (OVERFLOW, "elements/0/options/0/url", "x" * 3001, "must be less than 3001 characters", None),
    (DATE, "elements/0/initial_date", "2026-02-30", "must be a date in the format YYYY-MM-DD", None),
    (DATE, "elements/0/initial_date", "20261123", "must be a date in the format YYYY-MM-DD", None),
    (CLOCK, "elements/0/initial_time", "24:00", "must be a time in the format HH:mm", None),
    (CLOCK, "elements/0/timezone", "Mars/Olympus", "must be an IANA time zone", None),
    (TALKS, "elements/0/filter", {}, "must provide at least one filter", None),
    (TALKS, "elements/0/filter/include", [], "no fewer than 1 items allowed", None),
    (MULTI, "elements/0/max_selected_items", 0, "must be at least 1", None),
    (MULTI, "elements/0/initial_options/0", s.option("z"), "must match one of the options", None),
    (CROWD, "elements/0/initial_channels", ["C1", "C2"], "no more than 1 items allowed", None),
    (WORDS, "label/text", "x" * 2001, "must be less than 2001 characters", None),
    (WORDS, "label", ..., "missing required field: label", ""),
    (WORDS, "hint", s.plain("x" * 2001), "must be less than 2001 characters", "hint/text"),
    (WORDS, "element", s.BUTTON, "unsupported type: button", "element/type"),
    (WORDS, "element/max_length", 3001, "must be at most 3000", None),
    (WORDS, "element", {"type": "plain_text_input", "min_length": 4, "max_length": 3},
     "must be at most max_length", "element/min_length"),
    (WORDS, "element/initial_value", "fiver", "must be less than 5 characters", None),
    (WORDS, "element/initial_value", "x", "must be more than 3 characters", None),
    (WORDS, "element/initial_value", "x" * 3001, "must be less than 3001 characters", None),
    (WORDS, "element/dispatch_action_config/trigger_actions_on", [], "no fewer than 1 items allowed", None),
    (NUMBER, "element/initial_value", "4", "must be between min_value and max_value", None),
    (NUMBER, "element/initial_value", "1_0", "must be a number", None),
    (NUMBER, "element/min_value", "9", "must be at most max_value", None),
    (NUMBER, "element/is_decimal_allowed", False, "must be a whole number", "element/initial_value"),
    (NUMBER, "element/is_decimal_allowed", ..., "missing required field: is_decimal_allowed", "element"),
    (FILES, "element/max_files", 11, "must be at most 10", None),
    (FILES, "dispatch_action", True, "unsupported type: file_input", "element/type"),
    (MOMENT, "element/initial_date_time", 162863382, "must be at least 1000000000", None),
    (first("alert"), "text/text", "x" * 201, "must be less than 201 characters", None),
    (first("alert"), "level", "fatal", "must be a valid enum value", None),
    (s.CARD, "title/text", "x" * 151, "must be less than 151 characters", None),
    (s.CARD, "body/text", "x" * 201, "must be less than 201 characters", None),
    (s.CARD, "title", "A bare string", "must provide an object", None),
    (s.CARD, "actions", [s.BUTTON] * 4, "no more than 3 items allowed", None),
    (s.CARD, "slack_icon", {"type": "icon", "name": "sparkle"}, "must provide either icon or slack_icon", ""),
    (first("carousel"), "elements", [s.CARD] * 11, "no more than 10 items allowed", None),
    (first("container"), "title/text", "x" * 151, "must be less than 151 characters", None),
    (first("container"), "title", ..., "must provide title or rich_text_title", ""),
    (first("container"), "child_blocks", [{"type": "divider"}] * 11, "no more than 10 items allowed", None),
    (first("container"), "child_blocks/0", first("container"), "unsupported type: container",
     "child_blocks/0/type"),
    (first("container"), "is_collapsible", False, "requires is_collapsible", "default_collapsed"),
    (first("container"), "has_header_divider", True, "must not be set when is_collapsible is true", None),
    (first("context"), "elements", [s.plain()] * 11, "no more than 10 items allowed", None),
    (first("context"), "elements/0", s.BUTTON, "unsupported type: button", "elements/0/type"),
    (first("context_actions"), "elements/0", s.BUTTON, "unsupported type: button", "elements/0/type"),
    (first("context_actions"), "elements/0/positive_button/text/text", "x" * 76,
     "must be less than 76 characters", None),
    (first("file"), "source", "local", "must be a valid enum value", None),
    (first("header"), "text/text", "x" * 151, "must be less than 151 characters", None),
    (first("header"), "text", {"type": "mrkdwn", "text": "x"}, "unsupported type: mrkdwn", "text/type"),
    (first("header"), "level", 5, "must be at most 4", None),
    (first("image"), "alt_text", "x" * 2001, "must be less than 2001 characters", None),
    (first("image"), "image_url", "https://" + "x" * 3000, "must be less than 3001 characters", None),
    (first("image"), "image_url", "a.png", "must match ^https?://", None),
    (first("image"), "image_url", ..., "must provide either image_url or slack_file", ""),
    (first("image"), "slack_file", {"id": "F1", "url": "https://x"}, "must provide either id or url", None),
    (first("image"), "title/text", "x" * 2001, "must be less than 2001 characters", None),
    (first("plan"), "title", s.plain(), "must provide a string", None),
    (s.TASK, "status", "pending", "must be a valid enum value", None),
    (s.TASK, "sources/0/url", ..., "missing required field: url", "sources/0"),
    (first("video"), "title/text", "x" * 200, "must be less than 200 characters", None),
    (first("video"), "author_name", "x" * 50, "must be less than 50 characters", None),
    (first("video"), "video_url", "http://example.com", "must match ^https://", None),
    (RICH, f"{LEAF}/text", "", "must be more than 0 characters", None),
    (RICH, f"{LEAF}/style/bold", "yes", "must provide a boolean", None),
    (RICH, f"{LEAF}/style/blink", True, "invalid additional property: blink", f"{LEAF}/style"),
    (RICH, f"{LEAF}/type", "song", "unsupported type: song", None),
    (RICH, "elements/0/elements/8/value", "red", "must match ^#[0-9A-Fa-f]{6}$", None),
    (RICH, "elements/0/elements/7/range", "all", "must be a valid enum value", None),
    (RICH, "elements/0/type", "rich_text_song", "unsupported type: rich_text_song", None),
    (LIST, "elements/0/style", "roman", "must be a valid enum value", None),
    (LIST, "elements/0/indent", 9, "must be at most 8", None),
    (LIST, "elements/0/elements", [], "no fewer than 1 items allowed", None),
    (LIST, "elements/1/elements/0", s.LEAVES[2], "unsupported type: user", "elements/1/elements/0/type"),
    (TABLE, "rows", [[CELL]] * 101, "no more than 100 items allowed", None),
    (TABLE, "rows/0", [CELL] * 21, "no more than 20 items allowed", None),
    (TABLE, "rows/0/0/text", "", "must be more than 0 characters", None),
    (TABLE, "column_settings", [None] * 21, "no more than 20 items allowed", None),
    (TABLE, "rows/0/0", {"type": "raw_text", "text": "x" * 10_001},
     "table cells must be less than 10001 characters in total", "*"),
    (DATA_TABLE, "caption", ..., "missing required field: caption", ""),
    (DATA_TABLE, "rows", [[CELL, CELL]], "no fewer than 2 items allowed", None),
    (DATA_TABLE, "rows", [[CELL, CELL]] * 102, "no more than 101 items allowed", None),
    (DATA_TABLE, "rows/1", [CELL] * 21, "no more than 20 items allowed", None),
    (DATA_TABLE, "rows/1", [CELL], "must have 2 cells like the header row", None),
    (DATA_TABLE, "rows/0/0", s.rich(), "unsupported type: rich_text", "rows/0/0/type"),
    (DATA_TABLE, "rows/1/1/value", "12", "must provide a number", None),
    (DATA_TABLE, "page_size", 101, "must be at most 100", None),
    (DATA_TABLE, "page_size", 0, "must be at least 1", None),
    (DATA_TABLE, "row_header_column_index", 2, "must be at most 1", None),
    (DATA_TABLE, "rows/1/0", {"type": "raw_text", "text": "x" * 20_001},
     "data_table cells must be less than 20001 characters in total", "*"),
    (CHART, "title", "x" * 51, "must be less than 51 characters", None),
    (CHART, "chart/type", "radar", "unsupported type: radar", None),
    (CHART, "chart/series", [], "no fewer than 1 items allowed", None),
    (CHART, "chart/series", [s.series(str(i), "W47", "W48") for i in range(7)],
     "no more than 6 items allowed", None),
    (CHART, "chart/series/1/name", "Leads", "must be unique within the chart", None),
    (CHART, "chart/series/0/name", "x" * 21, "must be less than 21 characters", None),
    (CHART, "chart/series/0/data", [{"label": str(i), "value": i} for i in range(21)],
     "no more than 20 items allowed", None),
    (CHART, "chart/series/0/data/0/label", "W49",
     "must contain exactly one entry for every label in axis_config.categories", "chart/series/0/data"),
    (CHART, "chart/series/0/data/0/value", float("nan"), "must provide a number", None),
    (CHART, "chart/axis_config", ..., "missing required field: axis_config", "chart"),
    (CHART, "chart/axis_config/x_label", "x" * 51, "must be less than 51 characters", None),
    (CHART, "chart/axis_config/categories/0", "x" * 21, "must be less than 21 characters", None),
    (s.PIE, "chart/segments/0/value", 0, "must be greater than 0", None),
    (s.PIE, "chart/segments", [{"label": "a", "value": 1}] * 7, "no more than 6 items allowed", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sample", "path", "value", "sentence", "pointer"),
    VIOLATIONS,
    ids=[f"{v[0]['type']}:{v[1]}:{v[3]}" for v in VIOLATIONS],
)
def test_one_violation_gives_one_problem_at_its_place(
    sample: Any, path: Any, value: Any, sentence: Any, pointer: Any
) -> None:
    surface = "modal" if sample["type"] in {"alert", "input"} else "message"
    where = path if pointer is None else pointer
    expected = "/blocks" if where == "*" else "/".join(["/blocks/0", *([where] if where else [])])
    lines = validate_blocks([changed(sample, path, value)], surface=surface)
    # Repeating a sample also repeats its ids, which is a violation of its own.
    lines = [line for line in lines if "already exists" not in line]
    assert lines == [f"[ERROR] {sentence} [json-pointer:{expected}]"]
