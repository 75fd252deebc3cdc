"""The design's invariants, broken on purpose by plain inserts: it is the database that refuses, on either engine."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel, col

from storage import Sessions
from storage.deliveries import SLOTS
from storage.tables import (
    Alias,
    Assignment,
    Delivery,
    Deputy,
    Hat,
    Kpi,
    Link,
    Membership,
    Proposal,
    Question,
    Reading,
    Target,
    Team,
    Wearer,
    Workspace,
)
from tests.support.builders import (
    NOW,
    WEEK,
    a_hat,
    a_kpi,
    a_link,
    a_member,
    a_target,
    a_team,
    a_workspace,
    added,
    owns,
    plays,
    reads,
    wears,
)
from tests.support.database import at_once

LATER = NOW + timedelta(days=1)


def refused(sessions: Sessions, row: SQLModel, *, because: str) -> None:
    """Assert that the database refuses a row, and that it is for the reason meant."""
    with pytest.raises(IntegrityError) as refusal:
        added(sessions, row)
    assert because in str(refusal.value.orig)


def unique(sessions: Sessions, constraint: str, columns: str) -> str:
    """Return how the engine names a violated unique rule: PostgreSQL by name, SQLite by columns."""
    return constraint if sessions.engine.dialect.name == "postgresql" else f"UNIQUE constraint failed: {columns}"


FOREIGN_KEY = {"sqlite": "FOREIGN KEY constraint failed", "postgresql": "violates foreign key constraint"}


def foreign_key(sessions: Sessions) -> str:
    return FOREIGN_KEY[sessions.engine.dialect.name]


# Ownership


def test_a_hat_has_one_owner_at_a_time(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat, anna, bo = a_hat(sessions, team), a_member(sessions, team), a_member(sessions, team)
    owns(sessions, anna, hat)
    second = Assignment(workspace_id=team.workspace_id, hat_id=hat.id, member_id=bo.id, started_at=LATER)
    refused(sessions, second, because=unique(sessions, "uq_assignment_live", "assignment.hat_id"))


def test_a_hat_can_be_owned_again_once_the_earlier_assignment_has_ended(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat, anna, bo = a_hat(sessions, team), a_member(sessions, team), a_member(sessions, team)
    owns(sessions, anna, hat, ended_at=LATER, ending="handed_over")
    owns(sessions, anna, hat, ended_at=LATER, ending="stepped_down")
    assert owns(sessions, bo, hat, since=LATER).id


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"ended_at": NOW - timedelta(seconds=1), "ending": "left"}, "ends_after_start"),
        ({"ended_at": LATER}, "an_ending_has_a_time"),
        ({"ending": "left"}, "an_ending_has_a_time"),
        ({"ended_at": LATER, "ending": "bored"}, "ending_is_known"),
    ],
)
def test_an_assignment_ends_after_it_started_and_says_how(
    sessions: Sessions, columns: dict[str, object], constraint: str
) -> None:
    team = a_team(sessions)
    hat, anna = a_hat(sessions, team), a_member(sessions, team)
    row = Assignment(workspace_id=team.workspace_id, hat_id=hat.id, member_id=anna.id, started_at=NOW, **columns)
    refused(sessions, row, because=f"ck_assignment_{constraint}")


def test_a_member_wears_a_hat_once_at_a_time_and_plays_in_a_team_once(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat, anna = a_hat(sessions, team), a_member(sessions, team)
    wears(sessions, anna, hat)
    scope = {"workspace_id": team.workspace_id, "member_id": anna.id}
    again = unique(sessions, "uq_wearer_live", "wearer.hat_id, wearer.member_id")
    refused(sessions, Wearer(hat_id=hat.id, since=LATER, **scope), because=again)
    again = unique(sessions, "uq_membership_live", "membership.team_id, membership.member_id")
    refused(sessions, Membership(team_id=team.id, joined_at=LATER, **scope), because=again)


# Names


@pytest.mark.parametrize("kind", ["slug", "alias", "old_slug"])
def test_two_hats_of_a_team_cannot_share_a_name(sessions: Sessions, kind: str) -> None:
    team = a_team(sessions)
    a_hat(sessions, team, "Försäljning", aliases=["Säljare"])
    hunter = a_hat(sessions, team, "Hunter")
    for key in ("forsaljning", "saljare"):
        clash = Alias(team_id=team.id, hat_id=hunter.id, kind=kind, text="SÄLJARE", key=key)
        refused(sessions, clash, because=unique(sessions, "uq_alias_team_id_key", "alias.team_id, alias.key"))


def test_the_same_name_may_mean_another_hat_in_another_team(sessions: Sessions) -> None:
    workspace = a_workspace(sessions)
    north, south = a_team(sessions, workspace), a_team(sessions, workspace)
    assert a_hat(sessions, north, "Hunter").id != a_hat(sessions, south, "Hunter").id


def test_a_name_without_letters_is_no_name(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat = a_hat(sessions, team)
    refused(sessions, Alias(team_id=team.id, hat_id=hat.id, text="!", key=""), because="ck_alias_key_is_not_empty")


def test_team_and_kpi_slugs_are_unique_where_they_are_used(sessions: Sessions) -> None:
    team = a_team(sessions, name="Growth")
    kpi = a_kpi(sessions, a_hat(sessions, team), "Möten")
    twin = Team(workspace_id=team.workspace_id, slug="growth", name="Growth", created_at=NOW)
    refused(sessions, twin, because=unique(sessions, "uq_team_workspace_id_slug", "team.workspace_id, team.slug"))
    twin = Kpi(team_id=team.id, hat_id=kpi.hat_id, slug="MOTEN", key="moten", name="MOTEN", created_at=NOW)
    refused(sessions, twin, because=unique(sessions, "uq_kpi_team_id_key", "kpi.team_id, kpi.key"))


# Readings


def test_a_kpi_has_one_reading_per_week(sessions: Sessions) -> None:
    kpi = a_kpi(sessions, a_hat(sessions, a_team(sessions)))
    reads(sessions, kpi, {WEEK: 7})
    second = Reading(kpi_id=kpi.id, period=WEEK, value=Decimal(8), reported_at=NOW)
    refused(sessions, second, because=unique(sessions, "uq_reading_kpi_id_period", "reading.kpi_id, reading.period"))


def test_a_kpi_has_one_target_per_starting_week(sessions: Sessions) -> None:
    kpi = a_kpi(sessions, a_hat(sessions, a_team(sessions)))
    a_target(sessions, kpi, 10, since=WEEK)
    second = Target(kpi_id=kpi.id, valid_from=WEEK, value=Decimal(8), agreed_at=NOW)
    because = unique(sessions, "uq_target_kpi_id_valid_from", "target.kpi_id, target.valid_from")
    refused(sessions, second, because=because)


@pytest.mark.parametrize(
    "period",
    [
        "2026-48",
        "2026W48",
        "2026-w48",
        "2026-W4",
        "26-W48",
        "2026-W481",
        "abcd-W48",
        "2026-Wxx",
        "2026-W00",
        "2026-W54",
    ],
)
def test_a_week_is_written_in_one_way(sessions: Sessions, period: str) -> None:
    kpi = a_kpi(sessions, a_hat(sessions, a_team(sessions)))
    with pytest.raises(StatementError):
        added(sessions, Reading(kpi_id=kpi.id, period=period, value=Decimal(1), reported_at=NOW))
    with pytest.raises(StatementError):
        added(sessions, Target(kpi_id=kpi.id, valid_from=period, value=Decimal(1), agreed_at=NOW))


# The chain


def a_chain(sessions: Sessions, length: int) -> list[Kpi]:
    hat = a_hat(sessions, a_team(sessions))
    return [a_kpi(sessions, hat) for _ in range(length)]


LOOP = "a loop of links needs a lag of at least one week"


def link(upstream: Kpi, downstream: Kpi, lag: int = 0) -> Link:
    return Link(team_id=upstream.team_id, upstream_id=upstream.id, downstream_id=downstream.id, lag_weeks=lag)


@pytest.mark.parametrize("length", [2, 3, 5])
def test_links_without_lag_cannot_form_a_loop(sessions: Sessions, length: int) -> None:
    kpis = a_chain(sessions, length)
    for upstream, downstream in pairwise(kpis):
        a_link(sessions, upstream, downstream)
    refused(sessions, link(kpis[-1], kpis[0]), because=LOOP)


@pytest.mark.parametrize("length", [2, 3, 5])
def test_a_loop_that_takes_a_week_is_the_libero_and_welcome(sessions: Sessions, length: int) -> None:
    kpis = a_chain(sessions, length)
    for upstream, downstream in pairwise(kpis):
        a_link(sessions, upstream, downstream)
    assert a_link(sessions, kpis[-1], kpis[0], lag=1).id


@pytest.mark.parametrize("length", [2, 3])
def test_a_change_cannot_close_a_loop_without_lag(sessions: Sessions, length: int) -> None:
    kpis = a_chain(sessions, length)
    for upstream, downstream in pairwise(kpis):
        a_link(sessions, upstream, downstream)
    back = a_link(sessions, kpis[-1], kpis[0], lag=3)
    with pytest.raises(IntegrityError, match=LOOP), sessions.write() as session:
        session.execute(update(Link).where(col(Link.id) == back.id).values(lag_weeks=0))
    with sessions.read() as session:
        assert session.get_one(Link, back.id).lag_weeks == 3


def test_a_link_cannot_be_turned_round_into_a_loop(sessions: Sessions) -> None:
    visits, leads, deals = a_chain(sessions, 3)
    a_link(sessions, visits, leads)
    a_link(sessions, leads, deals)
    third = a_link(sessions, visits, deals)
    with pytest.raises(IntegrityError, match=LOOP), sessions.write() as session:
        session.execute(
            update(Link).where(col(Link.id) == third.id).values(upstream_id=deals.id, downstream_id=visits.id)
        )


def test_a_link_may_be_turned_round_when_that_closes_nothing(sessions: Sessions) -> None:
    visits, leads = a_chain(sessions, 2)
    only = a_link(sessions, visits, leads)
    with sessions.write() as session:
        session.execute(
            update(Link).where(col(Link.id) == only.id).values(upstream_id=leads.id, downstream_id=visits.id)
        )
    with sessions.read() as session:
        assert session.get_one(Link, only.id).upstream_id == leads.id


def test_a_kpi_feeds_itself_only_later(sessions: Sessions) -> None:
    (leads,) = a_chain(sessions, 1)
    with pytest.raises(IntegrityError):
        added(sessions, link(leads, leads))
    assert a_link(sessions, leads, leads, lag=4).id


def test_two_links_that_would_close_a_loop_together_are_not_both_stored(sessions: Sessions) -> None:
    visits, leads = a_chain(sessions, 2)
    with ThreadPoolExecutor(1) as pool:
        with sessions.write() as session:
            session.add(link(visits, leads))
            session.flush()
            second = pool.submit(added, sessions, link(leads, visits))
            # It must wait for this transaction, whose link it cannot see yet.
            assert not wait([second], timeout=0.5).done
        with pytest.raises(IntegrityError, match=LOOP):
            second.result(timeout=30)


def test_a_ring_of_links_stored_at_once_lacks_one(sessions: Sessions) -> None:
    kpis = a_chain(sessions, 6)
    ring = zip(kpis, [*kpis[1:], kpis[0]], strict=True)

    def is_stored(upstream: Kpi, downstream: Kpi) -> bool:
        try:
            added(sessions, link(upstream, downstream))
        except IntegrityError:
            return False
        return True

    stored = at_once(*(partial(is_stored, *pair) for pair in ring))
    assert sorted(stored) == [False] + [True] * 5


@pytest.mark.parametrize("lag", [-1, 53])
def test_a_lag_is_within_a_year(sessions: Sessions, lag: int) -> None:
    visits, leads = a_chain(sessions, 2)
    refused(sessions, link(visits, leads, lag), because="ck_link_lag_is_in_range")


def test_two_kpis_are_linked_once(sessions: Sessions) -> None:
    visits, leads = a_chain(sessions, 2)
    a_link(sessions, visits, leads, lag=1)
    because = unique(sessions, "uq_link_upstream_id_downstream_id", "link.upstream_id, link.downstream_id")
    refused(sessions, link(visits, leads, lag=2), because=because)


def test_a_link_stays_within_its_team(sessions: Sessions) -> None:
    workspace = a_workspace(sessions)
    ours = a_kpi(sessions, a_hat(sessions, a_team(sessions, workspace)))
    theirs = a_kpi(sessions, a_hat(sessions, a_team(sessions, workspace)))
    for team_id in (ours.team_id, theirs.team_id):
        for upstream, downstream in ((ours, theirs), (theirs, ours)):
            row = Link(team_id=team_id, upstream_id=upstream.id, downstream_id=downstream.id)
            refused(sessions, row, because=foreign_key(sessions))


def test_a_team_has_one_goal(sessions: Sessions) -> None:
    hat = a_hat(sessions, a_team(sessions))
    a_kpi(sessions, hat, "Old deals", is_goal=True, archived_at=NOW)
    a_kpi(sessions, hat, "Deals", is_goal=True)
    a_kpi(sessions, hat, "Leads")
    row = Kpi(team_id=hat.team_id, hat_id=hat.id, slug="wins", key="wins", name="Wins", is_goal=True, created_at=NOW)
    refused(sessions, row, because=unique(sessions, "uq_kpi_goal", "kpi.team_id"))


# Deliveries


def a_delivery(team: Team, **columns: object) -> Delivery:
    what = {
        "kind": "prompt",
        "recipient": "U1",
        "period": WEEK,
        "key": "k1",
        "due_at": NOW,
        "not_before": NOW,
        **columns,
    }
    slot = SLOTS.get(str(what["kind"]))
    return Delivery(**{"workspace_id": team.workspace_id, "team_id": team.id, "slot": slot, **what})


def test_what_a_workspace_owes_without_a_team_is_owed_once_too(sessions: Sessions) -> None:
    team = a_team(sessions)
    added(sessions, a_delivery(team, team_id=None, kind="installed", period="install"))
    because = unique(
        sessions,
        "uq_delivery_without_team",
        "delivery.workspace_id, delivery.kind, delivery.recipient, delivery.period",
    )
    refused(sessions, a_delivery(team, team_id=None, kind="installed", period="install", key="k2"), because=because)


def test_nobody_is_asked_about_a_week_a_third_time(sessions: Sessions) -> None:
    team = a_team(sessions)
    added(sessions, a_delivery(team))
    added(sessions, a_delivery(team, kind="snooze", key="k2"))
    slots = "delivery.team_id, delivery.recipient, delivery.period, delivery.slot"
    taken = unique(sessions, "uq_delivery_team_id_recipient_period_slot", slots)
    refused(sessions, a_delivery(team, kind="reminder", key="k3"), because=taken)
    for slot in (None, 0, 3):
        row = a_delivery(team, kind="reminder", slot=slot, recipient="U9", key="k4")
        refused(sessions, row, because="ck_delivery_two_slots_for_what_asks")
    refused(sessions, a_delivery(team, kind="digest", slot=1, key="k5"), because="ck_delivery_two_slots_for_what_asks")


def test_a_message_is_owed_once_per_team_kind_recipient_and_week(sessions: Sessions) -> None:
    team = a_team(sessions)
    # A digest has no slot, whose rule would be broken as well.
    added(sessions, a_delivery(team, kind="digest"))
    because = unique(
        sessions,
        "uq_delivery_team_id_kind_recipient_period",
        "delivery.team_id, delivery.kind, delivery.recipient, delivery.period",
    )
    refused(sessions, a_delivery(team, key="k2", kind="digest"), because=because)
    refused(
        sessions,
        a_delivery(team, recipient="U2"),
        because=unique(sessions, "uq_delivery_key", "delivery.key"),
    )
    other = a_team(sessions)
    for n, row in enumerate(({"kind": "announcement"}, {"recipient": "U2"}, {"period": "2026-W48"})):
        assert added(sessions, a_delivery(team, key=f"other{n}", **row)).id
    assert added(sessions, a_delivery(other, key="theirs")).id


def test_a_delivery_has_a_known_state(sessions: Sessions) -> None:
    refused(sessions, a_delivery(a_team(sessions), state="lost"), because="ck_delivery_state_is_known")


# Workspaces


def test_rows_of_two_workspaces_cannot_be_tied_together(sessions: Sessions) -> None:
    ours, theirs = a_team(sessions), a_team(sessions)
    hat, stranger = a_hat(sessions, ours), a_member(sessions, theirs)
    their_hat = a_hat(sessions, theirs)
    for workspace_id in (ours.workspace_id, theirs.workspace_id):
        scope = {"workspace_id": workspace_id}
        for row in (
            Membership(team_id=ours.id, member_id=stranger.id, joined_at=NOW, **scope),
            Wearer(hat_id=hat.id, member_id=stranger.id, since=NOW, **scope),
            Assignment(hat_id=hat.id, member_id=stranger.id, started_at=NOW, **scope),
            Question(hat_id=hat.id, asker_id=stranger.id, text="Who?", key="q1", asked_at=NOW, **scope),
        ):
            refused(sessions, row, because=foreign_key(sessions))
    foreign = {"side": "sales", "position": "libero", "created_at": NOW}
    for row in (
        Hat(workspace_id=theirs.workspace_id, team_id=ours.id, slug="h", name="H", **foreign),
        a_delivery(ours, workspace_id=theirs.workspace_id),
        Alias(team_id=ours.id, hat_id=their_hat.id, text="x", key="x"),
        Kpi(team_id=ours.id, hat_id=their_hat.id, slug="k", key="k", name="K", created_at=NOW),
    ):
        refused(sessions, row, because=foreign_key(sessions))


def test_one_slack_workspace_is_one_row_and_a_person_is_one_member_of_it(sessions: Sessions) -> None:
    workspace = a_workspace(sessions, "T1")
    anna = a_member(sessions, workspace, slack_user_id="U1")
    twin = Workspace(slack_team_id="T1", installed_at=NOW)
    refused(sessions, twin, because=unique(sessions, "uq_workspace_slack_team_id", "workspace.slack_team_id"))
    with pytest.raises(IntegrityError):
        a_member(sessions, workspace, slack_user_id="U1")
    elsewhere = a_member(sessions, a_workspace(sessions), slack_user_id="U1")
    assert elsewhere.id != anna.id


# Instants


def test_an_instant_without_a_zone_is_refused(sessions: Sessions) -> None:
    with pytest.raises(StatementError, match="has no time zone"):
        a_workspace(sessions, installed_at=datetime(2026, 11, 23, 10))  # noqa: DTZ001 - that is what is refused


def test_an_instant_comes_back_as_utc_whatever_zone_it_was_written_in(sessions: Sessions) -> None:
    stockholm = timezone(timedelta(hours=1))
    workspace = a_workspace(sessions, installed_at=NOW.astimezone(stockholm))
    with sessions.read() as session:
        stored = session.get_one(Workspace, workspace.id).installed_at
    assert stored == NOW
    assert stored.utcoffset() == timedelta(0)


def test_an_instant_is_utc_in_the_database_itself(sessions: Sessions) -> None:
    workspace = a_workspace(sessions, installed_at=NOW.astimezone(timezone(timedelta(hours=-8))))
    raw = "installed_at" if sessions.engine.dialect.name == "sqlite" else "installed_at AT TIME ZONE 'UTC'"
    with sessions.read() as session:
        query = text(f"SELECT CAST({raw} AS varchar) FROM workspace WHERE id = :id")  # noqa: S608 - one of two words
        assert session.execute(query, {"id": workspace.id}).scalar_one().startswith("2026-11-23 10:00:00")


def test_instants_are_compared_as_instants(sessions: Sessions) -> None:
    a_workspace(sessions, "T1", installed_at=NOW)
    kiritimati = NOW.astimezone(timezone(timedelta(hours=14)))
    query = select(col(Workspace.slack_team_id)).where(col(Workspace.installed_at) <= kiritimati)
    with sessions.read() as session:
        assert session.execute(query).scalars().all() == ["T1"]
        earlier = select(col(Workspace.id)).where(col(Workspace.installed_at) < kiritimati)
        assert session.execute(earlier).all() == []


def test_a_member_who_plays_in_two_teams_is_fine(sessions: Sessions) -> None:
    workspace = a_workspace(sessions)
    north, south = a_team(sessions, workspace), a_team(sessions, workspace)
    anna = a_member(sessions, north)
    assert plays(sessions, anna, south).id


# Agreements


def test_a_hat_has_one_live_proposal_and_any_number_of_decided_ones(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat, anna, bo = a_hat(sessions, team), a_member(sessions, team), a_member(sessions, team)
    terms = {
        "workspace_id": team.workspace_id,
        "team_id": team.id,
        "hat_id": hat.id,
        "candidate_id": anna.id,
        "counterpart_id": bo.id,
        "offered_at": NOW,
        "expires_at": LATER,
    }
    for state in ("declined", "expired", "accepted"):
        added(sessions, Proposal(state=state, decided_at=LATER, **terms))
    added(sessions, Proposal(state="countered", **terms))
    because = unique(sessions, "uq_proposal_live", "proposal.hat_id")
    refused(sessions, Proposal(state="offered", **terms), because=because)
    refused(sessions, Proposal(state="declined", **terms), because="ck_proposal_a_decision_has_a_time")


def test_a_hat_has_one_deputy_at_a_time(sessions: Sessions) -> None:
    team = a_team(sessions)
    hat, anna, bo = a_hat(sessions, team), a_member(sessions, team), a_member(sessions, team)
    scope = {"workspace_id": team.workspace_id, "hat_id": hat.id}
    added(sessions, Deputy(member_id=anna.id, since=NOW, until=LATER, **scope))
    added(sessions, Deputy(member_id=anna.id, since=LATER, **scope))
    refused(
        sessions,
        Deputy(member_id=bo.id, since=LATER, **scope),
        because=unique(sessions, "uq_deputy_live", "deputy.hat_id"),
    )
