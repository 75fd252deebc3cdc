"""What single messages say, as the reader meets it."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from messages import catalog, ids
from messages.content import DigestRow, HatCard, HatLine, HatName, Message, Person, Refusal, ReportField
from messages.packing import pack
from messages.question_content import QuestionCard
from tests.messages.content import MONDAY_10, Content
from tests.messages.test_every_message import strings

ORDINARY = Content("ordinary")
ANNA, BO = Person("U0ANNA0001", "Anna Berg"), Person("U0BO000002", "Bo Ek")


def said(message: Message | dict[str, Any]) -> str:
    return "\n".join(strings(message.blocks if isinstance(message, Message) else message))


def elements(message: Message, kind: str) -> list[dict[str, Any]]:
    return [e for block in message.blocks for e in block.get("elements", []) if e.get("type") == kind]


def card(**changes: Any) -> HatCard:
    return replace(HatCard("mail", "Email", "marketing", "libero", "", "North", owner=ANNA), **changes)


def test_the_card_names_the_owner_and_offers_to_ask_them() -> None:
    message = catalog.hat_card(card(owner_since=date(2026, 3, 3)), language="sv")
    assert "<@U0ANNA0001> äger hatten sedan 3 mars 2026." in said(message)
    (button,) = elements(message, "button")
    assert (button["action_id"], button["value"]) == (ids.HAT_ASK, "mail")
    assert button["text"]["text"] == "Fråga Anna Berg"


def test_the_owner_is_not_offered_to_ask_themselves() -> None:
    assert elements(catalog.hat_card(card(asker_is_owner=True), language="en"), "button") == []


def test_a_vacant_hat_names_those_who_wear_it() -> None:
    message = catalog.hat_card(card(owner=None, wearers=(ANNA, BO)), language="en")
    assert "Nobody owns this hat yet. <@U0ANNA0001> and <@U0BO000002> wear it." in said(message)


def test_every_choice_has_a_button_of_its_own() -> None:
    message = catalog.hat_choices("mail", (HatName("a", "A"), HatName("b", "B")), language="en")
    buttons = [(e["action_id"], e["value"]) for e in elements(message, "button")]
    assert buttons == [("hat_choose_1", "a"), ("hat_choose_2", "b")]


def test_the_list_follows_the_chain() -> None:
    hats = tuple(HatLine(p, p.title(), "sales", p, ANNA) for p in ("libero", "forward", "defender", "midfielder"))
    text = said(catalog.hat_list("North", hats, language="sv"))
    lines = [text.index(f"*{line}*\n") for line in ("Försvarare", "Mittfältare", "Forwards", "Liberon")]
    assert lines == sorted(lines)


def test_a_list_of_ten_thousand_hats_counts_what_it_does_not_show() -> None:
    hats = tuple(HatLine(f"h{i}", f"Hat {i}", "sales", "forward", ANNA) for i in range(10_000))
    text = said(catalog.hat_list("North", hats, language="en"))
    shown = text.count("• *Hat")
    assert shown > 200
    assert f"… and {10_000 - shown:d} more" in text


def test_the_prompt_has_one_button_and_says_when_the_team_sees_the_numbers() -> None:
    message = catalog.prompt(replace(ORDINARY.prompt, late=True), language="en")
    (button,) = elements(message, "button")
    assert (button["action_id"], button["value"], button["style"]) == (ids.REPORT_OPEN, "1 2026-W48", "primary")
    assert "The team sees it in the digest, Monday 10:00." in said(message)
    assert "Sorry that I ask later than usual." in said(message)
    assert "later than usual" not in said(catalog.prompt(ORDINARY.prompt, language="en"))


def test_the_form_is_prefilled_with_what_the_reader_would_type() -> None:
    form = replace(ORDINARY.form, fields=(ReportField(7, ORDINARY.kpi(), ORDINARY.hat, Decimal("12500.5")),))
    view = catalog.report_modal(form, language="sv")
    (field,) = [block for block in view["blocks"] if block["type"] == "input"]
    assert field["block_id"] == "kpi_7"
    assert field["element"]["initial_value"] == "12500,5"
    assert field["hint"]["text"] == "Förra veckan 12\u00a0500,5 · mål 12\u00a0500,5"
    assert view["private_metadata"] == "1 2026-W48"


def test_a_page_of_a_form_says_which_it_is_and_leads_to_both_others() -> None:
    view = catalog.report_modal(replace(Content("huge").form, page=2, pages=3), language="en")
    assert "Page 2 of 3" in said(view)
    assert [b["text"]["text"] for b in view["blocks"][-1]["elements"]] == [
        "Previous page",
        "Next page",
        "Add notes and confidence",
    ]


def test_the_digest_headline_is_the_goal_against_its_target_and_last_week() -> None:
    goal = DigestRow(ORDINARY.kpi(), ORDINARY.hat, ANNA, change=Decimal("0.2"), is_goal=True)
    goal = replace(goal, kpi=replace(goal.kpi, name="Deals", value=Decimal(12), target=Decimal(10)))
    message = catalog.digest(replace(ORDINARY.digest, goal=goal), language="en")
    assert message.text == "North, week 48: Deals: 12\ntarget 10 · +20% on the week before"


def test_the_digest_has_a_row_per_link_and_a_chart_of_the_goal() -> None:
    message = catalog.digest(ORDINARY.digest, language="en")
    table, chart = (next(b for b in message.blocks if b["type"] == t) for t in ("data_table", "data_visualization"))
    assert len(table["rows"]) == 1 + len(ORDINARY.digest.rows)
    assert [cell["text"] for cell in table["rows"][2]] == [
        "Leads 1", "Anna Berg", "SEK\u00a012,500.5 ✓", "SEK\u00a012,500.5", "+12%", "3.1% of Visits",
    ]  # fmt: skip
    assert [series["name"] for series in chart["chart"]["series"]] == ["Result", "Target"]
    assert len(chart["chart"]["axis_config"]["categories"]) == 13


def test_two_weeks_make_no_chart() -> None:
    message = catalog.digest(replace(ORDINARY.digest, history=ORDINARY.digest.history[:2]), language="en")
    assert [block for block in message.blocks if block["type"] == "data_visualization"] == []


def test_older_blocks_tell_the_same_rows() -> None:
    older = catalog.digest(ORDINARY.digest, language="en").older_blocks
    assert older is not None
    assert {block["type"] for block in older} <= {"header", "section", "context"}
    text = "\n".join(strings(older))
    assert all(row.kpi.name in text for row in ORDINARY.digest.rows)


def test_a_huge_chain_says_how_many_links_it_does_not_show() -> None:
    message = catalog.digest(Content("huge").digest, language="en")
    assert "200 more links of the chain did not fit here." in said(message)


def test_a_week_without_numbers_is_told_kindly() -> None:
    rows = tuple(replace(row, kpi=replace(row.kpi, value=None)) for row in ORDINARY.digest.rows)
    message = catalog.digest(replace(ORDINARY.digest, rows=rows, goal=rows[-1]), language="en")
    assert "No numbers for week 48 yet. It happens" in said(message)
    assert "data_table" not in {block["type"] for block in message.blocks}


def test_the_terminal_digest_is_aligned() -> None:
    text = catalog.digest_text(ORDINARY.digest, language="en", width=100)
    table = text.split("\n\n")[2].split("\n")
    assert table[0].split() == ["Link", "Owner", "Result", "Target", "Trend", "Conversion"]
    assert len({line.index("12%") for line in table[1:]}) == 1
    assert max(map(len, table)) <= 100


def test_a_question_tells_why_one_gets_it() -> None:
    asked = ORDINARY.question
    shown = QuestionCard(asked.hat, asked.team, asked.asker, asked.text, "1.1", role="wearer")
    assert "you wear it" in said(catalog.question(shown, language="en"))
    assert "> Which flow?\n> \n> The new one?" in said(catalog.question(shown, language="en"))
    sent = said(catalog.question_sent(replace(asked, vacant=False, recipients=(ANNA,)), language="sv"))
    assert "Frågan är hos <@U0ANNA0001> nu." in sent


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        (Refusal("unknown_command", {"text": "wo", "nearest": "who"}), "I don't know “wo”. Did you mean `/hat who`?"),
        (
            Refusal("unknown_command", {"text": "wo", "nearest": None}),
            "I don't know “wo”. `/hat help` shows what I can do.",
        ),
        (
            Refusal("several_teams", {"teams": ["North", "R&D"]}),
            (
                "You play in several teams: North and R&amp;D. "
                "Ask in the team's own channel, then I know which one you mean."
            ),
        ),
        (Refusal("not_a_member", {"person": BO}), "<@U0BO000002> is not in this team. `/hat list` shows who is."),
    ],
)
def test_a_refusal_says_how_to_go_on(refused: Refusal, sentence: str) -> None:
    assert catalog.refusal_text(refused, language="en") == sentence


def test_a_refusal_that_nobody_wrote_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        catalog.refusal_text(Refusal("no_such_refusal"), language="en")


def test_an_unknown_language_is_answered_in_english() -> None:
    assert catalog.help("/hat", language="fi-FI").text == catalog.help("/hat", language="en").text


def test_lines_that_do_not_fit_are_never_made() -> None:
    made = []
    packed = pack((made.append(i) or "x" * 99 for i in range(1000)), room=1000)  # type: ignore[func-returns-value]
    assert (packed.lines, packed.characters, len(made)) == (10, 1000, 11)


def test_a_card_is_rendered_in_a_fraction_of_a_millisecond() -> None:
    shown = replace(ORDINARY.card, owner=ANNA, deputy=BO)
    catalog.hat_card(shown, language="sv")
    started = time.process_time()
    for _ in range(200):
        catalog.hat_card(shown, language="sv")
    assert (time.process_time() - started) / 200 < 0.001  # about 0.1 ms; a slow machine is not a failure


def test_the_receipt_says_what_was_stored_and_when_the_team_sees_it() -> None:
    receipt = replace(ORDINARY.receipt, digest_at=MONDAY_10)
    text = said(catalog.receipt(receipt, language="sv"))
    assert "✓ *Leads 0*  12\u00a0500,5" in text
    assert "Laget ser det i sammanfattningen måndag 10:00." in text


def test_the_prompt_that_was_answered_offers_to_change_the_numbers() -> None:
    (button,) = elements(catalog.prompt_done(ORDINARY.receipt, "1 2026-W48", language="sv"), "button")
    assert (button["action_id"], button["value"], button["text"]["text"]) == (ids.REPORT_OPEN, "1 2026-W48", "Ändra")
