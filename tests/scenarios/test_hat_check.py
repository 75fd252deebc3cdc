"""The weekly hat check and the evidence for a natural owner, with the real bot process, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.playground.seed import ANNA, ERIK, GUEST, JOHAN, MARIA, OSKAR, SARA, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import FRIDAY, MONDAY, World, block, buttons, fields, open_world, spoken

pytestmark = pytest.mark.scenario
EVERYBODY = (ANNA, ERIK, MARIA, JOHAN, SARA, OSKAR)


@dataclass(frozen=True)
class Said:
    """What a language says, and which words a person types in it."""

    check: str
    evidence: str
    me: str
    team_off: str
    alone: str
    beside: str
    same: str
    wore: str
    none: str
    thanks: str
    natural: str
    propose: str
    unclear: str
    chart: str
    own: str
    deleted: str
    nothing: str
    quiet: str
    not_admin: str
    asked_no_more: str


SAID = {
    "en": Said(
        check="check",
        evidence="evidence",
        me="me",
        team_off="check team off",
        alone="Which hats did you wear in week 48?",
        beside="And which hats did you wear?",
        same="Same as last week: Meeting booking and Prospecting",
        wore="In week 48 you wore Meeting booking and Prospecting.",
        none="In week 48 you wore none of the team's hats.",
        thanks="Thanks! Your numbers for week 48 in Football team are in.",
        natural=f"<@{ERIK}> is the natural owner",
        propose="Propose to Erik",
        unclear="No clear natural owner yet",
        chart="How many people share the hat",
        own="What I keep of you in Football team",
        deleted="Deleted. Nothing of the past counts any more",
        nothing="Nothing is kept of these weeks.",
        quiet="I won't ask you again.",
        not_admin="Anna",
        asked_no_more="Nobody in Football team is asked any more",
    ),
    "sv": Said(
        check="koll",
        evidence="underlag",
        me="mig",
        team_off="koll laget av",
        alone="Vilka hattar bar du under vecka 48?",
        beside="Och vilka hattar bar du?",
        same="Samma som förra veckan: Mötesbokning och Prospektering",
        wore="Under vecka 48 bar du Mötesbokning och Prospektering.",
        none="Under vecka 48 bar du ingen av lagets hattar.",
        thanks="Tack! Dina siffror för vecka 48 i Fotbollslaget är inne.",
        natural=f"<@{ERIK}> är den naturliga ägaren",
        propose="Föreslå för Erik",
        unclear="Ingen tydlig naturlig ägare än",
        chart="Hur många som delar på hatten",
        own="Det jag sparat om dig i Fotbollslaget",
        deleted="Raderat. Inget från förr räknas längre",
        nothing="Inget är sparat från de här veckorna.",
        quiet="Jag frågar dig inte igen.",
        not_admin="Anna",
        asked_no_more="Ingen i Fotbollslaget får längre frågan",
    ),
}
WEEKS = [
    pytest.param("socket", "en", "sqlite", marks=pytest.mark.xdist_group("hat check on sqlite")),
    pytest.param(
        "http", "sv", "postgres", marks=(pytest.mark.postgres, pytest.mark.xdist_group("hat check on postgres"))
    ),
]


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with (
        new_database(engine, tmp_path) as url,
        open_world(url, tmp_path, language=language, mode=mode, hat_check=True) as opened,
    ):
        opened.start()
        yield opened


@pytest.mark.parametrize(("mode", "language", "engine"), WEEKS)
def test_a_team_says_what_it_wore_and_sees_who_reaches_for_which_hat(world: World) -> None:
    said = SAID[world.language]
    before_friday_the_demo_shows_a_natural_owner(world, said)
    on_friday_everybody_is_asked_once(world, said)
    one_tap_answers_and_the_message_says_so(world, said)
    the_form_takes_none_and_stops_asking(world, said)
    an_owner_reports_and_answers_in_one_message(world, said)
    on_monday_nobody_is_reminded_of_hats(world)
    what_is_kept_of_a_person_is_theirs(world, said)
    an_admin_switches_it_off_for_the_team(world, said)


def typed(world: World, user: str, text: str) -> dict[str, Any]:
    came = world.playground.command(user, TEAM_CHANNEL, f"/hat {text}", wait=10)
    # What the digest says meanwhile in its thread is for everybody.
    (answer,) = [message for message in came["messages"] if message["ephemeral_to"] == user]
    return dict(answer)


def weekly(world: World, user: str) -> list[Any]:
    return [m for m in world.told(user) if m.get("metadata")]


def press(world: World, user: str, action_id: str, message: dict[str, Any]) -> dict[str, Any]:
    return world.playground.click(user, action_id, channel=message["channel"], message_ts=message["ts"], wait=10)


def before_friday_the_demo_shows_a_natural_owner(world: World, said: Said) -> None:
    shown = typed(world, ANNA, f"{said.evidence} prospecting")
    assert said.natural in spoken(shown)
    (propose,) = buttons(shown)
    assert propose["text"]["text"].startswith(said.propose), "Erik, or Erik Berg as long as Slack has not told more"
    assert propose["value"] == f"prospecting {ERIK}"
    chart = block(shown, "data_visualization")
    assert chart["title"] == said.chart
    values = [point["value"] for point in chart["chart"]["series"][0]["data"]]
    assert len(values) == 13
    assert sum(values[:4]) > sum(values[-4:]), "fewer and fewer share the hat"
    assert buttons(typed(world, ANNA, f"{said.evidence} email-nurturing")) == [], "its owner is the natural one"
    unclear = typed(world, ANNA, f"{said.evidence} booking")
    assert said.unclear in spoken(unclear)
    assert buttons(unclear) == []
    a_slack_that_knows_no_charts_shows_the_same_in_words(world, said)


def a_slack_that_knows_no_charts_shows_the_same_in_words(world: World, said: Said) -> None:
    world.playground.faults(reject_block_types=["data_visualization"])
    shown = typed(world, ANNA, f"{said.evidence} prospecting")
    world.playground.faults()
    assert {b["type"] for b in shown["blocks"]} <= {"header", "section", "context", "actions"}
    assert said.chart in spoken(shown)
    assert said.natural in spoken(shown)


def on_friday_everybody_is_asked_once(world: World, said: Said) -> None:
    world.go_to(FRIDAY, 12, 59)
    assert not any(weekly(world, user) for user in EVERYBODY)
    world.go_to(FRIDAY, 13)
    for user in EVERYBODY:
        world.eventually(lambda user=user: weekly(world, user))
    for member in (ERIK, MARIA):
        (message,) = weekly(world, member)
        assert said.alone in spoken(message)
        assert {b["action_id"] for b in buttons(message)} == {ids.HAT_CHECK_SAME, ids.HAT_CHECK_OPEN}
    for owner in (ANNA, JOHAN, SARA, OSKAR):
        (message,) = weekly(world, owner)
        assert said.beside in spoken(message)
        offered = {b["action_id"] for b in buttons(message)}
        assert offered == {ids.REPORT_OPEN, ids.REPORT_LATER, ids.HAT_CHECK_SAME, ids.HAT_CHECK_OPEN}
    assert world.told(GUEST) == []


def one_tap_answers_and_the_message_says_so(world: World, said: Said) -> None:
    (message,) = weekly(world, ERIK)
    (same,) = (b for b in buttons(message) if b["action_id"] == ids.HAT_CHECK_SAME)
    assert same["text"]["text"] == said.same
    press(world, ERIK, ids.HAT_CHECK_SAME, message)
    world.eventually(lambda: said.wore in spoken(weekly(world, ERIK)))
    (message,) = weekly(world, ERIK)
    assert said.alone not in spoken(message)
    assert [b["action_id"] for b in buttons(message)] == [ids.HAT_CHECK_OPEN]


def the_form_takes_none_and_stops_asking(world: World, said: Said) -> None:
    (message,) = weekly(world, MARIA)
    view = press(world, MARIA, ids.HAT_CHECK_OPEN, message)["view"]
    menu = fields(view)
    hats = next(field["element"] for field in menu.values() if field["block_id"] == ids.HATS_BLOCK)
    assert len(hats["options"]) == 6
    assert {o["text"]["text"] for o in hats["initial_options"]} <= {o["text"]["text"] for o in hats["options"]}
    done = world.playground.submit(MARIA, {ids.HATS_INPUT: [], ids.ASKING_INPUT: ["stop"]}, wait=10)
    assert said.none in spoken(done["view"])
    assert said.quiet in spoken(done["view"])
    world.eventually(lambda: said.none in spoken(weekly(world, MARIA)))


def an_owner_reports_and_answers_in_one_message(world: World, said: Said) -> None:
    (message,) = weekly(world, ANNA)
    press(world, ANNA, ids.HAT_CHECK_SAME, message)
    world.eventually(lambda: said.beside not in spoken(weekly(world, ANNA)))
    (message,) = weekly(world, ANNA)
    assert ids.REPORT_OPEN in {b["action_id"] for b in buttons(message)}, "the numbers are still asked for"
    view = press(world, ANNA, ids.REPORT_OPEN, message)["view"]
    (visits,) = fields(view).values()
    assert world.playground.submit(ANNA, {visits["block_id"]: "4100"})["ok"]
    world.eventually(lambda: said.thanks in spoken(weekly(world, ANNA)))
    (message,) = weekly(world, ANNA)
    assert said.beside not in spoken(message)
    assert ids.HAT_CHECK_OPEN in {b["action_id"] for b in buttons(message)}, "the answer can still be changed"

    (message,) = weekly(world, OSKAR)
    press(world, OSKAR, ids.REPORT_OPEN, message)
    world.playground.submit(OSKAR, {})
    world.eventually(lambda: said.thanks in spoken(weekly(world, OSKAR)))
    (message,) = weekly(world, OSKAR)
    assert said.beside in spoken(message), "who has reported is still asked for their hats, in the same message"
    assert ids.HAT_CHECK_SAME in {b["action_id"] for b in buttons(message)}


def on_monday_nobody_is_reminded_of_hats(world: World) -> None:
    world.go_to(MONDAY, 8, weeks=1)
    for owing in (JOHAN, SARA):
        world.eventually(lambda owing=owing: len(weekly(world, owing)) == 2)
    world.go_to(MONDAY, 10, weeks=1)
    world.eventually(world.posted)
    heard = {user: len(weekly(world, user)) for user in EVERYBODY}
    assert heard == {ANNA: 1, ERIK: 1, MARIA: 1, OSKAR: 1, JOHAN: 2, SARA: 2}


def what_is_kept_of_a_person_is_theirs(world: World, said: Said) -> None:
    mine = typed(world, ERIK, said.me)
    assert said.own in spoken(mine)
    assert f"<@{MARIA}>" not in spoken(mine)
    press(world, ERIK, ids.EVIDENCE_FORGET, mine)

    def shown() -> Any:
        return next((m for m in world.playground.messages(TEAM_CHANNEL) if said.deleted in spoken(m)), None)

    assert world.eventually(shown)["ephemeral_to"] == ERIK
    assert said.nothing in spoken(typed(world, ERIK, said.me))
    assert said.natural not in spoken(typed(world, ANNA, f"{said.evidence} prospecting"))


def an_admin_switches_it_off_for_the_team(world: World, said: Said) -> None:
    refused = typed(world, ERIK, said.team_off)
    assert said.asked_no_more not in spoken(refused)
    assert said.not_admin in spoken(refused)
    assert said.asked_no_more in spoken(typed(world, ANNA, said.team_off))
    world.next_week()
    world.go_to(FRIDAY, 13)
    for owner in (ANNA, JOHAN, SARA, OSKAR):
        (message,) = world.eventually(lambda owner=owner: weekly(world, owner))
        assert said.beside not in spoken(message)
    assert weekly(world, ERIK) == weekly(world, MARIA) == []
