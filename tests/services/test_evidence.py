"""Counts by hat and person: who reaches for a hat, told to the team; what is kept of a person, told to them."""

from datetime import timedelta

import pytest

from bot.domain.errors import Refused
from bot.services.hats import evidence
from messages.evidence_content import HatEvidence
from storage import Sessions
from storage.tables import Hat, Member
from tests.support.builders import a_kpi, a_member, added, owns, reads
from tests.support.checking import Dugout
from tests.support.week import FRIDAY_13, MONDAY_10, THIS_WEEK

NOW = MONDAY_10
WEEKS = [f"2026-W{number}" for number in range(41, 49)]


@pytest.fixture
def dugout(sessions: Sessions) -> Dugout:
    return Dugout(sessions)


def wore(dugout: Dugout, member: Member, *hats: Hat, weeks: int) -> None:
    for number, week in enumerate(reversed(WEEKS[-weeks:])):
        dugout.has_ticked(member, *hats, week=week, at=FRIDAY_13 - timedelta(weeks=number))


def shown(dugout: Dugout, hat: Hat, *, by: Member | None = None) -> HatEvidence:
    asker = dugout.asker(by or dugout.anna)
    return evidence.of_hat(dugout.sessions, dugout.directory, asker, hat.slug, now=NOW).content


def test_every_kind_is_counted_within_the_window(dugout: Dugout) -> None:
    wore(dugout, dugout.erik, dugout.sales, weeks=2)
    for number, kind in enumerate(("answered", "answered", "passed_on", "took_it")):
        dugout.did(dugout.erik, dugout.sales, kind, key=f"q{number}", at=FRIDAY_13)
    dugout.did(dugout.erik, dugout.sales, "answered", key="q0", at=FRIDAY_13)
    dugout.did(dugout.erik, dugout.sales, "answered", key="old", at=NOW - timedelta(weeks=8, seconds=1))
    dugout.did(dugout.erik, dugout.booking, "answered", key="other hat", at=FRIDAY_13)
    reads(dugout.sessions, a_kpi(dugout.sessions, dugout.sales), {THIS_WEEK: 3}, by=dugout.erik, now=FRIDAY_13)
    (line,) = shown(dugout, dugout.sales).lines
    counted = (line.hat_checks, line.answered, line.passed_on, line.took_it, line.readings)
    assert counted == (2, 2, 1, 1, 1), "the same event counts once, and what is long ago not at all"


def test_a_natural_owner_is_named_and_may_be_proposed_by_anybody_while_the_hat_is_vacant(dugout: Dugout) -> None:
    wore(dugout, dugout.erik, dugout.prospecting, weeks=8)
    wore(dugout, dugout.maria, dugout.prospecting, dugout.booking, weeks=2)
    found = shown(dugout, dugout.prospecting, by=dugout.maria)
    assert found.natural is not None
    assert found.natural.slack_id == dugout.erik.slack_user_id
    assert str(found.share) == "0.80"
    assert found.may_propose
    assert [line.person.name for line in found.lines] == ["Erik", "Maria"]
    assert [str(number) for _, number in found.trend] == ["1.0"] * 6 + ["1.8"] * 2
    own = shown(dugout, dugout.prospecting, by=dugout.erik)
    assert own.natural is not None
    assert not own.may_propose, "nobody proposes to themselves"


def test_of_an_owned_hat_only_its_owner_may_propose(dugout: Dugout) -> None:
    wore(dugout, dugout.erik, dugout.sales, weeks=8)
    sara = dugout.joins("Sara")
    owns(dugout.sessions, sara, dugout.sales)
    may = {
        member.name: shown(dugout, dugout.sales, by=member).may_propose for member in (dugout.anna, dugout.maria, sara)
    }
    assert may == {"Anna": False, "Maria": False, "Sara": True}
    owns(dugout.sessions, dugout.erik, dugout.booking)
    wore(dugout, dugout.erik, dugout.booking, weeks=8)
    assert not shown(dugout, dugout.booking).may_propose, "the natural owner owns it already"


def test_what_is_missing_is_told(dugout: Dugout) -> None:
    assert (shown(dugout, dugout.sales).natural, shown(dugout, dugout.sales).missing) == (None, 5)
    wore(dugout, dugout.erik, dugout.sales, weeks=3)
    assert shown(dugout, dugout.sales).missing == 2
    wore(dugout, dugout.erik, dugout.sales, weeks=6)
    wore(dugout, dugout.maria, dugout.sales, weeks=5)
    assert [person.name for person in shown(dugout, dugout.sales).close] == ["Erik", "Maria"]


@pytest.mark.parametrize("gone", [{"deleted": True}, {"is_restricted": True}, {"is_bot": True}])
def test_who_cannot_own_a_hat_is_no_natural_owner_and_is_not_shown(dugout: Dugout, gone: dict[str, bool]) -> None:
    wore(dugout, dugout.erik, dugout.sales, weeks=8)
    for name, value in gone.items():
        setattr(dugout.erik, name, value)
    added(dugout.sessions, dugout.erik)
    found = shown(dugout, dugout.sales)
    assert (found.natural, found.lines) == (None, ())


def test_who_is_not_in_the_team_neither_counts_nor_sees_it(dugout: Dugout) -> None:
    outside = a_member(dugout.sessions, dugout.workspace, "Grace")
    dugout.did(outside, dugout.sales, "answered", key="q", at=FRIDAY_13)
    assert shown(dugout, dugout.sales).lines == ()
    with pytest.raises(Refused, match="not_a_member"):
        shown(dugout, dugout.sales, by=outside)


def test_a_hat_must_be_named(dugout: Dugout) -> None:
    for query, refusal in (("", "no_hat_named"), ("curling", "hat_not_found")):
        with pytest.raises(Refused, match=refusal):
            evidence.of_hat(dugout.sessions, dugout.directory, dugout.asker(dugout.anna), query, now=NOW)


def test_the_trend_knows_who_said_none_and_leaves_out_this_week(dugout: Dugout) -> None:
    dugout.has_ticked(dugout.erik, week="2026-W47", at=FRIDAY_13 - timedelta(weeks=1))
    dugout.has_ticked(dugout.erik, dugout.sales, week="2026-W49", at=NOW)
    found = shown(dugout, dugout.sales)
    assert [(week, float(number)) for week, number in found.trend] == [("2026-W47", 0.0)]


def test_a_member_sees_their_own_counts_and_nobody_elses(dugout: Dugout) -> None:
    wore(dugout, dugout.erik, dugout.sales, dugout.booking, weeks=3)
    wore(dugout, dugout.maria, dugout.sales, weeks=8)
    own = evidence.of_reader(dugout.sessions, dugout.asker(dugout.erik), now=NOW).content
    assert [(hat.name, line.hat_checks) for hat, line in own.hats] == [("Booking", 3), ("Sales", 3)]
    assert {line.person.name for _, line in own.hats} == {"Erik"}
    assert (own.asked, own.team_asks) == (True, True)


def test_what_a_member_deletes_is_gone_everywhere_and_does_not_count_again(dugout: Dugout) -> None:
    kpi = a_kpi(dugout.sessions, dugout.sales)
    wore(dugout, dugout.erik, dugout.sales, weeks=8)
    wore(dugout, dugout.maria, dugout.sales, weeks=1)
    dugout.did(dugout.erik, dugout.sales, "answered", key="q", at=FRIDAY_13)
    reads(dugout.sessions, kpi, {"2026-W47": 3}, by=dugout.erik, now=FRIDAY_13)
    assert shown(dugout, dugout.sales).natural is not None
    evidence.forget(dugout.sessions, dugout.asker(dugout.erik), now=NOW)
    assert evidence.of_reader(dugout.sessions, dugout.asker(dugout.erik), now=NOW).content.hats == ()
    assert [line.person.name for line in shown(dugout, dugout.sales).lines] == ["Maria"]
    reads(dugout.sessions, kpi, {THIS_WEEK: 4}, by=dugout.erik, now=NOW + timedelta(minutes=1))
    (sales,) = evidence.of_reader(dugout.sessions, dugout.asker(dugout.erik), now=NOW).content.hats
    assert sales[1].readings == 1, "what they do from now on counts"
