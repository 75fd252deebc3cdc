"""What happened to a hat, how the team's hats are, and who changed what."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.errors import Refused
from bot.services.agreements import agreement_answers, agreements, ownership
from bot.services.hats import health, history
from bot.services.workspaces import audit_log
from messages import catalog, ids
from storage import Sessions, assignments, audits, evidences, hats, kpis
from tests.support.builders import a_hat, a_kpi, owns, wears
from tests.support.club import Club
from tests.support.week import CHANNEL


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    yield club
    club.close()


def told_of(club: Club, hat: str, page: int = 0) -> Any:
    return history.history(club.sessions, club.directory, club.asker(club.anna), hat, page=page, now=club.now).content


def test_the_history_tells_owners_gaps_proposals_targets_and_forced_reasons(club: Club) -> None:
    sara = club.joins("Sara")
    leads = a_kpi(club.sessions, club.email, "Leads")
    with club.sessions.write() as session:
        kpis.set_target(session, leads.id or 0, valid_from="2026-W48", value=Decimal(40), now=club.now)
    club.clock.forward(days=1)
    club.slack_says(club.oskar, deleted=True)
    club.clock.forward(days=5)
    agreements.propose(club.sessions, club.directory, club.asker(club.anna), "email", sara.slack_user_id, now=club.now)
    proposal = club.proposals()[0]
    key = f"{proposal.id}.{proposal.round}"
    agreement_answers.decline(club.sessions, club.asker(sara), key, "Too much private trouble", now=club.now)
    club.clock.forward(days=1)
    ownership.force(
        club.sessions,
        club.directory,
        club.asker(club.anna),
        "email",
        sara.slack_user_id,
        "It is her turn",
        now=club.now,
    )
    shown = told_of(club, "newsletter")
    assert [(entry.kind, entry.how, entry.person and entry.person.name) for entry in shown.entries] == [
        ("owned", "", "Sara"),
        ("proposal", "declined", "Sara"),
        ("vacant", "", None),
        ("owned", "left", "Oskar"),
        ("target", "", None),
    ]
    said = str(catalog.hat_history(shown, language="en").blocks)
    assert "It is her turn" in said
    assert "private trouble" not in said
    assert "_vacant_" in said
    gap = next(entry for entry in shown.entries if entry.kind == "vacant")
    assert ((gap.until or gap.on) - gap.on).days == 6


def test_a_long_history_is_told_page_by_page(club: Club) -> None:
    people = [club.joins(f"P{number}") for number in range(history.PAGE + 3)]
    for person in people:
        club.clock.forward(hours=1)
        with club.sessions.write() as session:
            hat = hats.entity_by_id(session, club.team.id or 0, club.email.id or 0)
            assignments.assign(session, hat, person.id, ending="handed_over", now=club.now)
    first = told_of(club, "email")
    assert len(first.entries) == history.PAGE
    slug, page = history.read_state(first.earlier)
    second = told_of(club, slug, page)
    assert len(second.entries) == 4
    assert second.earlier == ""
    assert second.entries[-1].person is not None
    assert second.entries[-1].person.name == "Oskar"


def test_an_archived_hat_still_has_its_history(club: Club) -> None:
    with club.sessions.write() as session:
        hat = hats.entity_by_id(session, club.team.id or 0, club.email.id or 0)
        hat.archived_at = club.now + timedelta(hours=1)
        assignments.assign(session, hat, None, ending="archived", now=club.now + timedelta(hours=1))
    club.clock.forward(days=1)
    assert [entry.how for entry in told_of(club, "Email").entries] == ["archived"]
    with pytest.raises(Refused):
        told_of(club, "no such hat")


def test_a_healthy_team_is_told_so(club: Club) -> None:
    shown = health.health(club.sessions, club.asker(club.anna), now=club.now).content
    assert shown.lines == ()
    assert "good hands" in catalog.team_health(shown, language="en").text


def test_each_line_of_the_health_report_has_the_button_that_mends_it(club: Club) -> None:
    a_hat(club.sessions, club.team, "Alone")
    shared = a_hat(club.sessions, club.team, "Shared")
    for name in ("Sara", "Erik", "Maria"):
        wears(club.sessions, club.joins(name), shared)
    johan = club.joins("Johan")
    for number in range(4):
        hat = a_hat(club.sessions, club.team, f"Job {number}")
        columns = {"review_at": club.now - timedelta(days=1)} if number == 0 else {}
        owns(club.sessions, johan, hat, since=club.now - timedelta(weeks=20), **columns)
    with club.sessions.write() as session:
        scope = {"workspace_id": club.workspace.id, "team_id": club.team.id, "member_id": johan.id}
        for week in ("2026-W46", "2026-W47"):
            evidences.check(session, **scope, period=week, hat_ids=[], now=club.now)  # type: ignore[arg-type]
    shown = health.health(club.sessions, club.asker(club.anna), now=club.now).content
    assert [(line.kind, line.action) for line in shown.lines[:4]] == [
        ("review", ids.REVIEW_ASK),
        ("shared", ids.VOLUNTEERS_ASK),
        ("vacant", ids.PROPOSE_OPEN),
        ("overloaded", ids.HAT_ASK),
    ]
    assert [line.kind for line in shown.lines[4:]] == ["unworn"] * 4
    own = health.health(club.sessions, club.asker(johan), now=club.now).content
    assert {line.action for line in own.lines[3:]} == {ids.PROPOSE_OPEN}, "the owner passes a hat on"
    message = catalog.team_health(shown, language="sv")
    assert [block["accessory"]["value"] for block in message.blocks[1:4]] == ["job-0", "shared", "alone"]
    assert "Job 0" in str(message.blocks)


def test_volunteers_are_asked_for_in_the_channel_once_a_week(club: Club) -> None:
    a_hat(club.sessions, club.team, "Alone")
    for asking in (club.anna, club.oskar):
        health.ask_for_volunteers(club.sessions, club.directory, club.asker(asking), "alone", now=club.now)
    club.replica.tick()
    assert ["Alone" in said.words for said in club.slack.all_in(CHANNEL)] == [True]
    with pytest.raises(Refused) as refused:
        health.ask_for_volunteers(club.sessions, club.directory, club.asker(club.anna), "email", now=club.now)
    assert refused.value.name == "hat_has_owner"


def test_the_owner_is_asked_for_a_review_that_is_due(club: Club) -> None:
    with pytest.raises(Refused) as refused:
        health.ask_for_review(club.sessions, club.directory, club.asker(club.anna), "email", now=club.now)
    assert refused.value.name == "review_over"
    with club.sessions.write() as session:
        assignment = assignments.live(session, club.email.id or 0)
        assert assignment is not None
        assignment.review_at = club.now - timedelta(days=2)
    health.ask_for_review(club.sessions, club.directory, club.asker(club.anna), "email", now=club.now)
    assert any("Email" in text for text in club.told(club.oskar))


def test_admins_read_the_changes_page_by_page_and_nobody_else_does(club: Club) -> None:
    with club.sessions.write() as session:
        for number in range(audit_log.PAGE + 1):
            audits.add(
                session,
                workspace_id=club.workspace.id or 0,
                team_id=club.team.id or 0,
                actor=club.oskar.slack_user_id if number else "terminal",
                action="hat.changed",
                subject=f"hat-{number}",
                now=club.now,
                before={"name": "Old", "same": 1},
                after={"name": "New", "same": 1},
                reason="Better",
            )
    first = audit_log.latest(club.sessions, club.asker(club.anna)).content
    assert len(first.lines) == audit_log.PAGE
    assert (first.lines[0].actor.name, first.lines[0].changes) == ("Oskar", (("name", "Old", "New"),))
    second = audit_log.latest(club.sessions, club.asker(club.anna), page=audit_log.read_page(first.earlier)).content
    assert ([line.subject for line in second.lines], second.earlier) == (["hat-0"], "")
    assert "the terminal changed the hat *hat-0* · name: Old → New · Better" in str(
        catalog.audit_log(second, language="en").blocks
    )
    assert "terminalen ändrade hatten *hat-0* · namn: Old → New" in str(catalog.audit_log(second, language="sv").blocks)
    with pytest.raises(Refused) as refused:
        audit_log.latest(club.sessions, club.asker(club.oskar))
    assert refused.value.name == "not_admin"
