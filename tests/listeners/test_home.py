"""The App Home as people open and press it."""

from collections.abc import Iterator

import pytest

from bot.listeners import home_tab
from bot.listeners.commands.table import SUBCOMMANDS
from bot.services.agreements import agreements
from bot.services.homes.home_forms import COMMANDS as FORMS
from bot.services.people import absence
from bot.services.questions import question_asking
from bot.services.sending import pictures
from bot.services.workspaces.scene import team_place
from messages import ids
from storage import Sessions
from storage.tables import Member
from tests.support.builders import a_hat, a_kpi, a_link, a_member, a_team, owns, plays
from tests.support.club import Club
from tests.support.doors import Answer, Doors, Json, open_doors, taking_responses
from tests.support.fake_slack import words

# Commands that no button of the Home writes, and where they are instead.
ELSEWHERE = {
    "who": "the menu of hats shows any hat's card in the Home itself",
    "report": "the button beside the numbers that are due opens the same form",
    "pitch": "the Home shows the pitch itself",
    "pass_on": "the form behind Pass on or step down offers the hat to whom is chosen",
    "pass_on_or_leave": "Swedish for two commands, which both have their button",
    "think": "Swedish for what if, which has its button",
}


class House:
    """A club whose people look at their Homes."""

    def __init__(self, club: Club, doors: Doors) -> None:
        self.club, self.doors = club, doors
        self.workspace = club.workspace.slack_team_id

    def opens(self, member: Member, *, view: Json | None = None) -> Json:
        event = {"type": "app_home_opened", "tab": "home", "user": member.slack_user_id, "view": view}
        answer = self.doors.event(self.workspace, event)
        assert (answer.status, answer.log) == (200, [])
        return self.home(member)

    def home(self, member: Member) -> Json:
        return self.doors.slack.homes[self.workspace, member.slack_user_id]

    def presses(self, member: Member, value: str, action_id: str = "") -> Answer:
        """Press the button, or choose the option, that carries a value in somebody's Home."""
        found = [one for one in actions(self.home(member)) if one["value"] == value]
        return self.clicks(member, next(one for one in found if one["action_id"].startswith(action_id)))

    def clicks(self, member: Member, action: Json, view: Json | None = None) -> Answer:
        """Press something in somebody's Home, or in a modal."""
        body = {"channel": None, "container": {"type": "view"}, "response_url": None, "view": view or self.home(member)}
        answer = self.doors.click(self.workspace, member.slack_user_id, action, **body)
        assert answer.log == []
        return answer

    def submits(self, member: Member, form: Json, **typed: Json) -> Answer:
        values = {f"{ids.FORM_BLOCK}{name}": {ids.FORM_INPUT: field} for name, field in typed.items()}
        view = {key: form[key] for key in ("callback_id", "private_metadata", "blocks")} | {"state": {"values": values}}
        answer = self.doors.submit(self.workspace, member.slack_user_id, view)
        assert answer.log == []
        return answer


def actions(view: Json) -> list[Json]:
    """Give everything that can be pressed or chosen in a view, as Slack reports it."""
    found = []
    for block in view["blocks"]:
        for element in [*block.get("elements", ()), *filter(None, [block.get("accessory")])]:
            if "action_id" not in element:
                continue
            if "options" in element:
                chosen = ({"value": one["value"], "selected_option": one} for one in element["options"])
                found += [{"action_id": element["action_id"], **one} for one in chosen]
            else:
                found.append({"action_id": element["action_id"], "value": element["value"]})
    return found


def offers(club: Club) -> None:
    """Let Anna offer the hat Hunter to Oskar."""
    people = (club.asker(club.anna), "hunter", club.oskar.slack_user_id)
    agreements.propose(club.sessions, club.directory, *people, now=club.now)


@pytest.fixture
def house(sqlite_sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(pictures, "PICTURES", pictures.Pictures())
    monkeypatch.setattr(home_tab, "LOOKS", home_tab.Looks())
    club = Club(sqlite_sessions)
    with (
        taking_responses() as urls,
        open_doors(club.sessions, club.clock, urls, club.workspace.slack_team_id) as doors,
    ):
        yield House(club, doors)
    club.close()


def test_a_home_is_there_at_once_and_then_with_the_picture(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    published: list[str] = []
    real = house.doors.slack.publish_home

    def publish(workspace: str, user: str, view: Json) -> str | None:
        published.append("picture" if any(block["type"] == "image" for block in view["blocks"]) else "words")
        return real(workspace, user, view)

    monkeypatch.setattr(house.doors.slack, "publish_home", publish)
    house.opens(house.club.anna)
    house.opens(house.club.anna)
    assert published == ["words", "picture", "picture"]
    assert len(house.doors.slack.files) == 1


def test_without_files_the_home_tells_the_pitch_in_words(house: House) -> None:
    house.doors.slack.takes_files = False
    assert "Email: Oskar" in words(house.opens(house.club.anna))


def test_a_picture_that_slack_has_lost_is_told_in_words(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.opens(house.club.anna)
    real = house.doors.slack.publish_home

    def publish(workspace: str, user: str, view: Json) -> str | None:
        lost = any(block["type"] == "image" for block in view["blocks"])
        return "invalid_blocks" if lost else real(workspace, user, view)

    monkeypatch.setattr(house.doors.slack, "publish_home", publish)
    assert "Email: Oskar" in words(house.opens(house.club.anna))


def test_an_offer_is_looked_at_answered_and_gone_from_the_home(house: House) -> None:
    club = house.club
    hunter = a_hat(club.sessions, club.team, "Hunter")
    offers(club)
    assert "Anna offers you *Hunter*" in words(house.opens(club.oskar))
    assert "You have offered *Hunter* to Oskar" in words(house.opens(club.anna))
    (proposal,) = club.proposals()
    (card,) = house.presses(club.oskar, f"{proposal.id}.1").shown
    (accept,) = [one for one in actions(card) if one["action_id"] == ids.OFFER_ACCEPT]
    house.clicks(club.oskar, accept, card)
    assert club.owner_of(hunter) == club.oskar.id
    assert "offers you" not in words(house.home(club.oskar))
    assert "*Hunter* · " in words(house.home(club.oskar))


def test_an_offer_of_ones_own_is_taken_back_in_the_home(house: House) -> None:
    club = house.club
    a_hat(club.sessions, club.team, "Hunter")
    offers(club)
    house.opens(club.anna)
    assert "taken back" in house.presses(club.anna, "withdraw hunter").words
    assert "You have offered" not in words(house.home(club.anna))


def test_nobody_else_sees_an_offer(house: House) -> None:
    club = house.club
    a_hat(club.sessions, club.team, "Hunter")
    offers(club)
    (proposal,) = club.proposals()
    sara = club.joins("Sara")
    house.opens(sara)
    said = house.clicks(sara, {"action_id": ids.OFFER_SHOW, "value": f"{proposal.id}.1"}).words
    assert "between two others" in said


def test_a_question_is_answered_and_gone_from_the_home(house: House) -> None:
    club = house.club
    question_asking.ask(club.sessions, club.asker(club.anna), "email", "Which flow?", key="k", now=club.now)
    assert "Which flow?" in words(house.opens(club.oskar))
    (form,) = house.presses(club.oskar, "1.1", ids.QUESTION_REPLY).shown
    view = {key: form[key] for key in ("callback_id", "private_metadata", "blocks")}
    view["state"] = {"values": {ids.REPLY_BLOCK: {ids.REPLY_INPUT: {"value": "The new one."}}}}
    house.doors.submit(house.workspace, club.oskar.slack_user_id, view)
    assert "Which flow?" not in words(house.home(club.oskar))


def test_nothing_waits_is_said_kindly(house: House) -> None:
    shown = words(house.opens(house.club.joins("Sara", hat_check=False)))
    assert "Nothing waits for you. Enjoy the game!" in shown


def test_away_and_back_are_pressed_in_the_home(house: House) -> None:
    club = house.club
    house.opens(club.oskar)
    (form,) = house.presses(club.oskar, "?away").shown
    assert [block["element"]["type"] for block in form["blocks"] if block["type"] == "input"] == ["datepicker"]
    said = house.submits(club.oskar, form, until={"type": "datepicker", "selected_date": "2026-12-24"}).words
    assert "You are away until 24 December 2026" in said
    assert "You are away until 24 December 2026" in words(house.home(club.oskar))
    assert "Welcome back" in house.presses(club.oskar, "back").words
    assert "You are away" not in words(house.home(club.oskar))


def test_a_day_that_has_passed_is_refused_in_the_form(house: House) -> None:
    house.opens(house.club.oskar)
    (form,) = house.presses(house.club.oskar, "?away").shown
    answer = house.submits(house.club.oskar, form, until={"selected_date": "2026-01-01"})
    assert answer.ack["response_action"] == "update"
    assert answer.words


def test_any_hat_is_looked_at_put_on_and_taken_off(house: House) -> None:
    club = house.club
    sara = club.joins("Sara", refreshed_at=club.now)
    a_kpi(club.sessions, a_hat(club.sessions, club.team, "Hunter"), "Meetings")
    house.opens(sara)
    house.presses(sara, "hunter", ids.HOME_HAT)
    assert "Meetings" in words(house.home(sara))
    assert "Hunter" in house.presses(sara, "wear hunter").words
    assert "You also wear" in words(house.home(sara))
    house.presses(sara, "unwear hunter")
    assert "You also wear" not in words(house.home(sara))


def test_a_deputy_is_chosen_in_a_form(house: House) -> None:
    club = house.club
    sara = club.joins("Sara")
    house.opens(club.oskar)
    (form,) = house.presses(club.oskar, "?deputy email").shown
    said = house.submits(club.oskar, form, person={"selected_user": sara.slack_user_id}).words
    assert "stands in for" in said
    assert "Your deputy: Sara." in words(house.home(club.oskar))


def test_links_are_taken_away_and_hats_brought_back_in_forms(house: House) -> None:
    club = house.club
    hunter = a_hat(club.sessions, club.team, "Hunter")
    a_link(club.sessions, a_kpi(club.sessions, club.email, "Leads"), a_kpi(club.sessions, hunter, "Meetings"))
    assert "Leads → Meetings" in words(house.opens(club.anna))
    (form,) = house.presses(club.anna, "?unlink").shown
    chosen = {"selected_option": {"value": "leads → meetings"}}
    house.submits(club.anna, form, link=chosen)
    assert "Leads → Meetings" not in words(house.home(club.anna))
    assert "No hat has been put away" in house.presses(club.anna, "?restore").words


def test_who_plays_in_several_teams_chooses_whose_home_it_is(house: House) -> None:
    club = house.club
    south = a_team(club.sessions, club.workspace, "South")
    plays(club.sessions, club.oskar, south)
    keeper = a_hat(club.sessions, south, "Keeper")
    owns(club.sessions, club.oskar, keeper)
    first = house.opens(club.oskar)
    assert "Keeper" not in words(first)
    house.presses(club.oskar, team_place(south.id or 0), ids.HOME_TEAM)
    shown = house.home(club.oskar)
    assert "Keeper" in words(shown)
    assert "Keeper" in house.presses(club.oskar, "list").words, "its buttons mean the team that is shown"
    assert "Keeper" in house.presses(club.oskar, "history keeper").words
    assert "Keeper" in words(house.opens(club.oskar, view=shown)), "the choice is kept in the view"


def test_a_home_that_is_open_follows_what_is_reported(house: House) -> None:
    club = house.club
    leads = a_kpi(club.sessions, club.email, "Leads")
    assert "How did week" in words(house.opens(club.oskar))
    report = next(one for one in actions(house.home(club.oskar)) if one["action_id"] == ids.REPORT_OPEN)
    (form,) = house.presses(club.oskar, report["value"], ids.REPORT_OPEN).shown
    view = {key: form[key] for key in ("callback_id", "private_metadata", "blocks")}
    view["state"] = {"values": {f"{ids.KPI_BLOCK}{leads.id}": {ids.KPI_INPUT: {"value": "12"}}}}
    house.doors.submit(house.workspace, club.oskar.slack_user_id, view)
    assert "Reported for" in words(house.home(club.oskar))
    assert "How did week" not in words(house.home(club.oskar))


def test_admins_alone_see_what_is_theirs(house: House) -> None:
    assert "For admins" in words(house.opens(house.club.anna))
    assert "For admins" not in words(house.opens(house.club.oskar))


def test_everything_that_a_command_does_is_in_the_home_or_said_to_be_elsewhere(house: House) -> None:
    club = house.club
    hunter = a_hat(club.sessions, club.team, "Hunter")
    owns(club.sessions, club.anna, a_hat(club.sessions, club.team, "Keeper"))
    a_link(club.sessions, a_kpi(club.sessions, club.email, "Leads"), a_kpi(club.sessions, hunter, "Meetings"))
    offers(club)
    nils = a_member(club.sessions, club.workspace, "Nils")
    absence.go_away(club.sessions, club.asker(club.oskar), "2026-12-24", now=club.now)
    written: set[str] = set()
    for member in (club.anna, club.oskar, nils):
        for hat in ("", "hunter", "email", "keeper"):
            state = f"{team_place(club.team.id or 0)} {hat}".strip()
            view = house.opens(member, view={"type": "home", "private_metadata": state})
            written |= {one["value"] for one in actions(view) if one["action_id"].startswith((ids.HOME_RUN, "my_"))}
    typed = {text for text in written if not text.startswith("?")}
    for text in written - typed:
        name, _, about = text.removeprefix("?").partition(" ")
        whats = ("admin", "unadmin", "remove") if name == "people" else ("x",)
        typed |= {FORMS[name](about, {"person": "U1", "what": what}) for what in whats if name in FORMS}
    reached = {SUBCOMMANDS[text.partition(" ")[0]] for text in typed}
    missing = {listener.__name__ for listener in SUBCOMMANDS.values() if listener not in reached}
    assert missing == set(ELSEWHERE), "a new command needs its place in the Home, or a reason why not"


@pytest.mark.parametrize(
    "value", ["", "?", "?x", "x", "?deputy nothing", "?archive-kpi nothing", "? ?", "who " + "x" * 1900]
)
def test_a_strange_button_gets_a_sentence(house: House, value: str) -> None:
    house.opens(house.club.anna)
    assert house.clicks(house.club.anna, {"action_id": f"{ids.HOME_RUN}_x", "value": value}).words


def test_a_swede_reads_all_of_it_in_swedish(house: House) -> None:
    club = house.club
    svea = club.joins("Svea", locale="sv-SE", is_admin=True)
    shown = words(house.opens(svea))
    titles = ("Det här väntar på dig", "Dina hattar", "Lagets plan", "Mina inställningar")
    assert [title for title in titles if title not in shown] == []
    (modal,) = house.presses(svea, "health").shown
    assert modal["close"]["text"] == "Stäng"


def test_an_answer_to_a_button_of_the_home_is_labelled_in_the_readers_language(house: House) -> None:
    svea = house.club.joins("Svea", locale="sv-SE", is_admin=True)
    house.opens(svea)
    (modal,) = house.clicks(svea, {"action_id": ids.HATS_ASK, "value": str(house.club.team.id)}).shown
    assert modal["close"]["text"] == "Stäng"
