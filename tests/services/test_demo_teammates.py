"""The demo's teammates report on Friday evening, and leave the player something to do."""

from datetime import UTC, datetime, timedelta

from bot.demo.seed import SEED, seed_demo
from bot.demo.simulation import DEMO_CHAIN, play_on, simulate
from bot.demo.teammates import LEFT_TO_THE_PLAYER, Teammates
from bot.domain.period import Period
from storage import Sessions, kpis, readings, teams, workspaces

TUESDAY = datetime(2026, 11, 24, 12, tzinfo=UTC)
FRIDAY_NIGHT = datetime(2026, 11, 27, 20, tzinfo=UTC)
WEEK = Period(2026, 48)


def reported(sessions: Sessions) -> set[str]:
    """The KPIs that have a value for the week."""
    with sessions.read() as session:
        workspace = workspaces.by_slack_id(session, "T0HATTRICK")
        assert workspace is not None
        team = teams.by_slug(session, workspace.id or 0, "football")
        assert team is not None
        named = {kpi.id: kpi.slug for kpi in kpis.entities(session, team.id or 0)}
        values = readings.of_team(session, team.id or 0, first=str(WEEK), last=str(WEEK))
        return {named[kpi_id] for kpi_id in values}


def test_teammates_wait_for_friday_evening_and_leave_the_players_numbers_alone(sqlite_sessions: Sessions) -> None:
    seed_demo(sqlite_sessions, "T0HATTRICK", "en", TUESDAY)
    teammates = Teammates("T0HATTRICK", "en")

    teammates(sqlite_sessions, TUESDAY)
    assert reported(sqlite_sessions) == set()

    teammates(sqlite_sessions, FRIDAY_NIGHT)
    expected = {"call-lists", "booked-meetings", "leads", "open-deals", "closed-deals"}
    assert reported(sqlite_sessions) == expected
    assert not expected & set(LEFT_TO_THE_PLAYER)


def test_a_week_that_was_jumped_over_is_reported_on_monday(sqlite_sessions: Sessions) -> None:
    seed_demo(sqlite_sessions, "T0HATTRICK", "sv", TUESDAY)
    Teammates("T0HATTRICK", "sv")(sqlite_sessions, FRIDAY_NIGHT + timedelta(days=3))
    assert "closed-deals" in reported(sqlite_sessions)


def test_what_is_open_is_counted_from_the_meetings_that_were_reported() -> None:
    history = simulate(DEMO_CHAIN, weeks=30, last=WEEK.shift(-1), seed=SEED)
    made = play_on(DEMO_CHAIN, history, WEEK, seed=SEED)
    booked = history["booked-meetings"]
    assert made["open-deals"] == made["booked-meetings"] + booked[WEEK.shift(-1)] + booked[WEEK.shift(-2)]
    told = {**history, "booked-meetings": {**booked, WEEK: 60}}
    assert (
        play_on(DEMO_CHAIN, told, WEEK, seed=SEED)["open-deals"] == 60 + booked[WEEK.shift(-1)] + booked[WEEK.shift(-2)]
    )


def test_what_the_player_reports_has_consequences() -> None:
    history = simulate(DEMO_CHAIN, weeks=30, last=WEEK.shift(-1), seed=SEED)
    few = play_on(DEMO_CHAIN, {**history, "visits": {**history["visits"], WEEK: 100}}, WEEK, seed=1)
    many = play_on(DEMO_CHAIN, {**history, "visits": {**history["visits"], WEEK: 9000}}, WEEK, seed=1)
    assert few["leads"] < 20
    assert many["leads"] > 150
