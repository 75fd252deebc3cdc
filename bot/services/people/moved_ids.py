"""Ids that stand inside other words, such as `proposal-12-2`: what they become where a workspace's rows get new ids."""

import re
from typing import Any, Final

from bot.services.questions import question_news
from bot.services.questions.listening import THREAD_ANSWER

# News about one row, or about two; what follows is a round, a time or a word.
_ABOUT_ONE: Final = re.compile(
    r"(passing|admin|question|card|proposal|closing|welcome|source|review|deputy|away|volunteers"
    r"|left|removed|deactivated|guest)-(\d+)(.*)"
)
_ABOUT_TWO: Final = re.compile(r"(answer|owner|forced)-(\d+)-(\d+)(.*)")
_ABOUT_A_MEMBER: Final = re.compile(r"(question)-(\d+)-(\d+)-(\d+)")
_HEARD: Final = re.compile(r"([0-9a-f]+ [0-9a-f]+) (\d+(?:\+\d+)*)")
_TO_A_MEMBER: Final = frozenset({question_news.MENTION, question_news.TAKEN})
LONGEST_ABOUT: Final = 40


def moved_row(table: str, values: dict[str, Any], shift: int) -> dict[str, Any]:
    """Add `shift` to the ids that a row has inside its words."""
    if not shift:
        return values
    if table == "delivery":
        values["period"] = moved_about(values["kind"], values["period"], shift)
    elif table == "evidence":
        values["key"] = _one(values["key"], shift)
    elif table == "audit" and isinstance(number := values["after"].get("proposal"), int):
        values["after"] = {**values["after"], "proposal": number + shift}
    return values


def moved_about(kind: str, about: str, shift: int) -> str:
    """Add `shift` to the ids in what a delivery is about; a week and a day stay."""
    if kind == THREAD_ANSWER and (heard := _HEARD.fullmatch(about)):
        ids = "+".join(str(int(number) + shift) for number in heard[2].split("+"))
        return f"{heard[1]} {ids}"[:LONGEST_ABOUT]
    if kind in _TO_A_MEMBER and (found := _ABOUT_A_MEMBER.fullmatch(about)):
        return f"{found[1]}-{int(found[2]) + shift}-{found[3]}-{int(found[4]) + shift}"
    if found := _ABOUT_TWO.fullmatch(about):
        return f"{found[1]}-{int(found[2]) + shift}-{int(found[3]) + shift}{found[4]}"
    return _one(about, shift)


def _one(about: str, shift: int) -> str:
    found = _ABOUT_ONE.fullmatch(about)
    return f"{found[1]}-{int(found[2]) + shift}{found[3]}" if found else about
