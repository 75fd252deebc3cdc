"""What lists of questions say, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass
from datetime import timedelta

from messages.content import HatName, Person


@dataclass(frozen=True)
class QuestionLine:
    """One question in a list. `people` have it now; `age` is how long ago it was asked.

    `value` is what its button says, '' without one; `text` is empty where the reader has no part in the question.
    `answered` when its asker has still to say whether it is solved.
    """

    hat: HatName
    asker: Person
    age: timedelta
    people: tuple[Person, ...] = ()
    text: str = ""
    value: str = ""
    link: str | None = None
    answered: bool = False


@dataclass(frozen=True)
class QuestionList:
    """The questions that wait for the reader, those that they asked, and the team's other open ones, oldest first."""

    team: str
    mine: tuple[QuestionLine, ...] = ()
    asked: tuple[QuestionLine, ...] = ()
    others: tuple[QuestionLine, ...] = ()
