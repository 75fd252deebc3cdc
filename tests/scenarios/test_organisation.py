"""An organisation of Enterprise Grid with the real process: installed once, let into workspaces, taken out, back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.scenarios.test_installs import RITA, ROVERS, Town
from tests.support.playground import PlaygroundClient
from tests.support.world import FRIDAY, open_world, spoken

pytestmark = pytest.mark.scenario
ORG, CITY, CARL = "E0FOOTBALL", "T0CITY0001", "U0CARLCITY"


@dataclass(frozen=True)
class Club:
    """A workspace of the organisation: its Slack, who plays there, and their channel."""

    name: str
    slack: PlaygroundClient
    player: str
    channel: str

    def asks(self, text: str) -> str:
        return spoken(self.slack.command(self.player, self.channel, f"/hat {text}")["messages"])

    def sets_up(self) -> None:
        """Invite the bot, set a team up with its form, and look at the App Home."""
        self.slack.act("invite", self.player, channel=self.channel, guest=self.slack.workspace()["bot_user_id"])
        self.slack.command(self.player, self.channel, "/hat setup")
        self.slack.eventually(lambda: self.slack.modal(self.player), seconds=20)
        done = self.slack.submit(self.player, {f"{ids.FORM_BLOCK}name": self.name}, wait=15)
        assert done["ok"], done
        self.slack.eventually(lambda: ids.STARTER_HATS in str(self.slack.messages(self.channel)), seconds=20)
        assert self.slack.open_home(self.player, wait=15)

    def asked(self) -> int:
        """How often the player has been asked for the week's numbers."""
        told = self.slack.messages(user=self.player, ephemeral=False)
        return sum(ids.REPORT_OPEN in str(one) for one in told)

    def calls(self) -> int:
        """How often the bot has called Slack about this workspace."""
        return sum(call["team_id"] == self.slack.team for call in self.slack.calls())


class Organisation(Town):
    """Two workspaces of an organisation, and one replica."""

    def clubs(self) -> tuple[Club, Club]:
        playground = self.world.playground
        playground.post("/workspaces", name="City", id=CITY, install=False)
        carl = {"id": CARL, "name": "carl", "real_name": "Carl City", "is_admin": True}
        playground.post("/users", user=carl, team=CITY)
        channel = playground.post("/channels", name="city", team=CITY, members=[CARL])["id"]
        playground.post("/organisations", name="Football and Sons", id=ORG, teams=[ROVERS, CITY])
        city = PlaygroundClient(playground.url, team=CITY)
        return Club("Rovers", self.rovers, RITA, self.channel), Club("City", city, CARL, channel)

    def does(self, step: str, *teams: str) -> None:
        """Let an admin of the organisation do something, and wait until the bot has heard of it."""
        self.world.playground.post(f"/act/{step}", organisation=ORG, teams=list(teams))
        assert self.world.playground.post("/settle", seconds=20)["settled"]

    def friday(self, weeks: int) -> None:
        self.world.go_to(FRIDAY, 13, weeks=weeks)


@pytest.fixture
def organisation(new_database: NewDatabase, tmp_path: Path) -> Iterator[Organisation]:
    with new_database("sqlite", tmp_path) as url, open_world(url, tmp_path, mode="http", seeded=False) as world:
        made = Organisation(world)
        yield made
        made.rovers.close()


def test_an_organisation_installs_it_once_for_two_workspaces(organisation: Organisation) -> None:
    world = organisation.world
    rovers, city = organisation.clubs()
    organisation.start()

    def asked(*times: int) -> None:
        world.eventually(lambda: (rovers.asked(), city.asked()) == times)

    # One install, by an admin of the organisation; after that it is let into both workspaces, which set a team up.
    assert "Football and Sons" in organisation.install(ORG, CARL)
    organisation.does("let_in", ROVERS, CITY)
    for club in (rovers, city):
        club.sets_up()
        organisation.team_of(club.slack.team, club.name, club.channel, club.player)
        assert "This hat is yours" in club.asks("who sales")
    organisation.friday(0)
    asked(1, 1)

    # One is taken out of the grant: it alone is silent, and hears nothing of what was said meanwhile when it is back.
    organisation.does("take_out", ROVERS)
    silent = rovers.calls()
    organisation.friday(1)
    asked(1, 2)
    assert rovers.calls() == silent
    organisation.does("let_in", ROVERS)
    organisation.friday(2)
    asked(2, 3)

    # The organisation takes it out: both are silent.
    organisation.does("uninstall_organisation")
    posted = len(world.playground.calls("chat.postMessage"))
    organisation.friday(3)
    assert len(world.playground.calls("chat.postMessage")) == posted
    asked(2, 3)

    # Installed again it runs where it is let in, with everything as it was, and nowhere else.
    organisation.install(ORG, CARL)
    organisation.does("let_in", CITY)
    organisation.friday(4)
    asked(2, 4)
    organisation.does("let_in", ROVERS)
    asked(3, 4)
    assert "This hat is yours" in rovers.asks("who sales")
    # Nowhere else has it so much as tried.
    assert [call for call in world.playground.calls() if call["error"] == "team_access_not_granted"] == []
    city.slack.close()

    # And the organisation's token is in no log.
    logs = "".join(bot.log() for bot in world.bots)
    assert re.findall(r"xox\w[\w.]*-[\w-]{3,}", logs) == []
