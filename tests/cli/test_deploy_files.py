"""The files to run Hattrick with (docs/deploy) ask for nothing that the code does not have."""

import json
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client import REGISTRY, Metric
from typer.main import get_command

from bot import metrics
from bot.cli import app
from bot.config import Settings
from bot.web.health import readiness
from bot.web.observed import Observed
from storage import Sessions
from tests.support.bot_process import HATTRICK
from tests.support.replica import StandingClock
from tests.support.week import TUESDAY

TOP: Final = Path(__file__).resolve().parents[2]
DEPLOY: Final = TOP / "docs" / "deploy"
DASHBOARD: Final[dict[str, Any]] = json.loads((DEPLOY / "grafana-dashboard.json").read_text("utf-8"))
RULES: Final = [
    rule for group in yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
CONTAINERFILE: Final = (DEPLOY / "Containerfile").read_text("utf-8")
UNIT: Final = (DEPLOY / "hattrick.service").read_text("utf-8")
SERIES: Final = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}
# What Prometheus itself adds to every series, and the bounds of a histogram's buckets.
EVERYWHERE: Final = {"instance", "job", "le"}
WORDS_OF_ITS_LANGUAGE: Final = re.compile(r"\b(?:sum|min|max|rate|increase|histogram_quantile|by)\b")


def expressions() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (rule["expr"] for rule in RULES)


@pytest.fixture
def exported(sqlite_sessions: Sessions) -> dict[str, set[str]]:
    """The labels of every series that /metrics can show, by the series' name."""
    looked_up = Observed(sqlite_sessions, StandingClock(TUESDAY), readiness(sqlite_sessions, {}))
    families: list[Metric] = [*REGISTRY.collect(), *looked_up.collect()]
    labels = {one._name: set(one._labelnames) for one in vars(metrics).values() if hasattr(one, "_labelnames")}
    found: dict[str, set[str]] = {}
    for family in families:
        seen = set().union(*(sample.labels for sample in family.samples)) | labels.get(family.name, set())
        found |= {family.name + suffix: seen for suffix in SERIES.get(family.type, ())}
    return found


def asked_for(expression: str) -> tuple[set[str], set[str]]:
    """Return the names of the series that an expression asks for, and of the labels that it tells apart."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    labels = {name for group in re.findall(r"by \(([^)]*)\)", bare) for name in re.findall(r"\w+", group)}
    labels |= set(re.findall(r"(\w+)=", bare))
    names = set(re.findall(r"\b(?:hattrick|process)_\w+", bare))
    rest = WORDS_OF_ITS_LANGUAGE.sub("", bare)
    unknown = set(re.findall(r"[a-z_]{3,}", rest)) - names - labels
    assert not unknown, f"{unknown} in {expression}"
    return names, labels


def test_every_panel_and_every_rule_asks_for_what_the_code_exports(exported: dict[str, set[str]]) -> None:
    for expression in expressions():
        names, labels = asked_for(expression)
        assert names, expression
        assert names <= set(exported), expression
        assert labels <= EVERYWHERE.union(*(exported[name] for name in names)), expression


def test_every_metric_of_ours_is_shown(exported: dict[str, set[str]]) -> None:
    shown = " ".join(expressions())
    ours = {name for name in exported if name.startswith("hattrick_") and not name.endswith(("_sum", "_count"))}
    assert {name for name in ours if name not in shown} == set()


def test_the_panels_do_not_cover_each_other_and_name_one_source() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        assert panel["datasource"]["uid"] == "${datasource}"
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def commands_of(arguments: list[str]) -> None:
    """Fail unless the command line takes these arguments."""
    command = get_command(app).commands[arguments[0]]  # type: ignore[attr-defined]  # it is a group
    command.make_context(arguments[0], list(arguments[1:]))


def test_the_container_starts_a_command_that_exists() -> None:
    (entry,) = re.findall(r"^ENTRYPOINT (.+)$", CONTAINERFILE, re.MULTILINE)
    (command,) = re.findall(r"^CMD (.+)$", CONTAINERFILE, re.MULTILINE)
    assert json.loads(entry) == ["python", "-m", "bot.cli"]
    commands_of(json.loads(command))


def test_what_the_container_copies_is_there_and_all_that_the_bot_imports() -> None:
    copied = {name for line in re.findall(r"^COPY (.+) \S+$", CONTAINERFILE, re.MULTILINE) for name in line.split()}
    assert all((TOP / name).exists() for name in copied)
    packages = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {f"{name}/" for name in packages["packages"]} | {"app_manifest.yml"} <= copied


def test_the_container_runs_as_nobody_special_checks_hashes_and_names_no_registry() -> None:
    assert re.findall(r"^FROM (.+)$", CONTAINERFILE, re.MULTILINE) == ["python:3.11-slim"]
    assert re.search(r"^USER [1-9]\d*$", CONTAINERFILE, re.MULTILINE)
    # With a list of names and a constraint pip refuses hashes: every requirement has to be pinned itself.
    assert "pip install --no-cache-dir --require-hashes --requirement requirements.lock" in CONTAINERFILE
    assert "COPY docs/deploy/requirements.lock ./" in CONTAINERFILE
    assert set(re.findall(r"https?://[^/'\s]+", CONTAINERFILE)) == {"http://127.0.0.1:3000"}
    assert "/healthz" in CONTAINERFILE


def pins(lock: Path) -> dict[str, str]:
    """Return what a lock file says of each package: its version, where it is for, and its hashes."""
    entries = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
    return {re.split(r"[\[=]", entry)[0]: entry for entry in entries}


def test_the_container_installs_the_tested_versions_of_what_the_bot_needs_and_no_more() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    tested, installed = pins(TOP / "requirements.lock"), pins(DEPLOY / "requirements.lock")
    for wanted in (*project["dependencies"], *project["optional-dependencies"]["postgres"]):
        assert re.split(r"[\[<>=]", wanted)[0] in installed
    assert not {"pytest", "mypy", "ruff", "playwright", "sphinx", "nicegui"} & installed.keys()
    for name, entry in installed.items():
        version, *hashes = entry.replace(" \\\n", "\n").splitlines()
        assert version.split(" ;")[0] == tested[name].splitlines()[0].split(" ;")[0].removesuffix(" \\"), name
        assert hashes, name
        assert {one.strip() for one in hashes} <= {one.strip(" \\") for one in tested[name].splitlines()}, name


def test_the_unit_starts_a_command_that_exists_with_settings_that_exist() -> None:
    (start,) = re.findall(r"^ExecStart=(.+)$", UNIT, re.MULTILINE)
    program, *arguments = shlex.split(start)
    assert Path(program).name == "hattrick"
    commands_of(arguments)
    known = {(field.alias or name.upper()) for name, field in Settings.model_fields.items()}
    set_here = {
        name for line in re.findall(r"^Environment=(.+)$", UNIT, re.MULTILINE) for name in re.findall(r"(\w+)=", line)
    }
    assert set_here <= known | {f"{name}_FILE" for name in known}
    for name in re.findall(r"%d/([\w-]+)", UNIT):
        assert f"LoadCredential={name}:" in UNIT


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_nothing_to_complain_of_in_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "hattrick.service"
    unit.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={HATTRICK}", UNIT), "utf-8")
    looked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=30, check=False
    )
    assert "hattrick.service" not in looked.stderr
    assert looked.returncode == 0
