"""The App Home."""

from typing import Any

from messages import environment, refusals
from messages.catalog.question_lists import hat_questions
from messages.content import Home, Refusal

_MOST_CARDS = 40  # hats shown in full; with the blocks around them they keep Slack's limit of 100 blocks

_MOST_QUESTIONED = 20  # hats whose questions are told of


def home(shown: Home, *, language: str) -> dict[str, Any]:
    """Show a person their hats, and what is still to report."""
    questions = [hat_questions(one, language=language) for one in shown.questions[:_MOST_QUESTIONED]]
    return environment.view("home", language, home=shown, most=_MOST_CARDS, questions=questions)


def home_notice(refused: Refusal, *, language: str) -> dict[str, Any]:
    """Show a refusal as the Home of somebody who has none yet."""
    return environment.view("home_notice", language, sentence=refusals.sentence(refused, language))
