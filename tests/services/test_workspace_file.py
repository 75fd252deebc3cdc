"""A workspace can be taken to another database, and nothing is lost, sent again or mixed up on the way."""

import io
import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.app import CHORES
from bot.demo.seed import seed_demo
from bot.services.hats.hats import who
from bot.services.installs.installs import Installs
from bot.services.people.directory import HatDirectory
from bot.services.workspaces.json_rows import CHUNK
from bot.services.workspaces.scene import Asker
from bot.services.workspaces.workspace_file import FORMAT, WorkspaceFileError, read_file, write_file
from storage import Sessions, imports, schema
from storage.tables import ApiToken, Delivery, Reading, Workspace
from tests.support.builders import a_workspace, added
from tests.support.database import copy_sqlite, opened
from tests.support.every_table import ANNA, SLACK_ID, every_row, missing, put
from tests.support.fake_slack import FakeSlack
from tests.support.postgres import PostgresServer
from tests.support.replica import StandingClock, replica
from tests.support.week import MONDAY_10, TUESDAY

NOW = MONDAY_10 + timedelta(hours=1)
Open = Callable[[str], Sessions]


@pytest.fixture
def databases(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[Open]:
    """Empty databases, as many as a test wants, each of the engine that it names."""
    with ExitStack() as stack:

        def another(engine: str) -> Sessions:
            if engine == "sqlite":
                url = copy_sqlite(sqlite_template, tmp_path / f"{random.random()}.db")
            else:
                server: PostgresServer = request.getfixturevalue("postgres_server")
                url = stack.enter_context(server.database())
            return stack.enter_context(opened(url))

        yield another


def filled(sessions: Sessions, **which: Any) -> None:
    with sessions.write() as session:
        put(session.connection(), every_row(**which))


def exported(sessions: Sessions, workspace: str = SLACK_ID) -> str:
    text = io.StringIO()
    write_file(sessions, workspace, text)
    return text.getvalue()


def tables_of(sessions: Sessions, workspace: str = SLACK_ID) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = json.loads(exported(sessions, workspace))["tables"]
    return tables


def brought(sessions: Sessions, text: str, tmp_path: Path, **options: Any) -> Any:
    file = tmp_path / "workspace.json"
    file.write_text(text, encoding="utf-8")
    return read_file(sessions, file, now=NOW, **options)


def wake(sessions: Sessions, workspace: str = SLACK_ID) -> None:
    """Start a bot with the workspace's token."""
    Installs(sessions, lambda _: None).own(workspace, "xoxb", bot_user_id="U0BOT", name="North", now=NOW)


def edited(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    content = json.loads(text)
    change(content)
    return json.dumps(content)


POSTGRES = pytest.mark.postgres
WAYS = [
    ("sqlite", "sqlite"),
    pytest.param("sqlite", "postgres", marks=POSTGRES),
    pytest.param("postgres", "sqlite", marks=POSTGRES),
    pytest.param("postgres", "postgres", marks=POSTGRES),
]


def test_the_sample_has_rows_in_every_table() -> None:
    assert missing() == set()


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_what_is_exported_imported_and_exported_is_the_same(
    databases: Open, tmp_path: Path, source: str, target: str
) -> None:
    here, there = databases(source), databases(target)
    filled(here)
    before = exported(here)
    taken = brought(there, before, tmp_path, keep_due=True)
    wake(there)
    assert taken.same_ids
    assert taken.rows == {name: len(rows) for name, rows in every_row().items()}
    assert exported(there) == before


@pytest.mark.parametrize(("source", "target"), WAYS[1:3])
def test_the_demos_team_and_its_half_year_go_there_and_back(
    databases: Open, tmp_path: Path, source: str, target: str
) -> None:
    here, there, back = databases(source), databases(target), databases(source)
    seed_demo(here, SLACK_ID, "sv", NOW)
    before = exported(here)
    brought(there, before, tmp_path)
    wake(there)
    brought(back, exported(there), tmp_path)
    wake(back)
    assert exported(back) == exported(there)
    assert edited(before, unnamed) == edited(exported(back), unnamed)
    with there.write() as session:  # numbers go on after those that were taken over
        session.add(Reading(kpi_id=1, period="2026-W01", value=Decimal(1), reported_at=NOW))


def unnamed(content: dict[str, Any]) -> None:
    """Leave out what the bot's start writes: the workspace's name and who the bot is."""
    content["tables"]["workspace"] = None


@contextmanager
def beside_another(databases: Open, engine: str, tmp_path: Path) -> Iterator[tuple[Sessions, str]]:
    """Bring the sample into a database in which another workspace has taken all its ids."""
    here, there = databases(engine), databases(engine)
    filled(here)
    filled(there, tag="T0OTHER")
    other = exported(there, "T0OTHER")
    taken = brought(there, exported(here), tmp_path, keep_due=True)
    assert not taken.same_ids
    assert exported(there, "T0OTHER") == other
    wake(there)
    yield there, exported(here)


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=POSTGRES)])
def test_ids_that_are_taken_become_others_in_words_too(databases: Open, tmp_path: Path, engine: str) -> None:
    with beside_another(databases, engine, tmp_path) as (there, before):
        found = tables_of(there)
        shift = found["team"][0]["id"] - 1
        assert shift >= max(row.get("id", 0) for rows in json.loads(before)["tables"].values() for row in rows)
        assert [row["period"] for row in found["delivery"]] == [
            "2026-W47",
            f"question-{shift + 2}-1",
            f"5f5e100 5f5e100 {shift + 1}+{shift + 2}",
            f"owner-{shift + 2}-{shift + 1}",
            "installed",
            f"proposal-{shift + 2}-1",
            f"question-{shift + 1}-1-{shift + 2}",
        ]
        assert found["evidence"][0]["key"] == f"question-{shift + 1}"
        assert found["audit"][0]["after"]["proposal"] == shift + 1
        assert {name: len(rows) for name, rows in found.items()} == {
            name: len(rows) for name, rows in json.loads(before)["tables"].items()
        }
        answer = who(there, HatDirectory(), Asker(SLACK_ID, ANNA), "newsletter", now=NOW)
        assert "Email" in repr(answer.content)


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgres", marks=POSTGRES)])
def test_a_moved_workspace_repeats_nothing(databases: Open, tmp_path: Path, engine: str) -> None:
    """The old place lives a week and stops; the new one, at the same instant, has nothing to say."""
    here, there = databases(engine), databases(engine)
    filled(here)
    filled(there, tag="T0OTHER")
    clock = StandingClock(TUESDAY)
    old, new = FakeSlack(clock), FakeSlack(clock)
    lives(here, old, clock)
    assert len(old.said) >= 3
    brought(there, exported(here), tmp_path, replace=True)
    wake(there)
    with there.write() as session:
        session.get_one(Workspace, 1).uninstalled_at = NOW  # the other one is silent
    lives(there, new, StandingClock(clock.now))
    assert [said.words for said in new.said] == []


def lives(sessions: Sessions, slack: FakeSlack, clock: StandingClock) -> None:
    """Let what time brings about happen until Monday at eleven, and send it."""
    with replica(sessions, slack, clock) as one:
        while True:
            for chore in CHORES:
                chore(sessions, clock())
            one.tick()
            if clock() >= NOW:
                return
            clock.now = min(clock() + timedelta(hours=12), NOW)


# What becomes of what was open, of tokens, and of what is there


def test_what_was_open_is_not_sent_unless_asked_for(databases: Open, tmp_path: Path) -> None:
    here = databases("sqlite")
    filled(here)
    text = edited(exported(here), lambda content: content["tables"]["delivery"][0].update(state="claimed"))
    states = {}
    for keep_due in (False, True):
        there = databases("sqlite")
        brought(there, text, tmp_path, keep_due=keep_due)
        rows = tables_of(there)["delivery"]
        states[keep_due] = [(row["state"], row["doubtful"]) for row in (rows[0], rows[1], rows[5])]
    assert states[False] == [("skipped", False), ("sent", False), ("skipped", False)]
    # What was on its way is looked for in Slack before it is sent again.
    assert states[True] == [("due", True), ("sent", False), ("due", False)]


def test_nothing_is_sent_before_the_app_is_installed(databases: Open, tmp_path: Path) -> None:
    here, there = databases("sqlite"), databases("sqlite")
    filled(here)
    brought(there, exported(here), tmp_path, keep_due=True)
    clock = StandingClock(TUESDAY)
    slack = FakeSlack(clock)
    lives(there, slack, clock)
    assert slack.said == []
    with there.read() as session:
        assert imports.without_app(session) == [SLACK_ID]


def test_a_live_token_of_programs_ends_and_no_hash_is_in_the_file(databases: Open, tmp_path: Path) -> None:
    here, there = databases("sqlite"), databases("sqlite")
    filled(here)
    token = {"workspace_id": 1, "team_id": 1, "name": "Sheet", "prefix": "hat_x", "created_at": NOW}
    added(here, ApiToken(token_hash="5ec2e7" * 10, **token))
    assert "5ec2e7" not in exported(here)
    brought(there, exported(here), tmp_path)
    rows = tables_of(there)["api_token"]
    assert [row["revoked_at"] for row in rows] == [TUESDAY.isoformat(), NOW.isoformat()]


def test_a_workspace_that_only_has_the_app_is_filled(databases: Open, tmp_path: Path) -> None:
    here, there = databases("sqlite"), databases("sqlite")
    filled(here)
    mine = a_workspace(there, SLACK_ID)
    greeted = {"workspace_id": mine.id, "kind": "installed", "recipient": "U0NEW", "period": "installed"}
    added(there, Delivery(key="greeting", state="sent", due_at=NOW, not_before=NOW, **greeted))
    brought(there, exported(here), tmp_path)
    with there.read() as session:
        assert imports.without_app(session) == []
    greetings = {row["recipient"] for row in tables_of(there)["delivery"] if row["kind"] == "installed"}
    assert greetings == {ANNA, "U0NEW"}


def test_a_workspace_in_use_is_only_replaced_when_that_is_said(databases: Open, tmp_path: Path) -> None:
    here, there = databases("sqlite"), databases("sqlite")
    filled(here)
    seed_demo(there, SLACK_ID, "en", NOW)
    before = exported(there)
    with pytest.raises(WorkspaceFileError, match="has teams here already; --replace"):
        brought(there, exported(here), tmp_path)
    assert exported(there) == before
    brought(there, exported(here), tmp_path, replace=True, keep_due=True)
    assert edited(exported(there), unnamed) == edited(exported(here), unnamed)


def test_a_dry_run_leaves_no_trace(databases: Open, tmp_path: Path) -> None:
    here, there = databases("sqlite"), databases("sqlite")
    filled(here)
    seed_demo(there, SLACK_ID, "en", NOW)
    before = exported(there)
    taken = brought(there, exported(here), tmp_path, replace=True, dry_run=True)
    assert taken.total == sum(len(rows) for rows in every_row().values())
    assert exported(there) == before


def test_a_file_of_an_earlier_version_lacks_columns_and_tables(databases: Open, tmp_path: Path) -> None:
    here, there = databases("sqlite"), databases("sqlite")
    filled(here)

    def earlier(content: dict[str, Any]) -> None:
        content["schema"] = "0007"
        del content["tables"]["lane"]
        for row in content["tables"]["team"]:
            del row["channel_paused_at"], row["channel_paused_for"], row["quiet_from"]

    brought(there, edited(exported(here), earlier), tmp_path)
    assert tables_of(there)["team"][0]["quiet_from"] == "20:00"


def test_a_large_file_is_read_in_pieces(databases: Open, tmp_path: Path) -> None:
    here, there = databases("sqlite"), databases("sqlite")
    filled(here)

    def many(content: dict[str, Any]) -> None:
        row = content["tables"]["audit"][0]
        content["tables"]["audit"] = [{**row, "id": number, "reason": "å" * 500} for number in range(1, 2_000)]

    text = edited(exported(here), many)
    assert len(text) > 10 * CHUNK
    steps: dict[str, list[float]] = {}
    brought(
        there,
        text,
        tmp_path,
        progress=lambda step, done, total: steps.setdefault(step, []).append(done / total),
    )
    assert len(tables_of(there)["audit"]) == 1_999
    for shares in steps.values():
        assert shares == sorted(shares)
        assert shares[-1] == 1


# What cannot be taken


def spoilt(table: str, **columns: Any) -> Callable[[dict[str, Any]], object]:
    return lambda content: content["tables"][table][0].update(columns)


WRONG: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another format": (lambda content: content.update(format=FORMAT + 1), "of format 2"),
    "a newer version": (lambda content: content.update(schema="9999"), "a newer version; upgrade"),
    "no workspace": (lambda content: content["tables"].update(workspace=[]), "there is no workspace 1 before it"),
    "another workspace": (lambda content: content.update(workspace="T404"), "its workspace is not among its rows"),
    "two workspaces": (
        lambda content: content["tables"]["workspace"].append({**content["tables"]["workspace"][0], "id": 2}),
        "workspace, row 2: there are several workspaces",
    ),
    "an unknown table": (lambda content: content["tables"].update(install=[{}]), "install, row without an id: this"),
    "an unknown column": (spoilt("hat", colour="red"), "hat, row 1: there is no column colour"),
    "a secret": (spoilt("api_token", token_hash="0"), "api_token, row 1: there is no column token_hash"),
    "a missing column": (lambda content: content["tables"]["hat"][0].pop("slug"), "hat, row 1: slug is missing"),
    "an empty column": (spoilt("hat", slug=None), "hat, row 1: slug is empty"),
    "too long a text": (spoilt("hat", name="x" * 81), "name: longer than 80 characters"),
    "text where a number is": (spoilt("team", answer_hours="8"), "answer_hours: must be a whole number"),
    "a number where text is": (spoilt("hat", name=8), "name: must be text"),
    "no number": (spoilt("reading", value="many"), "reading, row 1: value:"),
    "too large a number": (spoilt("reading", value="1" + "0" * 18), "at most 18 digits"),
    "no date": (spoilt("hat", created_at="yesterday"), "hat, row 1: created_at:"),
    "a date without a zone": (spoilt("hat", created_at="2026-11-24T12:00:00"), "has no time zone"),
    "characters that cannot be stored": (spoilt("hat", name="a\0b"), "holds characters that cannot be stored"),
    "half a character": (spoilt("hat", name="\ud83c"), "holds characters that cannot be stored"),
    "an id of nothing": (spoilt("reading", kpi_id=99), "reading, row 1: kpi_id: there is no kpi 99 before it"),
    "a person of elsewhere": (spoilt("reading", reported_by=99), "reported_by: there is no member 99 before it"),
    "an id that is none": (spoilt("hat", id=-1), "hat, row -1: id: -1 is no id"),
    "an id twice": (spoilt("hat", id=2), "hat, row 2: id 2 comes after 2"),
    "what the database refuses": (spoilt("reading", source="dream"), "reading, rows 1 to 2: the database refuses"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_file_that_cannot_be_taken_is_refused_in_one_line(
    sqlite_sessions: Sessions, tmp_path: Path, case: str
) -> None:
    change, reason = WRONG[case]
    filled(sqlite_sessions)
    before = exported(sqlite_sessions)
    with pytest.raises(WorkspaceFileError, match=r"^workspace\.json: ") as refused:
        brought(sqlite_sessions, edited(before, change), tmp_path, replace=True)
    assert reason in refused.value.sentence
    assert "\n" not in refused.value.sentence
    assert exported(sqlite_sessions) == before


@pytest.mark.postgres
def test_what_postgres_refuses_leaves_no_trace_either(postgres_sessions: Sessions, tmp_path: Path) -> None:
    filled(postgres_sessions)
    before = exported(postgres_sessions)
    change, reason = WRONG["what the database refuses"]
    with pytest.raises(WorkspaceFileError, match=reason):
        brought(postgres_sessions, edited(before, change), tmp_path, replace=True)
    assert exported(postgres_sessions) == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "line 1: “{” is missing; it must be what `hattrick export` wrote"),
        ("week,kpi,value", "line 1: “{” is missing; it must be"),
        ('{"format": 2}', "line 1: there are no tables in it; it must be"),
        ('{"format": 1, "tables": {}}', "must be what `hattrick export` wrote, of format 2"),
        ('{"format": 2, "schema": "0001",\n"tables": {"hat": [1]}}', "line 2: a row must be an object"),
        ('{"format": 2, "schema": "0001",\n"tables": {"hat": {}}}', "line 2: “[” is missing"),
        ('{"format": 2, "schema": "0001", "tables": {\n"hat": [{"id": NaN}]}}', "line 2: this is not JSON"),
        ('{"format": 2, "schema": "0001", "tables": {"hat": [], "hat": []}}', "the table hat stands there twice"),
        ('{"format": 2, "schema": "0001", "tables": {}} more', "something follows after its end"),
        ('{"format": 2, "schema": "0001", "tables": ' + "[" * 100_000, "“{” is missing"),
        ('{"format": 2, "schema": "0001", "tables": {"hat": [' + "[" * 100_000, "this is not JSON"),
    ],
)
def test_what_is_no_export_is_refused_with_its_line(
    sqlite_sessions: Sessions, tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(WorkspaceFileError) as refused:
        brought(sqlite_sessions, text, tmp_path)
    assert reason in refused.value.sentence


def test_a_file_cut_off_anywhere_is_refused(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    filled(sqlite_sessions)
    text = exported(sqlite_sessions).strip()
    for end in range(0, len(text) - 1, 701):
        with pytest.raises(WorkspaceFileError):
            brought(sqlite_sessions, text[:end], tmp_path, replace=True)
    assert exported(sqlite_sessions).strip() == text


def test_a_file_in_another_encoding_is_refused(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    filled(sqlite_sessions)
    file = tmp_path / "latin.json"
    file.write_text(exported(sqlite_sessions).replace("🎩", ""), encoding="cp1252")
    with pytest.raises(WorkspaceFileError, match=r"latin\.json: this is not text in UTF-8"):
        read_file(sqlite_sessions, file, now=NOW, replace=True)


def test_the_export_names_its_format_and_schema(sqlite_sessions: Sessions) -> None:
    filled(sqlite_sessions)
    content = json.loads(exported(sqlite_sessions))
    assert (content["format"], content["schema"], content["workspace"]) == (FORMAT, schema.HEAD, SLACK_ID)
