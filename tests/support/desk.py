"""A desk at which questions are asked, passed on, taken and answered, with what each person saw of it."""

from typing import Any

from sqlmodel import select

from bot.listeners.questioning import refresh_cards
from bot.services.questions import question_answering, question_asking
from bot.services.questions.question_chores import look_after_questions
from messages import ids
from storage import Sessions, teams
from storage.tables import Hat, Member, Question
from tests.support.builders import a_hat, owns
from tests.support.club import Club
from tests.support.fake_slack import Said, words
from tests.support.listening import Phone
from tests.support.week import CHANNEL

THREAD = "1764000000.000100"


class Desk:
    """Anna asks, Oskar owns the hat `email`, Bo is a colleague."""

    def __init__(self, sessions: Sessions) -> None:
        self.club = Club(sessions)
        self.bo = self.club.joins("Bo")
        self.phone = Phone(sessions, self.club.clock, self.club.slack)

    def asks(self, text: str) -> str:
        seen = self.phone.types(self.club.asker(self.club.anna), f"ask email {text}")
        self.club.replica.tick()
        return words(seen.get("blocks", []))

    def asks_in_thread(self, text: str = "Which flow?") -> None:
        place = {"channel_id": CHANNEL, "thread_ts": THREAD, "key": "Ev1", "now": self.club.now}
        asker = self.club.asker(self.club.anna)
        question_asking.ask_in_thread(self.club.sessions, asker, "email", text, **place)
        self.club.replica.tick()

    def writes(self, member: Member, ts: str) -> int | None:
        workspace = self.club.workspace.slack_team_id
        found = question_answering.noticed_reply(
            self.club.sessions, workspace, CHANNEL, THREAD, member.slack_user_id, ts, now=self.club.now
        )
        if found is not None:
            refresh_cards(self.phone.deps, workspace, found)
        self.club.replica.tick()
        return found

    def replies(self, member: Member, text: str) -> dict[str, Any]:
        values = {ids.REPLY_BLOCK: {ids.REPLY_INPUT: {"value": text}}}
        acked = self.phone.submits(self.club.asker(member), ids.REPLY_SUBMIT, f"{self.question.id}.1", values)
        self.club.replica.tick()
        return acked

    def presses(self, member: Member, action: str, value: str = "") -> None:
        self.phone.presses(self.club.asker(member), action, value or str(self.question.id))
        self.club.replica.tick()

    def passes(self, member: Member, hop: int = 1, **chosen: str) -> dict[str, Any]:
        """Submit 'Not my hat' with a hat's id, a person's id or a note; return the acknowledgement."""
        held = {"hat": {"selected_option": None}, "person": {"selected_user": None}, "note": {"value": None}}
        if "hat" in chosen:
            held["hat"] = {"selected_option": {"value": chosen["hat"]}}
        held["person"]["selected_user"], held["note"]["value"] = chosen.get("person"), chosen.get("note")
        values = {ids.FORM_BLOCK + name: {ids.FORM_INPUT: field} for name, field in held.items()}
        state = f"{self.question.id}.{hop}"
        acked = self.phone.submits(self.club.asker(member), ids.NOT_MINE_SUBMIT, state, values)
        self.club.replica.tick()
        return acked

    def passes_time(self, **step: float) -> None:
        """Let time go by, with a chore and a tick at its end."""
        self.club.clock.forward(**step)
        look_after_questions(self.club.sessions, self.club.now)
        self.club.replica.tick()

    def hat_of(self, member: Member, name: str, **columns: Any) -> Hat:
        """Add a hat that a member owns."""
        hat = a_hat(self.club.sessions, self.club.team, name, **columns)
        owns(self.club.sessions, member, hat, since=self.club.now)
        with self.club.sessions.write() as session:
            teams.touch_directory(session, self.club.team.id or 0)
        return hat

    @property
    def question(self) -> Question:
        return self.stored(Question)[-1]

    def stored(self, table: type[Any]) -> list[Any]:
        with self.club.sessions.read() as session:
            return list(session.exec(select(table)))

    def told(self, member: Member) -> list[Said]:
        return self.club.slack.all_in(member.slack_user_id)

    def in_dm(self, member: Member) -> list[Said]:
        """Return all that the bot wrote to a person, in threads as well."""
        return self.club.slack.all_in(f"D{member.slack_user_id[1:]}")

    def in_thread(self, channel: str, ts: str) -> list[str]:
        return [said.words for said in self.club.slack.all_in(channel) if said.thread_ts == ts]
