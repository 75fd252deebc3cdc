"""A room in which people agree on a hat, and what they do there."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from bot.domain.errors import Refused
from bot.services.agreements import agreement_answers, agreements, ownership
from bot.services.agreements.agreement_chores import look_after_agreements
from bot.services.agreements.agreement_form import TermProblems, Typed
from bot.services.agreements.agreement_table import Made
from storage import assignments, kpis
from storage.tables import Assignment, Hat, Kpi, Member
from tests.support.builders import a_hat, a_kpi, a_target
from tests.support.club import Club
from tests.support.week import CHANNEL, TUESDAY


@dataclass
class Room(Club):
    """The club with a vacant hat `sales` that has one KPI, deals, with a target of 10 since the start of the year."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.sales: Hat = a_hat(self.sessions, self.team, "Sales", position="forward", created_at=TUESDAY)
        self.deals: Kpi = a_kpi(self.sessions, self.sales, "Deals")
        a_target(self.sessions, self.deals, 10)
        self.maria = self.joins("Maria")
        self.made: Made | None = None

    def propose(self, by: Member, to: Member, hat: str = "sales") -> Made:
        return agreements.propose(
            self.sessions, self.directory, self.asker(by), hat, to.slack_user_id, now=self.now
        ).content

    def volunteers(self, member: Member, hat: str = "sales") -> Made:
        return agreements.volunteer(self.sessions, self.directory, self.asker(member), hat, now=self.now).content

    def accept(self, member: Member, made: Made, round_: int = 1) -> Made:
        key = f"{made.proposal_id}.{round_}"
        return agreement_answers.accept(self.sessions, self.asker(member), key, now=self.now).content

    def counter(
        self, member: Member, made: Made, target: str, round_: int = 1, why: str = "Fewer", extra: str = ""
    ) -> Made | TermProblems:
        typed = Typed({self.deals.id or 0: target}, extra, "3" if extra else "", why)
        key = f"{made.proposal_id}.{round_}"
        return agreement_answers.counter(self.sessions, self.asker(member), key, typed, now=self.now).content

    def decline(self, member: Member, made: Made, why: str = "", round_: int = 1) -> Made:
        key = f"{made.proposal_id}.{round_}"
        return agreement_answers.decline(self.sessions, self.asker(member), key, why, now=self.now).content

    def force(self, by: Member, to: Member, why: str, hat: str = "sales") -> ownership.Forced:
        return ownership.force(
            self.sessions, self.directory, self.asker(by), hat, to.slack_user_id, why, now=self.now
        ).content

    def channel(self) -> list[str]:
        self.replica.tick()
        return [said.words for said in self.slack.all_in(CHANNEL) if "for" in said.words]

    def shown(self, member: Member) -> list[tuple[str, bool]]:
        """Send what is owed, and return what a person's messages say by now, and whether each has buttons."""
        self.replica.tick()
        changed = {(channel, ts): message for _, channel, ts, message in self.slack.updates}
        standing = [
            changed.get((said.channel, said.ts), said.message) for said in self.slack.all_in(member.slack_user_id)
        ]
        return [(one.text, any(block["type"] == "actions" for block in one.blocks)) for one in standing]

    def target(self, week: str) -> Decimal | None:
        with self.sessions.read() as session:
            found = kpis.target_at(session, self.deals.id or 0, week)
            return found.value if found else None

    def history(self, hat: Hat) -> list[Assignment]:
        with self.sessions.read() as session:
            return [assignment for assignment, _ in assignments.of_hat(session, hat.id or 0)]

    def passes(self, **time: float) -> None:
        self.clock.forward(**time)
        look_after_agreements(self.sessions, self.now)


def refused(work: object, *arguments: object) -> str:
    with pytest.raises(Refused) as caught:
        work(*arguments)  # type: ignore[operator]
    return caught.value.name


def pings(words: str) -> list[str]:
    """Return whom words ping, Slack's ids."""
    return [part.split(">")[0] for part in words.split("<@")[1:]]
