"""Several workspaces, lived with the real processes over HTTP: installed in a browser, taken out, and put back."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from cryptography.fernet import Fernet

from bot.playground.seed import ANNA, ERIK, TEAM, TEAM_CHANNEL
from tests.support.bot_process import BotProcess, run_hattrick, start_bot
from tests.support.playground import Json, PlaygroundClient
from tests.support.world import FRIDAY, MONDAY, World, open_world, spoken

ROVERS, RITA = "T0ROVERS01", "U0RITAROVE"
HOURS = 3600


class Town:
    """Two workspaces, two replicas, and one browser."""

    def __init__(self, world: World) -> None:
        self.world = world
        playground = world.playground
        playground.post("/workspaces", name="Rovers", id=ROVERS, install=False)
        rita = {"id": RITA, "name": "rita", "real_name": "Rita Rover", "display_name": "Rita", "is_admin": True}
        playground.post("/users", user=rita, team=ROVERS)
        self.channel = playground.post("/channels", name="rovers", team=ROVERS, members=[RITA])["id"]
        self.rovers = PlaygroundClient(playground.url, team=ROVERS)
        settings = {name: value for name, value in world.settings.items() if name != "SLACK_BOT_TOKEN"}
        self.settings = settings | {"HATTRICK_ENCRYPTION_KEYS": Fernet.generate_key().decode()}
        playground.post("/rotation", seconds=12 * HOURS)

    def start(self) -> BotProcess:
        bot = start_bot(self.settings, self.world.folder, mode="http")
        self.world.bots.append(bot)
        self.world.playground.deliver_to(f"{bot.address}/slack/events", retry_delays=[0.1, 0.5])
        return bot

    def install(self, team: str, user: str) -> str:
        """Install the app in a browser, and return the page on which that ends."""
        bot = self.world.bots[-1]
        with httpx.Client(trust_env=False, timeout=30) as browser:
            begun = browser.get(f"{bot.address}/slack/install", params={"team": team})
            # Its cookie is for https alone; the browser of a person keeps it on this machine, this client does not.
            cookie = begun.headers["set-cookie"].partition(";")[0]
            asked = browser.get(begun.headers["location"])
            assert re.findall(r'<option value="(\w+)/', asked.text)
            form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text.partition("<select")[0]))
            allowed = browser.post(str(asked.url), data={**form, "who": f"{team}/{user}", "answer": "allow"})
            assert urlsplit(allowed.headers["location"]).path == "/slack/oauth_redirect"
            done = browser.get(allowed.headers["location"], headers={"Cookie": cookie})
        assert done.status_code == 200, done.text
        return done.text

    def team_of(self, workspace: str, name: str, channel: str, owner: str) -> None:
        """Give a workspace a team with one hat, one KPI and an owner."""
        hat = {
            "slug": "sales",
            "name": "Sales",
            "side": "sales",
            "position": "forward",
            "owner": owner,
            "kpis": [{"slug": "deals", "name": "Deals"}],
        }
        team = {"slug": name.lower(), "name": name, "channel": channel}
        content = {"team": team, "members": [{"id": owner, "name": "The owner"}], "hats": [hat]}
        file = self.world.folder / f"{name}.yml"
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        applied = run_hattrick(
            "team", "apply", str(file), "--workspace", workspace, settings=self.settings, folder=self.world.folder
        )
        assert applied.returncode == 0, applied.stderr

    def told_anna(self) -> list[Json]:
        return self.world.playground.messages(user=ANNA, ephemeral=False)

    def told_erik(self) -> list[Json]:
        return self.world.playground.messages(user=ERIK, ephemeral=False)

    def told_rita(self) -> list[Json]:
        return self.rovers.messages(user=RITA, ephemeral=False)

    def calls_of_rovers(self) -> int:
        return sum(call["team_id"] == ROVERS for call in self.world.playground.calls())


@pytest.fixture
def town(database_url: str, tmp_path: Path) -> Iterator[Town]:
    with open_world(database_url, tmp_path, mode="http", seeded=False) as world:
        town = Town(world)
        yield town
        town.rovers.close()


@pytest.mark.scenario
def test_two_workspaces_one_of_which_leaves_and_comes_back(town: Town) -> None:
    world = town.world
    for _ in range(2):
        town.start()

    # Each is installed in a browser, greets its own installer, and answers its own commands.
    assert "It is in Hattrick FC now" in town.install(TEAM, ANNA)
    assert "It is in Rovers now" in town.install(ROVERS, RITA)
    (to_anna,), (to_rita,) = world.eventually(town.told_anna), world.eventually(town.told_rita)
    assert "/hat" in spoken(to_anna)
    assert "/hat" in spoken(to_rita)
    town.team_of(TEAM, "Hattrick", TEAM_CHANNEL, ERIK)
    town.team_of(ROVERS, "Rovers", town.channel, RITA)
    assert ERIK in spoken(world.playground.command(ANNA, TEAM_CHANNEL, "/hat who sales")["messages"])
    assert "This hat is yours" in spoken(town.rovers.command(RITA, town.channel, "/hat who sales")["messages"])

    # Tokens that end are renewed in time, by one of the two.
    bought = len(world.playground.calls("oauth.v2.access"))
    world.playground.advance_clock(11 * HOURS)
    renewed = world.eventually(lambda: world.playground.calls("oauth.v2.access")[bought + 1 :])
    assert len(renewed) == 1
    world.playground.advance_clock(2 * HOURS)
    assert ERIK in spoken(world.playground.command(ANNA, TEAM_CHANNEL, "/hat who sales")["messages"])

    # On Friday both owners are asked.
    world.go_to(FRIDAY, 13)
    world.eventually(lambda: len(town.told_erik()) == 1)
    world.eventually(lambda: len(town.told_rita()) == 2)

    # One workspace takes the app out: it is silent from then on, and the other runs on.
    town.rovers.post("/act/uninstall", team=ROVERS)
    world.eventually(lambda: any(bot.events("uninstalled") for bot in world.bots))
    silent = town.calls_of_rovers()
    world.go_to(MONDAY, 10, weeks=1)
    world.eventually(lambda: len(world.playground.messages(TEAM_CHANNEL, ephemeral=False)) >= 1)
    assert len(town.told_rita()) == 2
    assert town.rovers.messages(town.channel, ephemeral=False) == []
    assert town.calls_of_rovers() == silent

    # It comes back, with everything as it was.
    town.install(ROVERS, RITA)
    assert "This hat is yours" in spoken(town.rovers.command(RITA, town.channel, "/hat who sales")["messages"])
    world.go_to(FRIDAY, 13, weeks=1)
    friday = world.at(FRIDAY, 13, weeks=1).timestamp()
    (prompt,) = world.eventually(lambda: [said for said in town.told_rita() if float(said["ts"]) >= friday])
    assert "Deals" in spoken(prompt)

    # And no token of any kind has got into a log.
    logs = "".join(bot.log() for bot in world.bots)
    assert re.findall(r"xox\w[\w.]*-[\w-]{3,}", logs) == []
    assert town.settings["SLACK_CLIENT_SECRET"] not in logs
