"""How fast messages may follow each other."""

from datetime import UTC, datetime, timedelta

from bot.domain.backoff import LONGEST, SHORTEST, pause_before_retry
from bot.domain.pacing import share

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_quiet_channel_takes_a_short_burst_and_then_one_a_second() -> None:
    shared = share([(1, "C1")] * 6, {}, NOW)
    assert shared.waits_until == [None] * 4 + [NOW + SECOND, NOW + 2 * SECOND]
    later = share([(1, "C1")] * 2, shared.moved, NOW + SECOND)
    assert later.waits_until == [None, NOW + 2 * SECOND]


def test_a_busy_channel_holds_nobody_else_up() -> None:
    waits = share([*[(1, "C1")] * 5, (1, "C2"), (2, "C1")], {}, NOW).waits_until
    assert [wait is None for wait in waits] == [True] * 4 + [False, True, True]


def test_a_workspace_takes_several_hundred_a_minute() -> None:
    people = [(1, f"U{number}") for number in range(1_000)]
    open_at: dict[tuple[int, str], datetime] = {}
    sent = 0
    for second in range(60):
        shared = share(people[sent : sent + 300], open_at, NOW + second * SECOND)
        open_at |= shared.moved
        sent += shared.waits_until.count(None)
    assert 300 <= sent <= 500


def test_what_slack_has_closed_waits_for_that_workspace_only() -> None:
    until = NOW + timedelta(seconds=30)
    assert share([(1, "U1"), (2, "U2")], {(1, ""): until}, NOW).waits_until == [until, None]


def test_pauses_are_spread_over_all_that_they_may_last() -> None:
    assert pause_before_retry(3, lambda: 1.0) == 8 * SECOND
    assert pause_before_retry(3, lambda: 0.5) == 4 * SECOND
    assert pause_before_retry(3, lambda: 0.0) == SHORTEST
    assert pause_before_retry(40, lambda: 1.0) == LONGEST


def test_nothing_is_tried_again_before_slack_allows_it() -> None:
    assert pause_before_retry(1, lambda: 0.1, at_least=30 * SECOND) == 30 * SECOND
