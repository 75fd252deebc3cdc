"""What every answer must be, whatever was sent: on time, in the reader's language, stored whole or not at all."""

import json
import logging
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pytest
from babel.messages.pofile import read_po

from bot.playground.blockkit import validate_blocks, validate_view
from messages import ids
from messages.i18n import translations
from messages.languages import translations_file
from messages.refusals import REFUSALS
from storage import Sessions, members, teams
from tests.support.builders import NOW, a_member
from tests.support.doors import Answer, Doors, ResponseUrls, open_doors, taking_responses
from tests.support.fake_slack import words
from tests.support.http_api import Api, an_api
from tests.support.inputs import OURS, THEIRS, Attempt
from tests.support.inputs_of_programs import Request
from tests.support.replica import StandingClock
from tests.support.two_workspaces import OTHERS_FROM, a_side

# Slack waits for three seconds. Measured as work of this thread alone: the machine may be busy with other things.
MOST_SECONDS: Final = 2.5
# What a refusal may leave behind: who is known, and when a token was last used.
# What is looked up or counted, whatever is said then.
ASIDE: Final = {"member", "api_token", "workspace", "lane"}
SWEDES: Final = {"U0SVEN", "U0SARA"}
# A button that opens a page is only acknowledged.
WORDLESS: Final = {ids.QUESTION_LINK}
_PLACEHOLDER = re.compile(r"%\\\(\w+\\\)[sd]|%\((?:\w+)\)[sd]")
_TOLD = (200, 400, 401, 404, 405, 413, 415, 422, 429)


@dataclass
class Gauntlet:
    """Two workspaces with one of everything, on a SQLite file that is put back before each attempt."""

    sessions: Sessions
    doors: Doors
    api: Api
    other_api: Api
    known: sqlite3.Connection
    file: sqlite3.Connection
    refused: int = 0
    answered: int = 0
    _version: int = -1
    _before: dict[str, list[str]] = field(default_factory=dict)

    def take(self, one: Attempt | Request) -> None:
        """Take whatever comes."""
        if isinstance(one, Request):
            self.ask(one)
        else:
            self.attempt(one)

    def attempt(self, attempt: Attempt) -> Answer:
        """Hand something to the doors of Slack, and check everything that follows."""
        self._put_back()
        self.doors.slack.homes.clear()
        body = dict(attempt.body)
        if body.pop("answer", attempt.door == "command"):
            body["response_url"] = self.doors.response_url
        started = time.thread_time()
        with logged_errors() as errors:
            answer = self.doors.knock(body)
        assert time.thread_time() - started < MOST_SECONDS, "Slack has given up by now"
        assert not answer.log, answer.log[0]
        assert errors == []
        assert answer.status == 200, f"answered {answer.status}"
        self._is_shown_by_slack(answer)
        if not attempt.silent and (body.get("actions") or [{}])[0].get("action_id") not in WORDLESS:
            self._tells(answer, attempt.by, json.dumps(body))
        return answer

    def ask(self, request: Request) -> int:
        """Send something to the API, and check everything that follows; return the status."""
        self._put_back()
        tokens = {"ours": self.api.token, "theirs": self.other_api.token}
        headers = dict(request.headers)
        if request.token is not None:
            headers["Authorization"] = f"Bearer {tokens.get(request.token, request.token)}"
        with logged_errors() as errors:
            answer = self.api.client.request(
                request.method, request.path, params=request.query, content=request.content, headers=headers
            )
        assert errors == []
        assert answer.status_code in _TOLD, answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", answer.headers
            assert " " in answer.json()["detail"].rstrip("."), answer.text
            assert self._changed() == set(), f"refused with {answer.text} and changed"
        assert "Traceback" not in answer.text
        return answer.status_code

    def _tells(self, answer: Answer, reader: str, said: str) -> None:
        # Some buttons of the Home are answered by the Home itself.
        shown = "\n".join([answer.words, *(words(home) for home in self.doors.slack.homes.values())])
        lines = [line.strip() for line in shown.splitlines() if line.strip()]
        assert lines, "no sentence"
        assert "Something went wrong" not in shown
        assert "theirs" in said or "theirs" not in shown, "another workspace's"
        for line in lines:
            assert not (reader in SWEDES and line in english_alone()), f"English to a Swede: {line}"
        if answer.ack.get("response_action") == "errors" or any(refusals().match(line) for line in lines):
            self.refused += 1
            assert self._changed() == set(), f"refused and changed {self._changed()}: {lines}"
        else:
            self.answered += 1

    @staticmethod
    def _is_shown_by_slack(answer: Answer) -> None:
        problems = []
        if "view" in answer.ack:
            problems += validate_view(answer.ack["view"])
        for told in ([answer.ack] if "blocks" in answer.ack else []) + answer.shown:
            if "blocks" in told and told.get("type") not in ("modal", "home"):
                problems += validate_blocks(told["blocks"], surface="message")
        for block, error in (answer.ack.get("errors") or {}).items():
            problems += [] if block and 0 < len(error) <= 2000 else [f"error at {block!r}: {error!r}"]
        assert problems == []

    # The database

    def _put_back(self) -> None:
        if self._now() != self._version:
            self.known.backup(self.file)
            self._version, self._before = self._now(), self._rows()

    def _now(self) -> int:
        """Return a number that another connection's change moves."""
        number: int = self.file.execute("PRAGMA data_version").fetchone()[0]
        return number

    def _changed(self) -> set[str]:
        if self._now() == self._version:
            return set()
        after = self._rows()
        assert self.file.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name for name, rows in after.items() if rows != self._before[name]} - ASIDE

    def _rows(self) -> dict[str, list[str]]:
        names = [name for (name,) in self.file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(repr, self.file.execute(f"SELECT * FROM {name}"))) for name in names}  # noqa: S608


@contextmanager
def a_gauntlet(sessions: Sessions, response_urls: ResponseUrls) -> Iterator[Gauntlet]:
    """Build both workspaces and open all doors; the database must be a SQLite file."""
    ours, theirs = a_side(sessions, 1, "ours"), a_side(sessions, OTHERS_FROM, "theirs")
    assert (ours["team_id"], ours["hat_id"], ours["kpi_id"], theirs["team_id"]) == (2, 5, 7, 1001), (
        "as hostile.py has it"
    )
    team = ours["team"]
    a_member(sessions, team, "Pia ours", slack_user_id="U7")
    for user in sorted(SWEDES):
        a_member(sessions, team, user, slack_user_id=user, locale="sv-SE", refreshed_at=NOW)
    a_member(sessions, team, "Gus", slack_user_id="U0GUEST", is_restricted=True, refreshed_at=NOW)
    a_member(sessions, team, "Gone", slack_user_id="U0GONE", deleted=True, refreshed_at=NOW)
    a_member(sessions, team, "Stig", slack_user_id="U0STRANGER", is_stranger=True, refreshed_at=NOW)
    with sessions.write() as session:
        sara = members.by_slack_id(session, team.workspace_id, "U0SARA")
        teams.set_admin(session, team.id, sara.id if sara else 0, is_admin=True)
    path = sessions.engine.url.database or ""
    with (
        open_doors(sessions, StandingClock(NOW), response_urls, OURS, THEIRS) as doors,
        an_api(sessions) as api,
        an_api(sessions) as other_api,
    ):
        file, known = sqlite3.connect(path), sqlite3.connect(":memory:")
        try:
            file.backup(known)
            yield Gauntlet(sessions, doors, api, other_api, known, file)
        finally:
            file.close()
            known.close()


@pytest.fixture(scope="module")
def response_urls() -> Iterator[ResponseUrls]:
    """Somebody at the response_urls, for a module."""
    with taking_responses() as ready:
        yield ready


@pytest.fixture
def gauntlet(sqlite_sessions: Sessions, response_urls: ResponseUrls) -> Iterator[Gauntlet]:
    """A gauntlet on a database of its own."""
    with a_gauntlet(sqlite_sessions, response_urls) as ready:
        yield ready


@contextmanager
def logged_errors() -> Iterator[list[str]]:
    """Collect what the standard library's log is told of failures, Bolt's among them."""
    told: list[str] = []

    class Ears(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(f"{record.name}: {record.getMessage()}")

    ears = Ears(logging.ERROR)
    logging.getLogger().addHandler(ears)
    try:
        yield told
    finally:
        logging.getLogger().removeHandler(ears)


@cache
def refusals() -> re.Pattern[str]:
    """Match a line that refuses, in any language."""
    swedish = translations("sv")
    sentences = {said for several in REFUSALS.values() for one in several for said in (one, swedish.gettext(one))}
    patterns = [_PLACEHOLDER.sub(".*", re.escape(one).replace("%\\(", "%(").replace("\\)s", ")s")) for one in sentences]
    return re.compile("|".join(f"(?:{pattern})$" for pattern in sorted(patterns)), re.DOTALL)


@cache
def english_alone() -> frozenset[str]:
    """Return English sentences without placeholders that are said in other words in Swedish."""
    with translations_file("sv").open("rb") as file:
        catalogue = read_po(file)
    pairs = [(entry.id, entry.string) for entry in catalogue if isinstance(entry.id, str)]
    return frozenset(english for english, swedish in pairs if len(english.split()) > 3 and swedish not in (english, ""))
