"""What a team does next follows from what it has, and from nothing else."""

from dataclasses import dataclass, field
from functools import partial

import pytest

from bot.domain.errors import Refused
from bot.services.agreements import agreements
from bot.services.hats import starter_hats
from bot.services.homes.next_steps import how_far
from bot.services.installs import onboarding
from bot.services.workspaces.editing import Problems
from bot.services.workspaces.scene import Asker
from messages.next_step import NextStep, SetUpState
from storage import Sessions, hats
from storage.tables import Member
from tests.support.builders import a_workspace
from tests.support.club import Club
from tests.support.database import at_once
from tests.support.week import MONDAY_10

SIX = {"side": "marketing", "position": "libero"}


@dataclass
class Beginning:
    """A team without a hat, with Anna, its admin, and Bo."""

    sessions: Sessions
    club: Club = field(init=False)

    def __post_init__(self) -> None:
        self.club = Club(self.sessions)
        self.bo = self.club.joins("Bo")
        with self.sessions.write() as session:
            hat = session.get(type(self.club.email), self.club.email.id)
            assert hat is not None
            hat.archived_at = self.club.now
            hats.take_off_everybody(session, hat, now=self.club.now)

    @property
    def team(self) -> str:
        return str(self.club.team.id)

    def state(self, reader: Member | None = None) -> SetUpState:
        asker = self.club.asker(reader or self.club.anna)
        return how_far(self.sessions, asker, now=self.club.now).content

    def step(self, reader: Member | None = None) -> NextStep:
        coming = self.state(reader).next_step
        assert coming is not None
        return coming

    def ticks(self, member: Member, *ticked: int, **typed: str) -> object:
        held = {"hats_0": ",".join(map(str, ticked)), "name": "", **SIX, **typed}
        return onboarding.tick(self.sessions, self.club.asker(member), self.team, held, now=self.club.now).content


@pytest.fixture
def beginning(sqlite_sessions: Sessions) -> Beginning:
    return Beginning(sqlite_sessions)


def test_a_team_goes_from_no_hat_to_one_with_an_owner(beginning: Beginning) -> None:
    club = beginning.club
    assert (beginning.step().step, beginning.step().part) == ("hats", 1)
    starter_hats.add_starters(club.sessions, club.asker(club.anna), beginning.team, now=club.now)
    assert beginning.step().step == "tick"
    form = onboarding.open_ticks(club.sessions, club.asker(beginning.bo), beginning.team).content
    email = next(hat_id for hat_id, hat, _ in form.hats if hat.slug == "email-nurturing")
    beginning.ticks(beginning.bo, email)
    offered = beginning.step()
    assert (offered.step, offered.part, offered.own) == ("propose", 3, False)
    assert offered.hat is not None
    assert offered.person is not None
    assert (offered.hat.slug, offered.person.name) == ("email-nurturing", "Bo")
    assert beginning.step(beginning.bo).own
    asked = club.asker(club.anna)
    agreements.propose(club.sessions, None, asked, "email-nurturing", beginning.bo.slack_user_id, now=club.now)
    waiting = beginning.step()
    assert waiting.step == "answer"
    assert waiting.person is not None
    assert waiting.person.name == "Bo"


def test_hats_without_kpis_are_measured_first_and_linked_then(beginning: Beginning) -> None:
    beginning.ticks(beginning.bo, name="Fairs")
    assert beginning.step().step == "chain"
    assert beginning.step().part == 2
    state = beginning.state()
    assert (state.hats, state.wearers, state.kpis, state.owned) == (1, 1, 0, 0)


def test_who_ticks_plays_in_the_team_wears_those_hats_and_no_others(beginning: Beginning) -> None:
    club = beginning.club
    newcomer = club.joins("Cleo")
    beginning.ticks(newcomer, name="Fairs")
    (fairs,) = club.wearing(newcomer)
    beginning.ticks(beginning.bo, name="FAIRS")
    assert club.wearing(beginning.bo) == [fairs], "it is the one that is there"
    beginning.ticks(newcomer)
    assert club.wearing(newcomer) == []
    assert [row.action for row in club.changes()].count("hat.added") == 1


def test_a_name_without_a_letter_is_marked(beginning: Beginning) -> None:
    assert isinstance(beginning.ticks(beginning.bo, name="…"), Problems)


def test_the_channel_is_asked_once_a_day(beginning: Beginning) -> None:
    club = beginning.club
    asker = club.asker(club.anna)
    told = [onboarding.ask_for_hats(club.sessions, asker, beginning.team, now=club.now).content.name for _ in range(2)]
    assert told == ["hats_asked", "hats_asked_already"]
    stranger = Asker(asker.workspace, "U0NOBODY01", asker.channel)
    with pytest.raises(Refused, match="not_playing"):
        onboarding.ask_for_hats(club.sessions, stranger, beginning.team, now=club.now)


def test_of_people_who_come_first_at_once_one_is_greeted(sessions: Sessions) -> None:
    workspace = a_workspace(sessions)
    people = [Asker(workspace.slack_team_id, f"U0FIRST{number:03}", None) for number in range(6)]
    greeted = at_once(*(partial(onboarding.greet_first, sessions, person, now=MONDAY_10) for person in people))
    assert sorted(greeted) == [False] * 5 + [True]


def test_only_the_first_person_is_greeted_and_nobody_where_there_is_a_team(sessions: Sessions) -> None:
    workspace = a_workspace(sessions)
    anna, bo = (Asker(workspace.slack_team_id, user, None) for user in ("U0ANNA0001", "U0BO000001"))
    club = Club(sessions)
    assert onboarding.greet_first(sessions, anna, now=club.now)
    assert not onboarding.greet_first(sessions, anna, now=club.now)
    assert not onboarding.greet_first(sessions, bo, now=club.now)
    assert not onboarding.greet_first(sessions, club.asker(club.anna), now=club.now)
    club.replica.tick()
    assert "Set up a team" in str(club.slack.last_in(anna.user).message.blocks)
    assert club.slack.all_in(bo.user) == []
