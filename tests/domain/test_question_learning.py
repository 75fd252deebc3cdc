"""What questions tell: how many, how soon, and whether they went to the right person at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.question_learning import AskedQuestion, Lesson, lesson, lessons_by_hat

EMAIL, HUNTER = 1, 2
asked = st.builds(AskedQuestion, st.integers(1, 3), st.integers(1, 4), st.one_of(st.none(), st.floats(0, 100)))


def test_no_questions_tell_nothing() -> None:
    assert lesson([]) == Lesson(0)
    assert lesson([]).share_right_first is None


def test_what_is_not_answered_yet_counts_as_asked_and_slows_nothing_down() -> None:
    told = lesson([AskedQuestion(EMAIL, 1, 2), AskedQuestion(EMAIL, 1, 6), AskedQuestion(EMAIL, 1)])
    assert (told.asked, told.answered, told.hours) == (3, 2, 4)


def test_one_late_answer_does_not_move_the_median() -> None:
    assert lesson([AskedQuestion(EMAIL, 1, hours) for hours in (1, 2, 400)]).hours == 2


def test_a_question_that_moved_did_not_reach_the_right_person_first() -> None:
    told = lesson([AskedQuestion(EMAIL, 1, 1), AskedQuestion(EMAIL, 2, 1), AskedQuestion(EMAIL, 1, 1)])
    assert told.right_first == 2
    assert told.share_right_first == pytest.approx(2 / 3)


def test_each_hat_is_told_of_on_its_own() -> None:
    told = lessons_by_hat([AskedQuestion(EMAIL, 1, 3), AskedQuestion(HUNTER, 2), AskedQuestion(EMAIL, 1, 5)])
    assert told == {EMAIL: Lesson(2, 2, 2, 4), HUNTER: Lesson(1)}


@given(st.lists(asked))
def test_the_hats_together_are_the_whole(questions: list[AskedQuestion]) -> None:
    whole, parts = lesson(questions), lessons_by_hat(questions).values()
    assert whole.asked == sum(part.asked for part in parts)
    assert whole.answered == sum(part.answered for part in parts)
    assert whole.right_first == sum(part.right_first for part in parts) <= whole.answered <= whole.asked
