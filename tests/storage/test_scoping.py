"""One workspace can never see or change another's rows.

The tests walk storage's public functions, so that a new one is covered, or refused here, from its first day. Two
workspaces hold rows that look the same and have the same names; every id of the other one is 1000 or more.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlmodel import Session, SQLModel

import storage
from storage import Sessions, kpis, reporters, workspaces
from storage.tables import (
    Absence,
    Answer,
    ApiToken,
    Audit,
    ChainReport,
    Delivery,
    Deputy,
    Evidence,
    Hat,
    HatCheck,
    HatCheckHat,
    Install,
    Listening,
    Member,
    Membership,
    PassRating,
    Proposal,
    Question,
    QuestionRoute,
    Recommendation,
    SkippedWeek,
    Source,
    Team,
    Wearer,
    metadata,
)
from tests.support.builders import (
    NOW,
    WEEK,
    a_hat,
    a_kpi,
    a_link,
    a_member,
    a_target,
    a_team,
    a_workspace,
    added,
    owns,
    reads,
    wears,
)

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
    "deliveries.courses": "figures of the whole installation; it tells times, no row",
    "deliveries.counts": "a metric of the whole installation; it tells numbers, no rows",
    "deliveries.backlog": "what waits in the whole database, for its operator",
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
    "installs.named": "Slack's signed event, or the organisation of a signed request, says whose install it is",
    "installs.speaker_of_org": "the organisation of a signed request",
    "exports.hold_still": "reads no row; it says how the session will read",
    "imports.without_app": "the doctor looks at the whole installation",
    "kpis.add": "its columns name their team, and a foreign key holds hat and team together",
    "proposals.add": "its columns name their workspace, and foreign keys hold hat, team and members together",
    "proposals.orphaned": "the ticker ends or mends proposals in every workspace",
    "proposals.run_out": "the ticker ends proposals in every workspace",
    "questions.overdue": "the ticker reminds in every workspace",
    "questions.stranded": "the ticker finds new holders in every workspace",
    "proposals.to_remind": "the ticker reminds in every workspace",
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
    "deliveries.record": "claimed",
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
    "late_values.history": "kpi_ids",
    "late_values.owe_updates": "kpi_ids",
    "questions.route": "question",
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
OTHERS_FROM = 1000
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


def a_side(sessions: Sessions, first_id: int, whose: str) -> dict[str, Any]:
    """Build a workspace with one of everything, and return what a query may be asked about it."""
    ids = iter(range(first_id, first_id + 100))
    new = partial(next, ids)
    workspace = a_workspace(sessions, f"T-{whose}", id=new())
    team = a_team(sessions, workspace, "Hunter", id=new(), channel_id="C1")
    anna = a_member(sessions, workspace, f"Anna {whose}", id=new(), slack_user_id="U1")
    newcomer = a_member(sessions, workspace, f"Bo {whose}", id=new(), slack_user_id="U2")
    hat = a_hat(sessions, team, "Hunter", id=new(), ask_about=whose)
    leads, deals = (a_kpi(sessions, hat, name, id=new()) for name in ("Leads", "Deals"))
    link = a_link(sessions, leads, deals)
    a_target(sessions, deals, 5)
    reads(sessions, deals, {WEEK: 4}, by=anna)
    owed_id = owes_one_of_each(sessions, team, whose, new)
    owned = owns(sessions, anna, hat, id=new(), review_at=NOW + timedelta(days=180))
    given_up = a_hat(sessions, team, "Given up", id=new(), ask_about=whose)
    owns(sessions, anna, given_up, since=NOW - timedelta(days=9), id=new(), ended_at=NOW, ending="left")
    wears(sessions, anna, hat)
    took_off = {"workspace_id": workspace.id, "hat_id": hat.id, "member_id": anna.id}
    added(sessions, Wearer(since=NOW - timedelta(days=9), until=NOW, **took_off))
    place = {"workspace_id": workspace.id, "team_id": team.id, "member_id": anna.id}
    added(sessions, Membership(is_admin=True, joined_at=NOW, **place))
    heard = {"workspace_id": workspace.id, "team_id": team.id, "channel_id": "C1", "mode": "answer"}
    added(sessions, Listening(id=new(), changed_at=NOW, **heard))
    proposal = added(sessions, a_proposal(hat, anna, newcomer, id=new()))
    absence = extras(sessions, hat, anna, whose, absence_id=new())
    asked = {"workspace_id": workspace.id, "hat_id": hat.id, "asker_id": anna.id, "asked_at": NOW, "thread_ts": "1.2"}
    question = added(sessions, Question(id=new(), text=whose, key=whose, channel_id="C1", **asked))
    others = {**asked, "asker_id": newcomer.id, "thread_ts": None}
    added(sessions, Question(id=new(), text=whose, key=f"{whose}-other", **others))
    by = {"workspace_id": workspace.id, "question_id": question.id, "member_id": anna.id}
    added(sessions, QuestionRoute(hat_id=hat.id, role="owner", sent_at=NOW, **by))
    scope = {"workspace_id": workspace.id, "team_id": team.id}
    added(sessions, ChainReport(period=WEEK, fingerprint=whose, content={"of": whose}, computed_at=NOW, **scope))
    added(sessions, PassRating(link_id=link.id, member_id=anna.id, period=WEEK, score=5, rated_at=NOW, **scope))
    worth = {"rate": Decimal("0.1"), "norm": Decimal("0.2"), "goals": Decimal(1), "outcome": {"of": whose}}
    linked = {"upstream_id": leads.id, "downstream_id": deals.id}
    added(sessions, Recommendation(period=WEEK, made_at=NOW, **linked, **worth, **scope))
    token = added(sessions, ApiToken(id=new(), name=whose, prefix="hat_", token_hash=whose, created_at=NOW, **scope))
    pulled = {"address": f"https://example.com/{whose}", "expression": "value", "next_at": NOW, "created_at": NOW}
    added(sessions, Source(id=new(), kpi_id=deals.id, **pulled, **scope))
    added(sessions, SkippedWeek(member_id=anna.id, period=WEEK, reason=whose, skipped_at=NOW, **scope))
    answer = added(sessions, Answer(id=new(), text=whose, key=whose, answered_at=NOW, **by))
    return {
        "upstream_id": leads.id,
        "downstream_id": deals.id,
        "question_id": question.id,
        "question_ids": [question.id],
        "answer_id": answer.id,
        "workspace_id": workspace.id,
        "workspace": workspace.slack_team_id,
        "slack_team_id": workspace.slack_team_id,
        "team_id": team.id,
        "team": team,
        "hat": hat,
        "hat_id": hat.id,
        "member_id": anna.id,
        "newcomer_id": newcomer.id,
        "asker_id": anna.id,
        "assignment_id": owned.id,
        "kpi_id": deals.id,
        "kpi_ids": [leads.id, deals.id],
        "link_id": link.id,
        "hat_ids": [hat.id],
        "member_ids": [anna.id, newcomer.id],
        "proposal_id": proposal.id,
        "absence_id": absence.id,
        "token_id": token.id,
        "delivery_id": owed_id,
    }


def owes_one_of_each(sessions: Sessions, team: Team, whose: str, new: Callable[[], int]) -> int:
    """Owe a team's people one delivery of each sort that queries tell apart; return the id of the prompt, sent."""
    prompt = new()
    what = {"recipient": "U1", "period": WEEK, "due_at": NOW, "not_before": NOW, "state": "due", "team_id": team.id}
    for row in (
        {"kind": "prompt", "id": prompt, "key": whose, "state": "sent", "slot": 1, "message_ts": "5.6"},
        {"kind": "snooze", "key": f"{whose}-snoozed", "slot": 2},
        {"kind": "offer", "key": f"{whose}-open"},
        {"kind": "installed", "key": f"{whose}-greeting", "team_id": None},
        {"kind": "digest_update", "key": f"{whose}-update", "period": f"{WEEK}.1"},
    ):
        added(sessions, Delivery(**{"id": row.get("id") or new(), "workspace_id": team.workspace_id, **what, **row}))
    return prompt


def a_proposal(hat: Hat, candidate: Member, counterpart: Member, **columns: Any) -> Proposal:
    scope = {"workspace_id": hat.workspace_id, "team_id": hat.team_id, "hat_id": hat.id}
    sides = {"candidate_id": candidate.id, "counterpart_id": counterpart.id}
    return Proposal(**scope, **sides, offered_at=NOW, expires_at=NOW + timedelta(days=14), **columns)


def extras(sessions: Sessions, hat: Hat, member: Member, whose: str, *, absence_id: int) -> Absence:
    """Add what surrounds ownership: a deputy, an absence, evidence, a hat check and a line in the audit log."""
    speaks = {"bot_user_id": "U0", "bot_id": "B0", "installer_id": "U1", "bot_token_encrypted": f"sealed {whose}"}
    added(sessions, Install(slack_id=f"T-{whose}", is_org=False, installed_at=NOW, **speaks))
    by_member = {"workspace_id": hat.workspace_id, "member_id": member.id}
    added(sessions, Deputy(hat_id=hat.id, since=NOW, **by_member))
    around = {"starts_at": NOW - timedelta(days=1), "ends_at": NOW + timedelta(days=1)}
    absence = added(sessions, Absence(id=absence_id, **around, **by_member))
    added(sessions, Evidence(hat_id=hat.id, kind="took_it", key=whose, occurred_at=NOW, **by_member))
    check = added(sessions, HatCheck(team_id=hat.team_id, period=WEEK, answered_at=NOW, **by_member))
    added(sessions, HatCheckHat(hat_check_id=check.id, hat_id=hat.id))
    by_team = {"workspace_id": hat.workspace_id, "team_id": hat.team_id}
    added(sessions, Audit(at=NOW, actor="U1", action="hat.added", subject="hunter", reason=whose, **by_team))
    return absence


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
    "text": "Who?",
    "ts": "5.6",
    "thread_ts": "1.2",
    "until": NOW + timedelta(days=3),
    "user": "U1",
}
# Where a name means something else.
UNLIKE: dict[str, dict[str, Any]] = {
    "api.readings": {"key": "deals"},
    "chain.recommend": {"period": "2026-W46"},
    "audits.add": {"before": {"name": "Jägare"}, "after": {"name": "Hunter"}},
    "deliveries.number_about": {"about": WEEK[:4]},
    "deliveries.owed_without_team": {"kind": "installed"},
    "deliveries.sent_about": {"kinds": ["prompt"], "about": WEEK[:4]},
    "evidences.add": {"kind": "answered"},
    "evidences.check": {"period": "2026-W50"},
    "evidences.last_ticked": {"until": "2026-W52"},
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


@pytest.mark.parametrize("name", SCOPED)
def test_no_query_reaches_into_another_workspace(sqlite_sessions: Sessions, name: str) -> None:
    """Asked within our scope, with the ids of theirs, it finds nothing of theirs and leaves them as they were."""
    ours = a_side(sqlite_sessions, 1, "ours")
    before_theirs = rows(sqlite_sessions)
    theirs = a_side(sqlite_sessions, OTHERS_FROM, "theirs")
    before = rows(sqlite_sessions)
    try:
        found = a_call(sqlite_sessions, name, arguments(name, ours, theirs))
    except (IntegrityError, NoResultFound):
        assert rows(sqlite_sessions) == before
        return
    assert [leaf for leaf in found if is_theirs(leaf)] == []
    after = rows(sqlite_sessions)
    for table, known in before.items():
        added_with_them = [row for row in known if row not in before_theirs[table]]
        assert [row for row in added_with_them if row not in after[table]] == []


@pytest.mark.parametrize("name", SCOPED)
def test_the_same_query_does_its_work_at_home(sqlite_sessions: Sessions, name: str) -> None:
    """Without this the test above would be content with queries that find nothing at all."""
    ours = a_side(sqlite_sessions, 1, "ours")
    a_side(sqlite_sessions, OTHERS_FROM, "theirs")
    before = rows(sqlite_sessions)
    found = a_call(sqlite_sessions, name, arguments(name, ours, ours))
    assert any(found) or rows(sqlite_sessions) != before
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
