"""A team from nothing, its settings, who joins, and the six hats to begin with."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from bot.domain.errors import Refused
from bot.services.hats import hat_editing, starter_hats
from bot.services.hats.hats import listing
from bot.services.people import joining
from bot.services.people.people import get_to_know
from bot.services.sending import channels
from bot.services.team_file.team_file import load_team_file
from bot.services.teams import team_setup
from bot.services.workspaces.editing import Problems
from bot.services.workspaces.scene import Asker
from bot.slack.port import Profile
from messages.life_content import Done
from storage import Sessions, team_state, teams
from storage.tables import Assignment, Audit, Delivery, Hat, Kpi, Link, Member, Target, Team, Workspace
from tests.support.builders import NOW, a_team, a_workspace
from tests.support.database import at_once
from tests.support.fake_slack import FakeSlack
from tests.support.replica import StandingClock
from tests.support.workshop import problems

CHANNEL = "C0NORTH001"
FORM = {
    "name": "North",
    "locale": "sv",
    "timezone": "oslo",
    "channel": CHANNEL,
    "prompt": "fre 13.00",
    "reminder": "",
    "digest": "måndag 10:00",
}


@dataclass
class Start:
    """A workspace without a team, and people whom only Slack knows."""

    sessions: Sessions
    slack: FakeSlack = field(default_factory=lambda: FakeSlack(StandingClock(NOW)))

    def __post_init__(self) -> None:
        self.workspace: Workspace = a_workspace(self.sessions)

    def known(self, user: str, channel: str | None = CHANNEL, **facts: Any) -> Asker:
        """Let Slack describe somebody, and return them as an asker."""
        plain = {"timezone": "Europe/Oslo", "locale": "sv-SE", "is_bot": False, "is_restricted": False}
        told = {"is_stranger": False, "deleted": False, **plain, **facts}
        workspace = self.workspace.slack_team_id
        self.slack.profiles[workspace, user] = Profile(user, user.lower(), user, **told)
        get_to_know(self.sessions, self.slack, workspace, user, now=NOW)
        return Asker(workspace, user, channel)

    def create(self, asker: Asker, **typed: str) -> Done | Problems:
        return team_setup.create(self.sessions, asker, {**FORM, **typed}, now=NOW).content

    def rows(self, table: type[SQLModel], **columns: Any) -> list[Any]:
        with self.sessions.read() as session:
            query = select(table).filter_by(**columns).order_by(table.id)  # type: ignore[attr-defined]
            return list(session.exec(query))


@pytest.fixture
def start(sessions: Sessions) -> Start:
    return Start(sessions)


@pytest.fixture
def quick(sqlite_sessions: Sessions) -> Start:
    return Start(sqlite_sessions)


def test_the_form_begins_with_what_is_known(quick: Start) -> None:
    anna = quick.known("U0ANNA")
    form = team_setup.blank(quick.sessions, anna, CHANNEL)
    assert form.language == "sv"
    assert (form.content.timezone, form.content.channel, form.content.locale) == ("Europe/Oslo", CHANNEL, "sv")
    assert (form.content.prompt, form.content.digest) == ("Friday 13:00", "Monday 10:00")
    assert team_setup.blank(quick.sessions, anna, "D0ANNA").content.channel == ""


def test_the_asker_becomes_the_admin_of_the_new_team_and_it_is_in_the_log(start: Start) -> None:
    anna = start.known("U0ANNA")
    assert isinstance(start.create(anna), Done)
    assert [(row.kind, row.recipient) for row in start.rows(Delivery)] == [("welcome", CHANNEL)]
    (team,) = start.rows(Team)
    assert (team.name, team.slug, team.locale, team.timezone, team.channel_id) == (
        "North",
        "north",
        "sv",
        "Europe/Oslo",
        CHANNEL,
    )
    assert (team.prompt_at, team.reminder_at, team.digest_at) == ("Friday 13:00", "", "Monday 10:00")
    with start.sessions.read() as session:
        assert [one.slack_user_id for one in teams.admins(session, team.id)] == ["U0ANNA"]
    assert [row.action for row in start.rows(Audit)] == ["team.added", "member.joined", "member.admin"]
    assert listing(start.sessions, anna).content.hats == ()


def test_two_submissions_make_one_team_and_one_welcome(start: Start) -> None:
    anna = start.known("U0ANNA")
    made = at_once(*[lambda: start.create(anna)] * 2)
    assert len(start.rows(Team)) == 1
    assert len(start.rows(Delivery)) == 1
    assert all(isinstance(one, Done) for one in made)


def test_what_is_wrong_is_marked_and_no_team_is_there(quick: Start) -> None:
    anna = quick.known("U0ANNA")
    wrong = {"name": "?", "locale": "fi", "timezone": "Atlantis", "channel": "<!here>", "prompt": "often"}
    assert problems(quick.create(anna, **wrong)) == {
        "name": "name_empty",
        "locale": "choice_unknown",
        "timezone": "zone_unknown",
        "channel": "channel_unknown",
        "prompt": "time_unreadable",
    }
    assert quick.rows(Team) == []
    quick.create(anna)
    erik = quick.known("U0ERIK", channel="C0OTHER")
    assert problems(quick.create(erik, name="NORTH")) == {
        "name": "team_taken",
        "channel": "channel_taken",
    }
    with pytest.raises(Refused, match="channel_has_team"):
        team_setup.blank(quick.sessions, erik, CHANNEL)
    assert isinstance(quick.create(erik, name="Söder", channel=""), Done)
    assert [team.slug for team in quick.rows(Team)] == ["north", "soder"]


def test_an_archived_teams_slug_is_not_taken(quick: Start) -> None:
    a_team(quick.sessions, quick.workspace, "North", archived_at=NOW)
    quick.create(quick.known("U0ANNA"))
    assert [team.slug for team in quick.rows(Team)] == ["north", "north-2"]


@pytest.mark.parametrize("outsider", ["is_restricted", "is_bot", "is_stranger"])
def test_outsiders_set_up_and_join_nothing(quick: Start, outsider: str) -> None:
    guest = quick.known("U0GUEST", **{outsider: True})
    with pytest.raises(Refused, match="cannot_join") as refused:
        quick.create(guest)
    assert refused.value.language == "sv"
    with pytest.raises(Refused, match="cannot_join"):
        team_setup.blank(quick.sessions, guest, CHANNEL)
    quick.create(quick.known("U0ANNA"))
    with pytest.raises(Refused, match="cannot_join"):
        joining.join(quick.sessions, guest, now=NOW)


def test_a_member_of_the_workspace_joins_once(start: Start) -> None:
    start.create(start.known("U0ANNA"))
    erik = start.known("U0ERIK")
    said = at_once(*[lambda: joining.join(start.sessions, erik, now=NOW).content.name] * 2)
    assert sorted(said) == ["joined", "joined_already"]
    assert [row.subject for row in start.rows(Audit, action="member.joined")] == ["U0ANNA", "U0ERIK"]
    assert hat_editing.blank(start.sessions, erik).content.team == "North"


def test_admins_change_the_settings_and_each_time_can_be_switched_off(start: Start) -> None:
    anna, erik = start.known("U0ANNA"), start.known("U0ERIK")
    start.create(anna)
    form = team_setup.filled(start.sessions, anna).content
    assert (form.state, form.name, form.reminder) == ("1", "North", "")
    typed = {**FORM, "name": "Nord", "timezone": "America/New_York", "digest": "", "channel": ""}
    for _ in range(2):
        done = team_setup.change(start.sessions, anna, form.state, typed, now=NOW).content
        assert not isinstance(done, Problems)
    (team,) = start.rows(Team)
    assert (team.name, team.slug, team.timezone, team.digest_at, team.channel_id) == (
        "Nord",
        "north",
        "America/New_York",
        "",
        None,
    )
    (change,) = start.rows(Audit, action="team.settings")
    assert change.before == {
        "name": "North",
        "timezone": "Europe/Oslo",
        "channel_id": CHANNEL,
        "digest_at": "Monday 10:00",
    }
    joining.join(start.sessions, erik, now=NOW)
    for attempt in (
        lambda: team_setup.filled(start.sessions, erik),
        lambda: team_setup.change(start.sessions, erik, form.state, typed, now=NOW),
    ):
        with pytest.raises(Refused, match="not_admin"):
            attempt()


@pytest.mark.parametrize("first", ["paused", "changed"])
def test_a_channel_that_is_chosen_while_the_old_one_is_paused_is_not_paused(start: Start, first: str) -> None:
    anna = start.known("U0ANNA")
    start.create(anna)
    form = team_setup.filled(start.sessions, anna).content
    workspace = start.workspace.slack_team_id
    with ThreadPoolExecutor(1) as other:
        with start.sessions.write() as session:
            team = teams.of_workspace(session, start.workspace.id or 0)[0]
            if first == "paused":
                channels.pause(session, team, CHANNEL, "is_archived", now=NOW)
                typed = {**FORM, "channel": "C0OTHER001"}
                second = other.submit(team_setup.change, start.sessions, anna, form.state, typed, now=NOW)
            else:
                teams.lock(session, team.workspace_id, team.id or 0)
                team.channel_id = "C0OTHER001"
                session.flush()
                second = other.submit(channels.closed, start.sessions, workspace, CHANNEL, "is_archived", now=NOW)
            wait([second], timeout=0.5)
        second.result(timeout=10)
    (team,) = start.rows(Team)
    assert (team.channel_id, team.channel_paused_at) == ("C0OTHER001", None)


@pytest.mark.parametrize("locale", ["en", "sv"])
def test_the_six_hats_come_without_owners_targets_and_rates(start: Start, locale: str) -> None:
    anna = start.known("U0ANNA")
    start.create(anna, locale=locale)
    assert starter_hats.add_starters(start.sessions, anna, "1", now=NOW).content.name == "starters_added"
    template = load_team_file(starter_hats._file(locale))
    assert {hat.name for hat in start.rows(Hat)} == {hat.name for hat in template.hats}
    linked = {end for link in template.links for end in (link.source, link.target)}
    names = {entry.name for _, entry in template.kpis() if entry.slug in linked}
    assert {kpi.name for kpi in start.rows(Kpi)} == names, "what else the demo's team measures is theirs to agree on"
    assert len(start.rows(Link)) == len(template.links)
    assert {link.rate for link in start.rows(Link)} == {None}
    assert start.rows(Target) == start.rows(Assignment) == []
    (goal,) = start.rows(Kpi, is_goal=True)
    assert goal.sequence == len(linked)
    before = len(start.rows(Audit))
    assert starter_hats.add_starters(start.sessions, anna, "1", now=NOW).content.name == "starters_there"
    assert len(start.rows(Audit)) == before


def test_the_six_hats_leave_the_teams_own_alone(quick: Start) -> None:
    anna = quick.known("U0ANNA")
    quick.create(anna, locale="en")
    own = {"name": "Sales", "aliases": "libero", "side": "sales", "position": "forward"}
    hat_editing.save(quick.sessions, anna, "1", own, now=NOW)
    starter_hats.add_starters(quick.sessions, anna, "1", now=NOW)
    assert len(quick.rows(Hat)) == 6
    with quick.sessions.read() as session:
        rows = team_state.aliases(session, 1)
    assert [row.hat_id for row in rows if row.key == "libero"] == [1]
    assert quick.rows(Kpi, is_goal=True) == [], "the goal was that of a hat that is the team's own"


def test_only_those_who_are_asked_for_are_remembered(quick: Start) -> None:
    quick.create(quick.known("U0ANNA"))
    assert [member.slack_user_id for member in quick.rows(Member)] == ["U0ANNA"]
