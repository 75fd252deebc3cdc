"""The accounts of a long run notice whatever is lost or doubled: each loss is planted, and must be named."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import select

from bot.playground.seed import ANNA, TEAM_CHANNEL
from storage import Sessions
from storage.tables import Assignment, Delivery, Hat, Member, Proposal, Question, Reading
from tests.scenarios.conftest import NewDatabase
from tests.support.accounts import assigned, settle_up
from tests.support.builders import added
from tests.support.database import opened
from tests.support.ledger import Ledger
from tests.support.world import World, open_world


@dataclass
class Scene:
    """A world in which nobody acts: what is posted and stored here is planted by the test."""

    world: World
    sessions: Sessions
    ledger: Ledger = field(default_factory=Ledger)

    def __post_init__(self) -> None:
        with self.sessions.read() as session:
            self.hat = session.exec(select(Hat).where(Hat.slug == "booking")).one()
            self.member = session.exec(select(Member).where(Member.slack_user_id == ANNA)).one()
            self.reading = session.exec(select(Reading).order_by(Reading.id.desc())).first()  # type: ignore[union-attr]

    @property
    def scope(self) -> dict[str, Any]:
        return {"workspace_id": self.hat.workspace_id, "team_id": self.hat.team_id}

    def owes(self, key: str, **columns: Any) -> None:
        """Store a delivery."""
        now = self.world.now()
        row = {"kind": "digest", "recipient": TEAM_CHANNEL, "period": key, "state": "sent", "key": key, **columns}
        added(self.sessions, Delivery(**self.scope, due_at=now, not_before=now, attempts=1, **row))

    def posts(self, text: str, key: str = "", **more: Any) -> None:
        """Let the bot post in the team's channel."""
        metadata = {"metadata": {"event_type": "hattrick_delivery", "event_payload": {"key": key}}} if key else {}
        while True:
            said = httpx.post(
                f"{self.world.playground.api_url}chat.postMessage",
                headers={"Authorization": f"Bearer {self.world.settings['SLACK_BOT_TOKEN']}"},
                json={"channel": TEAM_CHANNEL, "text": text, **metadata, **more},
            )
            if said.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(int(said.headers["Retry-After"]))
        assert said.json()["ok"], said.json()

    def says_yes(self) -> None:
        """Store that somebody accepted the hat."""
        now = self.world.now()
        who = {"candidate_id": self.member.id, "counterpart_id": self.member.id}
        times = {"offered_at": now, "expires_at": now, "decided_at": now}
        added(self.sessions, Proposal(**self.scope, hat_id=self.hat.id, state="accepted", **who, **times))

    def takes_over(self) -> None:
        """Let somebody own the hat after whoever owned it."""
        now = self.world.now()
        with self.sessions.write() as session:
            live = session.exec(
                select(Assignment).where(Assignment.hat_id == self.hat.id, Assignment.ended_at == None)  # noqa: E711
            ).one()
            live.ended_at, live.ending = now, "handed_over"
            session.flush()
            row = {"hat_id": self.hat.id, "member_id": self.member.id, "started_at": now}
            session.add(Assignment(workspace_id=self.hat.workspace_id, **row))

    def asks(self, text: str, key: str) -> None:
        """Store a question."""
        row = {"hat_id": self.hat.id, "asker_id": self.member.id, "asked_at": self.world.now()}
        added(self.sessions, Question(workspace_id=self.hat.workspace_id, text=text, key=key, **row))

    def file(self, *statements: str) -> None:
        """Change the file behind the back of every constraint."""
        connection = sqlite3.connect(self.sessions.engine.url.database or "", isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()


def _twice(scene: Scene) -> None:
    scene.owes("twice")
    scene.posts("Digest", "twice")
    scene.posts("Digest", "twice")


def _reported(scene: Scene, value: int) -> None:
    assert scene.reading is not None
    key = (scene.reading.kpi_id, scene.reading.period)
    scene.ledger.sends(ANNA, [key], value)
    scene.ledger.reported(ANNA, [key], value)


def _asked_aloud(scene: Scene) -> None:
    said = scene.world.playground.say(ANNA, "Who owns the newsletter?", channel=TEAM_CHANNEL)
    scene.ledger.asks_aloud(said["ts"])
    for _ in range(2):
        scene.posts("Oskar", thread_ts=said["ts"])


PLANTED: list[tuple[Callable[[Scene], Any], str]] = [
    (_twice, "the message twice is there 2 times"),
    (lambda scene: scene.owes("lost"), "digest lost to C0HATTRICK is recorded as sent and is not there"),
    (lambda scene: scene.owes("W", kind="question", state="claimed"), "question W to C0HATTRICK is claimed: None"),
    (lambda scene: _reported(scene, 4711), "and nothing tells"),
    (lambda scene: scene.ledger.asked.add("Where?"), "'Where?' was taken and is not there"),
    (lambda scene: scene.ledger.answered.add("Here."), "'Here.' was taken and is not there"),
    (lambda scene: [scene.asks("Who?", key) for key in "ab"], "'Who?' is there 2 times"),
    (_asked_aloud, "was answered 2 times"),
    (Scene.says_yes, "1] accepted it, and then [] owned it"),
    (lambda scene: scene.posts("*Agreed:* *Meeting booking* is yours."), ": 1 people read that it is theirs"),
    (lambda scene: [scene.takes_over() for _ in range(2)], "1] accepted it, and then [1, 1] owned it"),
    (
        lambda scene: scene.file("DELETE FROM assignment WHERE ended_at = (SELECT max(ended_at) FROM assignment)"),
        "an owner who does not follow the one before",
    ),
    (
        lambda scene: scene.file("PRAGMA foreign_keys = OFF", "UPDATE question SET hat_id = 4711 WHERE text = 'Who?'"),
        "foreign_key_check",
    ),
    (lambda scene: scene.ledger.wrong.append("ANNA reads of a crash"), "ANNA reads of a crash"),
]


@pytest.mark.scenario
def test_whatever_is_lost_or_doubled_is_named(new_database: NewDatabase, tmp_path: Path) -> None:
    with (
        new_database("sqlite", tmp_path) as url,
        open_world(url, tmp_path) as world,
        opened(url) as sessions,
    ):
        scene, before = Scene(world, sessions), assigned(sessions)

        def problems(weeks: list[str], *always: str) -> list[str]:
            return settle_up(world, scene.ledger, weeks=weeks, always=always, before=before).problems

        known = problems([])
        assert known == []
        for plant, named in PLANTED:
            plant(scene)
            now = problems([])
            assert any(named in problem for problem in set(now) - set(known)), (named, now)
            known = now
        missing = set(problems(["2026-W50"], ANNA)) - set(known)
        assert missing == {f"{ANNA} was not asked about 2026-W50", "there was no digest of 2026-W50"}
