"""`/hat pitch` as people type and see it."""

from collections.abc import Iterator

import pytest

from bot.services.sending import pictures
from storage import Sessions
from tests.support.club import Club
from tests.support.doors import Doors, Json, open_doors, taking_responses


@pytest.fixture
def club(sqlite_sessions: Sessions) -> Club:
    return Club(sqlite_sessions)


@pytest.fixture
def doors(club: Club, monkeypatch: pytest.MonkeyPatch) -> Iterator[Doors]:
    monkeypatch.setattr(pictures, "PICTURES", pictures.Pictures())
    with (
        taking_responses() as urls,
        open_doors(club.sessions, club.clock, urls, club.workspace.slack_team_id) as doors,
    ):
        yield doors


def typed(doors: Doors, club: Club, text: str = "pitch") -> Json:
    (told,) = doors.command(club.workspace.slack_team_id, club.anna.slack_user_id, text).shown
    return told


def kinds(told: Json) -> list[str]:
    return [block["type"] for block in told["blocks"]]


def test_the_pitch_is_a_picture_that_also_says_in_words_what_it_shows(club: Club, doors: Doors) -> None:
    told = typed(doors, club)
    picture = told["blocks"][1]
    assert (kinds(told), picture["slack_file"]) == (["header", "image", "context"], {"id": "F0FILE0001"})
    assert picture["alt_text"] == "Midfielders: Email (Oskar)"
    ((workspace, name, content, _),) = doors.slack.files
    assert (workspace, name) == (club.workspace.slack_team_id, "pitch-2026-W47.png")
    assert content.startswith(b"\x89PNG")
    assert told["response_type"] == "ephemeral"


def test_what_has_not_changed_is_not_drawn_again(club: Club, doors: Doors) -> None:
    assert typed(doors, club)["blocks"] == typed(doors, club, "planen")["blocks"]
    assert len(doors.slack.files) == 1


def test_without_files_the_pitch_is_told_in_words(club: Club, doors: Doors) -> None:
    doors.slack.takes_files = False
    told = typed(doors, club)
    assert kinds(told) == ["header", "section", "context"]
    assert told["blocks"][1]["text"]["text"] == "*Midfielders*\n• Email: Oskar"
    doors.slack.takes_files = True
    assert "image" in kinds(typed(doors, club))


def test_a_team_without_hats_hears_how_to_begin(club: Club, doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.services.hats.pitch.hats.all_of_team", lambda *_: [])
    assert "`/hat add` makes the first one" in str(typed(doors, club))
    assert doors.slack.files == []
