"""The commands of the terminal, as processes beside a local Slack: setting a team up, real numbers, the doctor."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from bot.cli import main
from bot.domain.period import Period
from bot.playground.seed import ANNA, MARKETING, OSKAR, TEAM_CHANNEL
from tests.scenarios.conftest import NewDatabase
from tests.support.playground import MANIFEST, start_playground
from tests.support.world import FRIDAY, MONDAY, World, open_world, spoken

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("terminal")]
ROOT = Path(__file__).parents[2]
OLIST = ROOT.parent / "shared" / "data" / "olist_weekly.csv"
OLIST_TEAM = ROOT / "tests" / "support" / "olist.yml"

BY_NAMES = """\
team: {slug: rovers, name: Rovers, channel: "#team-hattrick"}
members: [{id: "@anna", admin: true}, {id: "@oskar"}]
hats:
  - slug: campaigns
    name: Campaigns
    side: marketing
    position: midfielder
    owner: "@anna"
    kpis: [{slug: leads, name: Leads, target: 100}]
  - slug: sales
    name: Sales
    side: sales
    position: forward
    owner: "@oskar"
    kpis: [{slug: deals, name: Deals, target: 10}]
links: [{from: leads, to: deals, lag: 0, rate: 0.1}]
goal: deals
"""


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Path) -> Iterator[World]:
    """A workspace with an empty database."""
    with new_database("sqlite", tmp_path) as url, open_world(url, tmp_path, seeded=False) as opened:
        yield opened


def test_a_team_is_set_up_from_the_terminal_and_lives_its_first_week(world: World) -> None:
    world.as_installed = True
    file = world.folder / "rovers.yml"
    file.write_text(BY_NAMES, encoding="utf-8")
    foreseen = world.hattrick("team", "apply", str(file), "--dry-run")
    assert (foreseen.returncode, foreseen.stderr) == (0, "")
    assert "nothing was changed" in foreseen.stdout
    applied = world.hattrick("team", "apply", str(file))
    assert applied.returncode == 0
    assert applied.stdout.splitlines()[:-1] == foreseen.stdout.splitlines()[:-1]
    assert "nothing to change" in world.hattrick("team", "apply", str(file)).stdout
    exported = world.hattrick("team", "export")
    written = yaml.safe_load(exported.stdout)
    assert written["team"]["channel"] == TEAM_CHANNEL
    assert {hat["owner"] for hat in written["hats"]} == {ANNA, OSKAR}
    examined = world.hattrick("doctor")
    assert (examined.returncode, examined.stderr) == (0, "")
    assert "✗" not in examined.stdout

    world.start()
    world.go_to(FRIDAY, 13)
    world.eventually(lambda: world.told(ANNA))
    world.eventually(lambda: world.told(OSKAR))
    numbers = world.folder / "numbers.csv"
    numbers.write_text(f"week,kpi,value\n{world.week},leads,120\n{world.week},Deals,13\n", encoding="utf-8")
    imported = world.hattrick("readings", "import", str(numbers))
    assert "2 new" in imported.stdout, imported.stderr
    world.go_to(MONDAY, 10, weeks=1)
    preview = world.hattrick("digest", "preview")
    (digest,) = world.eventually(world.posted)
    for shown in (preview.stdout, spoken(digest).replace("*", "")):
        assert "Deals: 13" in shown
        assert "target 10" in shown
    assert len(world.told(ANNA)) == 1, "who has reported otherwise is not reminded"


def test_a_broken_file_is_refused_in_a_line_and_changes_nothing(world: World) -> None:
    file = world.folder / "broken.yml"
    file.write_text(BY_NAMES.replace("goal: deals", "goal: dealz"), encoding="utf-8")
    refused = world.hattrick("team", "apply", str(file))
    assert refused.returncode == 1
    (line,) = refused.stderr.splitlines()
    assert "dealz" in line
    file.write_text(BY_NAMES.replace("@oskar", "@nobody"), encoding="utf-8")
    unknown = world.hattrick("team", "apply", str(file))
    assert unknown.returncode == 1
    assert "nobody" in unknown.stderr
    assert "Traceback" not in unknown.stderr
    file.write_text("team: [\n", encoding="utf-8")
    assert world.hattrick("team", "apply", str(file)).returncode == 1
    assert world.hattrick("team", "export").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "told"),
    [
        (("run",), {"SLACK_BOT_TOKEN": ""}, 1, "SLACK_BOT_TOKEN"),
        (("run",), {"SLACK_BOT_TOKEN": "xoxb-wrong"}, 1, "invalid_auth"),
        (("run",), {"SLACK_APP_TOKEN": ""}, 1, "SLACK_APP_TOKEN"),
        (("run",), {"SLACK_APP_TOKEN": "xapp-wrong"}, 1, "SLACK_APP_TOKEN"),
        (("run", "--mode", "http"), {"SLACK_SIGNING_SECRET": ""}, 1, "SLACK_SIGNING_SECRET"),
        (("run",), {"SLACK_API_URL": "http://127.0.0.1:9/api/"}, 1, "cannot be reached"),
        (("run", "--mode", "pigeon"), {}, 2, "pigeon"),
        (("digest", "preview", "--week", "last"), {}, 2, "2026-W48"),
        (("no-such-command",), {}, 2, "No such command"),
        (("digest", "preview"), {}, 1, "team apply"),
        (("doctor",), {"SLACK_BOT_TOKEN": "xoxb-wrong"}, 1, ""),
        (("db", "upgrade"), {}, 0, ""),
        (("db", "upgrade"), {"HATTRICK_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, 1, "hattrick:"),
        (("db", "upgrade"), {"HATTRICK_DATABASE_URL": "my database"}, 1, "HATTRICK_DATABASE_URL"),
        (("db", "upgrade"), {"HATTRICK_DATABASE_URL": "sqlite:////nowhere/at/all.db"}, 1, "unable to open"),
        (("run",), {"HATTRICK_TICK_SECONDS": "often"}, 1, "HATTRICK_TICK_SECONDS"),
    ],
)
def test_every_end_has_its_code_and_its_reason(
    world: World, arguments: tuple[str, ...], settings: dict[str, str], code: int, told: str
) -> None:
    ended = world.hattrick(*arguments, **settings)
    assert ended.returncode == code, ended.stderr
    assert told in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
    if code == 1 and told:
        assert len([line for line in ended.stderr.splitlines() if line.startswith("hattrick: ")]) == 1


def test_the_doctor_finds_what_is_wrong_and_says_how_to_mend_it(tmp_path: Path, new_database: NewDatabase) -> None:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    manifest["oauth_config"]["scopes"]["bot"].remove("chat:write")
    poorer = tmp_path / "manifest.yml"
    poorer.write_text(yaml.safe_dump(manifest), encoding="utf-8")
    with start_playground(manifest=poorer) as playground, new_database("sqlite", tmp_path) as url:
        world = World(playground, url, tmp_path)
        assert world.hattrick("team", "apply", str(world.team_file(channel=MARKETING))).returncode == 0
        examined = world.hattrick("doctor", COLUMNS="200")
    assert examined.returncode == 1
    wrong = [line for line in examined.stdout.splitlines() if "✗" in line]
    assert len(wrong) == 2
    assert "missing: chat:write" in wrong[0]
    assert "app_manifest.yml" in wrong[0]
    assert "not in #marketing" in wrong[1]
    assert "/invite @hattrick" in wrong[1]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command inside this process, which is a second quicker, and return what it wrote."""

    def hattrick(*arguments: str) -> str:
        monkeypatch.setattr("sys.argv", ["hattrick", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        written = capsys.readouterr()
        assert not ended.value.code, written.err
        return written.out

    return hattrick


@pytest.mark.skipif(not OLIST.exists(), reason="the public funnel is not on this machine")
def test_a_real_funnel_goes_in_and_each_of_its_weeks_is_shown(
    new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., str]
) -> None:
    funnel: dict[str, dict[str, float]] = defaultdict(dict)
    with OLIST.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            funnel[row["week"]][row["kpi"]] = float(row["value"])
    assert len(funnel) == 26
    monkeypatch.chdir(tmp_path)
    with new_database("sqlite", tmp_path) as url:
        monkeypatch.setenv("HATTRICK_DATABASE_URL", url)
        run("team", "apply", str(OLIST_TEAM), "--workspace", "T0OLIST")
        assert f"{sum(map(len, funnel.values()))} new" in run("readings", "import", str(OLIST))
        assert " 0 new" in run("readings", "import", str(OLIST))
        for week, values in funnel.items():
            shown = json.loads(run("digest", "preview", "--team", "olist", "--week", week, "--format", "json"))
            assert {row["kpi"]: row["value"] for row in shown["rows"] if row["value"] is not None} == values
            assert shown["chain"]["week"] == week
            before = funnel.get(str(Period.parse(week).shift(-1)), {})
            goal = next(row for row in shown["rows"] if row["is_goal"])
            assert goal["kpi"] == "deals"
            assert goal["previous"] == before.get("deals")
            text = run("digest", "preview", "--week", week)
            assert f"week {int(week[-2:])}" in text
            assert f"Deals won: {values['deals']:,.0f}" in text
            assert all(f"{value:,.0f}" in text for value in values.values())
