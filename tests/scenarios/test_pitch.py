"""The pitch in Slack, with the real bot process: uploaded, shown, and told in words where Slack takes no file."""

from typing import Any

import httpx
import pytest

from bot.playground.seed import ANNA, TEAM, TEAM_CHANNEL
from tests.scenarios.conftest import NewDatabase
from tests.support.world import World, open_world

pytestmark = pytest.mark.scenario
WORDS = {
    "en": (
        "pitch",
        "The pitch of Football team",
        "Forwards: Sales (Sara",
        "wear sales",
        "*Forwards*\n• Sales: Sara",
    ),
    "sv": (
        "planen",
        "Planen för Fotbollslaget",
        "Forwards: Försäljning (Sara",
        "bär försäljning",
        "*Forwards*\n• Försäljning: Sara",
    ),
}


def shown(world: World, command: str) -> list[dict[str, Any]]:
    before = len(world.playground.messages(TEAM_CHANNEL, user=ANNA))
    world.playground.command(ANNA, TEAM_CHANNEL, f"/hat {command}", wait=5)
    (told,) = world.playground.eventually(
        lambda: world.playground.messages(TEAM_CHANNEL, user=ANNA)[before:], seconds=20
    )
    blocks: list[dict[str, Any]] = told["blocks"]
    return blocks


@pytest.mark.parametrize(("mode", "language"), [("socket", "en"), ("http", "sv")])
def test_a_member_sees_the_team_on_the_pitch(
    new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any
) -> None:
    command, title, alternative, wear, in_words = WORDS[language]
    with (
        new_database("sqlite", tmp_path) as url,
        open_world(url, tmp_path, language=language, mode=mode) as world,
    ):
        world.start()
        header, picture, _ = shown(world, command)
        assert header["text"]["text"] == title
        assert alternative in picture["alt_text"]
        address = f"{world.playground.url}/files/show/{TEAM}/{picture['slack_file']['id']}"
        assert httpx.get(address).content.startswith(b"\x89PNG")
        # Once Slack has told everybody's name nothing changes any more: the picture is there already.
        world.playground.eventually(
            lambda: shown(world, command)[1]["slack_file"] == shown(world, command)[1]["slack_file"], seconds=30
        )
        # Something has, and Slack takes no file now: words say it.
        assert shown(world, wear)
        world.playground.faults({"kind": "error", "method": "files.getUploadURLExternal"})
        assert in_words in shown(world, command)[1]["text"]["text"]
