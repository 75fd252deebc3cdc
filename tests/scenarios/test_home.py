"""The App Home with the real bot: opened, acted from in both languages, and following what was done."""

from typing import Any

import pytest

from bot.playground.seed import ANNA, OSKAR, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import World, open_world, spoken

pytestmark = pytest.mark.scenario

Json = dict[str, Any]
SAID = {
    "en": ("What waits for you", "Your hats", "Forwards: Sales", "You are away until 24 December 2026."),
    "sv": ("Det här väntar på dig", "Dina hattar", "Mittfältare: Kampanjer", "Du är borta till 24 december 2026."),
}


def home_with(world: World, user: str, text: str) -> Json:
    """Wait until somebody's Home says something."""
    found: Json = world.eventually(
        lambda: (shown := world.playground.home(user)) is not None and text in spoken(shown["blocks"]) and shown
    )
    return found


def picture_of(shown: Json) -> Json | None:
    return next((block for block in shown["blocks"] if block["type"] == "image"), None)


@pytest.mark.parametrize(("mode", "language"), [("socket", "en"), ("http", "sv")])
def test_a_member_acts_from_their_home(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any) -> None:
    waits, hats, forwards, away = SAID[language]
    with new_database("sqlite", tmp_path) as url, open_world(url, tmp_path, language=language, mode=mode) as world:
        world.start()
        playground = world.playground
        playground.open_home(OSKAR)
        home_with(world, OSKAR, waits)
        home_with(world, OSKAR, hats)
        picture = world.eventually(lambda: picture_of(playground.home(OSKAR) or {"blocks": []}))
        assert forwards in picture["alt_text"]
        uploads = len(playground.calls("files.completeUploadExternal"))
        # Another member's Home shows the same picture, which is there already.
        playground.open_home(ANNA)
        world.eventually(lambda: picture_of(playground.home(ANNA) or {"blocks": []}))
        assert len(playground.calls("files.completeUploadExternal")) == uploads

        # Being away is set in the Home, and the Home follows.
        home = playground.home(OSKAR) or {}
        playground.click(OSKAR, f"{ids.HOME_RUN}_?away", view_id=home["id"])
        form = world.eventually(lambda: playground.modal(OSKAR))
        assert form["callback_id"] == ids.HOME_SUBMIT
        playground.submit(OSKAR, {f"{ids.FORM_BLOCK}until": {ids.FORM_INPUT: "2026-12-24"}}, wait=3)
        home_with(world, OSKAR, away)
        # A command that is typed says the same.
        playground.command(OSKAR, TEAM_CHANNEL, "/hat away", wait=3)
        assert away in spoken([told["blocks"] for told in playground.messages(TEAM_CHANNEL, user=OSKAR)])
