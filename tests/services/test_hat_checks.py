"""Which hats did you wear this week? One tap, remembered, replaceable, and never asked of who doesn't want it."""

from datetime import timedelta

import pytest

from bot.domain.errors import Refused
from bot.services.hats import hat_checks
from bot.services.sending import weekly_prompt
from messages.content import HatCheck
from storage import Sessions, audits, members, teams
from tests.support.builders import a_hat, a_team, added, owns, wears
from tests.support.checking import Dugout
from tests.support.database import at_once
from tests.support.week import FRIDAY_13, MONDAY_10, THIS_WEEK, a_player

LAST_WEEK, EARLIER = "2026-W47", "2026-W45"
LAST_FRIDAY = FRIDAY_13 - timedelta(weeks=1)


@pytest.fixture
def dugout(sessions: Sessions) -> Dugout:
    return Dugout(sessions)


def asked(dugout: Dugout, member: object = None, week: str = THIS_WEEK) -> HatCheck:
    with dugout.sessions.read() as session:
        found = hat_checks.check_of(
            session,
            dugout.team,
            member or dugout.erik,  # type: ignore[arg-type]  # a Member
            hat_checks.read_state(f"1:{week}")[1],
        )
    assert found is not None
    return found


def suggested(check: HatCheck) -> tuple[str, list[str]]:
    return check.since, [hat.name for hat in check.suggested]


def test_the_first_time_the_hats_are_suggested_that_somebody_owns_and_wears(dugout: Dugout) -> None:
    owns(dugout.sessions, dugout.erik, dugout.sales)
    wears(dugout.sessions, dugout.erik, dugout.booking)
    wears(dugout.sessions, dugout.maria, dugout.prospecting)
    assert suggested(asked(dugout)) == ("now", ["Booking", "Sales"])


def test_later_what_they_said_the_week_before_is_suggested(dugout: Dugout) -> None:
    wears(dugout.sessions, dugout.erik, dugout.booking)
    dugout.has_ticked(dugout.erik, dugout.prospecting, week=EARLIER, at=LAST_FRIDAY)
    assert suggested(asked(dugout)) == ("earlier", ["Prospecting"])
    dugout.has_ticked(dugout.erik, dugout.sales, week=LAST_WEEK, at=LAST_FRIDAY)
    assert suggested(asked(dugout)) == ("week", ["Sales"])


def test_none_of_them_is_an_answer_and_is_suggested_again(dugout: Dugout) -> None:
    wears(dugout.sessions, dugout.erik, dugout.booking)
    dugout.has_ticked(dugout.erik, week=LAST_WEEK, at=LAST_FRIDAY)
    assert suggested(asked(dugout)) == ("week", [])
    assert dugout.ticks(dugout.erik).hats == ()
    assert dugout.stored(dugout.erik) == ()
    assert asked(dugout).answered == ()


def test_an_archived_hat_is_not_suggested_and_cannot_be_ticked(dugout: Dugout) -> None:
    dugout.has_ticked(dugout.erik, dugout.sales, dugout.booking, week=LAST_WEEK, at=LAST_FRIDAY)
    tap = asked(dugout).one_tap
    dugout.sales.archived_at = FRIDAY_13
    added(dugout.sessions, dugout.sales)
    assert suggested(asked(dugout)) == ("week", ["Booking"])
    state, hat_ids = hat_checks.read_tap(tap)
    with pytest.raises(Refused, match="check_hat_gone"):
        hat_checks.answer(dugout.sessions, dugout.asker(dugout.erik), state, hat_ids, now=FRIDAY_13)
    assert dugout.stored(dugout.erik) is None


def test_one_tap_stores_what_the_button_said_even_when_it_has_changed_meanwhile(dugout: Dugout) -> None:
    wears(dugout.sessions, dugout.erik, dugout.booking)
    tap = asked(dugout).one_tap
    wears(dugout.sessions, dugout.erik, dugout.sales)
    state, hat_ids = hat_checks.read_tap(tap)
    hat_checks.answer(dugout.sessions, dugout.asker(dugout.erik), state, hat_ids, now=FRIDAY_13)
    assert dugout.stored(dugout.erik) == (dugout.booking.id,)


def test_an_answer_takes_the_place_of_the_one_before(dugout: Dugout) -> None:
    dugout.ticks(dugout.erik, dugout.booking, dugout.sales)
    dugout.ticks(dugout.erik, dugout.prospecting)
    assert dugout.stored(dugout.erik) == (dugout.prospecting.id,)


def test_two_answers_at_the_same_instant_leave_one_of_them_whole(dugout: Dugout) -> None:
    for _ in range(5):
        at_once(
            lambda: dugout.ticks(dugout.erik, dugout.booking, dugout.sales),
            lambda: dugout.ticks(dugout.erik, dugout.prospecting),
        )
        first = tuple(sorted((dugout.booking.id or 0, dugout.sales.id or 0)))
        assert dugout.stored(dugout.erik) in (first, (dugout.prospecting.id,))


def test_the_form_shows_every_hat_with_what_was_worn_before_ticked(dugout: Dugout) -> None:
    dugout.has_ticked(dugout.erik, dugout.sales, week=LAST_WEEK, at=LAST_FRIDAY)
    form = hat_checks.open_form(dugout.sessions, dugout.asker(dugout.erik), None, now=FRIDAY_13).content
    assert (form.period, form.left_out) == (THIS_WEEK, 0)
    assert {option.hat.name: option.ticked for option in form.options} == {
        "Sales": True,
        "Booking": False,
        "Prospecting": False,
    }


def test_a_team_with_more_hats_than_a_menu_takes_still_shows_what_somebody_wears(sqlite_sessions: Sessions) -> None:
    dugout = Dugout(sqlite_sessions)
    for number in range(105):
        a_hat(sqlite_sessions, dugout.team, f"A {number:03}")
    wears(sqlite_sessions, dugout.erik, dugout.sales)
    form = hat_checks.open_form(sqlite_sessions, dugout.asker(dugout.erik), None, now=FRIDAY_13).content
    assert (len(form.options), form.left_out) == (100, 8)
    assert [option.hat.name for option in form.options if option.ticked] == ["Sales"]


@pytest.mark.parametrize("state", ["", "x", "0:2026-W48", "999999:2026-W48", "99999999999999999999:2026-W48"])
def test_a_button_of_no_team_is_refused_kindly(dugout: Dugout, state: str) -> None:
    asker = dugout.asker(dugout.erik)
    if state:
        with pytest.raises(Refused, match="outdated"):
            hat_checks.answer(dugout.sessions, asker, state, [], now=FRIDAY_13)
    with pytest.raises(Refused, match="check_outdated"):
        hat_checks.read_tap(f"{state}:1.x")


@pytest.mark.parametrize("week", ["2026-W40", "2027-W10"])
def test_a_week_that_nobody_remembers_or_knows_yet_is_refused(dugout: Dugout, week: str) -> None:
    with pytest.raises(Refused, match="check_outdated"):
        dugout.ticks(dugout.erik, dugout.sales, week=week)


def test_a_hat_of_another_team_is_refused(dugout: Dugout) -> None:
    other = a_hat(dugout.sessions, a_team(dugout.sessions, dugout.workspace, "South"), "Theirs")
    with pytest.raises(Refused, match="check_hat_gone"):
        dugout.ticks(dugout.erik, other)


@pytest.mark.parametrize("what", ["is_restricted", "is_stranger", "is_bot"])
def test_guests_and_bots_are_not_asked_and_cannot_answer(dugout: Dugout, what: str) -> None:
    guest = dugout.joins("Ola", **{what: True})
    assert not hat_checks.is_asked(dugout.team, guest)
    with pytest.raises(Refused, match="check_guest"):
        dugout.ticks(guest, dugout.sales)


def test_somebody_outside_the_team_cannot_answer(dugout: Dugout) -> None:
    player = a_player(dugout.sessions, a_team(dugout.sessions, dugout.workspace, "South"), "Grace")
    with pytest.raises(Refused, match="not_a_member"):
        dugout.ticks(player.member, dugout.sales)


def test_a_team_without_hats_has_nothing_to_ask(sqlite_sessions: Sessions) -> None:
    dugout = Dugout(sqlite_sessions)
    for hat in (dugout.booking, dugout.prospecting, dugout.sales):
        hat.archived_at = FRIDAY_13
        added(sqlite_sessions, hat)
    with pytest.raises(Refused, match="check_no_hats"):
        hat_checks.open_form(sqlite_sessions, dugout.asker(dugout.erik), None, now=FRIDAY_13)


def test_who_says_so_in_the_form_is_not_asked_again_until_they_want_it(dugout: Dugout) -> None:
    assert not dugout.ticks(dugout.erik, dugout.sales, stop_asking=True).asked_again
    assert not member_is_asked(dugout)
    hat_checks.switch_own(dugout.sessions, dugout.asker(dugout.erik), on=True)
    assert member_is_asked(dugout)
    hat_checks.switch_own(dugout.sessions, dugout.asker(dugout.erik), on=False)
    assert not member_is_asked(dugout)
    dugout.ticks(dugout.erik, dugout.booking)
    assert dugout.stored(dugout.erik) == (dugout.booking.id,), "who is not asked may still tell"


def member_is_asked(dugout: Dugout) -> bool:
    with dugout.sessions.read() as session:
        team = teams.get(session, dugout.workspace.id or 0, dugout.team.id or 0)
        erik = members.get(session, dugout.workspace.id or 0, dugout.erik.id or 0)
        assert team is not None
        assert erik is not None
        return hat_checks.is_asked(team, erik)


def test_an_admin_switches_it_for_the_team_and_the_log_tells_who_did(dugout: Dugout) -> None:
    with pytest.raises(Refused, match="not_admin"):
        hat_checks.switch_team(dugout.sessions, dugout.asker(dugout.erik), on=False, now=FRIDAY_13)
    assert member_is_asked(dugout)
    for _ in range(2):
        hat_checks.switch_team(dugout.sessions, dugout.asker(dugout.anna), on=False, now=FRIDAY_13)
    assert not member_is_asked(dugout)
    with dugout.sessions.read() as session:
        (change,) = audits.of_team(session, dugout.team.id or 0, limit=10)
    assert (change.action, change.actor) == ("team.hat_check", dugout.anna.slack_user_id)
    assert (change.before, change.after) == ({"hat_check": True}, {"hat_check": False})


def test_the_weekly_message_keeps_the_numbers_when_only_the_hats_were_said(dugout: Dugout) -> None:
    owner = a_player(dugout.sessions, dugout.team, "Sara")
    with dugout.sessions.read() as session:
        week = hat_checks.read_state(f"1:{THIS_WEEK}")[1]

        def weekly() -> weekly_prompt.Weekly:
            found = weekly_prompt.weekly_of(session, dugout.team, owner.member, week, now=FRIDAY_13)
            assert found is not None
            return found

        before = weekly()
    assert before.asked.check is not None
    assert before.asked.check.answered is None
    dugout.ticks(owner.member, owner.hat)
    with dugout.sessions.read() as session:
        said = weekly()
    assert said.receipt is None
    assert [kpi.name for kpi in said.asked.kpis] == ["Kpi of Sara"]
    assert said.asked.check is not None
    assert [hat.name for hat in said.asked.check.answered or ()] == ["Hat of Sara"]
    owner.reports(dugout.sessions, "12", THIS_WEEK, now=MONDAY_10 - timedelta(hours=1))
    with dugout.sessions.read() as session:
        done = weekly()
    assert done.receipt is not None
    assert done.asked.check is not None
    assert done.asked.check.answered
