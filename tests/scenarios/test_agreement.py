"""Hats find their owners, with the real bot in both languages: offers, answers, two at once, passing on, deciding."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from bot.playground.seed import ANNA, ERIK, GRACE, JOHAN, MARIA, OSKAR, SARA
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.agreeing import press, typed
from tests.support.world import MONDAY, World, buttons, fields, open_world, spoken

pytestmark = pytest.mark.scenario

Json = dict[str, Any]
POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("agreement on postgres"))
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("agreement on sqlite")),
    pytest.param("http", "sv", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """What is typed in a language, and what it says."""

    volunteer: str
    wishes: str
    owns: str
    decided: str
    closed: str
    propose: str
    means: str
    unreadable: str
    suggests: str
    countered: str
    agreed: str
    hand_over: str
    private: str
    declined: str
    step_down: str
    looks_for: str
    takes_over: str
    force: str
    forced: str
    withdraw: str


SAID = {
    "en": Said(
        volunteer="volunteer prospecting",
        wishes="would like to own the hat *Prospecting*",
        owns="is our defender for *Prospecting*.",
        decided="has been decided already",
        closed="Agreed: Maria",
        propose="propose booking @erik",
        means="you keep your other work",
        unreadable="I can't read “many” as a number.",
        suggests="suggests something else for the hat *Meeting booking*",
        countered="You suggested something else",
        agreed="Agreed: Erik",
        hand_over="pass email-nurturing @johan",
        private="The reason is for you alone.",
        declined="said no to the offer",
        step_down="step-down booking",
        looks_for="looks for somebody to pass the hat *Meeting booking* on to",
        takes_over="would like to take over your hat *Meeting booking*",
        force="force booking @erik She asked for it <!channel>",
        forced="Anna has decided",
        withdraw="withdraw email-nurturing",
    ),
    "sv": Said(
        volunteer="anmäl prospecting",
        wishes="vill gärna äga hatten *Prospektering*",
        owns="är vår försvarare för *Prospektering*.",
        decided="är redan avgjort",
        closed="Överenskommet: Maria",
        propose="föreslå booking @erik",
        means="du behåller ditt övriga arbete",
        unreadable="Jag kan inte läsa ”many” som ett tal.",
        suggests="föreslår något annat för hatten *Mötesbokning*",
        countered="Du föreslog något annat",
        agreed="Överenskommet: Erik",
        hand_over="lämna email-nurturing @johan",
        private="Skälet är bara för dig.",
        declined="tackade nej till erbjudandet",
        step_down="avgå booking",
        looks_for="söker någon att lämna hatten *Mötesbokning* vidare till",
        takes_over="vill gärna ta över din hatt *Mötesbokning*",
        force="bestäm booking @erik She asked for it <!channel>",
        forced="Anna har bestämt",
        withdraw="återta email-nurturing",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path, language=language, mode=mode) as lived:
        lived.start()
        yield lived


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_hats_find_their_owners(world: World) -> None:
    said = SAID[world.language]
    two_admins_say_yes_at_the_same_instant(world, said)
    a_hat_is_passed_on_after_a_counter(world, said)
    a_no_is_private(world, said)
    an_owner_steps_down_and_somebody_volunteers(world, said)
    an_admin_decides(world, said)
    pings = [text for message in world.posted() for text in spoken(message).split("<@")[1:]]
    assert {ping.split(">")[0] for ping in pings} <= {MARIA, ERIK}, "only new owners are pinged"
    assert len(world.posted()) == 4, "each change of hands was announced once"
    an_answer_is_put_off_and_the_offer_taken_back(world, said)


def last(world: World, user: str, part: str) -> Json:
    """Return the message in which a person reads this, once it is there."""
    return world.eventually(lambda: next((m for m in reversed(world.told(user)) if part in spoken(m)), None))


def two_admins_say_yes_at_the_same_instant(world: World, said: Said) -> None:
    typed(world, ANNA, "admin @sara")
    assert f"<@{ANNA}>" in spoken(typed(world, MARIA, said.volunteer))
    offers = {admin: last(world, admin, said.wishes) for admin in (ANNA, SARA)}
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(press, world, admin, offer, ids.OFFER_ACCEPT) for admin, offer in offers.items()]:
            done.result()
    late = world.eventually(
        lambda: [admin for admin in offers if said.decided in spoken(world.playground.modal(admin) or {})]
    )
    assert len(late) == 1, "one wins, the other reads a kind sentence"
    (announced,) = world.eventually(world.posted)
    assert f"<@{MARIA}> {said.owns}" in spoken(announced)
    for admin in offers:
        closed = last(world, admin, said.closed)
        assert closed["ts"] == offers[admin]["ts"]
        assert buttons(closed) == []


def a_hat_is_passed_on_after_a_counter(world: World, said: Said) -> None:
    typed(world, OSKAR, said.propose)
    offer = last(world, ERIK, said.means)
    view = press(world, ERIK, offer, ids.OFFER_COUNTER, wait=10)["view"]
    (target,) = [b["block_id"] for b in fields(view).values() if b["block_id"].startswith(ids.TERM_BLOCK)]
    wrong = world.playground.submit(ERIK, {target: "many", ids.REASON_BLOCK: "Fewer hours"})
    assert said.unreadable in wrong["errors"][target]
    assert world.playground.submit(ERIK, {target: "35"})["ok"]
    countered = last(world, OSKAR, said.suggests)
    assert "Fewer hours" in spoken(countered)
    last(world, ERIK, said.countered)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: press(world, OSKAR, countered, ids.OFFER_ACCEPT), range(2)))
    closed = last(world, OSKAR, said.agreed)
    assert buttons(closed) == []
    world.eventually(lambda: len(world.posted()) == 2)
    assert "35" in spoken(world.posted()[-1])


def a_no_is_private(world: World, said: Said) -> None:
    typed(world, OSKAR, said.hand_over)
    offer = last(world, JOHAN, said.means)
    press(world, JOHAN, offer, ids.OFFER_DECLINE, wait=10)
    assert world.playground.submit(JOHAN, {ids.REASON_BLOCK: "My father is ill"})["ok"]
    answer = last(world, OSKAR, said.declined)
    assert "My father is ill" in spoken(answer)
    assert said.private in spoken(answer)
    elsewhere = [*world.posted(), *world.told(ANNA), *world.told(SARA), typed(world, SARA, "history email-nurturing")]
    assert "father" not in spoken(elsewhere)


def an_owner_steps_down_and_somebody_volunteers(world: World, said: Said) -> None:
    typed(world, ERIK, said.step_down)
    assert world.playground.submit(ERIK, {})["ok"]
    asked = last(world, MARIA, said.looks_for)
    last(world, ANNA, said.looks_for)
    press(world, MARIA, asked, ids.VOLUNTEER)
    press(world, ERIK, last(world, ERIK, said.takes_over), ids.OFFER_ACCEPT)
    world.eventually(lambda: len(world.posted()) == 3)
    assert f"<@{MARIA}>" in spoken(world.posted()[-1])


def an_admin_decides(world: World, said: Said) -> None:
    typed(world, ANNA, said.force)
    for user in (ERIK, MARIA):
        told = last(world, user, "She asked for it")
        assert f"<@{ANNA}>" in spoken(told)
        assert "<!channel>" not in spoken(told)
    world.eventually(lambda: len(world.posted()) == 4)
    assert said.forced in spoken(world.posted()[-1])


def an_answer_is_put_off_and_the_offer_taken_back(world: World, said: Said) -> None:
    typed(world, OSKAR, "propose email-nurturing @grace")
    offer = world.eventually(lambda: [m for m in world.told(GRACE) if buttons(m)])[0]
    assert "you keep your other work" in spoken(offer), "she has never been spoken of, and reads her own language"
    press(world, GRACE, offer, ids.OFFER_LATER, wait=10)
    assert world.playground.submit(GRACE, {ids.LATER_INPUT: "monday"})["ok"]
    last(world, GRACE, "I ask again on 30 November 2026.")
    world.go_to(MONDAY, 15, weeks=1)  # her morning
    reminder = last(world, GRACE, "A kind reminder")
    typed(world, OSKAR, said.withdraw)
    closed = world.eventually(
        lambda: [m for m in world.told(GRACE) if m["ts"] == reminder["ts"] and "was taken back" in spoken(m)]
    )
    assert buttons(closed[0]) == []
