"""Every hat of a team, the hats of one person, and which team somebody means."""

import pytest

from bot.domain.errors import Refused
from bot.services.hats.hats import hats_of, listing
from bot.services.homes.helping import help_for
from bot.services.workspaces.scene import Asker
from messages import catalog
from messages.content import Refusal
from storage import Sessions
from storage.tables import Member, Team, Workspace
from tests.support.builders import NOW, a_hat, a_member, a_team, a_workspace, added, owns, plays, wears


def _asker(team: Team, member: Member, sessions: Sessions, channel: str | None = None) -> Asker:
    with sessions.read() as session:
        return Asker(session.get_one(Workspace, team.workspace_id).slack_team_id, member.slack_user_id, channel)


@pytest.fixture
def north(sqlite_sessions: Sessions) -> Team:
    return a_team(sqlite_sessions, name="North", channel_id="C0NORTH")


def test_the_list_has_every_live_hat_with_owner_and_wearers(sqlite_sessions: Sessions, north: Team) -> None:
    anna, erik = (a_member(sqlite_sessions, north, name) for name in ("Anna", "Erik"))
    hunter, seller = (a_hat(sqlite_sessions, north, name) for name in ("Hunter", "Salesperson"))
    a_hat(sqlite_sessions, north, "Forgotten", archived_at=NOW)
    owns(sqlite_sessions, anna, hunter)
    for member in (anna, erik):
        wears(sqlite_sessions, member, hunter)
    answer = listing(sqlite_sessions, _asker(north, erik, sqlite_sessions))
    lines = {line.name: line for line in answer.content.hats}
    assert set(lines) == {"Hunter", "Salesperson"}
    assert lines["Hunter"].owner is not None
    assert lines["Hunter"].owner.name == "Anna"
    assert [person.name for person in lines["Hunter"].wearers] == ["Erik"]
    assert lines["Salesperson"].owner is None
    assert seller.name in str(catalog.hat_list("North", answer.content.hats, language="en").blocks)


def test_a_persons_hats_are_those_they_own_and_those_they_only_wear(sqlite_sessions: Sessions, north: Team) -> None:
    anna, erik = (a_member(sqlite_sessions, north, name) for name in ("Anna", "Erik"))
    hunter, seller = (a_hat(sqlite_sessions, north, name) for name in ("Hunter", "Salesperson"))
    owns(sqlite_sessions, anna, hunter)
    wears(sqlite_sessions, anna, hunter)
    wears(sqlite_sessions, anna, seller)
    asker = _asker(north, anna, sqlite_sessions)
    own = hats_of(sqlite_sessions, asker, anna.slack_user_id).content
    assert ([h.name for h in own.owned], [h.name for h in own.worn], own.own) == (["Hunter"], ["Salesperson"], True)
    other = hats_of(sqlite_sessions, asker, erik.slack_user_id).content
    assert (other.owned, other.worn, other.own, other.person.name) == ((), (), False, "Erik")
    stranger = hats_of(sqlite_sessions, asker, "U0NOBODY").content
    assert (stranger.owned, stranger.person.slack_id) == ((), "U0NOBODY")


def test_a_person_of_another_workspace_has_no_hats_here(sqlite_sessions: Sessions, north: Team) -> None:
    anna = a_member(sqlite_sessions, north, "Anna")
    rivals = a_team(sqlite_sessions, name="Rivals")
    spy = a_member(sqlite_sessions, rivals, "Spy")
    owns(sqlite_sessions, spy, a_hat(sqlite_sessions, rivals, "Secret striker"))
    content = hats_of(sqlite_sessions, _asker(north, anna, sqlite_sessions), spy.slack_user_id).content
    assert content.owned == ()
    assert content.person.name == "", "not even the name is told"


def test_the_channels_team_is_meant_then_ones_own_then_the_only_one(sqlite_sessions: Sessions, north: Team) -> None:
    with sqlite_sessions.read() as session:
        workspace = session.get_one(Workspace, north.workspace_id)
    south = a_team(sqlite_sessions, workspace, "South", channel_id="C0SOUTH")
    anna = a_member(sqlite_sessions, north, "Anna")
    newcomer = a_member(sqlite_sessions, workspace, "Newcomer")

    def team_of(member: Member, channel: str | None) -> str:
        return listing(sqlite_sessions, Asker(workspace.slack_team_id, member.slack_user_id, channel)).content.team

    assert team_of(anna, "C0SOUTH") == "South"
    assert team_of(anna, "C0RANDOM") == "North"
    with pytest.raises(Refused, match="several_teams"):
        team_of(newcomer, None)
    plays(sqlite_sessions, anna, south)
    with pytest.raises(Refused) as refused:
        team_of(anna, None)
    sentence = catalog.refusal_text(Refusal(refused.value.name, refused.value.values), language="en")
    assert "North" in sentence
    assert "South" in sentence
    south.archived_at = NOW
    added(sqlite_sessions, south)
    assert team_of(newcomer, None) == "North"


def test_without_a_team_the_refusal_says_so(sqlite_sessions: Sessions) -> None:
    workspace = a_workspace(sqlite_sessions)
    with pytest.raises(Refused, match="no_team"):
        listing(sqlite_sessions, Asker(workspace.slack_team_id, "U1"))
    with pytest.raises(Refused, match="no_team"):
        listing(sqlite_sessions, Asker("T0UNKNOWN", "U1"))
    assert help_for(sqlite_sessions, Asker("T0UNKNOWN", "U1"), now=NOW).language == "en"


@pytest.mark.parametrize(
    ("member_locale", "team_locale", "language"),
    [("sv-SE", "en", "sv"), ("en-GB", "sv", "en"), (None, "sv", "sv"), ("fi-FI", "sv", "en")],
)
def test_the_readers_language_comes_before_the_teams(
    sqlite_sessions: Sessions, member_locale: str | None, team_locale: str, language: str
) -> None:
    team = a_team(sqlite_sessions, locale=team_locale)
    anna = a_member(sqlite_sessions, team, "Anna", locale=member_locale)
    asker = _asker(team, anna, sqlite_sessions)
    assert listing(sqlite_sessions, asker).language == language
    assert help_for(sqlite_sessions, asker, now=NOW).language == language


def test_a_refusal_carries_the_language_too(sqlite_sessions: Sessions) -> None:
    workspace = a_workspace(sqlite_sessions)
    teams = [a_team(sqlite_sessions, workspace, name, locale="sv") for name in ("Norr", "Söder")]
    anna = a_member(sqlite_sessions, teams[0], "Anna", locale="sv-SE")
    plays(sqlite_sessions, anna, teams[1])
    with pytest.raises(Refused) as refused:
        listing(sqlite_sessions, Asker(workspace.slack_team_id, anna.slack_user_id))
    assert refused.value.language == "sv"
