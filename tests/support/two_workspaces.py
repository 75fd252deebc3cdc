"""A workspace with one of everything, and what a query may be asked about it."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel

from storage import Sessions
from storage.tables import (
    Absence,
    Answer,
    ApiToken,
    Assignment,
    Audit,
    ChainReport,
    Delivery,
    Deputy,
    Evidence,
    Hat,
    HatCheck,
    HatCheckHat,
    Install,
    Kpi,
    Lane,
    Listening,
    Member,
    Membership,
    PassRating,
    Proposal,
    Question,
    QuestionRoute,
    Recommendation,
    SeenEvent,
    SkippedWeek,
    Source,
    Team,
    Wearer,
    Workspace,
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

OTHERS_FROM = 1000
NewId = Callable[[type[SQLModel]], int]


def a_side(sessions: Sessions, first_id: int, whose: str, *, alike: bool = False) -> dict[str, Any]:
    """Build a workspace with one of everything, and return what a query may be asked about it.

    No two of its rows have the same id; if they are `alike`, every table counts for itself from the first id on, so
    that one number is the id of a row in each.
    """
    given: Counter[object] = Counter()

    def new(table: type[SQLModel]) -> int:
        count = table if alike else "all"
        given[count] += 1
        return first_id + given[count] - 1

    workspace = a_workspace(sessions, f"T-{whose}", id=new(Workspace))
    team = a_team(sessions, workspace, "Hunter", id=new(Team), channel_id="C1")
    anna = a_member(sessions, workspace, f"Anna {whose}", id=new(Member), slack_user_id="U1")
    newcomer = a_member(sessions, workspace, f"Bo {whose}", id=new(Member), slack_user_id="U2")
    hat = a_hat(sessions, team, "Hunter", id=new(Hat), ask_about=whose)
    leads, deals = (a_kpi(sessions, hat, name, id=new(Kpi)) for name in ("Leads", "Deals"))
    link = a_link(sessions, leads, deals)
    a_target(sessions, deals, 5)
    reads(sessions, deals, {WEEK: 4}, by=anna)
    owed_id = owes_one_of_each(sessions, team, whose, new)
    owned = owns(sessions, anna, hat, id=new(Assignment), review_at=NOW + timedelta(days=180))
    given_up = a_hat(sessions, team, "Given up", id=new(Hat), ask_about=whose)
    owns(sessions, anna, given_up, since=NOW - timedelta(days=9), id=new(Assignment), ended_at=NOW, ending="left")
    wears(sessions, anna, hat)
    took_off = {"workspace_id": workspace.id, "hat_id": hat.id, "member_id": anna.id}
    added(sessions, Wearer(since=NOW - timedelta(days=9), until=NOW, **took_off))
    place = {"workspace_id": workspace.id, "team_id": team.id, "member_id": anna.id}
    added(sessions, Membership(is_admin=True, joined_at=NOW, **place))
    heard = {"workspace_id": workspace.id, "team_id": team.id, "channel_id": "C1", "mode": "answer"}
    added(sessions, Listening(id=new(Listening), changed_at=NOW, **heard))
    held = {"workspace_id": workspace.id, "event_id": "C1:9.9", "held_until": NOW}
    added(sessions, SeenEvent(id=new(SeenEvent), seen_at=NOW, **held))
    proposal = added(sessions, a_proposal(hat, anna, newcomer, id=new(Proposal)))
    absence = extras(sessions, hat, anna, whose, absence_id=new(Absence))
    asked = {"workspace_id": workspace.id, "hat_id": hat.id, "asker_id": anna.id, "asked_at": NOW, "thread_ts": "1.2"}
    question = added(sessions, Question(id=new(Question), text=whose, key=whose, channel_id="C1", **asked))
    others = {**asked, "asker_id": newcomer.id, "thread_ts": None}
    added(sessions, Question(id=new(Question), text=whose, key=f"{whose}-other", **others))
    by = {"workspace_id": workspace.id, "question_id": question.id, "member_id": anna.id}
    added(sessions, QuestionRoute(hat_id=hat.id, role="owner", sent_at=NOW, **by))
    scope = {"workspace_id": workspace.id, "team_id": team.id}
    added(sessions, ChainReport(period=WEEK, fingerprint=whose, content={"of": whose}, computed_at=NOW, **scope))
    added(sessions, PassRating(link_id=link.id, member_id=anna.id, period=WEEK, score=5, rated_at=NOW, **scope))
    worth = {"rate": Decimal("0.1"), "norm": Decimal("0.2"), "goals": Decimal(1), "outcome": {"of": whose}}
    linked = {"upstream_id": leads.id, "downstream_id": deals.id}
    added(sessions, Recommendation(period=WEEK, made_at=NOW, **linked, **worth, **scope))
    added(sessions, Lane(workspace_id=team.workspace_id, recipient="token-1", open_at=NOW))
    secret = {"prefix": "hat_", "token_hash": whose}
    token = added(sessions, ApiToken(id=new(ApiToken), name=whose, created_at=NOW, **secret, **scope))
    pulled = {"address": f"https://example.com/{whose}", "expression": "value", "next_at": NOW, "created_at": NOW}
    added(sessions, Source(id=new(Source), kpi_id=deals.id, **pulled, **scope))
    added(sessions, SkippedWeek(member_id=anna.id, period=WEEK, reason=whose, skipped_at=NOW, **scope))
    answer = added(sessions, Answer(id=new(Answer), text=whose, key=whose, answered_at=NOW, **by))
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


def owes_one_of_each(sessions: Sessions, team: Team, whose: str, new: NewId) -> int:
    """Owe a team's people one delivery of each sort that queries tell apart; return the id of the prompt, sent."""
    prompt = new(Delivery)
    what = {"recipient": "U1", "period": WEEK, "due_at": NOW, "not_before": NOW, "state": "due", "team_id": team.id}
    for row in (
        {"kind": "prompt", "id": prompt, "key": whose, "state": "sent", "slot": 1, "message_ts": "5.6"},
        {"kind": "snooze", "key": f"{whose}-snoozed", "slot": 2},
        {"kind": "offer", "key": f"{whose}-open"},
        {"kind": "installed", "key": f"{whose}-greeting", "team_id": None},
        {"kind": "digest_update", "key": f"{whose}-update", "period": f"{WEEK}.1"},
    ):
        place = {"id": row.get("id") or new(Delivery), "workspace_id": team.workspace_id}
        added(sessions, Delivery(**{**place, **what, **row}))
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
