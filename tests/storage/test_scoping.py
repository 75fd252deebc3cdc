"""One workspace can never see or change another's rows.

The tests walk storage's public functions, so that a new one is covered, or refused here, from its first day. Two
workspaces hold rows that look the same and have the same names; every id of the other one is 1000 or more.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlmodel import Session, SQLModel

import storage
from storage import Sessions, kpis, reporters, workspaces
from storage.tables import (
    metadata,
)
from tests.support.builders import (
    NOW,
    WEEK,
    a_hat,
    a_kpi,
    a_member,
    a_team,
    a_workspace,
    owns,
)
from tests.support.database import copy_sqlite, opened
from tests.support.two_workspaces import OTHERS_FROM, a_side

Query = Callable[..., Any]

# Functions that look at every workspace, and why they may.
GLOBAL = {
    "absences.recent": "the planner plans for every workspace",
    "api.bearer": "the token itself says whose team it speaks for",
    "api.has_requests": "a chore for every workspace; it tells whether, no row",
    "api.forget_requests": "a chore for every workspace; it tells a number, no row",
    "chain.without_report": "a chore computes reports for every workspace",
    "reporters.audiences": "the planner plans for every workspace",
    "deliveries.claim": "the dispatcher sends for every workspace",
    "backlogs.courses": "figures of the whole installation; it tells times, no row",
    "backlogs.counts": "a metric of the whole installation; it tells numbers, no rows",
    "backlogs.backlog": "what waits in the whole database, for its operator",
    "backlogs.reports": "how far a benchmark is; it tells a number, no row",
    "backlogs.sent_by_kind": "how far a benchmark is; it tells numbers, no rows",
    "deliveries.next_due": "when the dispatcher has to wake up; it tells a time, no row",
    "deliveries.owe": "its rows name their workspace, and a foreign key holds team and workspace together",
    "reporters.reporters": "the planner plans for every workspace",
    "reporters.stand_ins": "the planner plans for every workspace",
    "assignments.to_review": "the ticker asks for reviews in every workspace",
    "hearing.forget_seen": "a chore for every workspace",
    "hearing.has_seen": "a chore for every workspace; it tells whether, no row",
    "inserts.insert_or_ignore": "builds a statement, runs nothing",
    "rows.fetch": "runs a statement that says itself whose rows it means",
    "installs.add_state": "a browser that installs the app belongs to no workspace yet",
    "installs.use_state": "a browser that installs the app belongs to no workspace yet",
    "installs.forget_states": "a chore; a state belongs to no workspace",
    "installs.has_old_states": "a chore; it tells whether, no row",
    "installs.expiring": "the ticker renews tokens of every workspace",
    "installs.gone_since": "a chore erases what every workspace left behind",
    "installs.has_ended_orgs": "a chore for every organisation; it tells whether, no row",
    "installs.forget_ended_orgs": "a chore for every organisation",
    "installs.sealed": "keys are rotated for every workspace",
    "installs.keep": "Slack itself, asked with the app's secret, says whose install it is",
    "installs.held": "Slack's signed event, or Slack's refusal of a token, says whose install it is",
    "installs.named": "Slack's signed event, or the organisation of a signed request, says whose install it is",
    "installs.speakers": "the dispatcher's deliveries, or a signed request, say for whom it speaks",
    "installs.speaker_of_org": "the organisation of a signed request",
    "backups.doubt": "a restored database is looked at as a whole",
    "exports.hold_still": "reads no row; it says how the session will read",
    "imports.without_app": "the doctor looks at the whole installation",
    "kpis.add": "its columns name their team, and a foreign key holds hat and team together",
    "proposals.add": "its columns name their workspace, and foreign keys hold hat, team and members together",
    "proposals.orphaned": "the ticker ends or mends proposals in every workspace",
    "proposals.run_out": "the ticker ends proposals in every workspace",
    "questions.overdue": "the ticker reminds in every workspace",
    "questions.found_owner": "the ticker finds new holders in every workspace",
    "questions.stranded": "the ticker finds new holders in every workspace",
    "proposals.to_remind": "the ticker reminds in every workspace",
    "retention.audits": "the ticker forgets in every workspace",
    "retention.deliveries": "the ticker forgets in every workspace",
    "retention.evidence": "the ticker forgets in every workspace",
    "retention.proposals": "the ticker forgets in every workspace",
    "retention.questions": "the ticker forgets in every workspace",
    "sources.any_due": "the ticker pulls for every workspace; it tells whether, no row",
    "sources.claim": "the ticker pulls for every workspace",
    "workspaces.live": "the list of workspaces itself",
}
# Functions that take ids which only a scoped query, a few lines earlier, can have handed out.
HANDED_OUT = {
    "imports.make_room": "checked",
    "imports.put_back": "place",
    "imports.store": "rows",
    "absences.deputy_of": "hat_id",
    "api.begin_request": "holder",
    "api.finish_request": "holder",
    "api.request_made": "holder",
    "api.touch": "holder",
    "assignments.live": "hat_id",
    "assignments.of_hat": "hat_id",
    "assignments.owner_before": "later",
    "batches.choices": "players",
    "batches.last_ticked": "member_ids",
    "batches.people": "recipients",
    "batches.reported": "member_ids",
    "batches.skipped": "member_ids",
    "batches.teams": "team_ids",
    "deliveries.put_back": "later",
    "deliveries.recipients": "team_ids",
    "deliveries.record": "outcomes",
    "hats.aliases": "hat_ids",
    "hats.lock": "hat_id",
    "hats.stop_wearing": "hat_id",
    "hats.team_of": "hat_id",
    "hats.wearers": "hat_id",
    "installs.begin_refresh": "install_id",
    "installs.end_refresh": "install_id",
    "installs.erase_workspace": "slack_id",
    "installs.names_spoken_for": "install_id",
    "installs.workspaces_of": "install",
    "kpis.of_hats": "hat_ids",
    "kpis.override_at": "kpi_id",
    "kpis.override_target": "kpi_id",
    "kpis.overrides": "kpi_ids",
    "kpis.set_target": "kpi_id",
    "kpis.target_at": "kpi_id",
    "kpis.targets": "kpi_ids",
    "lanes.move": "moved",
    "lanes.open_at": "lanes",
    "chain.outdate": "kpi_ids",
    "late_values.changed": "kpi_ids",
    "late_values.history": "kpi_ids",
    "members.described_before": "people",
    "questions.route": "question",
    "reporters.channels_of_digests": "team_ids",
    "proposals.add_terms": "proposal_id",
    "proposals.move": "proposal",
    "proposals.terms": "proposal_id",
    "readings.of_period": "kpi_ids",
    "readings.remarks_of_period": "kpi_ids",
    "readings.store": "kpi_id",
    "readings.versions": "kpi_id",
    "readings_bulk.store_many": "rows",
    "sources.held": "claimed",
    "sources.origins": "kpi_ids",
    "sources.store_pulled": "kpi_id",
    "team_state.drop": "rows",
}
# What says whose rows are meant, the strongest first.
SCOPES = ("workspace_id", "workspace", "slack_team_id", "team_id", "team", "hat")
# For these the member must be new to the team or hat: only then is there something to do.
NEEDS_A_NEWCOMER = {"teams.add_member", "hats.start_wearing", "assignments.assign"}

# What they return is the id of the row that they have just added, which is higher than any other.
ANSWER_WITH_A_NEW_ID = {"api.add_token", "questions.add", "questions.add_answer"}


def queries() -> Iterator[tuple[str, Query]]:
    """Give every public function of storage that is handed a session."""
    for module in pkgutil.iter_modules(storage.__path__):
        if module.ispkg:
            continue
        for name, function in vars(import_module(f"storage.{module.name}")).items():
            is_its_own = inspect.isfunction(function) and function.__module__ == f"storage.{module.name}"
            if is_its_own and not name.startswith("_") and "session" in inspect.signature(function).parameters:
                yield f"{module.name}.{name}", function


def scope_of(function: Query) -> str | None:
    return next((name for name in SCOPES if name in inspect.signature(function).parameters), None)


QUERIES = dict(queries())
SCOPED = [name for name, function in QUERIES.items() if scope_of(function)]


def test_every_query_says_whose_rows_it_means() -> None:
    unscoped = {name for name, function in QUERIES.items() if not scope_of(function)}
    assert unscoped - set(GLOBAL) - set(HANDED_OUT) == set()


def test_the_exceptions_are_real_ones() -> None:
    assert (set(GLOBAL) | set(HANDED_OUT)) & set(SCOPED) == set()
    assert set(GLOBAL) & set(HANDED_OUT) == set()
    for name in set(HANDED_OUT) & set(QUERIES):
        assert HANDED_OUT[name] in inspect.signature(QUERIES[name]).parameters


# The same in both workspaces.
ALIKE: dict[str, Any] = {
    "about": "a change",
    "address": "https://example.com",
    "by": None,
    "expression": "value",
    "fingerprint": "0" * 64,
    "format_": "csv",
    "goals": Decimal(1),
    "name": "CRM",
    "norm": Decimal(1),
    "offset": 0,
    "to": "C2",
    "outcome": {"of": "looking back"},
    "prefix": "hat_",
    "rate": Decimal(1),
    "score": 4,
    "token_hash": "0" * 64,
    "week_expression": "week",
    "action": "hat.renamed",
    "actor": "U1",
    "at": NOW,
    "before": NOW + timedelta(days=1),
    "channel": "C1",
    "channel_id": "C1",
    "content": {"of": "the week"},
    "ending": "handed_over",
    "event_id": "C1:1.2",
    "first": "2026-W01",
    "is_admin": False,
    "key": "hunter",
    "kind": "prompt",
    "last": "2026-W52",
    "limit": 10,
    "mode_": "offer",
    "now": NOW,
    "period": WEEK,
    "reason": "gone",
    "recipient": "U1",
    "since": NOW - timedelta(days=90),
    "slack_ids": ["U1", "U2"],
    "slack_user_id": "U1",
    "slack_user_ids": ["U1", "U2"],
    "slug": "hunter",
    "subject": "hunter",
    "subjects": ["hunter"],
    "text": "Who?",
    "ts": "5.6",
    "thread_ts": "1.2",
    "until": NOW + timedelta(days=3),
    "user": "U1",
}
# Where a name means something else.
UNLIKE: dict[str, dict[str, Any]] = {
    "hearing.finish": {"event_id": "C1:9.9"},
    "api.readings": {"key": "deals"},
    "chain.recommend": {"period": "2026-W46"},
    "audits.add": {"before": {"name": "Jägare"}, "after": {"name": "Hunter"}},
    "delivered.is_waiting": {"kind": "offer"},
    "delivered.number_about": {"about": WEEK[:4]},
    "delivered.owed_without_team": {"kind": "installed"},
    "deliveries.release": {"channel": "U1", "to": "C2"},
    "delivered.sent_about": {"kinds": ["prompt"], "about": WEEK[:4]},
    "evidences.add": {"kind": "answered"},
    "evidences.check": {"period": "2026-W50"},
    "evidences.last_ticked": {"until": "2026-W52"},
    "lanes.put": {"recipient": "token-1"},
    "weeks.skip": {"period": "2026-W50"},
}


def arguments(name: str, scope: Mapping[str, Any], rest: Mapping[str, Any]) -> dict[str, Any]:
    """Answer each parameter of a query: its scope from one workspace, all other ids from another."""
    function = QUERIES[name]
    answers: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "session" or parameter.kind is parameter.VAR_KEYWORD:
            continue
        source = scope if parameter.name == scope_of(function) else {**ALIKE, **rest, **UNLIKE.get(name, {})}
        key = parameter.name
        if key == "member_id" and name in NEEDS_A_NEWCOMER:
            key = "newcomer_id"
        if key in source:
            answers[parameter.name] = source[key]
        elif parameter.default is parameter.empty:
            pytest.fail(f"{name} takes {parameter.name!r}: say in ALIKE or a_side what to call it with")
    return answers


def leaves(result: Any) -> Iterator[Any]:
    """Give all values inside a result."""
    if isinstance(result, SQLModel):
        yield from leaves(result.model_dump())
    elif isinstance(result, Mapping):
        yield from leaves([*result.keys(), *result.values()])
    elif isinstance(result, Iterable) and not isinstance(result, str):
        for part in result:
            yield from leaves(part)
    else:
        yield result


def rows(sessions: Sessions) -> dict[str, list[tuple[Any, ...]]]:
    with sessions.read() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr) for table in metadata.sorted_tables
        }


def a_call(sessions: Sessions, name: str, answers: dict[str, Any]) -> Any:
    def merged(session: Session) -> dict[str, Any]:
        return {key: session.merge(value) if isinstance(value, SQLModel) else value for key, value in answers.items()}

    with sessions.write() as session:
        result = QUERIES[name](session, **merged(session))
        return list(leaves(result))


def is_theirs(leaf: Any) -> bool:
    return (isinstance(leaf, int) and leaf >= OTHERS_FROM) or (isinstance(leaf, str) and "theirs" in leaf)


@dataclass(frozen=True)
class LaidOut:
    """A file with two workspaces, what a query may be asked about each, and the rows from before the second came."""

    file: Path
    ours: dict[str, Any]
    theirs: dict[str, Any]
    before_theirs: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def laid_out(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> LaidOut:
    file = tmp_path_factory.mktemp("two workspaces") / "template.db"
    with opened(copy_sqlite(sqlite_template, file)) as sessions:
        ours = a_side(sessions, 1, "ours")
        before_theirs = rows(sessions)
        return LaidOut(file, ours, a_side(sessions, OTHERS_FROM, "theirs"), before_theirs)


@pytest.fixture
def both(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sessions]:
    """Sessions on a copy of that file."""
    with opened(copy_sqlite(laid_out.file, tmp_path / "both.db")) as sessions:
        yield sessions


@pytest.mark.parametrize("name", SCOPED)
def test_no_query_reaches_into_another_workspace(both: Sessions, laid_out: LaidOut, name: str) -> None:
    """Asked within our scope, with the ids of theirs, it finds nothing of theirs and leaves them as they were."""
    before = rows(both)
    try:
        found = a_call(both, name, arguments(name, laid_out.ours, laid_out.theirs))
    except (IntegrityError, NoResultFound):
        assert rows(both) == before
        return
    assert [leaf for leaf in found if is_theirs(leaf)] == []
    after = rows(both)
    for table, known in before.items():
        added_with_them = [row for row in known if row not in laid_out.before_theirs[table]]
        assert [row for row in added_with_them if row not in after[table]] == []


@pytest.mark.parametrize("name", SCOPED)
def test_the_same_query_does_its_work_at_home(both: Sessions, laid_out: LaidOut, name: str) -> None:
    """Without this the test above would be content with queries that find nothing at all."""
    before = rows(both)
    found = a_call(both, name, arguments(name, laid_out.ours, laid_out.ours))
    assert any(found) or rows(both) != before
    assert name in ANSWER_WITH_A_NEW_ID or [leaf for leaf in found if is_theirs(leaf)] == []


def test_a_reminder_is_planned_for_whoever_owes_in_each_workspace_and_for_nobody_else(sessions: Sessions) -> None:
    gone = a_workspace(sessions, uninstalled_at=NOW)
    leaver_team = a_team(sessions, gone, channel_id="C9")
    hat = a_hat(sessions, leaver_team)
    a_kpi(sessions, hat)
    owns(sessions, a_member(sessions, leaver_team), hat)
    for first, whose in ((100, "ours"), (OTHERS_FROM, "theirs")):
        a_side(sessions, first, whose)
    with sessions.read() as session:
        owing = [(one.workspace_id, one.team_id, one.slack_user_id) for one in reporters.reporters(session)]
        told = [(one.workspace_id, one.team_id, one.channel_id) for one in reporters.audiences(session)]
        known = [one.slack_team_id for one in workspaces.live(session)]
    assert sorted(owing) == [(100, 101, "U1"), (1000, 1001, "U1")]
    assert sorted(told) == [(100, 101, "C1"), (1000, 1001, "C1")]
    assert known == ["T-ours", "T-theirs"]


def test_ids_that_were_handed_out_lead_to_their_own_rows_only(sessions: Sessions) -> None:
    ours = a_side(sessions, 1, "ours")
    a_side(sessions, OTHERS_FROM, "theirs")
    with sessions.read() as session:
        found = list(leaves(kpis.of_hats(session, [ours["hat_id"]], period=WEEK)))
    assert found
    assert not any(map(is_theirs, found))
