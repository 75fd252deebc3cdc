"""What is computed of a chain, and when what was computed is read again."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.domain.chain import Verdict
from bot.services.chain.chain_chores import ChainComputer
from bot.services.chain.chain_facts import chain_facts, vanity_facts
from bot.services.chain.chain_looking_back import look_back_for, remember_focus, remember_look_back
from bot.services.chain.chain_reports import kept_analysis, known_report, material_of, report_for
from bot.services.hats.pitch import pitch
from messages.chain_content import LookBackFacts
from storage import Sessions
from storage.tables import ChainReport, Kpi, Link, Recommendation, Target
from tests.support.builders import a_hat, a_kpi, a_link, a_target, a_team, added
from tests.support.database import counted_statements
from tests.support.linked_team import LAST_WEEK, LinkedTeam


@pytest.fixture
def team(sessions: Sessions) -> LinkedTeam:
    return LinkedTeam(sessions)


def verdicts(team: LinkedTeam) -> dict[tuple[str, str], Verdict]:
    return {(link.source, link.target): link.verdict for link in team.report().analysis.links}


def test_links_that_hang_together_are_found_to(team: LinkedTeam) -> None:
    assert verdicts(team) == {
        ("visits", "leads"): Verdict.HOLDS_TOGETHER,
        ("leads", "deals"): Verdict.HOLDS_TOGETHER,
    }


def test_what_was_computed_is_read_again_just_as_it_was(team: LinkedTeam) -> None:
    first = team.report()
    with team.sessions.read() as session:
        again = report_for(session, team.club.team, LAST_WEEK)
    assert again.is_kept
    assert again.analysis == first.analysis
    assert [row.period for row in team.kept()] == ["2026-W47"]


def test_without_a_kept_report_reading_one_computes_it_and_stores_nothing(team: LinkedTeam) -> None:
    with team.sessions.read() as session:
        report = report_for(session, team.club.team, LAST_WEEK)
    assert not report.is_kept
    assert team.kept() == []


def corrected(team: LinkedTeam) -> None:
    team.reports(team.visits, {LAST_WEEK.shift(-3): 1})


def aimed(team: LinkedTeam) -> None:
    a_target(team.sessions, team.visits, 1000)


def reset(team: LinkedTeam) -> None:
    with team.sessions.write() as session:
        session.get_one(Link, team.second.id).rate = Decimal("0.3")


def redefined(team: LinkedTeam) -> None:
    with team.sessions.write() as session:
        session.get_one(Kpi, team.leads.id).unit = "money"


def unsettled(team: LinkedTeam) -> None:
    with team.sessions.write() as session:
        session.get_one(Link, team.first.id).lag_known = False


@pytest.mark.parametrize("change", [corrected, aimed, reset, redefined, unsettled])
def test_a_report_is_computed_again_when_anything_changed_that_went_into_it(
    team: LinkedTeam, change: Callable[[LinkedTeam], None]
) -> None:
    before = team.report()
    change(team)
    with team.sessions.read() as session:
        assert known_report(session, material_of(session, team.club.team.id or 0, LAST_WEEK), team.club.team) is None
    after = team.report()
    assert after.material.fingerprint != before.material.fingerprint
    assert [row.fingerprint for row in team.kept()] == [after.material.fingerprint]


def test_a_new_name_computes_nothing_again(team: LinkedTeam) -> None:
    team.report()
    with team.sessions.write() as session:
        session.get_one(Kpi, team.leads.id).name = "Prospects"
    with team.sessions.read() as session:
        report = report_for(session, team.club.team, LAST_WEEK)
    assert report.is_kept
    assert chain_facts(report, "North").links[0].target.name == "Prospects"


def test_what_comes_after_the_week_does_not_count(team: LinkedTeam) -> None:
    before = team.report()
    team.reports(team.visits, {LAST_WEEK.shift(1): 5})
    assert team.report().material.fingerprint == before.material.fingerprint


def test_a_computed_kpi_has_its_weeks_in_the_chain(team: LinkedTeam) -> None:
    share = a_kpi(team.sessions, team.web, "Share", unit="percent", formula="100 * deals / visits", decimals=2)
    a_link(team.sessions, team.leads, share)
    series = team.report().material.series
    assert len([value for value in series.values["share"] if value is not None]) == team.weeks


def test_a_range_is_no_level_to_plan_with(team: LinkedTeam) -> None:
    a_target(team.sessions, team.visits, 900, upper=1100)
    a_target(team.sessions, team.leads, 200)
    chain = team.report().material.chain
    assert (chain.kpi("visits").target, chain.kpi("leads").target) == (None, 200.0)


def test_an_unknown_lag_is_found_in_the_numbers(sessions: Sessions) -> None:
    team = LinkedTeam(sessions, weeks=60, lag_known=False)
    with sessions.write() as session:
        session.get_one(Link, team.first.id).lag_weeks = 0
    first, second = chain_facts(team.report(), "North").links
    assert (first.lag, first.lag_from) == (1, "found")
    assert (second.lag, second.lag_from) == (0, "declared")


def test_a_report_takes_as_many_queries_for_a_long_chain_as_for_a_short_one(sqlite_sessions: Sessions) -> None:
    short, long = LinkedTeam(sqlite_sessions, weeks=5), LinkedTeam(sqlite_sessions, weeks=104)
    earlier = long.visits
    for number in range(20):
        more = a_kpi(sqlite_sessions, long.web, f"More {number}")
        long.reports(more, {LAST_WEEK.shift(-ago): 50 + ago % 7 for ago in range(104)})
        a_link(sqlite_sessions, earlier, more, lag=1)
        earlier = more

    def reading(team: LinkedTeam) -> int:
        with counted_statements(sqlite_sessions.engine) as statements, sqlite_sessions.read() as session:
            report_for(session, team.club.team, LAST_WEEK)
        return len(statements)

    assert reading(short) == reading(long) <= 6


# The chore


def test_reports_are_computed_when_a_week_is_over_and_once(team: LinkedTeam) -> None:
    ChainComputer()(team.sessions, team.club.now)
    computed = [(row.period, row.computed_at) for row in team.kept()]
    ChainComputer()(team.sessions, team.club.now + timedelta(hours=1))
    assert [(row.period, row.computed_at) for row in team.kept()] == computed == [("2026-W47", team.club.now)]


def test_a_report_is_computed_again_once_numbers_of_its_week_or_an_earlier_one_come_late(team: LinkedTeam) -> None:
    def computed() -> list[str]:
        compute(team.sessions, team.club.now)
        return [row.fingerprint for row in team.kept()]

    compute = ChainComputer()
    first = computed()
    team.reports(team.visits, {LAST_WEEK.shift(-3): 1})
    assert [row.fingerprint for row in team.kept()] != first
    second = computed()
    assert second != first
    team.reports(team.leads, {LAST_WEEK: 2})
    assert computed() not in (first, second)


def test_numbers_of_later_weeks_and_of_other_teams_leave_a_report_as_it_is(sessions: Sessions) -> None:
    team, other = LinkedTeam(sessions, weeks=9), LinkedTeam(sessions, weeks=9)
    team.report()
    before = team.kept()
    team.reports(team.visits, {LAST_WEEK.shift(1): 5})
    other.reports(other.visits, {LAST_WEEK: 5})
    assert team.kept() == before


def test_while_a_report_is_out_of_date_it_is_read_as_it_was_where_nothing_is_computed(team: LinkedTeam) -> None:
    analysis = team.report().analysis
    team.reports(team.visits, {LAST_WEEK: 1})
    with team.sessions.read() as session:
        assert kept_analysis(session, team.club.team.id or 0, LAST_WEEK) == analysis
        assert report_for(session, team.club.team, LAST_WEEK).analysis != analysis


def test_nothing_is_computed_of_a_week_without_numbers_or_a_chain_without_links(team: LinkedTeam) -> None:
    bare = a_team(team.sessions, team.club.workspace)
    kpi = a_kpi(team.sessions, a_hat(team.sessions, bare))
    team.reports(kpi, {LAST_WEEK: 3})
    compute = ChainComputer()
    compute(team.sessions, team.club.now + timedelta(days=7))
    assert team.kept() == []
    compute(team.sessions, team.club.now)
    assert [row.team_id for row in team.kept()] == [team.club.team.id]


def test_a_chain_that_cannot_be_kept_is_tried_once_and_keeps_no_other_team_waiting(sessions: Sessions) -> None:
    wild, tame = LinkedTeam(sessions, weeks=9), LinkedTeam(sessions, weeks=9)
    back = a_link(sessions, wild.deals, wild.visits, lag=1, rate=10**17)
    with sessions.write() as session:
        for link in (wild.first, wild.second, back):
            session.get_one(Link, link.id).rate = Decimal(10) ** 17
    compute = ChainComputer()
    for _ in range(2):
        compute(sessions, wild.club.now)
    assert tame.club.team.id in {row.team_id for row in tame.kept()}


def test_each_replica_takes_the_teams_in_an_order_of_its_own(sessions: Sessions) -> None:
    ids = [LinkedTeam(sessions, weeks=9).club.team.id for _ in range(3)]
    last = LinkedTeam(sessions, weeks=9)
    for _ in range(4):  # a tick does not go on for long
        ChainComputer(shuffle=list.reverse)(sessions, last.club.now)
    kept = sorted(last.kept(), key=lambda row: row.id or 0)
    assert [row.team_id for row in kept] == [last.club.team.id, *reversed(ids)]


def test_what_another_replica_has_kept_meanwhile_is_left_out(sessions: Sessions) -> None:
    teams = [LinkedTeam(sessions, weeks=9) for _ in range(2)]
    now = teams[0].club.now
    with ExitStack() as stack:
        read: list[str] = []

        def another_is_quicker(_waiting: list[object]) -> None:
            nonlocal read
            for _ in teams:
                ChainComputer()(sessions, now)
            read = stack.enter_context(counted_statements(sessions.engine))

        ChainComputer(shuffle=another_is_quicker)(sessions, now)
    assert len(teams[0].kept()) == 2
    assert len([statement for statement in read if "FROM chain_report" in statement]) == 2
    assert not [statement for statement in read if "FROM reading" in statement], "no numbers are read for nothing"


def test_what_another_version_wrote_is_computed_again(team: LinkedTeam) -> None:
    fingerprint = team.report().material.fingerprint
    with team.sessions.write() as session:
        (row,) = session.exec(select(ChainReport)).all()
        row.content = {"links": []}
    assert pitch(team.sessions, team.anna, now=team.club.now).content.passes[0].evidence == "too_early"
    assert len(team.report().analysis.links) == 2
    (kept,) = team.kept()
    assert (kept.fingerprint, len(kept.content["links"])) == (fingerprint, 2)


# What is recommended, and looking back


def recommended(team: LinkedTeam) -> list[Recommendation]:
    with team.sessions.read() as session:
        return list(session.exec(select(Recommendation)))


def remembers(team: LinkedTeam) -> bool:
    report = team.report()
    with team.sessions.write() as session:
        return remember_focus(session, team.club.team, LAST_WEEK, report.analysis, team.club.now)


def looks_back(team: LinkedTeam, weeks: int) -> LookBackFacts | None:
    report = team.report(LAST_WEEK.shift(weeks))
    with team.sessions.read() as session:
        return look_back_for(session, team.club.team, report)


def goes_on(team: LinkedTeam, weeks: int) -> None:
    """Let the weeks after the last one bring as much as before the bad ones."""
    for week in range(1, weeks + 1):
        on = LAST_WEEK.shift(week)
        team.reports(team.visits, {on: 1000 + week})
        team.reports(team.leads, {on: 200 + week})
        team.reports(team.deals, {on: 50 + week % 2})


@pytest.fixture
def ailing(sessions: Sessions) -> LinkedTeam:
    return LinkedTeam(sessions, weeks=60, bad_weeks=4)


def test_the_focus_is_kept_once_with_its_rate_its_norm_and_its_worth(ailing: LinkedTeam) -> None:
    assert remembers(ailing)
    assert not remembers(ailing)
    (row,) = recommended(ailing)
    assert (row.period, row.upstream_id, row.downstream_id) == ("2026-W47", ailing.visits.id, ailing.leads.id)
    assert float(row.rate) == pytest.approx(0.1, abs=0.02)
    assert float(row.norm) == pytest.approx(0.2, abs=0.02)
    assert float(row.goals) == pytest.approx(25, abs=6)


def test_nothing_is_kept_where_there_is_no_clear_focus(team: LinkedTeam) -> None:
    assert team.report().analysis.focus.why_none is not None
    assert not remembers(team)
    assert recommended(team) == []


def test_four_weeks_later_it_is_told_whether_the_link_moved_and_the_goals(ailing: LinkedTeam) -> None:
    remembers(ailing)
    goes_on(ailing, 4)
    assert looks_back(ailing, 3) is None
    facts = looks_back(ailing, 4)
    assert facts is not None
    assert (facts.made, facts.weeks, facts.source.name, facts.target.name) == ("2026-W47", 4, "Visits", "Leads")
    assert (facts.link.call, facts.goals.call, facts.goals_are_due) == ("up", "up", True)
    assert facts.link.after == pytest.approx(0.2, abs=0.02)


def test_it_is_told_in_one_week_only_and_again_when_that_week_is_posted_again(ailing: LinkedTeam) -> None:
    remembers(ailing)
    goes_on(ailing, 5)
    facts = looks_back(ailing, 4)
    assert facts is not None
    with ailing.sessions.write() as session:
        remember_look_back(session, ailing.club.team, LAST_WEEK.shift(4), facts)
    assert looks_back(ailing, 4) == facts
    assert looks_back(ailing, 5) is None
    (row,) = recommended(ailing)
    assert row.outcome["link"]["call"] == "up"


def test_a_link_that_is_gone_is_not_looked_back_on(ailing: LinkedTeam) -> None:
    remembers(ailing)
    goes_on(ailing, 4)
    with ailing.sessions.write() as session:
        session.delete(session.get_one(Link, ailing.first.id))
    assert looks_back(ailing, 4) is None


def test_a_number_that_grows_for_nothing_is_said_with_the_owners_of_both_ends(team: LinkedTeam) -> None:
    growing = {LAST_WEEK.shift(-ago): max(5000 - 400 * ago, 500) for ago in range(30)}
    team.reports(team.visits, growing)
    team.reports(team.leads, {week: 200 + (week.week * 7) % 11 for week in growing})
    said = {(one.source.slug, one.target.slug): one for one in vanity_facts(team.report())}
    vain = said["visits", "leads"]
    assert vain.source_growth > 0.1 > vain.target_growth
    assert (vain.source_owner, vain.target_owner) != (None, None)
    assert [owner.name for owner in (vain.source_owner, vain.target_owner) if owner] == ["Anna", "Oskar"]


# The pitch


def test_the_pitch_has_the_verdict_and_what_each_pass_won(team: LinkedTeam) -> None:
    def passes() -> list[tuple[str, str, str, bool]]:
        shown = pitch(team.sessions, team.anna, now=team.club.now).content
        return [(one.source, one.target, one.evidence, one.goals is not None) for one in shown.passes]

    assert passes() == [("web", "email", "too_early", False), ("email", "web", "too_early", False)]
    team.report()
    assert passes() == [("web", "email", "holds_together", True), ("email", "web", "holds_together", True)]


def test_what_links_won_that_meet_is_shared_out_among_them(team: LinkedTeam) -> None:
    calls = a_kpi(team.sessions, a_hat(team.sessions, team.club.team, "Calls"), "Calls")
    team.reports(calls, {LAST_WEEK.shift(-ago): 20 + ago % 5 for ago in range(team.weeks)})
    a_link(team.sessions, calls, team.deals)
    report = team.report()
    won = {part.kpi: part.goals for part in report.analysis.variance.parts}
    shown = pitch(team.sessions, team.anna, now=team.club.now).content
    shared = [one.goals for one in shown.passes if one.target == "web"]
    assert len(shared) == 2
    assert sum(goals or 0 for goals in shared) == pytest.approx(won["deals"])


def test_a_target_that_holds_later_does_not_count_before(team: LinkedTeam) -> None:
    added(
        team.sessions,
        Target(kpi_id=team.visits.id, valid_from="2026-W48", value=Decimal(5), agreed_at=team.club.now),
    )
    assert team.report().material.chain.kpi("visits").target is None
