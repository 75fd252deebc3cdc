"""Messages with many questions in them: the list of them, and what they tell."""

from typing import Any, Final

from messages import environment
from messages.content import HatQuestions, Message, QuestionFigures
from messages.i18n import language_of, translations
from messages.question_list_content import QuestionLine, QuestionList

# Lines of each group: with three headers and three sentences for what is left out they keep Slack's 50 blocks.
_MOST: Final = 12

_Line = tuple[QuestionLine, str, str]
_Group = tuple[str, str, list[_Line], int]


def question_list(shown: QuestionList, *, language: str) -> Message:
    """List the questions that wait for the reader, those that they asked, and the team's other open ones."""
    gettext = translations(language).gettext
    groups = [
        _group(gettext("Yours to answer"), gettext("Nobody waits for an answer from you."), shown.mine, language),
        _group(
            gettext("Asked by you"),
            gettext("You wait for no answer. `/hat ask` and a hat's name asks its owner."),
            shown.asked,
            language,
            own=True,
        ),
        _group(gettext("Open in the team"), gettext("No other question is open in the team."), shown.others, language),
    ]
    return environment.message("question_list", language, shown=shown, groups=groups)


def question_figures(told: QuestionFigures, *, language: str) -> str:
    """Say in a line, without markup, what the questions of a week tell."""
    return str(_lines(language).figures(told)).strip()


def hat_questions(shown: HatQuestions, *, language: str) -> str:
    """Say in mrkdwn what the questions about a hat told, a line for each week."""
    return str(_lines(language).weeks(shown)).strip()


def _group(title: str, empty: str, lines: tuple[QuestionLine, ...], language: str, *, own: bool = False) -> _Group:
    say = _lines(language)
    shown = [(line, str(say.line(line, own)).strip(), _button(line, own=own)) for line in lines[:_MOST]]
    return title, empty, shown, max(0, len(lines) - _MOST)


def _button(line: QuestionLine, *, own: bool) -> str:
    """Name the one button that leads on."""
    if own and line.answered:
        return "solved"
    if line.value and not own:
        return "reply"
    return "link" if line.link else ""


def _lines(language: str) -> Any:
    """Give the macros that make this module's lines."""
    return environment.environment("text", language_of(language)).get_template("_macros/questions.j2").module
