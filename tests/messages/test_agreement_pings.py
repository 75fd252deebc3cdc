"""Messages about agreements, with real people whose names, hats and reasons are hostile: who is pinged."""

import inspect
import re
from dataclasses import dataclass

import pytest

from messages.catalog import agreements
from messages.content import Message, Person
from tests.messages.content import PEOPLE, Content
from tests.messages.examples import EXAMPLES
from tests.messages.test_every_message import problems, shown

AGREEMENTS = (
    "agreement_note",
    "announcement",
    "change_modal",
    "counter_modal",
    "decision",
    "decline_modal",
    "force_modal",
    "forced",
    "hat_history",
    "later_modal",
    "passing_on",
    "proposal",
    "proposal_closed",
    "propose_modal",
    "review",
    "review_done",
    "step_down_modal",
    "volunteers_wanted",
)
LIVE = re.compile(r"<[!@#][^>]*>?")


@dataclass(frozen=True)
class Impostors(Content):
    """Hostile texts of more than 3,000 characters, about people whom Slack knows."""

    kind: str = "hostile"

    def people(self, number: int) -> tuple[Person, ...]:
        return tuple(Person(PEOPLE[i % 3], self.text("Anna Berg")) for i in range(number))


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("name", AGREEMENTS)
def test_only_people_whom_it_is_about_can_be_pinged_and_slack_takes_it(name: str, language: str) -> None:
    assert len(Impostors().text("")) > 3000
    for rendered in EXAMPLES[name](Impostors(), language):
        assert problems(rendered) == []
        live = {found for text in shown(rendered) for found in LIVE.findall(text)}
        assert live <= {f"<@{person}>" for person in PEOPLE}
        assert not any(mark in text for text in shown(rendered) for mark in ("\u202e", "\u202c", "\x00", "\ud800"))


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_channel_hears_of_an_owner_with_a_ping_to_nobody_else(language: str) -> None:
    content = Impostors()
    said = content.announcement
    others = {person.slack_id for person in (said.earlier, said.forced_by) if person}
    assert len(others - {said.owner.slack_id}) == 2
    for rendered in EXAMPLES["announcement"](content, language):
        assert {found for text in shown(rendered) for found in LIVE.findall(text)} == {f"<@{said.owner.slack_id}>"}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_channel_that_is_asked_for_volunteers_pings_nobody(language: str) -> None:
    for rendered in EXAMPLES["volunteers_wanted"](Impostors(), language):
        assert isinstance(rendered, Message)
        assert [found for text in shown(rendered) for found in LIVE.findall(text)] == []


def test_every_message_about_agreements_is_looked_at() -> None:
    made = {name for name, made in vars(agreements).items() if inspect.isfunction(made) and not name.startswith("_")}
    assert {name for name in made if made_here(name)} - {"agreement_text"} <= set(AGREEMENTS)


def made_here(name: str) -> bool:
    return bool(getattr(agreements, name).__module__ == agreements.__name__)
