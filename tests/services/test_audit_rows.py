"""Every change of teams, hats, owners, KPIs, links and settings is in the audit log, in the same transaction."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bot import services
from bot.services.agreements import agreement_answers, agreements, ownership
from bot.services.people import absence, leaving
from bot.services.team_file.team_apply import apply, plan
from bot.services.team_file.team_file import load_team_file
from bot.services.teams import team_admins
from bot.services.teams.team_changes import Verb
from bot.services.workspaces import audit_log
from messages import audit_words
from messages.i18n import LANGUAGES
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


# Services that write and note nothing: what they change is no team, hat, owner, KPI, link or setting.
NOT_NOTED = {
    "chain_reports": "what is computed, and can be computed again",
    "keeping": "what was kept for as long as the settings say goes, and the log of changes with it",
    "question_answering": "questions",
    "question_asking": "questions",
    "question_chores": "questions",
    "question_withdrawal": "questions",
    "evidence": "what shows who reaches for a hat, and its deletion, is the person's own",
    "health": "it only owes a message",
    "heard": "until when somebody works on an event",
    "installs": "the workspace and its token",
    "restoring": "what is owed again",
    "planning": "what is owed",
    "readings_file": "readings keep their own versions",
    "digest_discussion": "a thread under the digest",
    "putting_off": "when a person is asked, and weeks that they skip, are their own",
    "report_form": "readings keep their own versions",
    "reports": "readings keep their own versions",
    "text_reports": "readings keep their own versions",
    "uninstalling": "the workspace is gone, with its log",
}


# One line, or several between brackets: the next import is not part of this one.
IMPORT = re.compile(r"^from bot\.services\.\w+(?:\.(\w+))? import (\([^)]*\)|.+)", re.MULTILINE)
SERVICES = {path.stem: path for path in Path(services.__path__[0]).rglob("*.py") if path.stem != "__init__"}


def writing() -> set[str]:
    """Name the modules of services that open a writing session."""
    return {name for name in SERVICES if "sessions.write()" in source_of(name)}


def source_of(module: str) -> str:
    return SERVICES[module].read_text(encoding="utf-8")


def reached(module: str) -> set[str]:
    """Name the modules of services that one imports, and those that they import, and so on."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in seen and name in SERVICES:
            seen.add(name)
            imports = IMPORT.findall(source_of(name))
            waiting += [one for inside, names in imports for one in ([inside] if inside else re.findall(r"\w+", names))]
    return seen


def test_no_service_writes_without_the_audit_log_in_reach() -> None:
    silent = {name for name in writing() if not any("audits.add(" in source_of(one) for one in reached(name))}
    assert silent <= set(NOT_NOTED)
    assert set(NOT_NOTED) <= writing()


ACTION = re.compile(r"(?!messages\.)[a-z]+\.(?!yml$)[a-z_]+")  # neither a module nor a file
# What is put together when it is noted: how people leave, and where an offer stands.
PUT_TOGETHER = {
    "member.": {"left", "removed", "deactivated"},
    "proposal.": {"accepted", "countered", "declined", "withdrawn"},
}
# What a team's file can do to each of its parts.
BY_FILE = {
    "team": {Verb.ADDED, Verb.CHANGED, Verb.RESTORED},
    "member": {Verb.ADDED, Verb.CHANGED, Verb.REMOVED},
    "hat": {Verb.ADDED, Verb.CHANGED, Verb.RESTORED, Verb.ARCHIVED},
    "kpi": {Verb.ADDED, Verb.CHANGED, Verb.RESTORED, Verb.ARCHIVED},
    "link": {Verb.ADDED, Verb.CHANGED, Verb.REMOVED},
}


def test_every_action_that_is_noted_anywhere_has_a_sentence_and_no_other() -> None:
    whole, begun = set[str](), set[str]()
    for name in SERVICES:
        for node in ast.walk(ast.parse(source_of(name))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and ACTION.fullmatch(node.value):
                whole.add(node.value)
    assert {start for start in begun if re.fullmatch(r"[a-z]+\.", start)} == set(PUT_TOGETHER)
    noted = whole | {start + end for start, ends in PUT_TOGETHER.items() for end in ends}
    noted |= {f"{kind}.{verb}" for kind, verbs in BY_FILE.items() for verb in verbs}
    assert noted == set(audit_words.SENTENCES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("action", CHANGES)
def test_what_admins_read_about_a_change_is_a_sentence_with_people_by_name(
    club: Club, action: str, language: str
) -> None:
    CHANGES[action](club)
    with club.sessions.write() as session:
        stored_teams.set_admin(session, club.team.id or 0, club.anna.id or 0, is_admin=True)
    lines = audit_log.latest(club.sessions, club.asker(club.anna)).content.lines
    (line,) = [one for one in lines if one.action == action]
    said = f"{audit_words.sentence(line, language)} · {audit_words.changes(line, language)}"
    assert action not in said
    assert not re.search(r"\bU\w{7,}", said), "people are read by name"
    assert "True" not in said
    assert "None" not in said
    assert "Oskar" in said or "Anna" in said
    assert language == "en" or said != f"{audit_words.sentence(line, 'en')} · {audit_words.changes(line, 'en')}"
