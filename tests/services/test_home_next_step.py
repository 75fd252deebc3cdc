"""The Home says a team's next step: admins see the whole way, members what they can do themselves."""

import pytest

from bot.services.homes.homes import home
from messages import catalog
from messages.content import HatName, Person
from messages.home_content import Home
from messages.next_step import NextStep, SetUpState
from storage import Sessions
from storage.tables import Member
from tests.support.builders import a_hat, a_kpi, wears
from tests.support.club import Club
from tests.support.fake_slack import words

BOOKING = HatName("booking", "Booking")
ANNA = Person("U0ANNA0001", "Anna")


def values(view: dict[str, object]) -> list[str]:
    """Give what the buttons of a Home's first section mean."""
    found: list[str] = []
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    for block in blocks:
        if block["type"] == "header" and block["text"]["text"] in {"What waits for you", "Det här väntar på dig"}:
            break
        found += [element["value"] for element in block.get("elements", ()) if "value" in element]
    return found


def shown(step: NextStep, *, is_admin: bool) -> dict[str, object]:
    state = SetUpState("North", "1", step, hats=6)
    return catalog.home(Home("North", ANNA, is_admin=is_admin, set_up=state), language="en")


def test_an_admin_sees_the_four_steps_and_every_way_to_take_the_next_one() -> None:
    view = shown(NextStep("hats", "1"), is_admin=True)
    assert "The team's first steps" in words(view)
    assert "*2. Hats*: 6 hats" in words(view)
    assert values(view) == ["1", "1", "1"]


@pytest.mark.parametrize(
    ("step", "offered"),
    [
        (NextStep("hats", "1"), []),
        (NextStep("tick", "1"), ["1"]),
        (NextStep("chain", "1", BOOKING), []),
        (NextStep("propose", "1", BOOKING, ANNA), []),
        (NextStep("propose", "1", BOOKING, ANNA, own=True), ["volunteer booking"]),
    ],
)
def test_a_member_reads_the_next_step_and_is_offered_what_they_can_do(step: NextStep, offered: list[str]) -> None:
    view = shown(step, is_admin=False)
    assert "*Next step:*" in words(view)
    assert "The team's first steps" not in words(view)
    assert values(view) == offered


def test_once_hats_have_owners_the_next_one_is_for_admins_and_who_suggests_themselves(
    sqlite_sessions: Sessions,
) -> None:
    club = Club(sqlite_sessions)
    bo = club.joins("Bo")
    wears(sqlite_sessions, bo, a_hat(sqlite_sessions, club.team, "Booking"))
    a_kpi(sqlite_sessions, club.email, "Opened mails")
    taking = {"volunteer booking", "propose booking"}

    def offered(member: Member) -> set[str]:
        answer = home(sqlite_sessions, club.asker(member), now=club.now)
        return set(values(catalog.home(answer.content, language="en"))) & taking

    assert (offered(bo), offered(club.oskar)) == ({"volunteer booking"}, set())
    assert offered(club.anna) == taking
