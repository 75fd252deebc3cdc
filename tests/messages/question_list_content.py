"""Lists of questions and their figures, for the examples of every message."""

from dataclasses import replace
from datetime import timedelta

from messages.content import HatQuestions, QuestionFigures
from messages.question_list_content import QuestionLine, QuestionList
from tests.messages.content import Content

LINK = "https://football.slack.com/archives/C0TEAM0001/p1764000000000000"
FIGURES = (QuestionFigures(7, 7, 6, 2.4), QuestionFigures(3), QuestionFigures(2, 1, 0, 0.2))


def question_lists(content: Content) -> list[QuestionList]:
    asked = content.question
    line = QuestionLine(
        asked.hat, asked.asker, timedelta(hours=3), (content.person,) * 5, asked.text, "12.1", link=LINK
    )
    answered = replace(line, answered=True, people=(), age=timedelta())
    number = {"empty": 0, "huge": 40}.get(content.kind, 1)
    lines = (line, answered) * number
    others = (replace(line, text="", value=""), replace(line, text="", value="", people=(), link=None)) * number
    return [QuestionList(asked.team, lines, lines, others), QuestionList(asked.team)]


def hat_questions(content: Content) -> list[HatQuestions]:
    return [HatQuestions(content.hat, tuple((f"2026-W{week}", told) for told in FIGURES)) for week in (47, 48)]
