"""What the app of the page's tests posts: cards, a digest, hostile words, every block, and a modal."""

from typing import Any

Json = dict[str, Any]

HOSTILE = (
    '<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> '
    "${window.hacked=1} `{{7*7}}` </script><svg onload=window.hacked=1>"
)
ESCAPED = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def card_blocks(user_id: str) -> list[Json]:
    return [
        {
            "type": "section",
            "text": mrkdwn(f":tophat: *Email nurturing* is owned by <@{user_id}>.\n_Ask about_: newsletters, leads"),
            "fields": [mrkdwn("*Nurtured leads*\n340 of 400"), mrkdwn("*Deputy*\nnobody")],
        },
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "ask", "text": plain("Report"), "style": "primary", "value": "nurture"},
                {
                    "type": "button",
                    "action_id": "drop",
                    "text": plain("Forget it"),
                    "style": "danger",
                    "confirm": {
                        "title": plain("Sure?"),
                        "text": plain("The answer goes away."),
                        "confirm": plain("Forget"),
                        "deny": plain("Keep"),
                    },
                },
                {"type": "button", "action_id": "late", "text": plain("Slow")},
            ],
        },
        {"type": "context", "elements": [mrkdwn("Agreed on 3 November · <https://example.com/hats|all hats>")]},
    ]


def digest_blocks() -> list[Json]:
    weeks = [f"W{n}" for n in range(38, 48)]
    rows = [("Visits", 4120, 4000), ("Leads", 118, 120), ("Meetings", 41, 45), ("Proposals", 22, 20), ("Deals", 9, 12)]
    rows += [("Nurtured leads", 340, 400), ("Call lists", 14, 14)]

    def number(value: int) -> Json:
        return {"type": "raw_number", "value": value, "text": f"{value:,}".replace(",", " ")}

    def text(value: str) -> Json:
        return {"type": "raw_text", "text": value}

    return [
        {"type": "header", "text": plain("Week 2026-W48: 9 of 12 deals :soccer:")},
        {
            "type": "data_table",
            "caption": "Each link of the chain",
            "page_size": 5,
            "row_header_column_index": 0,
            "rows": [
                [text("KPI"), text("Value"), text("Target")],
                *([text(name), number(value), number(target)] for name, value, target in rows),
            ],
        },
        {
            "type": "data_visualization",
            "title": "Deals a week",
            "chart": {
                "type": "line",
                "series": [
                    {"name": "Deals", "data": [{"label": w, "value": 8 + i % 5} for i, w in enumerate(weeks)]},
                    {"name": "Target", "data": [{"label": w, "value": 12} for w in weeks]},
                ],
                "axis_config": {"categories": weeks, "x_label": "Week", "y_label": "Deals"},
            },
        },
        {
            "type": "data_visualization",
            "title": "Where goals were lost",
            "chart": {
                "type": "pie",
                "segments": [
                    {"label": "Leads", "value": 2},
                    {"label": "Meetings", "value": 1.5},
                    {"label": "Deals", "value": 0.5},
                ],
            },
        },
    ]


def hostile_blocks() -> list[Json]:
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": HOSTILE, "style": {"bold": True}},
                    {"type": "link", "url": "javascript:window.hacked=1", "text": "press me"},
                ],
            }
        ],
    }
    return [
        {"type": "header", "text": plain(HOSTILE)},
        {"type": "section", "text": mrkdwn(f"{HOSTILE} <javascript:window.hacked=1|press me> *{ESCAPED}*")},
        {"type": "context", "elements": [plain(HOSTILE)]},
        rich,
        {"type": "markdown", "text": f"{HOSTILE}\n\n[press me](javascript:window.hacked=1)"},
        {
            "type": "data_table",
            "caption": HOSTILE,
            "rows": [
                [{"type": "raw_text", "text": HOSTILE}],
                [{"type": "raw_text", "text": HOSTILE}],
            ],
        },
        {
            "type": "data_visualization",
            "title": "<b>bold</b>",
            "chart": {"type": "pie", "segments": [{"label": "<img src=x>", "value": 1}]},
        },
        {
            "type": "actions",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "pick",
                    "placeholder": plain("<b>Choose</b>"),
                    "options": [{"text": plain("<img src=x onerror=window.hacked=1>"), "value": "one"}],
                }
            ],
        },
    ]


def many_blocks() -> list[Json]:
    cells = [[{"type": "raw_text", "text": f"{row}{column}"} for column in "ABC"] for row in range(3)]
    return [
        {"type": "header", "text": plain("Everything a block can be, with a header so long that it has to wrap")},
        {
            "type": "section",
            "text": mrkdwn("*bold* _italic_ ~strike~ `code` :tada:\n> a quote\n> of two lines\n```x = 1\ny = 2```"),
        },
        {
            "type": "section",
            "text": mrkdwn("With an accessory"),
            "accessory": {
                "type": "overflow",
                "action_id": "pick",
                "options": [{"text": plain("First"), "value": "1"}, {"text": plain("Second"), "value": "2"}],
            },
        },
        {"type": "divider"},
        {"type": "markdown", "text": "## A markdown block\n\n- one\n- **two**\n\n| a | b |\n|---|---|\n| 1 | 2 |"},
        {"type": "table", "rows": cells, "column_settings": [{"align": "left"}, {"align": "right"}, None]},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [
                        {"type": "rich_text_section", "elements": [{"type": "text", "text": "a point"}]},
                        {"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U0ANNALIND"}]},
                    ],
                },
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "fixed width"}]},
            ],
        },
        {
            "type": "data_visualization",
            "title": "Bars",
            "chart": {
                "type": "bar",
                "series": [{"name": "Leads", "data": [{"label": "W1", "value": 3}, {"label": "W2", "value": -2}]}],
                "axis_config": {"categories": ["W1", "W2"]},
            },
        },
        {
            "type": "actions",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "pick",
                    "placeholder": plain("Pick one"),
                    "options": [{"text": plain("First"), "value": "1"}, {"text": plain("Second"), "value": "2"}],
                },
                {"type": "datepicker", "action_id": "day"},
                {"type": "users_select", "action_id": "who", "placeholder": plain("Somebody")},
            ],
        },
        {"type": "image", "image_url": "https://127.0.0.1/none.png", "alt_text": "An image that is not there"},
    ]


def _field(block_id: str, label: str, element: Json, **more: Any) -> Json:
    element = element | {"action_id": "v"}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element} | more


def report_view() -> Json:
    options = [{"text": plain("Yes"), "value": "yes"}, {"text": plain("No"), "value": "no"}]
    calls = {"text": mrkdwn("*Calls*"), "value": "calls", "description": plain("Who was called")}
    line = {"type": "static_select", "options": options, "placeholder": plain("Choose a line")}
    optional = [
        _field("count", "Meetings", {"type": "number_input", "is_decimal_allowed": False}),
        _field("note", "Note", {"type": "plain_text_input", "multiline": True}),
        _field("sure", "Are the numbers final?", {"type": "radio_buttons", "options": options}),
        _field("kinds", "What was done", {"type": "checkboxes", "options": [calls, *options]}),
        _field("line", "Line", line),
        _field("lines", "Lines", {"type": "multi_static_select", "options": options}),
        _field("who", "Deputy", {"type": "users_select"}),
        _field("where", "Channel", {"type": "conversations_select"}),
        _field("day", "Day", {"type": "datepicker", "initial_date": "2026-11-27"}),
        _field("at", "Time", {"type": "timepicker"}),
    ]
    leads = {"type": "plain_text_input", "initial_value": "340"}
    return {
        "type": "modal",
        "callback_id": "report",
        "title": plain("Report the week"),
        "submit": plain("Save"),
        "close": plain("Not now"),
        "blocks": [
            {"type": "section", "text": mrkdwn("Your numbers for *2026-W48*.")},
            _field("leads", "Nurtured leads", leads, hint=plain("As on the dashboard")),
            *(block | {"optional": True} for block in optional),
        ],
    }
