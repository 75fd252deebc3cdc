"""`/hat` about the life of a team, typed and clicked, in both languages."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.listeners.actions.team_life import ACTIONS
from bot.listeners.binding import Deps, bind, in_a_modal, under_the_command
from bot.listeners.commands.table import answer
from bot.services.workspaces import audit_log
from bot.slack.port import Profile
from messages import ids
from storage import Sessions, audits
from storage.tables import Member
from tests.support.builders import a_hat, wears
from tests.support.club import Club
from tests.support.fake_slack import FakeSlack, words
from tests.support.listening import Phone, Response
from tests.support.week import CHANNEL


class Desk:
    """Where people type and click. `woken` counts how often the ticker was woken."""

    def __init__(self, club: Club) -> None:
        self.club = club
        self.woken = 0
        self.workers = ThreadPoolExecutor(1)
        self.deps = Deps(club.sessions, club.directory, club.slack, club.clock, self.workers, wake=self._wake)

    def _wake(self) -> None:
        self.woken += 1

    def types(self, member: Member, text: str) -> dict[str, Any]:
        """Type `/hat <text>` and return the answer."""
        answers: list[dict[str, Any]] = []
        body = {
            "team_id": self.club.workspace.slack_team_id,
            "user_id": member.slack_user_id,
            "channel_id": CHANNEL,
            "command": "/hat",
            "text": text,
            "trigger_id": "1.1",
        }

        def respond(**said: Any) -> Response:
            answers.append(said)
            return Response(200, "ok")

        bind(self.deps, answer, under_the_command)(lambda **said: answers.append(said), body, respond)
        self.workers.submit(lambda: None).result(timeout=10)
        (said,) = filter(None, answers)
        return said

    def said(self, member: Member, text: str) -> str:
        """Type `/hat <text>` and return what is read."""
        shown = self.types(member, text)
        return "\n".join([shown["text"], words(shown["blocks"])])

    def clicks(self, member: Member, action_id: str, value: str) -> str:
        """Click a button and return what is shown in its place, or in a modal."""
        replaced: list[dict[str, Any]] = []
        body = {
            "team": {"id": self.club.workspace.slack_team_id},
            "user": {"id": member.slack_user_id},
            "channel": {"id": CHANNEL},
            "trigger_id": "1.1",
            "actions": [{"action_id": action_id, "value": value}],
        }
        before = len(self.club.slack.modals)
        bound = bind(self.deps, ACTIONS[action_id], in_a_modal)
        bound(lambda **_: None, body, lambda **said: replaced.append(said))
        self.workers.submit(lambda: None).result(timeout=10)
        shown = [*replaced, *(view for _, _, view in self.club.slack.modals[before:])]
        return words([one.get("blocks") for one in shown])


@pytest.fixture
def desk(sqlite_sessions: Sessions) -> Iterator[Desk]:
    desk = Desk(Club(sqlite_sessions))
    yield desk
    desk.workers.shutdown()
    desk.club.close()


def test_a_deputy_is_named_shown_on_the_card_and_taken_back(desk: Desk) -> None:
    club = desk.club
    sara = club.joins("Sara")
    mention = f"<@{sara.slack_user_id}|sara>"
    assert "stands in for" in desk.said(club.oskar, f"deputy email {mention}")
    assert f"Deputy: <@{sara.slack_user_id}>" in desk.said(club.anna, "who email")
    assert "Nobody stands in" in desk.said(club.oskar, "deputy email none")
    assert "Deputy" not in desk.said(club.anna, "who email")
    assert desk.woken == 2


@pytest.mark.parametrize("text", ["deputy", "deputy email", "deputy none", "ersättare email"])
def test_a_deputy_without_a_hat_or_a_person_gets_an_example(desk: Desk, text: str) -> None:
    assert "/hat deputy email-nurturing @anna" in desk.said(desk.club.oskar, text)


def test_away_is_told_shown_and_ended_in_both_languages(desk: Desk) -> None:
    club = desk.club
    svea = club.joins("Svea", locale="sv-SE")
    assert "You are away until 24 December 2026" in desk.said(club.oskar, "away until 24 dec")
    assert "You are away until 24 December 2026" in desk.said(club.oskar, "away")
    assert "Email" in desk.said(club.oskar, "away")
    assert "Borta till 24 december 2026." in desk.said(svea, "vem email")
    assert "Welcome back" in desk.said(club.oskar, "back")
    assert "Away" not in desk.said(svea, "vem email")
    assert "Du är borta till 30 november 2026" in desk.said(svea, "borta till nästa måndag")
    assert "Välkommen tillbaka" in desk.said(svea, "tillbaka")
    assert "can't read “someday”" in desk.said(club.oskar, "away until someday").replace("until ", "")


def test_leaving_is_confirmed_by_a_button(desk: Desk) -> None:
    club = desk.club
    question = desk.types(club.oskar, "leave")
    assert "Nobody owns Email then" in words(question["blocks"])
    (button,) = question["blocks"][-1]["elements"]
    assert club.plays(club.oskar)
    assert "You have left" in desk.clicks(club.oskar, button["action_id"], button["value"])
    assert not club.plays(club.oskar)
    assert "not in this team" in desk.clicks(club.oskar, button["action_id"], button["value"])


def test_admins_take_people_out_and_appoint_each_other(desk: Desk) -> None:
    club = desk.club
    oskar = f"<@{club.oskar.slack_user_id}>"
    assert "admin" in desk.said(club.oskar, f"remove {oskar}")
    assert "as an admin now" in desk.said(club.anna, f"admin {oskar}")
    assert "already" in desk.said(club.anna, f"admin {oskar}")
    assert "no admin of the team any more" in desk.said(club.anna, f"unadmin {oskar}")
    assert "only admin" in desk.said(club.anna, "unadmin")
    assert "Nobody owns Email now" in desk.said(club.anna, f"remove {oskar}")
    assert "Name the person with an @" in desk.said(club.anna, "remove")
    assert club.admins() == {"Anna"}


def test_the_history_of_a_hat_is_told(desk: Desk) -> None:
    said = desk.said(desk.club.anna, "history newsletter")
    assert "The history of Email" in said
    assert "owned by Oskar" in said
    assert "Which hat?" in desk.said(desk.club.anna, "history")
    assert "Historik för Email" in desk.said(desk.club.joins("Svea", locale="sv-SE"), "historik email")


def test_health_asks_the_channel_for_volunteers(desk: Desk) -> None:
    club = desk.club
    shared = a_hat(club.sessions, club.team, "Shared")
    for name in ("Sara", "Erik", "Maria"):
        wears(club.sessions, club.joins(name), shared)
    shown = desk.types(club.anna, "health")
    (button,) = [block["accessory"] for block in shown["blocks"] if "accessory" in block]
    assert button["text"]["text"] == "Ask for volunteers"
    assert "I have asked the channel" in desk.clicks(club.anna, button["action_id"], button["value"])
    club.replica.tick()
    (call,) = club.slack.all_in(CHANNEL)
    assert "Who would like to own Shared?" in call.words
    assert "<@" not in call.words
    assert call.message.blocks[-1]["elements"][0]["action_id"] == ids.VOLUNTEER


def test_changes_are_for_admins_and_are_paged(desk: Desk) -> None:
    club = desk.club
    with club.sessions.write() as session:
        for number in range(audit_log.PAGE + 2):
            scope = {"workspace_id": club.workspace.id or 0, "team_id": club.team.id or 0}
            audits.add(session, **scope, actor="terminal", action="hat.changed", subject=f"hat-{number}", now=club.now)
    shown = desk.types(club.anna, "audit")
    (button,) = shown["blocks"][-1]["elements"]
    assert "hat-31" in words(shown["blocks"])
    assert "hat-1*\n" in desk.clicks(club.anna, button["action_id"], button["value"])
    assert "Anna" in desk.said(club.oskar, "audit")
    assert "hat-31" not in desk.said(club.oskar, "audit")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("value", ["", "x", "x:y", "-1", "99999999999999999999", "no:99999999999999999999", "999"])
def test_a_button_with_a_strange_value_gets_a_sentence(desk: Desk, action: str, value: str) -> None:
    said = desk.clicks(desk.club.anna, action, value)
    assert said
    assert "Reference" not in said


@pytest.mark.parametrize(
    ("text", "said", "told"),
    [
        ("deputy email <@U0NEWCOMER|nils>", "<@U0NEWCOMER> stands in", "Du är nu ersättare"),
        ("admin <@U0NEWCOMER>", "<@U0NEWCOMER> looks after", "Du sköter"),
    ],
    ids=["deputy", "admin"],
)
def test_slack_is_asked_about_a_colleague_whom_nobody_has_named_before_once_the_command_is_acknowledged(
    desk: Desk, text: str, said: str, told: str
) -> None:
    club = desk.club
    asked_after: list[int] = []

    class Slow(FakeSlack):
        """Tells how often the command had been acknowledged when it was asked."""

        def profile(self, workspace: str, user_id: str) -> Profile | None:
            asked_after.append(len(phone.acks))
            return super().profile(workspace, user_id)

    slack = Slow(club.clock)
    phone = Phone(club.sessions, club.clock, slack)
    place = (club.workspace.slack_team_id, "U0NEWCOMER")
    slack.profiles[place] = Profile("U0NEWCOMER", "nils", "Nils", None, "sv-SE", False, False, False, False)  # noqa: FBT003  # a profile's facts
    assert said in words(phone.types(club.asker(club.anna), text)["blocks"])
    assert asked_after == [1]
    club.replica.tick()
    assert told in club.slack.last_in("U0NEWCOMER").words


def test_about_somebody_unknown_who_is_to_go_nobody_is_asked(desk: Desk) -> None:
    assert "is not in this team" in desk.said(desk.club.anna, "remove <@U0NEWCOMER>")
