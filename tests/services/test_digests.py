"""The digest tells what was stored, and says of the rest that it is missing."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from bot.domain.period import Period
from bot.services.digests.digests import digest_of, last_full_week
from messages import catalog
from messages.digest_content import Digest, DigestRow
from storage import Sessions
from storage.tables import Absence, Hat, Kpi, Team
from tests.support.builders import NOW, a_hat, a_kpi, a_link, a_member, a_target, a_team, added, owns, reads
from tests.support.database import counted_statements
from tests.support.fake_slack import words

WEEK = Period(2026, 47)
OLIST = Path(__file__).parents[3] / "shared" / "data" / "olist_weekly.csv"


class Chain:
    """visits > leads > deals, one hat each, where leads need a week to become deals."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.team: Team = a_team(sessions, name="North", channel_id="C0NORTH")
        self.hats: dict[str, Hat] = {}
        self.kpis: dict[str, Kpi] = {}
        for sequence, name in enumerate(("Visits", "Leads", "Deals")):
            self.hats[name] = a_hat(sessions, self.team, f"Hat of {name}")
            self.kpis[name] = a_kpi(sessions, self.hats[name], name, sequence=sequence, is_goal=name == "Deals")
        a_link(sessions, self.kpis["Visits"], self.kpis["Leads"])
        a_link(sessions, self.kpis["Leads"], self.kpis["Deals"], lag=1)

    def read(self, **values: Mapping[str, int]) -> None:
        for name, by_week in values.items():
            reads(self.sessions, self.kpis[name], by_week)

    def digest(self, period: Period = WEEK) -> Digest:
        with self.sessions.read() as session:
            return digest_of(session, self.team, period)

    def row(self, name: str) -> DigestRow:
        return next(row for row in self.digest().rows if row.kpi.name == name)


@pytest.fixture
def chain(sessions: Sessions) -> Chain:
    return Chain(sessions)


def test_each_link_tells_value_target_change_and_conversion(chain: Chain) -> None:
    chain.read(
        Visits={"2026-W46": 1000, "2026-W47": 1200},
        Leads={"2026-W46": 50, "2026-W47": 60},
        Deals={"2026-W46": 8, "2026-W47": 10},
    )
    a_target(chain.sessions, chain.kpis["Leads"], 70)
    leads = chain.row("Leads")
    assert (leads.kpi.value, leads.kpi.previous, leads.kpi.target) == (60, 50, 70)
    assert (leads.change, leads.conversion, leads.upstream) == (Decimal("0.2"), Decimal("0.05"), "Visits")
    assert leads.status == "behind"
    visits = chain.row("Visits")
    assert (visits.conversion, visits.upstream, visits.status) == (None, None, None)


def test_a_conversion_is_told_of_the_week_that_the_lag_reaches_back_to(chain: Chain) -> None:
    chain.read(Leads={"2026-W46": 50, "2026-W47": 99}, Deals={"2026-W47": 10})
    assert chain.row("Deals").conversion == Decimal("0.2"), "10 of the 50 leads of the week before"


@pytest.mark.parametrize(
    ("value", "direction", "status"),
    [
        (70, "higher", "on_target"),
        (71, "higher", "ahead"),
        (67, "higher", "near"),
        (60, "higher", "behind"),
        (71, "lower", "near"),
        (60, "lower", "ahead"),
    ],
)
def test_a_value_stands_against_its_target_in_the_kpis_direction(
    sqlite_sessions: Sessions, value: int, direction: str, status: str
) -> None:
    chain = Chain(sqlite_sessions)
    chain.kpis["Leads"].direction = direction
    added(sqlite_sessions, chain.kpis["Leads"])
    a_target(sqlite_sessions, chain.kpis["Leads"], 70)
    chain.read(Leads={"2026-W47": value})
    assert chain.row("Leads").status == status


def test_a_week_without_readings_is_no_zero(chain: Chain) -> None:
    chain.read(Visits={"2026-W46": 1000}, Leads={"2026-W47": 60}, Deals={"2026-W46": 8})
    rows = {row.kpi.name: row for row in chain.digest().rows}
    assert [rows[name].kpi.value for name in ("Visits", "Leads", "Deals")] == [None, 60, None]
    assert rows["Leads"].conversion is None, "nobody said how many visits there were"
    assert rows["Leads"].change is None
    goal = chain.digest().goal
    assert goal is not None
    assert goal.kpi.value is None
    said = words(catalog.digest(chain.digest(), language="en").blocks)
    assert "*Deals* is still to come" in said


def test_nothing_came_in_is_not_divided_by(chain: Chain) -> None:
    chain.read(Visits={"2026-W46": 0, "2026-W47": 0}, Leads={"2026-W46": 0, "2026-W47": 3})
    assert (chain.row("Leads").conversion, chain.row("Leads").change) == (None, None)


def test_a_target_holds_from_its_week_on_and_not_before(chain: Chain) -> None:
    chain.read(Leads={"2026-W47": 60})
    a_target(chain.sessions, chain.kpis["Leads"], 50, since="2026-W01")
    a_target(chain.sessions, chain.kpis["Leads"], 65, since="2026-W47")
    a_target(chain.sessions, chain.kpis["Leads"], 99, since="2026-W48")
    assert chain.row("Leads").kpi.target == 65
    earlier = next(row for row in chain.digest(Period(2026, 46)).rows if row.kpi.name == "Leads")
    assert earlier.kpi.target == 50


def test_whose_numbers_are_missing_is_told_by_owner_and_a_vacant_hat_is_nobodys_omission(chain: Chain) -> None:
    anna, erik = (a_member(chain.sessions, chain.team, name) for name in ("Anna", "Erik"))
    owns(chain.sessions, anna, chain.hats["Visits"])
    owns(chain.sessions, erik, chain.hats["Leads"])
    a_kpi(chain.sessions, chain.hats["Visits"], "Bounces", sequence=9)
    chain.read(Leads={"2026-W47": 60})
    digest = chain.digest()
    assert [(person.name, names) for person, names in digest.missing] == [("Anna", ("Visits", "Bounces"))]
    assert [hat.name for hat in digest.vacant] == ["Hat of Deals"]
    message = catalog.digest(digest, language="en")
    for blocks in (message.blocks, message.older_blocks):
        said = words(blocks)
        assert "Anna (Visits and Bounces)" in said
        assert "Hat of Deals" in said
        assert f"<@{anna.slack_user_id}>" not in said, "nobody is pinged in public"


def test_the_goals_history_is_the_last_thirteen_weeks_that_have_a_number(chain: Chain) -> None:
    chain.read(Deals={f"2026-W{week:02}": week for week in range(30, 49) if week != 40})
    history = chain.digest().history
    assert history == tuple((f"2026-W{week}", Decimal(week)) for week in range(35, 48) if week != 40)


def test_history_and_change_reach_over_the_new_year(sqlite_sessions: Sessions) -> None:
    chain = Chain(sqlite_sessions)
    chain.read(Deals={"2026-W53": 10, "2027-W01": 15})
    digest = chain.digest(Period(2027, 1))
    assert digest.history == (("2026-W53", Decimal(10)), ("2027-W01", Decimal(15)))
    assert digest.goal is not None
    assert digest.goal.change == Decimal("0.5")
    assert (digest.first_day, digest.last_day) == (date(2027, 1, 4), date(2027, 1, 10))


def test_what_is_archived_is_left_out(chain: Chain) -> None:
    chain.read(Leads={"2026-W47": 60}, Deals={"2026-W47": 10})
    chain.kpis["Visits"].archived_at = NOW
    chain.hats["Deals"].archived_at = NOW
    for row in (chain.kpis["Visits"], chain.hats["Deals"]):
        added(chain.sessions, row)
    digest = chain.digest()
    assert [row.kpi.name for row in digest.rows] == ["Leads"]
    assert (digest.goal, digest.history) == (None, ())
    assert digest.rows[0].conversion is None


def test_what_is_asked_of_the_database_grows_neither_with_kpis_nor_with_weeks(sqlite_sessions: Sessions) -> None:
    def statements_of(kpi_count: int, weeks: int) -> int:
        team = a_team(sqlite_sessions)
        hats = [a_hat(sqlite_sessions, team) for _ in range(3)]
        kpis = [a_kpi(sqlite_sessions, hats[n % 3], sequence=n, is_goal=n + 1 == kpi_count) for n in range(kpi_count)]
        for upstream, downstream in pairwise(kpis):
            a_link(sqlite_sessions, upstream, downstream)
        for number, kpi in enumerate(kpis):
            reads(sqlite_sessions, kpi, {str(WEEK.shift(-ago)): 100 + number * 3 + ago % 5 for ago in range(weeks)})
        with sqlite_sessions.read() as session, counted_statements(sqlite_sessions.engine) as statements:
            assert len(digest_of(session, team, WEEK, now=NOW).rows) == kpi_count
        return len(statements)

    small = statements_of(3, 10)
    assert statements_of(24, 60) == small
    assert small <= 20


def test_who_reported_and_who_is_away_is_told_beside_who_has_not(chain: Chain) -> None:
    anna, erik, maria = (a_member(chain.sessions, chain.team, name) for name in ("Anna", "Erik", "Maria"))
    for member, hat in ((anna, "Visits"), (erik, "Leads"), (maria, "Deals")):
        owns(chain.sessions, member, chain.hats[hat])
    around = {"starts_at": NOW - timedelta(days=1), "ends_at": NOW + timedelta(days=1)}
    added(chain.sessions, Absence(workspace_id=chain.team.workspace_id, member_id=maria.id, **around))
    chain.read(Visits={"2026-W47": 1000})
    with chain.sessions.read() as session:
        digest = digest_of(session, chain.team, WEEK, now=NOW)
    assert [person.name for person in digest.reported] == ["Anna"]
    assert [person.name for person in digest.away] == ["Maria"]
    assert [person.name for person, _ in digest.missing] == ["Erik"]


def test_what_the_links_won_adds_up_to_the_goals_variance(chain: Chain) -> None:
    weeks = [str(WEEK.shift(-ago)) for ago in range(20)]
    noise = [0, 3, -2, 4, -1, 2, -3, 1, 0, -2, 3, -4, 2, 1, -1, 0, 2, -2, 1, -1]
    chain.read(
        Visits={week: 1000 + 30 * step for week, step in zip(weeks, noise, strict=True)},
        Leads={week: 100 + 2 * step for week, step in zip(weeks, noise, strict=True)},
        Deals={week: 10 + step % 3 for week, step in zip(weeks, noise, strict=True)},
    )
    digest = chain.digest()
    story = digest.story
    assert story is not None
    assert story.total is not None
    told = [row.goals for row in digest.rows]
    assert all(goals is not None for goals in told)
    parts = sum(goals for goals in told if goals is not None)
    assert parts + story.earlier + story.unattributed == pytest.approx(story.total, abs=1e-9)
    assert story.focus is not None
    assert len(story.links) == 2
    assert {row.call for row in digest.rows} <= {"up", "down", "as_usual", "cannot_tell"}


def test_an_empty_team_has_a_digest_too(sqlite_sessions: Sessions) -> None:
    team = a_team(sqlite_sessions, name="Newcomers")
    with sqlite_sessions.read() as session:
        digest = digest_of(session, team, WEEK)
    assert digest.rows == ()
    assert "Newcomers" in catalog.digest(digest, language="sv").text


def test_another_teams_numbers_never_show(chain: Chain) -> None:
    rivals = a_hat(chain.sessions, a_team(chain.sessions, name="Rivals"), "Rival hat")
    reads(chain.sessions, a_kpi(chain.sessions, rivals, "Rival leads"), {"2026-W47": 7777})
    assert "7777" not in str(chain.digest())
    assert "Rival" not in str(chain.digest())


def test_the_last_full_week_ended_on_sunday() -> None:
    assert str(last_full_week(NOW)) == "2026-W47"


@pytest.mark.skipif(not OLIST.exists(), reason="the public data set is not beside the project")
def test_each_week_of_a_real_funnel_is_told_as_it_is_in_the_file(sqlite_sessions: Sessions) -> None:
    lines = [line.split(",") for line in OLIST.read_text(encoding="utf-8").splitlines()[1:]]
    weeks = sorted({week for week, _, _ in lines})
    assert len(weeks) == 26
    team = a_team(sqlite_sessions, name="Olist")
    hat = a_hat(sqlite_sessions, team, "Funnel")
    values = {slug: {week: value for week, kpi, value in lines if kpi == slug} for slug in ("leads", "deals")}
    made = {
        slug: a_kpi(sqlite_sessions, hat, slug.title(), sequence=sequence, is_goal=slug == "deals")
        for sequence, slug in enumerate(values)
    }
    a_link(sqlite_sessions, made["leads"], made["deals"])
    for slug, by_week in values.items():
        reads(sqlite_sessions, made[slug], by_week)
    for number, week in enumerate(weeks):
        with sqlite_sessions.read() as session:
            digest = digest_of(session, team, Period.parse(week))
        leads, deals = (int(values[slug][week]) for slug in ("leads", "deals"))
        assert [row.kpi.value for row in digest.rows] == [leads, deals]
        assert digest.rows[1].conversion == (Decimal(deals) / leads if leads else None)
        assert len(digest.history) == min(number + 1, 13)
        message = catalog.digest(digest, language="en")
        assert f"Deals: {deals}" in message.text
        table = next(block for block in message.blocks if block["type"] == "data_table")
        assert [row[2]["text"] for row in table["rows"][1:]] == [f"{leads:,}", f"{deals:,}"]
