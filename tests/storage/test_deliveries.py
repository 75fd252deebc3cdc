from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlmodel import col, select

from storage import Sessions, backlogs, delivered, deliveries
from storage.deliveries import Claimed, Recorded
from storage.tables import Delivery, Team
from tests.support.builders import NOW, WEEK, a_team
from tests.support.database import at_once

LEASE = timedelta(minutes=2)
MINUTE = timedelta(minutes=1)


def a_row(team: Team, n: int, *, key: str = "", **columns: Any) -> dict[str, Any]:
    return {
        "workspace_id": team.workspace_id,
        "team_id": team.id,
        "kind": "prompt",
        "recipient": f"U{n}",
        "period": WEEK,
        "key": key or f"key-{team.id}-{n}",
        "due_at": NOW,
        "not_before": NOW,
        **columns,
    }


def owe(sessions: Sessions, *rows: dict[str, Any]) -> int:
    with sessions.write() as session:
        return deliveries.owe(session, rows)


def claim(sessions: Sessions, *, now: datetime = NOW, limit: int = 100) -> list[Claimed]:
    with sessions.write() as session:
        return deliveries.claim(session, now=now, limit=limit, lease=LEASE)


def record(sessions: Sessions, claimed: Claimed, state: str, **columns: Any) -> bool:
    return record_all(sessions, Recorded(claimed, state, columns)) == [True]


def record_all(sessions: Sessions, *outcomes: Recorded) -> list[bool]:
    with sessions.write() as session:
        return deliveries.record(session, outcomes)


def the(sessions: Sessions, delivery_id: int) -> Delivery:
    with sessions.read() as session:
        return session.get_one(Delivery, delivery_id)


def claim_until_empty(sessions: Sessions, limit: int) -> list[Claimed]:
    mine: list[Claimed] = []
    while batch := claim(sessions, limit=limit):
        assert len(batch) <= limit
        mine += batch
    return mine


# Owing


def test_what_is_owed_already_is_not_owed_twice(sessions: Sessions) -> None:
    team = a_team(sessions)
    assert owe(sessions, *(a_row(team, n) for n in range(3))) == 3
    assert owe(sessions, *(a_row(team, n, key=f"again-{n}") for n in range(5))) == 2
    with sessions.read() as session:
        keys = session.exec(select(Delivery.key).order_by(col(Delivery.id))).all()
    assert keys == [f"key-{team.id}-{n}" for n in range(3)] + ["again-3", "again-4"]


def test_planning_again_leaves_a_sent_delivery_alone(sessions: Sessions) -> None:
    team = a_team(sessions)
    owe(sessions, a_row(team, 1))
    (claimed,) = claim(sessions)
    record(sessions, claimed, state="sent", sent_at=NOW)
    assert owe(sessions, a_row(team, 1, key="again", not_before=NOW)) == 0
    assert claim(sessions, now=NOW + 10 * LEASE) == []
    assert the(sessions, claimed.id).state == "sent"


def test_more_rows_than_one_statement_takes_are_all_owed(sessions: Sessions) -> None:
    team = a_team(sessions)
    amount = 2 * deliveries.MOST_ROWS_AT_ONCE + 1
    assert owe(sessions, *(a_row(team, n) for n in range(amount))) == amount
    assert owe(sessions) == 0


def test_eight_planners_at_once_owe_each_message_once(sessions: Sessions) -> None:
    team = a_team(sessions)
    plans = [[a_row(team, n, key=f"{planner}-{n}") for n in range(50)] for planner in range(8)]
    assert sum(at_once(*(partial(owe, sessions, *plan) for plan in plans))) == 50


# Claiming


def test_what_is_due_is_claimed_once_in_order_of_its_time(sessions: Sessions) -> None:
    team = a_team(sessions)
    times = {1: NOW, 2: NOW - MINUTE, 3: NOW + MINUTE, 4: NOW - 2 * MINUTE}
    owe(sessions, *(a_row(team, n, not_before=time) for n, time in times.items()))
    assert {one.recipient for one in claim(sessions, limit=2)} == {"U4", "U2"}
    assert [one.recipient for one in claim(sessions, limit=2)] == ["U1"]
    assert claim(sessions) == []
    assert [one.recipient for one in claim(sessions, now=NOW + MINUTE)] == ["U3"]


def test_a_claim_tells_all_that_sending_needs(sessions: Sessions) -> None:
    team = a_team(sessions)
    owe(sessions, a_row(team, 7))
    (claimed,) = claim(sessions)
    assert (claimed.workspace_id, claimed.team_id) == (team.workspace_id, team.id)
    assert (claimed.kind, claimed.recipient, claimed.period) == ("prompt", "U7", WEEK)
    assert (claimed.key, claimed.attempts, claimed.doubtful) == (f"key-{team.id}-7", 1, False)
    assert claimed.due_at == claimed.claimed_at == NOW


def test_a_claim_that_is_rolled_back_leaves_the_delivery_due(sessions: Sessions) -> None:
    owe(sessions, a_row(a_team(sessions), 1))

    def crash() -> None:
        with sessions.write() as session:
            assert deliveries.claim(session, now=NOW, limit=1, lease=LEASE)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        crash()
    (again,) = claim(sessions)
    assert (again.attempts, again.doubtful) == (1, False)


def test_eight_workers_share_four_hundred_deliveries_without_overlap(sessions: Sessions) -> None:
    team = a_team(sessions)
    owe(sessions, *(a_row(team, n) for n in range(400)))
    shares = at_once(*(partial(claim_until_empty, sessions, 7) for _ in range(8)))
    assert Counter(one.id for share in shares for one in share).most_common(1)[0][1] == 1
    assert sum(map(len, shares)) == 400
    with sessions.read() as session:
        assert backlogs.counts(session) == {"claimed": 400}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limits=st.lists(st.integers(1, 20), min_size=2, max_size=5), amount=st.integers(0, 60))
def test_workers_with_any_limits_claim_everything_once(sessions: Sessions, limits: list[int], amount: int) -> None:
    with sessions.write() as session:
        session.execute(delete(Delivery))
    team = a_team(sessions)
    owe(sessions, *(a_row(team, n) for n in range(amount)))
    shares = at_once(*(partial(claim_until_empty, sessions, limit) for limit in limits))
    claimed = [one.recipient for share in shares for one in share]
    assert sorted(claimed) == sorted(f"U{n}" for n in range(amount))


@pytest.mark.postgres
def test_a_claim_keeps_its_limit_whatever_plan_postgres_makes(postgres_sessions: Sessions) -> None:
    """A plan that runs the inner query again for each row would lock further rows each time."""
    team = a_team(postgres_sessions)
    owe(postgres_sessions, *(a_row(team, n) for n in range(200)))
    with postgres_sessions.write() as session:
        for step in ("hashjoin", "mergejoin", "hashagg", "sort", "material", "memoize"):
            session.execute(text(f"SET LOCAL enable_{step} = off"))
        assert len(deliveries.claim(session, now=NOW, limit=5, lease=LEASE)) == 5


@pytest.mark.postgres
def test_a_worker_passes_over_what_another_is_claiming(postgres_sessions: Sessions) -> None:
    team = a_team(postgres_sessions)
    owe(postgres_sessions, *(a_row(team, n) for n in range(10)))
    with postgres_sessions.write() as first, postgres_sessions.write() as second:
        mine = deliveries.claim(first, now=NOW, limit=4, lease=LEASE)
        others = deliveries.claim(second, now=NOW, limit=100, lease=LEASE)
    assert (len(mine), len(others)) == (4, 6)
    assert not {one.id for one in mine} & {one.id for one in others}


# Silent workers


def test_a_silent_worker_loses_its_delivery_and_the_next_one_is_told_to_look(sessions: Sessions) -> None:
    owe(sessions, a_row(a_team(sessions), 1))
    (first,) = claim(sessions)
    assert claim(sessions, now=NOW + LEASE) == []
    (second,) = claim(sessions, now=NOW + LEASE + timedelta(microseconds=1))
    assert second.id == first.id
    assert (first.doubtful, second.doubtful) == (False, True)
    assert (first.attempts, second.attempts) == (1, 2)


def test_a_worker_that_wakes_up_late_cannot_record(sessions: Sessions) -> None:
    owe(sessions, a_row(a_team(sessions), 1))
    (first,) = claim(sessions)
    (second,) = claim(sessions, now=NOW + 2 * LEASE)
    assert not record(sessions, first, state="failed", error="gone")
    assert the(sessions, first.id).state == "claimed"
    assert record(sessions, second, state="sent", sent_at=NOW, channel_id="D1", message_ts="1.2")
    assert not record(sessions, first, state="due", not_before=NOW)
    stored = the(sessions, first.id)
    assert (stored.state, stored.channel_id, stored.message_ts, stored.error) == ("sent", "D1", "1.2", None)


def test_of_many_outcomes_all_are_recorded_but_those_that_another_worker_has_taken_over(sessions: Sessions) -> None:
    team = a_team(sessions)
    owe(sessions, *(a_row(team, n) for n in range(4)))
    first, lost, failed, third = claim(sessions)
    owe(sessions, a_row(team, 4))
    (fifth,) = claim(sessions)
    with sessions.write() as session:
        session.get_one(Delivery, lost.id).attempts += 1
    sent = [Recorded(one, "sent", {"sent_at": NOW, "message_ts": f"{one.id}"}) for one in (first, lost, third)]
    outcomes = [*sent[:2], Recorded(failed, "failed", {"error": "gone"}), sent[2]]
    assert record_all(sessions, *outcomes) == [True, False, True, True]
    states = [the(sessions, one.id).state for one in (first, lost, failed, third, fifth)]
    assert states == ["sent", "claimed", "failed", "sent", "claimed"]
    assert [the(sessions, one.id).message_ts for one in (first, lost, third)] == [f"{first.id}", None, f"{third.id}"]
    assert record_all(sessions) == []


def test_an_outcome_is_recorded_once(sessions: Sessions) -> None:
    owe(sessions, a_row(a_team(sessions), 1))
    (claimed,) = claim(sessions)
    assert record(sessions, claimed, state="sent", sent_at=NOW)
    assert not record(sessions, claimed, state="failed", error="no")
    assert the(sessions, claimed.id).state == "sent"


def test_only_one_of_two_workers_takes_over_from_a_silent_one(sessions: Sessions) -> None:
    team = a_team(sessions)
    owe(sessions, *(a_row(team, n) for n in range(40)))
    assert len(claim(sessions)) == 40
    takers = at_once(*(partial(claim, sessions, now=NOW + 2 * LEASE, limit=15) for _ in range(4)))
    taken = [one.id for taker in takers for one in taker]
    assert len(taken) == len(set(taken))
    assert all(one.doubtful for taker in takers for one in taker)


def test_what_slack_put_off_comes_back_when_slack_said(sessions: Sessions) -> None:
    owe(sessions, a_row(a_team(sessions), 1))
    (claimed,) = claim(sessions)
    later = NOW + timedelta(seconds=30)
    assert record(sessions, claimed, state="due", not_before=later)
    with sessions.read() as session:
        assert deliveries.next_due(session) == later
    assert claim(sessions, now=later - timedelta(seconds=1)) == []
    (again,) = claim(sessions, now=later)
    assert (again.attempts, again.doubtful) == (2, False)


def test_doubt_stays_until_somebody_has_looked(sessions: Sessions) -> None:
    owe(sessions, a_row(a_team(sessions), 1))
    (first,) = claim(sessions)
    record(sessions, first, state="due", not_before=NOW, doubtful=True)
    (second,) = claim(sessions)
    assert second.doubtful
    record(sessions, second, state="due", not_before=NOW, doubtful=False)
    assert not claim(sessions)[0].doubtful


@pytest.mark.parametrize("state", ["sent", "failed", "skipped"])
def test_what_is_done_is_never_claimed_again(sessions: Sessions, state: str) -> None:
    owe(sessions, a_row(a_team(sessions), 1))
    (claimed,) = claim(sessions)
    record(sessions, claimed, state=state)
    assert claim(sessions, now=NOW + 100 * LEASE) == []
    with sessions.read() as session:
        assert deliveries.next_due(session) is None
        assert backlogs.counts(session) == {state: 1}


def test_only_a_delivery_that_arrived_counts_as_sent(sessions: Sessions) -> None:
    team, other = a_team(sessions), a_team(sessions)
    owe(sessions, a_row(team, 1), a_row(other, 1))
    what: dict[str, Any] = {"kind": "prompt", "recipient": "U1", "period": WEEK}

    def is_sent(which: Team) -> bool:
        assert which.id
        with sessions.read() as session:
            return delivered.sent(session, team_id=which.id, **what) is not None

    assert not is_sent(team)
    for claimed in claim(sessions):
        state = "sent" if claimed.team_id == team.id else "failed"
        record(sessions, claimed, state=state)
    assert (is_sent(team), is_sent(other)) == (True, False)
