"""One example of every message; a function of the catalogue without one fails a test."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from messages import catalog
from messages.content import Message, Refusal
from messages.evidence_content import CheckSwitched
from messages.refusals import NUMBER_PROBLEMS, REFUSALS
from tests.messages import evidence_content as evidence
from tests.messages.content import Content

Rendered = Message | dict[str, Any] | str
Example = Callable[[Content, str], list[Rendered]]


def told(content: Content) -> dict[str, Any]:
    return {
        "teams": [content.text("North"), content.text("South")],
        "query": content.text("mail"),
        "person": content.person,
        "text": content.text("foo"),
        "nearest": content.text("who"),
        "owner": content.person,
        "kpi": content.text("Leads"),
        "hat": content.text("Email nurturing"),
        "reference": content.text("a1b2"),
    }


def refusals(content: Content) -> list[Refusal]:
    return [Refusal(name, values) for name in REFUSALS for values in (told(content), {})]


def number_problems(content: Content, language: str) -> list[Rendered]:
    choices = (Decimal(1234), Decimal("1.234"))
    return [
        catalog.number_problem(name, content.text("1.234"), choices, content.kpi(number), language=language)
        for name in NUMBER_PROBLEMS
        for number in (0, 1)
        if name != "grouped"  # what 'ambiguous' becomes where only whole numbers are taken
    ]


EXAMPLES: dict[str, Example] = {
    "ask_modal": lambda c, lang: [
        catalog.ask_modal(c.hat, "state", c.several(), language=lang),
        catalog.ask_modal(c.hat, "state", c.several(), language=lang, vacant=True),
    ],
    "check_switched": lambda c, lang: [
        catalog.check_switched(CheckSwitched(on, team), language=lang)
        for on in (True, False)
        for team in ("", c.text("North"))
    ],
    "digest": lambda c, lang: [catalog.digest(c.digest, language=lang)],
    "digest_text": lambda c, lang: [catalog.digest_text(c.digest, language=lang)],
    "evidence_forgotten": lambda _, lang: [catalog.evidence_forgotten(language=lang)],
    "hat_card": lambda c, lang: [
        catalog.hat_card(c.card, language=lang),
        catalog.hat_card(replace(c.card, owner=None), language=lang),
        catalog.hat_card(replace(c.card, asker_is_owner=True), language=lang),
    ],
    "hat_choices": lambda c, lang: [catalog.hat_choices(c.text("mail"), c.hats() or (c.hat,), language=lang)],
    "hat_not_found": lambda c, lang: [catalog.hat_not_found(c.text("mail"), c.hats(), language=lang)],
    "hat_check_modal": lambda c, lang: [catalog.hat_check_modal(evidence.check_form(c), language=lang)],
    "hat_checked": lambda c, lang: [catalog.hat_checked(evidence.checked(c), language=lang)],
    "hat_evidence": lambda c, lang: [
        catalog.hat_evidence(replace(evidence.hat_evidence(c), **changes), language=lang)
        for changes in (
            {},
            {"owner": c.person},
            {"reader": c.person.slack_id, "may_propose": False},
            {"natural": None, "close": c.people(2)},
            {"natural": None, "close": c.people(1)},
            {"natural": None, "missing": 3, "trend": ()},
        )
    ],
    "hat_list": lambda c, lang: [catalog.hat_list(c.text("North"), c.hat_lines(), language=lang)],
    "hats_of": lambda c, lang: [catalog.hats_of(replace(c.hats_of, own=own), language=lang) for own in (True, False)],
    "help": lambda _, lang: [catalog.help("/hat", language=lang)],
    "home": lambda c, lang: [catalog.home(c.home, language=lang), catalog.home(replace(c.home, due=()), language=lang)],
    "home_notice": lambda c, lang: [catalog.home_notice(each, language=lang) for each in refusals(c)],
    "notice": lambda c, lang: [
        catalog.notice(
            catalog.refusal_text(Refusal("not_owner", told(c)), language=lang), c.text("Oops"), language=lang
        )
    ],
    "number_problem": number_problems,
    "own_evidence": lambda c, lang: [
        catalog.own_evidence(replace(evidence.own_evidence(c), **changes), language=lang)
        for changes in ({}, {"asked": False}, {"team_asks": False})
    ],
    "prompt": lambda c, lang: [
        catalog.prompt(replace(c.prompt, kpis=kpis, check=check), language=lang)
        for kpis in (c.prompt.kpis, ())
        for check in (None, evidence.hat_check(c), evidence.hat_check(c, answered=True))
    ],
    "prompt_done": lambda c, lang: [
        catalog.prompt_done(c.receipt, "state", check, language=lang)
        for check in (None, evidence.hat_check(c), evidence.hat_check(c, answered=True))
    ],
    "question": lambda c, lang: [catalog.question(c.question, language=lang)],
    "question_sent": lambda c, lang: [catalog.question_sent(c.question, language=lang)],
    "receipt": lambda c, lang: [catalog.receipt(c.receipt, language=lang)],
    "refusal": lambda c, lang: [catalog.refusal(each, language=lang) for each in refusals(c)],
    "refusal_text": lambda c, lang: [catalog.refusal_text(each, language=lang) for each in refusals(c)],
    "reminder": lambda c, lang: [catalog.reminder(c.prompt, language=lang)],
    "report_modal": lambda c, lang: [catalog.report_modal(c.form, language=lang)],
}
