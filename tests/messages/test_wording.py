"""What single messages say, as the reader meets it."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from messages import catalog, ids
from messages.content import HatCard, HatLine, HatName, Message, Person, Refusal, ReportField
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
