"""Every change of teams, hats, owners, KPIs, links and settings is in the audit log, in the same transaction."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot.services import absence, agreement_answers, agreements, leaving, ownership, team_admins
from bot.services.team_apply import apply, plan
from bot.services.team_file import load_team_file
from storage import Sessions, audits, workspaces
from storage import teams as stored_teams
from storage.tables import Audit
from tests.support.builders import a_hat
from tests.support.club import Club
from tests.support.team_yaml import SMALL_TEAM
from tests.support.week import TUESDAY


@pytest.fixture
def club(sessions: Sessions) -> Iterator[Club]:
    club = Club(sessions)
    a_hat(sessions, club.team, "Hunter")
    yield club
    club.close()


def proposed(club: Club) -> str:
    agreements.propose(
        club.sessions, club.directory, club.asker(club.anna), "hunter", club.oskar.slack_user_id, now=club.now
    )
    proposal = club.proposals()[0]
    return f"{proposal.id}.{proposal.round}"


CHANGES: dict[str, Callable[[Club], object]] = {
    "hat.deputy": lambda c: absence.set_deputy(
        c.sessions, c.directory, c.asker(c.anna), "email", c.anna.slack_user_id, now=c.now
    ),
    "member.away": lambda c: absence.go_away(c.sessions, c.asker(c.oskar), "24/12", now=c.now),
    "member.left": lambda c: leaving.leave(c.sessions, c.asker(c.oskar), c.team.id or 0, now=c.now),
    "member.removed": lambda c: leaving.remove(c.sessions, c.asker(c.anna), c.oskar.slack_user_id, now=c.now),
    "member.deactivated": lambda c: c.slack_says(c.oskar, deleted=True),
    "member.admin": lambda c: team_admins.appoint(c.sessions, c.asker(c.anna), c.oskar.slack_user_id, now=c.now),
    "proposal.offered": proposed,
    "proposal.accepted": lambda c: agreement_answers.accept(c.sessions, c.asker(c.oskar), proposed(c), now=c.now),
    "proposal.declined": lambda c: agreement_answers.decline(c.sessions, c.asker(c.oskar), proposed(c), "", now=c.now),
    "hat.owner": lambda c: ownership.force(
        c.sessions, c.directory, c.asker(c.anna), "hunter", c.oskar.slack_user_id, "Because", now=c.now
    ),
}


@pytest.mark.parametrize("action", CHANGES)
def test_a_change_is_noted_with_who_made_it(club: Club, action: str) -> None:
    CHANGES[action](club)
    noted = [change for change in club.changes() if change.action == action]
    assert len(noted) == 1
    assert noted[0].actor in {"bot", club.anna.slack_user_id, club.oskar.slack_user_id}
    assert noted[0].at == club.now


def applied(sessions: Sessions, tmp_file: Path, now: datetime, run: Callable[..., object] = apply) -> list[Audit]:
    run(sessions, "T0FOOTBALL", load_team_file(tmp_file), now)
    with sessions.read() as session:
        workspace = workspaces.by_slack_id(session, "T0FOOTBALL")
        team = stored_teams.by_slug(session, workspace.id or 0, "football") if workspace else None
        return list(reversed(audits.of_team(session, team.id or 0, limit=1000))) if team else []


def test_a_teams_file_notes_each_change_with_before_and_after(sessions: Sessions, tmp_path: Path, club: Club) -> None:
    file = tmp_path / "team.yml"
    file.write_text(SMALL_TEAM, encoding="utf-8")
    assert applied(sessions, file, club.now, plan) == [], "a plan leaves no trace"
    made = applied(sessions, file, club.now)
    assert {change.actor for change in made} == {"terminal"}
    assert {"team.added", "member.added", "hat.added", "kpi.added", "link.added"} <= {one.action for one in made}
    assert len(applied(sessions, file, club.now)) == len(made), "what is applied again changes nothing"
    content = yaml.safe_load(SMALL_TEAM)
    content["team"]["name"] = "Another name"
    content["hats"][0]["kpis"][0]["target"] = 987
    owner = content["hats"][0].pop("owner", None)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    new = applied(sessions, file, club.now + timedelta(days=1))[len(made) :]
    assert [one.after for one in new if one.action == "team.changed"] == [{"name": "Another name"}]
    assert [list(one.after.values()) for one in new if one.action == "kpi.target"] in ([["987"]], [])
    assert [one.after for one in new if one.action == "hat.owner"] == ([{"owner": "nobody"}] if owner else [])


def test_a_file_without_an_admin_leaves_the_team_one(sessions: Sessions, tmp_path: Path) -> None:
    content = yaml.safe_load(SMALL_TEAM)
    for member in content["members"]:
        member.pop("admin", None)
    file = tmp_path / "team.yml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    first = applied(sessions, file, TUESDAY)
    assert [one.after for one in first if one.action == "member.changed"] == [{"admin": "yes"}]
    assert len(applied(sessions, file, TUESDAY)) == len(first)
