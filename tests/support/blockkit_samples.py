"""One valid sample of every block and element, to change in one place and see it refused."""

import copy
from typing import Any

Json = dict[str, Any]


def plain(text: str = "Hello") -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str = "*Hello*") -> Json:
    return {"type": "mrkdwn", "text": text, "verbatim": False}


def option(value: str = "a", **more: Any) -> Json:
    return {"text": plain(value.upper()), "value": value, **more}


CONFIRM: Json = {
    "title": plain("Sure?"),
    "text": mrkdwn(),
    "confirm": plain("Yes"),
    "deny": plain("No"),
    "style": "danger",
}
DISPATCH: Json = {"trigger_actions_on": ["on_enter_pressed"]}
FILTER: Json = {"include": ["im", "public"], "exclude_bot_users": True}
STYLE: Json = {"bold": True, "italic": False, "code": True, "strike": True, "underline": True}

LEAVES: list[Json] = [
    {"type": "text", "text": "hi", "style": STYLE},
    {"type": "link", "url": "https://example.com", "text": "there"},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "team", "team_id": "T1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "emoji", "name": "wave", "unicode": "1f44b", "skin_tone": 2},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#F405B3"},
    {"type": "date", "timestamp": 1720710212, "format": "{date_long}", "fallback": "then"},
]


def rich(*leaves: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


IMAGE: Json = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
BUTTON: Json = {
    "type": "button",
    "text": plain("Go"),
    "action_id": "go",
    "value": "1",
    "url": "https://example.com",
    "style": "primary",
    "confirm": CONFIRM,
    "accessibility_label": "Go on",
}
_MENU: Json = {"action_id": "menu", "placeholder": plain("Pick"), "confirm": CONFIRM, "focus_on_load": True}
_GROUPS: Json = {"option_groups": [{"label": plain("Group"), "options": [option(), option("b")]}]}

# Elements for section.accessory and actions.elements.
PICKED: list[Json] = [
    BUTTON,
    {
        "type": "workflow_button",
        "action_id": "flow",
        "text": plain("Run"),
        "workflow": {
            "trigger": {
                "url": "https://slack.com/shortcuts/Ft1/x",
                "customizable_input_parameters": [{"name": "n", "value": "v"}],
            }
        },
    },
    {"type": "overflow", "options": [option(url="https://example.com")], "confirm": CONFIRM},
    {
        "type": "checkboxes",
        "options": [{"text": mrkdwn(), "value": "a", "description": mrkdwn()}, option("b")],
        "initial_options": [option("b")],
    },
    {"type": "radio_buttons", "options": [option(), option("b")], "initial_option": option("b")},
    {"type": "datepicker", "initial_date": "2026-11-23", "placeholder": plain("Day")},
    {"type": "timepicker", "initial_time": "23:59", "timezone": "Europe/Stockholm"},
    {"type": "static_select", "options": [option()], "initial_option": option(), **_MENU},
    {"type": "static_select", **_GROUPS, "initial_option": option("b")},
    {"type": "external_select", "min_query_length": 0, "initial_option": option(), **_MENU},
    {"type": "users_select", "initial_user": "U1", **_MENU},
    {"type": "conversations_select", "default_to_current_conversation": True, "filter": FILTER, **_MENU},
    {"type": "channels_select", "initial_channel": "C1", **_MENU},
    {"type": "multi_static_select", **_GROUPS, "initial_options": [option()], "max_selected_items": 1},
    {"type": "multi_external_select", "initial_options": [option()], "max_selected_items": 2, **_MENU},
    {"type": "multi_users_select", "initial_users": ["U1"], **_MENU},
    {"type": "multi_conversations_select", "initial_conversations": ["C1"], "filter": FILTER, **_MENU},
    {"type": "multi_channels_select", "initial_channels": ["C1"], "max_selected_items": 1, **_MENU},
]

# Elements for input.element alone.
TYPED: list[Json] = [
    {
        "type": "plain_text_input",
        "action_id": "words",
        "initial_value": "four",
        "min_length": 4,
        "max_length": 4,
        "multiline": True,
        "placeholder": plain(),
        "dispatch_action_config": DISPATCH,
        "focus_on_load": True,
    },
    {
        "type": "number_input",
        "is_decimal_allowed": True,
        "initial_value": "2.5",
        "min_value": "-1",
        "max_value": "3",
    },
    {"type": "email_text_input", "initial_value": "a@example.com", "dispatch_action_config": DISPATCH},
    {"type": "url_text_input", "initial_value": "https://example.com"},
    {"type": "rich_text_input", "action_id": "rich", "initial_value": rich(*LEAVES), "max_lines": 9},
    {"type": "file_input", "filetypes": ["pdf"], "max_files": 10},
    {"type": "datetimepicker", "initial_date_time": 1628633820, "confirm": CONFIRM},
]


def input_block(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def series(name: str, *labels: str) -> Json:
    return {"name": name, "data": [{"label": label, "value": -1.5} for label in labels]}


def chart(kind: str = "line") -> Json:
    return {
        "type": "data_visualization",
        "title": "Leads per week",
        "chart": {
            "type": kind,
            "series": [series("Leads", "W47", "W48"), series("Deals", "W48", "W47")],
            "axis_config": {"categories": ["W47", "W48"], "x_label": "Week", "y_label": "Number"},
        },
    }


PIE: Json = {
    "type": "data_visualization",
    "title": "Goals",
    "chart": {"type": "pie", "segments": [{"label": "Calls", "value": 2}, {"label": "Mail", "value": 0.5}]},
}
DATA_TABLE: Json = {
    "type": "data_table",
    "caption": "The chain",
    "rows": [
        [{"type": "raw_text", "text": "Link"}, {"type": "raw_text", "text": "Value"}],
        [rich(LEAVES[0]), {"type": "raw_number", "value": 12.5, "text": "12,5"}],
        [{"type": "raw_text", "text": "Deals"}, {"type": "raw_number", "value": 3}],
    ],
    "page_size": 100,
    "row_header_column_index": 1,
}
CARD: Json = {
    "type": "card",
    "block_id": "card",
    "hero_image": IMAGE,
    "icon": IMAGE,
    "title": mrkdwn(),
    "subtitle": plain(),
    "body": mrkdwn(),
    "subtext": mrkdwn(),
    "actions": [BUTTON],
}
TASK: Json = {
    "type": "task_card",
    "task_id": "1",
    "title": "Look",
    "status": "complete",
    "details": rich(LEAVES[0]),
    "sources": [{"type": "url", "url": "https://example.com", "text": "example"}],
}

BLOCKS: dict[str, list[Json]] = {
    "actions": [{"type": "actions", "elements": [BUTTON, {**BUTTON, "action_id": "stop"}]}],
    "alert": [{"type": "alert", "text": mrkdwn(), "level": "warning"}],
    "card": [CARD],
    "carousel": [{"type": "carousel", "elements": [CARD]}],
    "container": [
        {
            "type": "container",
            "title": plain(),
            "subtitle": mrkdwn(),
            "width": "wide",
            "icon": IMAGE,
            "is_collapsible": True,
            "default_collapsed": True,
            "child_blocks": [{"type": "divider"}, {"type": "section", "text": plain()}],
        },
        {"type": "container", "rich_text_title": rich(LEAVES[0]), "child_blocks": [{"type": "divider"}]},
    ],
    "context": [{"type": "context", "elements": [IMAGE, plain(), mrkdwn()]}],
    "context_actions": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "feedback",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0", "accessibility_label": "Bad"},
                },
                {"type": "icon_button", "icon": "trash", "text": plain("Delete"), "action_id": "delete"},
            ],
        }
    ],
    "data_table": [DATA_TABLE],
    "data_visualization": [chart("line"), chart("bar"), chart("area"), PIE],
    "divider": [{"type": "divider", "block_id": "line"}],
    "file": [{"type": "file", "external_id": "F1", "source": "remote"}],
    "header": [{"type": "header", "text": plain(), "level": 2}],
    "image": [
        {**IMAGE, "title": plain()},
        {"type": "image", "alt_text": "", "slack_file": {"id": "F1"}},
        {"type": "image", "alt_text": "a", "slack_file": {"url": "https://files.slack.com/x.png"}},
    ],
    "input": [input_block(TYPED[0], hint=plain(), optional=True, dispatch_action=True)],
    "markdown": [{"type": "markdown", "text": "**bold**"}],
    "plan": [
        {
            "type": "plan",
            "title": "Thinking",
            "tasks": [TASK, {"task_id": "2", "title": "Later", "status": "pending"}],
        }
    ],
    "rich_text": [
        rich(*LEAVES),
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "indent": 8,
                    "border": 1,
                    "elements": [{"type": "rich_text_section", "elements": LEAVES}],
                },
                {"type": "rich_text_preformatted", "elements": LEAVES[:2], "border": 0},
                {"type": "rich_text_quote", "elements": LEAVES},
            ],
        },
    ],
    "section": [
        {"type": "section", "text": mrkdwn("x" * 3000), "accessory": IMAGE, "expand": True},
        {"type": "section", "fields": [plain("x" * 2000)] * 10},
    ],
    "table": [
        {
            "type": "table",
            "column_settings": [None, {"align": "right", "is_wrapped": True}],
            "rows": [[{"type": "raw_text", "text": "a"}, rich(LEAVES[1]), {"type": "raw_number", "value": 1}]],
        }
    ],
    "task_card": [TASK],
    "video": [
        {
            "type": "video",
            "title": plain(),
            "alt_text": "a",
            "video_url": "https://example.com/v",
            "thumbnail_url": "https://example.com/t.png",
            "title_url": "https://example.com",
            "author_name": "Someone",
        }
    ],
}

MODAL: Json = {
    "type": "modal",
    "title": plain("Report"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "callback_id": "report",
    "private_metadata": "{}",
    "clear_on_close": True,
    "notify_on_close": True,
    "blocks": [input_block(TYPED[0])],
}
HOME: Json = {"type": "home", "blocks": [{"type": "section", "text": plain()}], "callback_id": "home"}


def first(kind: str) -> Json:
    return BLOCKS[kind][0]


def changed(sample: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Copy the sample and put `value` at `path`; without a value (...) the key is removed."""
    result = copy.deepcopy(sample)
    *parents, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    node: Any = result
    for step in parents:
        node = node[step]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return result
