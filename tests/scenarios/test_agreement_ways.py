"""Every way in which an offer can go, with the real bot in both languages: one world each, one hat after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.period import Period
from bot.playground.seed import ANNA, ERIK, JOHAN, MARIA, OSKAR, SARA, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.agreeing import announced, at_the_same_instant, closed, dms, last_dm, press, typed
from tests.support.world import WEDNESDAY, World, buttons, open_world, spoken

pytestmark = pytest.mark.scenario

POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("agreement ways on postgres"))
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("ways of agreeing on sqlite")),
    pytest.param("http", "sv", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """The hats, and what is said in a language. Commands are typed in English and in Swedish in `test_agreement`."""

    prospecting: str
    booking: str
    campaigns: str
    email: str
    sales: str
    online: str
    offers: str
    suggests: str
    is_yours: str
    decided: str
    another_waits: str
    with_somebody: str
    is_over: str
    back: str
    ran_out: str
    without_an_answer: str
    reminder: str
    asked_owner: str
    other_targets: str
    targets_hold: str
    said_no_to_targets: str
    left: str
    still_fits: str
    stays: str
    until_accepted: str
    put_away: str
    has_been_put_away: str
    visits: str
    settled: str


SAID = {
    "en": Said(
        prospecting="Prospecting",
        booking="Meeting booking",
        campaigns="Campaigns",
        email="Email nurturing",
        sales="Sales",
        online="Online presence",
        offers="would like to pass the hat",
        suggests="suggests something else for the hat",
        is_yours="Agreed: *Meeting booking* is yours.",
        decided="has been decided already",
        another_waits="waits for an answer. One at a time",
        with_somebody="hears that you would like to own",
        is_over="is over: the hat, or somebody it was about, has changed since",
        back="is back, with its KPIs",
        ran_out="ran out. If you are still interested",
        without_an_answer="ran out without an answer",
        reminder="A kind reminder, in case it slipped by.",
        asked_owner="about the new target of",
        other_targets="suggests other targets for your hat *Campaigns*",
        targets_hold="hold from this week on; earlier weeks stay as they were",
        said_no_to_targets="would rather keep the targets of *Campaigns* as they are",
        left="does not play in Football team any more.",
        still_fits="Does it still fit?",
        stays="stays yours. We look at it again on",
        until_accepted="owns it until you accept.",
        put_away="suggests to put a KPI of the hat *Online presence* away",
        has_been_put_away="has been put away. What was reported stays",
        visits="Visits",
        settled="Erik settled who owns the hat *online-presence* · owner: Anna → Erik",
    ),
    "sv": Said(
        prospecting="Prospektering",
        booking="Mötesbokning",
        campaigns="Kampanjer",
        email="Bearbetning via mejl",
        sales="Försäljning",
        online="Närvaro på nätet",
        offers="vill gärna lämna hatten",
        suggests="föreslår något annat för hatten",
        is_yours="Överenskommet: *Mötesbokning* är din.",
        decided="är redan avgjort",
        another_waits="väntar på svar. Ett i taget",
        with_somebody="får veta att du gärna vill äga",
        is_over="är slut: hatten, eller någon det handlade om, har ändrats sedan dess",
        back="är tillbaka, med sina nyckeltal",
        ran_out="gick ut. Är du fortfarande intresserad",
        without_an_answer="gick ut utan svar",
        reminder="En vänlig påminnelse, ifall det gled förbi.",
        asked_owner="om det nya målet för",
        other_targets="föreslår andra mål för din hatt *Kampanjer*",
        targets_hold="gäller från och med den här veckan; tidigare veckor är som de var",
        said_no_to_targets="vill hellre behålla målen för *Kampanjer* som de är",
        left="är inte längre med i Fotbollslaget.",
        still_fits="Passar den fortfarande?",
        stays="förblir din. Vi tittar på den igen",
        until_accepted="äger den tills du tackar ja.",
        put_away="föreslår att ett nyckeltal för hatten *Närvaro på nätet* läggs undan",
        has_been_put_away="är undanlagt. Det som rapporterats finns kvar",
        visits="Besök",
        settled="Erik avgjorde vem som äger hatten *online-presence* · ägare: Anna → Erik",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path, language=language, mode=mode) as lived:
        lived.start()
        yield lived


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_every_way_in_which_an_offer_can_go(world: World) -> None:
    said = SAID[world.language]
    two_go_back_and_forth_until_both_agree_and_the_owner_stays_until_then(world, said)
    a_double_click_is_one_yes_and_the_second_press_gets_a_kind_sentence(world, said)
    of_two_who_volunteer_at_the_same_instant_one_is_heard(world, said)
    a_yes_and_an_admin_who_decides_at_the_same_instant_leave_one_owner(world, said)
    an_offer_for_a_hat_that_is_put_away_meanwhile_is_over(world, said)
    an_owner_who_is_deactivated_in_the_middle_of_a_hand_over_leaves_a_vacant_hat(world, said)
    another_target_needs_the_owners_consent(world, said)
    a_kpi_is_put_away_when_its_owner_agrees(world, said)
    an_offer_that_nobody_answers_is_reminded_of_once_and_runs_out(world, said)
    after_half_a_year_owners_keep_change_or_pass_on(world, said)
    admins_read_what_was_changed_in_sentences(world, said)


def submit_terms(world: World, user: str, target: str, reason: str) -> None:
    """Fill the form of other terms in, its one target and why."""
    view = world.playground.modal(user)
    assert view is not None
    (block,) = [b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith(ids.TERM_BLOCK)]
    assert world.playground.submit(user, {block: target, ids.REASON_BLOCK: reason})["ok"]


def owner_in(world: World, hat: str) -> str:
    return spoken(typed(world, SARA, f"who {hat}"))


def two_go_back_and_forth_until_both_agree_and_the_owner_stays_until_then(world: World, said: Said) -> None:
    typed(world, OSKAR, "pass booking @erik")
    offer = last_dm(world, ERIK, said.offers, said.booking)
    assert said.until_accepted in spoken(offer)
    for user, other, target in ((ERIK, OSKAR, "30"), (OSKAR, ERIK, "40"), (ERIK, OSKAR, "35")):
        press(world, user, offer, ids.OFFER_COUNTER, wait=10)
        submit_terms(world, user, target, f"Because {target}")
        offer = last_dm(world, other, said.suggests, f"Because {target}")
        assert f"<@{OSKAR}>" in owner_in(world, "booking")
    press(world, OSKAR, offer, ids.OFFER_ACCEPT)
    (told,) = world.eventually(lambda: announced(world, said.booking))
    assert f"<@{ERIK}>" in spoken(told)
    assert "35" in spoken(told)
    assert f"<@{ERIK}>" in owner_in(world, "booking")
    world.eventually(lambda: not [m for user in (OSKAR, ERIK) for m in dms(world, user, said.booking) if buttons(m)])


def a_double_click_is_one_yes_and_the_second_press_gets_a_kind_sentence(world: World, said: Said) -> None:
    before = len(announced(world, said.booking))
    typed(world, ERIK, "pass booking @maria")
    offer = last_dm(world, MARIA, said.offers, said.booking)
    at_the_same_instant([lambda: press(world, MARIA, offer, ids.OFFER_ACCEPT, wait=10)] * 2)
    closed(world, MARIA, offer, said.is_yours)
    world.eventually(lambda: said.decided in spoken(world.playground.modal(MARIA) or {}))
    world.eventually(lambda: len(announced(world, said.booking)) == before + 1)
    last_dm(world, ERIK, said.booking, f"<@{MARIA}>")
    assert len(announced(world, said.booking)) == before + 1


def of_two_who_volunteer_at_the_same_instant_one_is_heard(world: World, said: Said) -> None:
    def volunteers(user: str) -> str:
        return spoken(typed(world, user, "volunteer prospecting"))

    answers = at_the_same_instant([lambda: volunteers(MARIA), lambda: volunteers(ERIK)])
    first, second = sorted(answers, key=lambda text: said.another_waits in text)
    assert said.with_somebody in first
    assert said.another_waits in second, "the other reads a kind sentence"
    (offer,) = world.eventually(lambda: [m for m in dms(world, ANNA, f"*{said.prospecting}*") if buttons(m)])
    press(world, ANNA, offer, ids.OFFER_ACCEPT)
    (told,) = world.eventually(lambda: announced(world, said.prospecting))
    winner = (MARIA, ERIK)[answers.index(first)]
    assert f"<@{winner}>" in spoken(told)


def a_yes_and_an_admin_who_decides_at_the_same_instant_leave_one_owner(world: World, said: Said) -> None:
    (earlier,) = announced(world, said.prospecting)
    owner = next(user for user in (MARIA, ERIK) if f"<@{user}>" in spoken(earlier))
    typed(world, owner, "pass prospecting @johan")
    offer = last_dm(world, JOHAN, said.offers, said.prospecting)
    at_the_same_instant(
        [
            lambda: press(world, JOHAN, offer, ids.OFFER_ACCEPT, wait=10),
            lambda: typed(world, ANNA, "force prospecting @sara Settled now"),
        ]
    )
    for user in (SARA, JOHAN):  # whoever was quicker: it was about him
        assert f"<@{ANNA}>" in spoken(last_dm(world, user, "Settled now", said.prospecting))
    world.eventually(lambda: [m for m in announced(world, said.prospecting) if "Settled now" in spoken(m)])
    assert f"<@{SARA}>" in spoken(typed(world, ERIK, "who prospecting"))
    world.eventually(lambda: not [m for m in dms(world, JOHAN, said.prospecting) if buttons(m)])
    told = [spoken(m) for m in announced(world, said.prospecting)]
    assert sum(f"<@{SARA}>" in text for text in told) == 1
    assert sum(f"<@{JOHAN}>" in text for text in told) <= 1


def an_offer_for_a_hat_that_is_put_away_meanwhile_is_over(world: World, said: Said) -> None:
    typed(world, SARA, "pass prospecting @maria")
    offer = last_dm(world, MARIA, said.offers, said.prospecting)
    question = typed(world, ANNA, "archive prospecting")
    at_the_same_instant(
        [
            lambda: press(world, ANNA, question | {"channel": TEAM_CHANNEL}, ids.HAT_ARCHIVE, wait=10),
            lambda: press(world, MARIA, offer, ids.OFFER_LATER, wait=10),
        ]
    )
    closed(world, MARIA, offer, said.is_over)
    last_dm(world, SARA, said.is_over, said.prospecting)
    assert said.back in spoken(typed(world, ANNA, "restore prospecting"))
    card = typed(world, ERIK, "who prospecting")
    assert ids.VOLUNTEER in str(buttons(card)), "who owned it has to agree again"


def an_owner_who_is_deactivated_in_the_middle_of_a_hand_over_leaves_a_vacant_hat(world: World, said: Said) -> None:
    typed(world, OSKAR, "pass email-nurturing @johan")
    offer = last_dm(world, JOHAN, said.offers, said.email)
    heard = len(dms(world, OSKAR))
    world.playground.act("change_user", OSKAR, changes={"deleted": True})
    closed(world, JOHAN, offer, said.is_over)
    assert said.email in spoken(last_dm(world, ANNA, said.left))
    assert len(dms(world, ANNA, said.left)) == 1
    card = typed(world, ERIK, "who email-nurturing")
    assert f"<@{OSKAR}>" not in spoken(card)
    assert ids.VOLUNTEER in str(buttons(card))
    assert announced(world, said.email) == []
    assert len(dms(world, OSKAR)) == heard


def another_target_needs_the_owners_consent(world: World, said: Said) -> None:
    for target, action, told in (
        ("150", ids.OFFER_DECLINE, said.said_no_to_targets),
        ("140", ids.OFFER_ACCEPT, said.targets_hold),
    ):
        typed(world, ANNA, "kpi edit leads")
        fields = {f"{ids.FORM_BLOCK}target": target, f"{ids.FORM_BLOCK}reason": f"We grow to {target}"}
        assert said.asked_owner in spoken(world.playground.submit(ANNA, fields, wait=10)["view"])
        offer = last_dm(world, JOHAN, said.other_targets, f"We grow to {target}")
        assert "120" in spoken(typed(world, SARA, "who campaigns"))
        press(world, JOHAN, offer, action, wait=10 if action == ids.OFFER_DECLINE else 0)
        if action == ids.OFFER_DECLINE:
            assert world.playground.submit(JOHAN, {ids.REASON_BLOCK: "Not yet"})["ok"]
        last_dm(world, ANNA, told)
    assert "140" in spoken(typed(world, SARA, "who campaigns"))
    assert announced(world, said.campaigns) == [], "the owner is who it was"


def a_kpi_is_put_away_when_its_owner_agrees(world: World, said: Said) -> None:
    typed(world, JOHAN, "kpi archive visitor-conversion")  # his own, and computed from what goes next
    assert f"<@{ANNA}>" in spoken(typed(world, JOHAN, "kpi archive visits")), "it is hers to decide, and why is asked"
    typed(world, JOHAN, "kpi archive visits: we count them elsewhere")
    offer = last_dm(world, ANNA, said.put_away, "we count them elsewhere")
    assert said.visits in spoken(typed(world, SARA, "kpi"))
    press(world, ANNA, offer, ids.OFFER_ACCEPT)
    last_dm(world, JOHAN, said.has_been_put_away, said.visits)
    assert said.visits not in spoken(typed(world, SARA, "kpi"))


def an_offer_that_nobody_answers_is_reminded_of_once_and_runs_out(world: World, said: Said) -> None:
    typed(world, ANNA, "propose prospecting @maria")
    (offer,) = world.eventually(lambda: [m for m in dms(world, MARIA, said.prospecting) if buttons(m)])
    began = world.now()
    for days in (7.1, 9, 13.9):
        world.playground.move_clock(began + timedelta(days=days))
        world.eventually(lambda: dms(world, MARIA, said.reminder, said.prospecting))
    (reminder,) = dms(world, MARIA, said.reminder, said.prospecting)
    world.stop_all()
    world.playground.move_clock(began + timedelta(days=14.1))
    world.start()  # the time ran out while nobody was there to see it
    for message in (offer, reminder):
        closed(world, MARIA, message, said.ran_out)
    last_dm(world, ANNA, said.without_an_answer, said.prospecting)
    assert len(dms(world, ANNA, said.without_an_answer)) == 1


def after_half_a_year_owners_keep_change_or_pass_on(world: World, said: Said) -> None:
    world.week = Period.of(world.now().date()).shift(26)
    world.go_to(WEDNESDAY, 9)
    asked = {user: last_dm(world, user, said.still_fits, hat) for user, hat in review_of(said).items()}
    press(world, SARA, asked[SARA], ids.REVIEW_KEEP)
    closed(world, SARA, asked[SARA], said.stays)
    press(world, JOHAN, asked[JOHAN], ids.REVIEW_CHANGE, wait=10)
    submit_terms(world, JOHAN, "90", "A slow market")
    terms = last_dm(world, ANNA, "A slow market", said.campaigns)
    press(world, ANNA, terms, ids.OFFER_ACCEPT)
    last_dm(world, JOHAN, said.campaigns, f"<@{ANNA}>", said.targets_hold)
    assert "90" in spoken(typed(world, ERIK, "who campaigns"))
    press(world, ANNA, asked[ANNA], ids.REVIEW_HAND_OVER, wait=10)
    assert world.playground.submit(ANNA, {ids.PERSON_INPUT: ERIK})["ok"]
    offer = last_dm(world, ERIK, said.offers, said.online)
    assert f"<@{ANNA}>" in spoken(typed(world, SARA, "who online-presence"))
    press(world, ERIK, offer, ids.OFFER_ACCEPT)
    (told,) = world.eventually(lambda: announced(world, said.online))
    assert f"<@{ERIK}>" in spoken(told)
    assert [len(dms(world, user, said.still_fits, review_of(said)[user])) for user in (JOHAN, ANNA)] == [1, 1]


def admins_read_what_was_changed_in_sentences(world: World, said: Said) -> None:
    log = spoken(typed(world, ANNA, "audit"))
    assert said.settled in log
    assert "hat.owner" not in log
    assert "<@" not in log


def review_of(said: Said) -> dict[str, str]:
    """Name the owners that the team's file began with, and their hats."""
    return {SARA: f"*{said.sales}*", JOHAN: f"*{said.campaigns}*", ANNA: f"*{said.online}*"}
