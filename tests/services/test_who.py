"""A hat is found by whatever people call it, and the answer says whom to ask."""

from datetime import date

import pytest

from bot.services.hats.hats import Choices, Unknown, who
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.scene import Answer, Asker
from messages import catalog
from messages.content import HatCard
from storage import Sessions, teams
from storage.tables import Team, Workspace
from tests.support.builders import NOW, a_hat, a_kpi, a_member, a_target, a_team, a_workspace, added, owns, reads, wears

CHANNEL = "C0NORTH"


class Pitch:
    """A team with its hats, and somebody in its channel who asks."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.workspace: Workspace = a_workspace(sessions)
        self.team: Team = a_team(sessions, self.workspace, "North", channel_id=CHANNEL)
        self.anna = a_member(sessions, self.team, "Anna")
        self.directory = HatDirectory()
        self.email = a_hat(
            sessions,
            self.team,
            "Email manager",
            slug="email-nurturing",
            aliases=["Nyhetsbrev", "E-postansvarig"],
            position="libero",
            ask_about="Newsletters and flows",
        )
        self.hunter = a_hat(sessions, self.team, "Hunter", aliases=["Jägare"])
        a_hat(sessions, self.team, "Campaign manager", aliases=["Kampanjansvarig"])
        a_hat(sessions, self.team, "Online manager")

    def ask(self, query: str, **asker: str) -> Answer[HatCard | Choices | Unknown]:
        given = {"workspace": self.workspace.slack_team_id, "user": self.anna.slack_user_id, "channel": CHANNEL}
        return who(self.sessions, self.directory, Asker(**{**given, **asker}), query, now=NOW)

    def found(self, query: str) -> str:
        content = self.ask(query).content
        assert isinstance(content, HatCard), f"{query!r} gave {content}"
        return content.slug


@pytest.fixture
def pitch(sqlite_sessions: Sessions) -> Pitch:
    return Pitch(sqlite_sessions)


@pytest.mark.parametrize(
    "query",
    [
        "email-nurturing",
        "Email manager",
        "Nyhetsbrev",
        "nurturing email",
        "EMAIL NURTURING",
        "email_nurturing",
        "e postansvarig",
        "emial nurturing",
        "nyhetsbrve",
        "nurturing",
        "  email   nurturing ",
        "emailnurturing",
    ],
    ids=lambda query: query.strip().replace(" ", "_"),
)
def test_a_hat_is_found_by_whatever_people_call_it(pitch: Pitch, query: str) -> None:
    assert pitch.found(query) == "email-nurturing"


@pytest.mark.parametrize("query", ["jagare", "JÄGARE", "ja\u0308gare", "jägar"])
def test_a_hat_is_found_with_or_without_its_dots(pitch: Pitch, query: str) -> None:
    assert pitch.found(query) == "hunter"


def test_several_hats_that_fit_are_offered(pitch: Pitch) -> None:
    answer = pitch.ask("manager")
    assert isinstance(answer.content, Choices)
    assert {hat.name for hat in answer.content.hats} == {"Email manager", "Campaign manager", "Online manager"}
    buttons = catalog.hat_choices("manager", answer.content.hats, language="en").blocks[1]["elements"]
    assert {button["value"] for button in buttons} == {"email-nurturing", "campaign-manager", "online-manager"}


def test_for_a_name_that_nothing_has_the_nearest_are_named(pitch: Pitch) -> None:
    answer = pitch.ask("headhunter")
    assert isinstance(answer.content, Unknown)
    assert "Hunter" in [hat.name for hat in answer.content.nearest]
    nothing = pitch.ask("🦄").content
    assert isinstance(nothing, Unknown)
    assert nothing.nearest == ()


def test_the_card_says_everything_about_an_owned_hat(pitch: Pitch) -> None:
    sessions = pitch.sessions
    oskar = a_member(sessions, pitch.team, "Oskar")
    owns(sessions, oskar, pitch.email)
    wears(sessions, oskar, pitch.email)
    wears(sessions, pitch.anna, pitch.email)
    leads = a_kpi(sessions, pitch.email, "Nurtured leads")
    a_target(sessions, leads, 40, since="2026-W01")
    a_target(sessions, leads, 50, since="2027-W01")
    reads(sessions, leads, {"2026-W45": 38, "2026-W46": 41})
    card = pitch.ask("email").content
    assert isinstance(card, HatCard)
    assert card.owner is not None
    assert (card.owner.name, card.owner_since, card.asker_is_owner) == ("Oskar", date(2026, 11, 23), False)
    assert [person.name for person in card.wearers] == ["Anna"], "the owner is not named twice"
    assert [(kpi.name, kpi.value, kpi.period, kpi.target) for kpi in card.kpis] == [
        ("Nurtured leads", 41, "2026-W46", 40)
    ]
    said = catalog.hat_card(card, language="en")
    assert f"<@{oskar.slack_user_id}>" in str(said.blocks)
    assert "Newsletters and flows" in str(said.blocks)
    own = pitch.ask("email", user=oskar.slack_user_id).content
    assert isinstance(own, HatCard)
    assert own.asker_is_owner


def test_a_vacant_hat_shows_who_wears_it(pitch: Pitch) -> None:
    for name in ("Sara", "Erik"):
        wears(pitch.sessions, a_member(pitch.sessions, pitch.team, name), pitch.hunter)
    gone = a_member(pitch.sessions, pitch.team, "Gone", deleted=True)
    wears(pitch.sessions, gone, pitch.hunter)
    card = pitch.ask("hunter").content
    assert isinstance(card, HatCard)
    assert card.owner is None
    assert [person.name for person in card.wearers] == ["Sara", "Erik"]
    assert "Nobody owns this hat yet" in catalog.hat_card(card, language="en").text


def test_an_archived_hat_is_not_found_by_any_name(pitch: Pitch) -> None:
    pitch.found("emial manager")
    pitch.email.archived_at = NOW
    added(pitch.sessions, pitch.email)
    with pitch.sessions.write() as session:
        teams.touch_directory(session, pitch.team.id or 0)
    for query in ("email-nurturing", "Nyhetsbrev", "Email manager", "emial manager", "nurturing"):
        content = pitch.ask(query).content
        assert not isinstance(content, HatCard)
        offered = content.hats if isinstance(content, Choices) else content.nearest
        assert "email-nurturing" not in [hat.slug for hat in offered]


def test_a_hat_of_another_workspace_or_team_is_never_shown(pitch: Pitch) -> None:
    other = a_team(pitch.sessions, name="Rivals", channel_id="C0RIVALS")
    secret = a_hat(pitch.sessions, other, "Secret striker")
    neighbour = a_team(pitch.sessions, pitch.workspace, "South", channel_id="C0SOUTH")
    a_hat(pitch.sessions, neighbour, "Sweeper")
    for query in ("secret-striker", "Secret striker", "secret", "sekret striker", "sweeper"):
        content = pitch.ask(query, channel=CHANNEL).content
        assert not isinstance(content, HatCard)
        offered = content.hats if isinstance(content, Choices) else content.nearest
        assert {hat.slug for hat in offered}.isdisjoint({secret.slug, "sweeper"})
    # A channel of the other workspace does not open its team either.
    elsewhere = pitch.ask("secret-striker", channel="C0RIVALS").content
    assert isinstance(elsewhere, Unknown)


def test_the_index_of_names_follows_the_directorys_version(pitch: Pitch) -> None:
    assert isinstance(pitch.ask("striker").content, Unknown)
    a_hat(pitch.sessions, pitch.team, "Striker of the north")
    assert isinstance(pitch.ask("striker").content, Unknown), "as old as the version says"
    with pitch.sessions.write() as session:
        teams.touch_directory(session, pitch.team.id or 0)
    assert pitch.found("striker") == "striker-of-the-north"


def test_an_exact_name_needs_no_index(pitch: Pitch) -> None:
    pitch.ask("nurturing")
    a_hat(pitch.sessions, pitch.team, "Striker")
    assert pitch.found("striker") == "striker"
