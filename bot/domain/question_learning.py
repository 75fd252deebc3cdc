"""What a week's questions tell: how many there were, how soon they were answered, and who had them first.

A question reached the right person first when it was answered without going on to anybody else. The time to its first
answer is counted in working hours; the median leaves out questions that nobody has answered yet.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question. `hops` is how many times it went to somebody, `hours` until a first answer, None without one."""

    hat_id: int
    hops: int
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What some questions tell. `hours` is the median in working hours, None when none was answered."""

    asked: int
    answered: int = 0
    right_first: int = 0
    hours: float | None = None

    @property
    def share_right_first(self) -> float | None:
        """The share, 0 to 1, of the answered questions that reached the right person first; None of none."""
        return self.right_first / self.answered if self.answered else None


def lesson(questions: Iterable[AskedQuestion]) -> Lesson:
    """Sum up questions."""
    asked = list(questions)
    answered = [one for one in asked if one.hours is not None]
    hours = [one.hours for one in answered if one.hours is not None]
    return Lesson(
        asked=len(asked),
        answered=len(answered),
        right_first=sum(one.hops <= 1 for one in answered),
        hours=median(hours) if hours else None,
    )


def lessons_by_hat(questions: Iterable[AskedQuestion]) -> dict[int, Lesson]:
    """Sum questions up for each hat that any were about."""
    by_hat: dict[int, list[AskedQuestion]] = defaultdict(list)
    for one in questions:
        by_hat[one.hat_id].append(one)
    return {hat_id: lesson(theirs) for hat_id, theirs in by_hat.items()}
