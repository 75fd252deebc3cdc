"""How two people come to agree: whose turn it is, what can be done then, and when it is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agreement import (
    EXPIRES_AFTER,
    MORNING,
    MOST_ROUNDS,
    REMIND_AFTER,
    Hindrance,
    Later,
    Side,
    Standing,
    State,
    answer,
    ask_later,
    expire,
    later_at,
    offer,
    offered_later,
    withdraw,
)
from bot.domain.asking_time import AskingTime
from bot.domain.months import add_months
from bot.domain.snoozing import Mornings

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OFFER = offer(Side.CANDIDATE, NOW)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MORNINGS = Mornings("Europe/Stockholm", AskingTime.of("12345", "20:00", "07:00"), at=MORNING)


def reached(move: Standing | Hindrance) -> Standing:
    assert isinstance(move, Standing)
    return move


@pytest.mark.parametrize("verdict", [State.ACCEPTED, State.DECLINED])
def test_an_answer_decides_the_offer_and_nothing_is_reminded_of(verdict: State) -> None:
    decided = reached(answer(OFFER, Side.CANDIDATE, 1, verdict, NOW))
    assert (decided.state, decided.decided_at, decided.remind_at) == (verdict, NOW, None)


@pytest.mark.parametrize("state", [State.ACCEPTED, State.DECLINED])
def test_what_is_decided_stays_decided(state: State) -> None:
    decided = reached(answer(OFFER, Side.CANDIDATE, 1, state, NOW))
    assert answer(decided, Side.CANDIDATE, 1, State.ACCEPTED, NOW) is Hindrance.DECIDED
    assert withdraw(decided, NOW) is Hindrance.DECIDED
    assert ask_later(decided, Side.CANDIDATE, 1, NOW, NOW) is Hindrance.DECIDED
    assert expire(decided, NOW + 2 * EXPIRES_AFTER) is Hindrance.DECIDED


def test_only_the_side_that_is_asked_can_answer() -> None:
    assert answer(OFFER, Side.COUNTERPART, 1, State.ACCEPTED, NOW) is Hindrance.NOT_YOUR_TURN
    assert ask_later(OFFER, Side.COUNTERPART, 1, NOW, NOW) is Hindrance.NOT_YOUR_TURN


def test_a_counter_turns_the_table_and_starts_the_time_anew() -> None:
    then = NOW + timedelta(days=5)
    countered = reached(answer(OFFER, Side.CANDIDATE, 1, State.COUNTERED, then))
    assert (countered.state, countered.turn, countered.round) == (State.COUNTERED, Side.COUNTERPART, 2)
    assert (countered.expires_at, countered.remind_at) == (then + EXPIRES_AFTER, then + REMIND_AFTER)
    assert reached(answer(countered, Side.COUNTERPART, 2, State.ACCEPTED, then)).state is State.ACCEPTED


def test_a_button_of_an_earlier_round_answers_nothing() -> None:
    countered = reached(answer(OFFER, Side.CANDIDATE, 1, State.COUNTERED, NOW))
    assert answer(countered, Side.COUNTERPART, 1, State.ACCEPTED, NOW) is Hindrance.OUTDATED


def test_nobody_goes_back_and_forth_for_ever() -> None:
    standing = OFFER
    for number in range(1, MOST_ROUNDS):
        standing = reached(answer(standing, standing.turn, number, State.COUNTERED, NOW))
    assert answer(standing, standing.turn, MOST_ROUNDS, State.COUNTERED, NOW) is Hindrance.TOO_MANY_ROUNDS
    assert reached(answer(standing, standing.turn, MOST_ROUNDS, State.ACCEPTED, NOW)).state is State.ACCEPTED


def test_an_offer_runs_out_when_its_time_is_over_and_not_before() -> None:
    end = NOW + EXPIRES_AFTER
    assert expire(OFFER, end - timedelta(seconds=1)) is Hindrance.DECIDED
    assert reached(expire(OFFER, end)).state is State.EXPIRED
    assert answer(OFFER, Side.CANDIDATE, 1, State.ACCEPTED, end) is Hindrance.DECIDED


def test_who_puts_the_answer_off_is_asked_then_and_has_time_to_answer() -> None:
    when = NOW + timedelta(days=13)
    put_off = reached(ask_later(OFFER, Side.CANDIDATE, 1, when, NOW))
    assert put_off.remind_at == when
    assert put_off.expires_at >= when + REMIND_AFTER
    assert (put_off.state, put_off.turn, put_off.round) == (OFFER.state, OFFER.turn, OFFER.round)


@pytest.mark.parametrize(
    ("choice", "day"),
    [(Later.TOMORROW, "2026-11-26"), (Later.MONDAY, "2026-11-30"), (Later.WEEK, "2026-12-02")],
)
def test_later_is_a_morning_where_the_person_is(choice: Later, day: str) -> None:
    assert later_at(choice, NOW, MORNINGS).astimezone(STOCKHOLM).isoformat() == f"{day}T09:00:00+01:00"


def test_later_is_a_working_day_and_no_day_is_offered_twice() -> None:
    offered = {
        day: offered_later(NOW + timedelta(days=days), MORNINGS)
        for days, day in enumerate(("Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Monday"))
    }
    friday, monday, next_monday = date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 7)
    assert list(offered["Wednesday"]) == ["tomorrow", "monday", "week"]
    assert offered["Thursday"] == {"tomorrow": friday, "monday": monday, "week": date(2026, 12, 3)}
    assert offered["Friday"] == {"monday": monday, "week": date(2026, 12, 4)}
    assert offered["Saturday"] == {"monday": monday, "week": next_monday}, "a Saturday is no working day"
    assert offered["Sunday"] == {"tomorrow": monday, "week": next_monday}
    assert offered["Monday"] == {"tomorrow": date(2026, 12, 1), "week": next_monday}
    away = replace(MORNINGS, away_until=datetime(2026, 12, 24, tzinfo=STOCKHOLM))
    assert offered_later(NOW, away) == {"week": date(2026, 12, 24)}


def test_on_a_monday_next_monday_is_a_week_away() -> None:
    monday = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert later_at(Later.MONDAY, monday, MORNINGS).date().isoformat() == "2026-12-07"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(Side)),
            st.integers(1, 4),
            st.sampled_from([State.ACCEPTED, State.COUNTERED, State.DECLINED]),
        ),
        max_size=30,
    )
)
def test_however_people_press_a_proposal_is_decided_once_at_most(
    presses: list[tuple[Side, int, State]],
) -> None:
    standing, decisions = OFFER, 0
    for by, round_seen, verdict in presses:
        after = answer(standing, by, round_seen, verdict, NOW)
        if isinstance(after, Standing):
            assert by is standing.turn
            decisions += after.decided_at is not None
            standing = after
    assert decisions <= 1


@pytest.mark.parametrize(
    ("start", "months", "then"),
    [("2026-08-31", 6, "2027-02-28"), ("2027-08-31", 6, "2028-02-29"), ("2026-11-30", 1, "2026-12-30")],
)
def test_months_later_is_the_same_day_or_the_months_last(start: str, months: int, then: str) -> None:
    begun = datetime.fromisoformat(start).replace(hour=9, tzinfo=UTC)
    assert add_months(begun, months).date().isoformat() == then
