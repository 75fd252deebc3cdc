"""People who use the bot all the time, each in a thread of their own."""

import random
import threading
import time
from collections.abc import Callable
from typing import Self

import httpx

from bot.playground.seed import ANNA, ERIK, JOHAN, MARIA, OSKAR, SARA, TEAM_CHANNEL
from bot.services.readings.report_form import FormState
from messages import ids
from tests.support.bot_process import CRASHES
from tests.support.ledger import Json, Ledger
from tests.support.playground import PlaygroundClient, StepRefused
from tests.support.soaking import Artefact
from tests.support.world import buttons, spoken

PAUSE = (0.1, 1.0)  # seconds between two things that somebody does
WAIT_SECONDS = 2.0
# Two hats go round, from their first owner on.
HANDED_TO = {OSKAR: "@erik", ERIK: "@maria", MARIA: "@oskar"}
PASSED_ON = ("booking", "email-nurturing")


class Person(threading.Thread):
    """Somebody who does one thing after another until the crowd is asked to stop."""

    def __init__(self, user: str, crowd: "Crowd", seed: str) -> None:
        super().__init__(name=user, daemon=True)
        self.user, self.crowd, self.ledger = user, crowd, crowd.ledger
        self.slack = PlaygroundClient(crowd.playground.url)
        self.chance = random.Random(seed)
        self.submitted: set[str] = set()
        self.accepted: set[str] = set()
        self.steps = [self.who, self.report, self.report, self.ask, self.answer, self.answer, self.home, self.ask_aloud]
        if user in HANDED_TO:
            self.steps += 4 * [self.accept, self.hand_over]

    def run(self) -> None:
        """Act."""
        while not self.crowd.ending.is_set():
            if self.crowd.resting.is_set():
                self.crowd.ending.wait(0.05)
                continue
            with self.crowd.acting:
                step = self.chance.choice(self.steps)
                try:
                    step()
                except StepRefused:
                    self.ledger.count("steps that were not possible any more")
                except (httpx.HTTPError, AssertionError) as problem:
                    self.ledger.wrong.append(f"{self.user} {step.__name__}: {problem!r}")
            self.crowd.ending.wait(self.chance.uniform(*PAUSE))
        self.slack.close()

    def who(self) -> None:
        """Ask who has a hat: an answer that comes is one message."""
        hat = self.chance.choice(("libero", "booking", "newsletter", "campaigns", "prospector"))
        came = self.slack.command(self.user, TEAM_CHANNEL, f"/hat who {hat}")
        self._looked_at(came)
        # What somebody is told late about a hat that they passed on may come in between.
        answers = [message for message in came["messages"] if message["ephemeral_to"]]
        if came["ok"] and len(answers) != 1 and self.hand_over not in self.steps:
            self.ledger.wrong.append(f"/hat who was answered with {len(answers)} messages")
        self.ledger.count("commands answered" if came["ok"] else "commands without an answer")

    def report(self) -> None:
        """Report the numbers of the latest week that was asked about, or change them."""
        asking = [m for m in self._told() if ids.REPORT_OPEN in _actions(m)]
        if not asking:
            return
        came = self._press(asking[-1], ids.REPORT_OPEN)
        view = came["view"]
        if not view or view["callback_id"] != ids.REPORT_SUBMIT:
            return
        kpis = [int(b["block_id"].removeprefix(ids.KPI_BLOCK)) for b in view["blocks"] if _is_number(b)]
        week = FormState.read(view["private_metadata"]).duty.partition(":")[2]
        value = self.chance.randint(1, 400)
        keys = [(kpi, week) for kpi in kpis]
        values = {f"{ids.KPI_BLOCK}{kpi}": str(value) for kpi in kpis}
        self.ledger.sends(self.user, keys, value)
        came = self.slack.submit(self.user, values)
        self._looked_at(came)
        if came["ok"] and "Thanks!" in spoken(came["view"] or {}):
            self.ledger.reported(self.user, keys, value)

    def ask_aloud(self) -> None:
        """Ask in the channel who has a hat: an event, whose answer stands in the thread."""
        said = self.slack.say(self.user, "Who owns the newsletter?", channel=TEAM_CHANNEL)
        self.ledger.asks_aloud(said["ts"])

    def ask(self) -> None:
        """Ask a hat's owner something."""
        hat = self.chance.choice(("email-nurturing", "campaigns", "sales", "online-presence"))
        came = self.slack.command(self.user, TEAM_CHANNEL, f"/hat ask {hat}", wait=WAIT_SECONDS)
        self._looked_at(came)
        if not came["view"] or came["view"]["callback_id"] != ids.ASK_SUBMIT:
            return
        text = f"Question {self.user}-{self.chance.randrange(10**9)}"
        self.ledger.tried.add(text)
        came = self.slack.submit(self.user, {ids.ASK_INPUT: text})
        self._looked_at(came)
        if came["ok"] and text in spoken(came["view"] or {}):
            self.ledger.asked.add(text)

    def answer(self) -> None:
        """Answer a question that stands open in the person's DM."""
        cards = [m for m in self._told() if ids.QUESTION_REPLY in _actions(m)]
        if not cards:
            return
        view = self._press(self.chance.choice(cards), ids.QUESTION_REPLY)["view"]
        if not view or view["callback_id"] != ids.REPLY_SUBMIT:
            return
        text = f"Answer {self.user}-{self.chance.randrange(10**9)}"
        if view["id"] in self.submitted:
            # Its answer was lost on the way: what the form said then counts, and nothing that is sent with it later.
            self.slack.act("close", self.user)
            return
        self.submitted.add(view["id"])
        came = self.slack.submit(self.user, {ids.REPLY_INPUT: text})
        self._looked_at(came)
        # A form that closes has been taken; one that shows a sentence says why not.
        if came["ok"] and (came["view"] or {}).get("callback_id") != ids.NOTICE:
            self.ledger.answered.add(text)

    def accept(self) -> None:
        """Say yes to an offer, again where that had no effect."""
        offers = [m for m in self._told() if ids.OFFER_ACCEPT in _actions(m)]
        if not offers:
            return
        offer = self.chance.choice(offers)
        if offer["ts"] not in self.accepted:
            self.accepted.add(offer["ts"])
            self.ledger.count("offers accepted")
        self._press(offer, ids.OFFER_ACCEPT)

    def hand_over(self) -> None:
        """Offer a hat of one's own to the next one; who does not own it reads that."""
        line = f"/hat pass {self.chance.choice(PASSED_ON)} {HANDED_TO[self.user]}"
        came = self.slack.command(self.user, TEAM_CHANNEL, line, wait=WAIT_SECONDS)
        self._looked_at(came)

    def home(self) -> None:
        """Look at the Home."""
        self.slack.open_home(self.user, wait=0)

    def _press(self, message: Json, action: str) -> Json:
        came = self.slack.click(
            self.user, action, channel=message["channel"], message_ts=message["ts"], wait=WAIT_SECONDS
        )
        self._looked_at(came)
        return came

    def _told(self) -> list[Json]:
        return self.slack.messages(user=self.user, ephemeral=False)

    def _looked_at(self, came: Json) -> None:
        said = spoken(came["messages"], came["view"] or {})
        if any(word in said for word in CRASHES):
            self.ledger.wrong.append(f"{self.user} reads of a crash: {said}")
        if "Something went wrong" in said or "something_failed" in said:
            self.ledger.count("answers that something went wrong")


class Crowd:
    """The demo's six colleagues."""

    USERS = (ANNA, JOHAN, SARA, OSKAR, MARIA, ERIK)

    def __init__(self, playground: PlaygroundClient, artefact: Artefact) -> None:
        self.playground, self.ledger = playground, Ledger()
        self.ending, self.resting = threading.Event(), threading.Event()
        self.acting = threading.Semaphore(len(self.USERS))
        self._people = [Person(user, self, f"{artefact.seed} {user}") for user in self.USERS]

    def __enter__(self) -> Self:
        for person in self._people:
            person.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending.set()
        for person in self._people:
            person.join(timeout=30)

    def rest(self) -> None:
        """Let everybody finish what they do, and do nothing more until `go_on`."""
        self.resting.set()
        for _ in self._people:
            self.acting.acquire()
        for _ in self._people:
            self.acting.release()

    def go_on(self) -> None:
        """Act again."""
        self.resting.clear()


def wait_until(true: Callable[[], bool], what: str, *, seconds: float) -> None:
    """Wait for something; fail with `what` when it takes longer."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} has not come true within {seconds} s")
        time.sleep(0.05)


def _actions(message: Json) -> set[str]:
    return {one.get("action_id", "") for one in buttons(message)}


def _is_number(block: Json) -> bool:
    return block["type"] == "input" and str(block["block_id"]).startswith(ids.KPI_BLOCK)
