"""Whatever people do in whatever order, a hat has one owner at most, and a history without overlaps or unknown gaps."""

import itertools
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.domain.agreement import LIVE, Later
from bot.domain.errors import Refused
from bot.services.agreements import agreement_answers, agreement_reviews, agreement_terms, agreements, ownership
from bot.services.agreements.agreement_chores import look_after_agreements
from bot.services.agreements.agreement_form import Typed
from bot.services.people import leaving
from storage import Sessions, assignments
from storage.proposals import Term
from storage.tables import Assignment, Hat, Member
from tests.support.builders import a_hat, a_kpi
from tests.support.club import Club
from tests.support.database import copy_sqlite, opened
from tests.support.postgres import PostgresServer
from tests.support.week import TUESDAY, deliveries_of

PEOPLE = st.integers(0, 3)
HATS = st.integers(0, 1)
ROUNDS = st.integers(0, 2)
VACATING = {"left", "stepped_down", "archived"}
Open = Callable[[ExitStack], Sessions]


class Agreeing(RuleBasedStateMachine):
    """Four people, two of them admins, and two hats. Nothing that anybody does may raise but a refusal."""

    open_sessions: Open

    @initialize()
    def gather(self) -> None:
        self.stack = ExitStack()
        self.club = Club(type(self).open_sessions(self.stack))
        self.people: list[Member] = [self.club.anna, self.club.oskar, self.club.joins("Sara", is_admin=True)]
        self.people.append(self.club.joins("Maria"))
        sales = a_hat(self.club.sessions, self.club.team, "Sales", created_at=TUESDAY)
        self.hats: list[Hat] = [self.club.email, sales]
        self.kpis = [a_kpi(self.club.sessions, hat, f"Kpi of {hat.name}") for hat in self.hats]
        self.given = 0
        self.deactivated: set[int] = set()

    def teardown(self) -> None:
        if hasattr(self, "club"):
            self.club.close()
            self.stack.close()

    def tries(self, service: Callable[..., Any], who: int, *arguments: Any) -> Any:
        """Call a service at a later instant; an expected refusal is an answer too."""
        self.club.clock.forward(seconds=1)
        asker = self.club.asker(self.people[who])
        try:
            return service(self.club.sessions, *arguments[:1], asker, *arguments[1:], now=self.club.now)
        except Refused:
            return None

    def answers(self, service: Callable[..., Any], who: int, *arguments: Any) -> Any:
        self.club.clock.forward(seconds=1)
        try:
            return service(self.club.sessions, self.club.asker(self.people[who]), *arguments, now=self.club.now)
        except Refused:
            return None

    def key(self, hat: int, back: int) -> str:
        about = [one for one in self.club.proposals() if one.hat_id == self.hats[hat].id]
        return f"{about[-1].id}.{max(1, about[-1].round - back)}" if about else "0.1"

    @rule(who=PEOPLE, to=PEOPLE, hat=HATS)
    def proposes(self, who: int, to: int, hat: int) -> None:
        receiver = self.people[to].slack_user_id
        self.tries(agreements.propose, who, self.club.directory, self.hats[hat].slug, receiver)

    @rule(who=PEOPLE, hat=HATS)
    def volunteers(self, who: int, hat: int) -> None:
        made = self.tries(agreements.volunteer, who, self.club.directory, self.hats[hat].slug)
        self.given += made is not None and made.content.state == "accepted"

    @rule(who=PEOPLE, hat=HATS, back=ROUNDS)
    def accepts(self, who: int, hat: int, back: int) -> None:
        live = self._live(hat)
        done = self.answers(agreement_answers.accept, who, self.key(hat, back))
        self.given += done is not None and live is not None and live.kind == "owner"

    @rule(who=PEOPLE, hat=HATS, back=ROUNDS, goal=st.integers(0, 99))
    def counters(self, who: int, hat: int, back: int, goal: int) -> None:
        typed = Typed({self.kpis[hat].id or 0: str(goal)}, "", "", "Because")
        self.answers(agreement_answers.counter, who, self.key(hat, back), typed)

    @rule(who=PEOPLE, hat=HATS, back=ROUNDS)
    def declines(self, who: int, hat: int, back: int) -> None:
        self.answers(agreement_answers.decline, who, self.key(hat, back), "")

    @rule(who=PEOPLE, hat=HATS, back=ROUNDS, later=st.sampled_from(list(Later)))
    def puts_off(self, who: int, hat: int, back: int, later: Later) -> None:
        self.answers(agreement_answers.ask_later, who, self.key(hat, back), later)

    @rule(who=PEOPLE, hat=HATS)
    def withdraws(self, who: int, hat: int) -> None:
        self.tries(agreements.withdraw, who, self.club.directory, self.hats[hat].slug)

    @rule(who=PEOPLE, to=PEOPLE, hat=HATS)
    def forces(self, who: int, to: int, hat: int) -> None:
        receiver = self.people[to].slack_user_id
        done = self.tries(ownership.force, who, self.club.directory, self.hats[hat].slug, receiver, "So it is")
        self.given += done is not None

    @rule(who=PEOPLE, hat=HATS, goal=st.integers(0, 99))
    def changes_terms(self, who: int, hat: int, goal: int) -> None:
        terms = [Term(self.kpis[hat].id, "", Decimal(goal))]
        self.answers(agreement_terms.propose_terms, who, self.hats[hat].id or 0, terms, "Because")

    @rule(who=PEOPLE, hat=HATS)
    def keeps(self, who: int, hat: int) -> None:
        history = self._history(self.hats[hat])
        if history:
            self.answers(agreement_reviews.keep, who, str(history[-1].id))

    @rule(who=PEOPLE)
    def leaves(self, who: int) -> None:
        self.answers(leaving.leave, who, self.club.team.id)

    @rule(who=PEOPLE)
    def is_deactivated_or_comes_back(self, who: int) -> None:
        self.club.clock.forward(seconds=1)
        self.deactivated ^= {who}
        self.club.slack_says(self.people[who], deleted=who in self.deactivated)

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.club.clock.forward(days=days)
        look_after_agreements(self.club.sessions, self.club.now)

    @invariant()
    def a_hat_has_one_owner_at_most_and_a_history_without_overlaps_or_unknown_gaps(self) -> None:
        if not hasattr(self, "club"):
            return
        for hat in self.hats:
            history = self._history(hat)
            assert sum(one.ended_at is None for one in history) <= 1
            for earlier, later in itertools.pairwise(history):
                assert earlier.ended_at is not None
                assert earlier.ended_at <= later.started_at
                assert earlier.ended_at == later.started_at or earlier.ending in VACATING
            assert not [one for one in history[:-1] if one.ended_at is None]

    @invariant()
    def one_proposal_waits_for_each_hat_at_most(self) -> None:
        if hasattr(self, "club"):
            live = [one.hat_id for one in self.club.proposals() if one.state in LIVE]
            assert len(live) == len(set(live))

    @invariant()
    def each_owner_was_announced_once(self) -> None:
        if hasattr(self, "club"):
            announced = [one.period.split("-")[1] for one in deliveries_of(self.club.sessions, kind="announcement")]
            assert len(announced) == len(set(announced)) == self.given

    @invariant()
    def nobody_who_was_deactivated_owns_a_hat(self) -> None:
        if hasattr(self, "club"):
            gone = {self.people[who].id for who in self.deactivated}
            assert not gone & {self.club.owner_of(hat) for hat in self.hats}

    def _live(self, hat: int) -> Any:
        about = [one for one in self.club.proposals() if one.hat_id == self.hats[hat].id and one.state in LIVE]
        return about[-1] if about else None

    def _history(self, hat: Hat) -> list[Assignment]:
        with self.club.sessions.read() as session:
            return [assignment for assignment, _ in assignments.of_hat(session, hat.id or 0)]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def open_sessions(request: pytest.FixtureRequest) -> Open:
    """Give a way to a fresh database per sequence."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")

        def fresh(stack: ExitStack) -> Sessions:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            return stack.enter_context(opened(copy_sqlite(template, folder / "hattrick.db")))

    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")

        def fresh(stack: ExitStack) -> Sessions:
            return stack.enter_context(opened(stack.enter_context(server.database())))

    return fresh


@pytest.mark.timeout(300)
def test_whatever_people_do_a_hat_never_has_two_owners(open_sessions: Open, request: pytest.FixtureRequest) -> None:
    machine = type("AgreeingHere", (Agreeing,), {"open_sessions": staticmethod(open_sessions)})
    on_sqlite = "sqlite" in request.node.callspec.id
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=16 if on_sqlite else 6,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.generate],  # a sequence is short enough to read as it was found
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_hat_that_changes_hands_three_times_in_an_instant_has_an_unbroken_history(sqlite_sessions: Sessions) -> None:
    club = Club(sqlite_sessions)
    maria = club.joins("Maria")
    for owner in (maria, club.anna, club.oskar):
        asker = club.asker(club.anna)
        ownership.force(
            club.sessions,
            club.directory,
            asker,
            "email",
            owner.slack_user_id,
            "Trying",
            now=TUESDAY + timedelta(hours=1),
        )
    with club.sessions.read() as session:
        rows = assignments.of_hat(session, club.email.id or 0)
        assert [member.name for _, member in rows] == ["Oskar", "Maria", "Anna", "Oskar"]
        before = [assignments.owner_before(session, assignment) for assignment, _ in rows]
        assert [member.name if member else None for member in before] == [None, "Oskar", "Maria", "Anna"]
    club.close()
