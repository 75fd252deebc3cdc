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
from messages.catalog.evidence import (
    check_switched,
    evidence_forgotten,
    hat_check_modal,
    hat_checked,
    hat_evidence,
    own_evidence,
)
from messages.catalog.hats import hat_card, hat_choices, hat_list, hat_not_found, hats_of, help  # noqa: A004
from messages.catalog.home import home, home_notice
from messages.catalog.reports import prompt, prompt_done, receipt, reminder, report_modal
from messages.catalog.team_life import (
    audit_log,
    away_state,
    departure,
    done,
    done_text,
    hat_history,
    leave_question,
    team_health,
    volunteers_wanted,
)

__all__ = [
    "ask_modal",
    "audit_log",
    "away_state",
    "check_switched",
    "departure",
    "digest",
    "digest_text",
    "done",
    "done_text",
    "evidence_forgotten",
    "hat_card",
    "hat_check_modal",
    "hat_checked",
    "hat_choices",
    "hat_evidence",
    "hat_history",
    "hat_list",
    "hat_not_found",
    "hats_of",
    "help",
    "home",
    "home_notice",
    "leave_question",
    "notice",
    "number_problem",
    "own_evidence",
    "prompt",
    "prompt_done",
    "question",
    "question_sent",
    "receipt",
    "refusal",
    "refusal_text",
    "reminder",
    "report_modal",
    "team_health",
    "volunteers_wanted",
]
