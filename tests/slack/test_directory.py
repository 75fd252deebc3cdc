"""Who is meant by a name in a team's file: nobody gets somebody else's place by calling themselves so."""

from typing import Any

import pytest

from bot.slack.directory import SlackDirectory
from tests.support.listing import Listing


@pytest.fixture
def people() -> Listing:
    listing = Listing()
    listing.has("U0BO", "bo", "Bo Ek")
    listing.has("U0ANNA", "anna", "Anna Lindqvist")
    return listing


def looked_up(people: Listing, name: str) -> str | None:
    return SlackDirectory(people).user_id(name)  # type: ignore[arg-type]  # it stands in for the SDK's client


@pytest.mark.parametrize("name", ["@anna", "anna", "@Anna", "Anna Lindqvist", "@anna lindqvist"])
def test_somebody_is_found_by_handle_and_by_the_name_that_is_shown(people: Listing, name: str) -> None:
    assert looked_up(people, name) == "U0ANNA"


def test_whoever_calls_themselves_like_another_ones_handle_is_not_taken_for_them(people: Listing) -> None:
    people.members.insert(0, {"id": "U0EVIL", "name": "x7", "profile": {"display_name": "anna"}})
    assert looked_up(people, "@anna") == "U0ANNA"


def test_a_name_that_several_are_called_by_is_nobodys(people: Listing) -> None:
    people.has("U0EVIL", "x7", "Anna Lindqvist")
    assert looked_up(people, "@Anna Lindqvist") is None
    assert looked_up(people, "@anna") == "U0ANNA"


@pytest.mark.parametrize("facts", [{"is_stranger": True}, {"team_id": "T0ELSEWHERE"}])
def test_somebody_of_another_company_is_not_of_the_workspace(people: Listing, facts: dict[str, Any]) -> None:
    people.has("U0EVIL", "anna", "Anna Lindqvist", **facts)
    people.has("U0OTHER", "carl", **facts)
    assert looked_up(people, "@anna") == looked_up(people, "Anna Lindqvist") == "U0ANNA"
    assert looked_up(people, "@carl") is None


def test_who_has_been_deactivated_is_found_by_handle_alone(people: Listing) -> None:
    people.has("U0GONE", "dora", "Dora Berg", deleted=True)
    assert looked_up(people, "@dora") == "U0GONE"
    assert looked_up(people, "@Dora Berg") is None
