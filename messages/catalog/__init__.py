"""Every message, one function each: plain values in, a rendered `Message`, view or sentence out.

All take the reader's `language` (``en``, ``sv``, or a locale) as a keyword; for a channel that is the team's.
"""

from messages.catalog.asking import (
    ask_modal,
    notice,
    number_problem,
    question,
    question_sent,
    refusal,
    refusal_text,
)
from messages.catalog.digest import digest, digest_text
from messages.catalog.hats import hat_card, hat_choices, hat_list, hat_not_found, hats_of, help  # noqa: A004
from messages.catalog.home import home, home_notice
from messages.catalog.reports import prompt, prompt_done, receipt, reminder, report_modal

__all__ = [
    "ask_modal",
    "digest",
    "digest_text",
    "hat_card",
    "hat_choices",
    "hat_list",
    "hat_not_found",
    "hats_of",
    "help",
    "home",
    "home_notice",
    "notice",
    "number_problem",
    "prompt",
    "prompt_done",
    "question",
    "question_sent",
    "receipt",
    "refusal",
    "refusal_text",
    "reminder",
    "report_modal",
]
