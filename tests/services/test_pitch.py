"""What the pitch shows of a team."""

from datetime import timedelta

import pytest

from bot.services.hats.pitch import fingerprint, pitch
from messages.pitch_content import Pitch, Shirt
from storage import Sessions
from storage.tables import Absence
from tests.support.builders import a_hat, a_kpi, a_link, a_target, added, reads, wears
from tests.support.club import Club

LAST_WEEK = "2026-W47"


@pytest.fixture
def club(sessions: Sessions) -> Club:
    return Club(sessions)


def shown(club: Club) -> Pitch:
    return pitch(club.sessions, club.asker(club.anna), now=club.now).content


def shirts(club: Club) -> dict[str, Shirt]:
    return {shirt.hat.name: shirt for shirt in shown(club).shirts}


def test_a_shirt_has_its_owner_its_wearers_and_its_place(club: Club) -> None:
    hunter = a_hat(club.sessions, club.team, "Hunter", position="midfielder")
    wears(club.sessions, club.anna, hunter)
    wears(club.sessions, club.oskar, hunter)
    found = shirts(club)
    assert (found["Email"].owner.name, found["Email"].wearers) == ("Oskar", 1)  # type: ignore[union-attr]
    assert (found["Hunter"].owner, found["Hunter"].wearers, found["Hunter"].position) == (None, 2, "midfielder")


@pytest.mark.parametrize(
    ("values", "mark"),
    [({}, "unknown"), ({"Leads": 10}, "reached"), ({"Leads": 9}, "missed"), ({"Leads": 12, "Churn": 4}, "missed")],
)
def test_a_shirt_tells_how_the_weeks_numbers_stand(club: Club, values: dict[str, int], mark: str) -> None:
    leads = a_kpi(club.sessions, club.email, "Leads")
    churn = a_kpi(club.sessions, club.email, "Churn", direction="lower")
    a_target(club.sessions, leads, 10)
    a_target(club.sessions, churn, 3)
    for kpi in (leads, churn):
        if kpi.name in values:
            reads(club.sessions, kpi, {LAST_WEEK: values[kpi.name]}, by=club.oskar)
    assert shirts(club)["Email"].mark == mark


def test_numbers_of_an_earlier_week_say_nothing_about_this_one(club: Club) -> None:
    leads = a_kpi(club.sessions, club.email, "Leads")
    a_target(club.sessions, leads, 10)
    reads(club.sessions, leads, {"2026-W46": 12}, by=club.oskar)
    assert shirts(club)["Email"].mark == "unknown"


def test_linked_kpis_are_passes_between_their_hats(club: Club) -> None:
    hunter = a_hat(club.sessions, club.team, "Hunter")
    a_link(club.sessions, a_kpi(club.sessions, club.email, "Leads"), a_kpi(club.sessions, hunter, "Meetings"))
    assert [(one.source, one.target) for one in shown(club).passes] == [("email", "hunter")]


def test_who_is_away_is_said_to_be(club: Club) -> None:
    away = {"starts_at": club.now - timedelta(days=1), "ends_at": club.now + timedelta(days=1)}
    added(club.sessions, Absence(workspace_id=club.oskar.workspace_id, member_id=club.oskar.id, **away))
    assert shirts(club)["Email"].away


def test_the_same_pitch_has_the_same_name_and_another_has_another(club: Club) -> None:
    before = shown(club)
    assert fingerprint(before, "en") == fingerprint(shown(club), "en") != fingerprint(before, "sv")
    wears(club.sessions, club.anna, club.email)
    assert fingerprint(shown(club), "en") != fingerprint(before, "en")
