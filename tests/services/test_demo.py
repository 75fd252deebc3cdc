"""The demo's team: what is true of it is known, and can be found again in its numbers."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from scipy.optimize import nnls

from bot.demo.seed import WEEKS, demo_file, seed_demo
from bot.demo.simulation import DEMO_CHAIN, TrueChain, TrueLink, play_on, simulate
from bot.domain.period import Period
from bot.domain.targets import Bounds
from bot.playground import seed as playground
from bot.services.digests.digests import write_digest
from bot.services.kpis.computed import values_of_team
from bot.services.readings.readings_file import export_readings
from bot.services.team_file.team_apply import plan
from bot.services.team_file.team_file import load_team_file
from storage import Sessions, hats, kpis, readings, teams, workspaces
from tests.support.builders import NOW

WORKSPACE = playground.TEAM
LAST = Period(2026, 47)
LANGUAGES = ("en", "sv")


def rates_of(chain: TrueChain, played: Mapping[str, Mapping[Period, int]]) -> dict[TrueLink, float]:
    """Fit every link's rate by non-negative least squares on what was played."""
    series = {kpi: np.array(list(weeks.values()), dtype=float) for kpi, weeks in played.items()}
    longest = max(link.lag for link in chain.links)
    fitted: dict[TrueLink, float] = {}
    for target in {link.target for link in chain.links}:
        feeds = [link for link in chain.links if link.target == target]
        columns = [series[link.source][longest - link.lag : len(series[target]) - link.lag] for link in feeds]
        rates, _ = nnls(np.column_stack(columns), series[target][longest:])
        fitted.update(zip(feeds, rates, strict=True))
    return fitted


def test_fitted_rates_are_near_the_true_ones() -> None:
    chain = TrueChain(norms=DEMO_CHAIN.norms, links=DEMO_CHAIN.links)

    fitted = rates_of(chain, simulate(chain, weeks=3000, last=LAST, seed=7))

    assert {link: rate for link, rate in fitted.items() if abs(rate - link.rate) > 0.15 * link.rate} == {}


def test_the_loop_comes_to_rest_at_the_means_that_follow_from_its_rates() -> None:
    chain = TrueChain(norms=DEMO_CHAIN.norms, links=DEMO_CHAIN.links)

    means = {
        kpi: np.mean(list(weeks.values())) for kpi, weeks in simulate(chain, weeks=1040, last=LAST, seed=3).items()
    }

    expected = {"visits": 4000, "leads": 120, "booked-meetings": 40.9, "nurtured-leads": 24.3, "closed-deals": 8.1}
    assert {kpi: means[kpi] for kpi in expected} == pytest.approx(expected, rel=0.03)


def test_the_same_seed_plays_the_same_weeks() -> None:
    first = simulate(DEMO_CHAIN, weeks=30, last=LAST, seed=1)

    assert simulate(DEMO_CHAIN, weeks=30, last=LAST, seed=1) == first
    assert simulate(DEMO_CHAIN, weeks=30, last=LAST, seed=2) != first
    assert list(first["leads"])[-1] == LAST
    assert len(first["leads"]) == 30


def test_the_planted_bad_link_shows_in_its_weeks_and_only_there() -> None:
    played = simulate(DEMO_CHAIN, weeks=WEEKS, last=LAST, seed=1874)
    spoilt = {LAST.shift(-6), LAST.shift(-5)}

    shares = {week: played["leads"][week] / visits for week, visits in played["visits"].items()}

    assert max(shares[week] for week in spoilt) < 0.022
    assert min(share for week, share in shares.items() if week not in spoilt) > 0.022


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_teams_file_says_what_the_simulation_does(language: str) -> None:
    file = load_team_file(demo_file(language))

    assert {(link.source, link.target, link.lag, link.rate) for link in file.links} == {
        (link.source, link.target, link.lag, Decimal(str(link.rate))) for link in DEMO_CHAIN.links
    }
    assert (file.team.locale, file.team.channel) == (language, playground.TEAM_CHANNEL)
    assert {member.id: member.name for member in file.members} == {
        playground.ANNA: "Anna Lindqvist",
        playground.ERIK: "Erik Berg",
        playground.MARIA: "Maria Sandström",
        playground.JOHAN: "Johan Ek",
        playground.SARA: "Sara Nyman",
        playground.OSKAR: "Oskar Holm",
    }
    assert [hat.slug for hat in file.hats if hat.owner is None] == ["prospecting", "booking"]
    assert sum(len(hat.wearers) > 1 for hat in file.hats) == 6, "every hat is shared"


@pytest.mark.parametrize("language", LANGUAGES)
def test_seeds_a_team_that_has_played_for_thirty_weeks(sessions: Sessions, language: str) -> None:
    assert seed_demo(sessions, WORKSPACE, language, NOW)

    with sessions.read() as session:
        (team,) = teams.of_workspace(session, workspaces.by_slack_id(session, WORKSPACE).id)
        libero = hats.by_key(session, team.id, "email nurturing")
        stored = readings.of_team(session, team.id)
        weeks = {kpi.slug: stored[kpi.id] for kpi in kpis.entities(session, team.id) if kpi.id in stored}
        computed = values_of_team(session, team.id, first="2026-W01", last="2026-W53")
        named = {kpi.slug: computed[kpi.id] for kpi in kpis.entities(session, team.id)}
    assert (libero.owner_name, libero.owner_since) == ("Oskar Holm", NOW - timedelta(weeks=30))
    assert {len(values) for values in weeks.values()} == {30}
    assert {max(values) for values in weeks.values()} == {"2026-W47"}, "this week is the person's to report"
    assert set(named) - set(weeks) == {"visitor-conversion"}, "which nobody reports"
    assert len(weeks) == 7
    for week in weeks["leads"]:
        share = 100 * weeks["leads"][week] / weeks["visits"][week]
        assert named["visitor-conversion"][week] == share.quantize(Decimal("0.1"))
    for first, second, third in zip(*(sorted(weeks["booked-meetings"])[start:] for start in range(3)), strict=False):
        booked = sum(weeks["booked-meetings"][week] for week in (first, second, third))
        assert weeks["open-deals"][third] == booked, "deals are decided on three weeks after their meeting"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_newcomer_sees_a_computed_kpi_and_a_range_kept_and_missed(sqlite_sessions: Sessions, language: str) -> None:
    seed_demo(sqlite_sessions, WORKSPACE, language, NOW)
    with sqlite_sessions.read() as session:
        (team,) = teams.of_workspace(session, workspaces.by_slack_id(session, WORKSPACE).id)
        ids = [hat.id for hat in hats.all_of_team(session, team.id)]
        rows = {row.slug: row for row in kpis.of_hats(session, ids, period=str(LAST))}
        opened = readings.of_team(session, team.id)[rows["open-deals"].id]
    assert (rows["visitor-conversion"].formula, rows["visitor-conversion"].unit) == ("100 * leads / visits", "percent")
    wide = Bounds.of("between", rows["open-deals"].target, rows["open-deals"].upper, "within")
    assert (wide.value, wide.upper) == (100, 140)
    kept = [wide.value <= value <= wide.upper for _, value in sorted(opened.items())]
    assert kept.count(True) > WEEKS / 2
    assert not kept[-1], "since fewer meetings are booked"


def test_a_newcomers_first_digest_has_a_focus_that_is_true(sqlite_sessions: Sessions) -> None:
    seed_demo(sqlite_sessions, WORKSPACE, "en", NOW)
    with sqlite_sessions.read() as session:
        (team,) = teams.of_workspace(session, workspaces.by_slack_id(session, WORKSPACE).id)
        written = write_digest(session, team, LAST, late=False, now=NOW)
    assert written.report is not None
    focus = written.report.analysis.focus
    assert (focus.kpi, focus.link) == ("booked-meetings", ("call-lists", "booked-meetings"))


def test_the_bad_spell_goes_on_for_a_week_and_is_mended_then() -> None:
    history = simulate(DEMO_CHAIN, weeks=WEEKS, last=LAST, seed=1874)
    meetings = [
        play_on(DEMO_CHAIN, history, LAST.shift(1), seed=1874, weeks_on=weeks)["booked-meetings"] for weeks in (1, 2)
    ]
    assert meetings[1] - meetings[0] > 9, "half of what 200 contacts bring"


def test_seeding_twice_changes_nothing(sessions: Sessions) -> None:
    seed_demo(sessions, WORKSPACE, "en", NOW)
    before = export_readings(sessions, WORKSPACE, None)

    assert not seed_demo(sessions, WORKSPACE, "en", NOW + timedelta(weeks=1))

    assert export_readings(sessions, WORKSPACE, None) == before
    assert plan(sessions, WORKSPACE, load_team_file(demo_file("en")), NOW) == []
