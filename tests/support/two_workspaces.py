"""A workspace with one of everything, and what a query may be asked about it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from storage import Sessions
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
    held = {"workspace_id": workspace.id, "event_id": "C1:9.9", "held_until": NOW}
    added(sessions, SeenEvent(id=new(), seen_at=NOW, **held))
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
    added(sessions, Lane(workspace_id=team.workspace_id, recipient="token-1", open_at=NOW))
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
