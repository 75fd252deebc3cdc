"""A Monday digest as a team lives with it: detail, discussion, late values, a deleted message, any week again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground.seed import ANNA, JOHAN, OSKAR, SARA, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import FRIDAY, MONDAY, World, block, buttons, open_world, spoken

pytestmark = pytest.mark.scenario

POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("digest on postgres"))
SQLITE = pytest.mark.xdist_group("digest on sqlite")
PLACES = [
    pytest.param("socket", "en", "sqlite", marks=SQLITE),
    pytest.param("http", "sv", "sqlite", marks=SQLITE),
    pytest.param("http", "en", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """What a language says where."""

    plan: str
    detail: str
    discuss: str
    there: str
    updated: str
    change: str
    corrected: str
    moved: str
    shown: str
    preview: str
    again: str
    rate: str
    passes: str


SAID = {
    "en": Said(
        plan="At usual rates and targets the chain gives",
        detail="The numbers of week 48 in detail",
        discuss="week 48",
        there="Week 48 is being discussed already",
        updated="Updated Monday 10:",
        change="Updated: *Closed deals* 11, by Sara",
        corrected="Updated: *Closed deals* 11 → 12, by Sara",
        moved="Week 48 has changed in Football team: *Closed deals* 12 → 13, by Sara",
        shown="week 47",
        preview="A preview of the numbers so far",
        again="on its way to the channel once more",
        rate="How good were the passes to you in week 48?",
        passes="Passes, 1 to 5",
    ),
    "sv": Said(
        plan="Med vanliga andelar och mål ger kedjan",
        detail="Siffrorna för vecka 48 i detalj",
        discuss="vecka 48",
        there="Vecka 48 diskuteras redan",
        updated="Uppdaterad måndag 10:",
        change="Uppdaterat: *Stängda affärer* 11, av Sara",
        corrected="Uppdaterat: *Stängda affärer* 11 → 12, av Sara",
        moved="Vecka 48 har ändrats i Fotbollslaget: *Stängda affärer* 12 → 13, av Sara",
        shown="vecka 47",
        preview="En förhandsvisning av siffrorna hittills",
        again="på väg till kanalen en gång till",
        rate="Hur bra var passningarna till dig vecka 48?",
        passes="Passningar, 1 till 5",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with new_database(engine, tmp_path) as url, open_world(url, tmp_path, language=language, mode=mode) as lived:
        lived.start()
        yield lived


@pytest.mark.parametrize(("mode", "language", "engine"), PLACES)
def test_a_digest_is_posted_discussed_corrected_and_posted_again(world: World) -> None:
    said = SAID[world.language]
    digest = monday_morning(world, said)
    two_people_press_discuss(world, said, digest)
    late_values_change_it_in_place(world, said, digest)
    a_pass_is_rated_with_the_report(world, said)
    where_it_was_deleted_one_message_tells_of_it(world, said, digest)
    any_week_is_shown_and_one_is_posted_again(world, said)


def report(world: World, user: str, value: str) -> Any:
    """Fill in the form of week 48 from the person's own message, and return what they see then."""
    message = next(m for m in world.told(user) if m.get("metadata") and opens(m))
    where = {"channel": message["channel"], "message_ts": message["ts"]}
    clicked = world.playground.click(user, ids.REPORT_OPEN, **where, wait=10)
    *before, last = [b["block_id"] for b in clicked["view"]["blocks"] if b["type"] == "input"]
    assert world.playground.submit(user, dict.fromkeys(before, "") | {last: value}, wait=5)["ok"]
    return world.playground.modal(user)


def opens(message: Any) -> bool:
    return ids.REPORT_OPEN in {button["action_id"] for button in buttons(message)}


def monday_morning(world: World, said: Said) -> Any:
    world.go_to(FRIDAY, 13)
    world.eventually(lambda: all(any(map(opens, world.told(user))) for user in (OSKAR, ANNA, SARA, JOHAN)))
    report(world, ANNA, "4100")
    world.go_to(MONDAY, 10, weeks=1)
    (digest,) = world.eventually(world.posted)
    assert len(digest["blocks"]) <= 50
    kinds = [b["chart"]["type"] for b in digest["blocks"] if b["type"] == "data_visualization"]
    assert kinds[:1] == ["line"]
    assert len(block(digest, "data_table")["rows"]) == 9
    (detail,) = world.eventually(lambda: talk(world, digest))
    assert said.detail in spoken(detail)
    assert "<@" not in spoken(digest, detail)
    return digest


def is_pitch(message: Any) -> bool:
    return any(block["type"] == "image" for block in message["blocks"])


def talk(world: World, digest: Any) -> list[Any]:
    """Return what is said in the digest's thread, the pitch left out."""
    return [message for message in world.under(digest) if not is_pitch(message)]


def press(world: World, user: str, message: Any, action_id: str, **more: Any) -> Any:
    return world.playground.click(user, action_id, channel=message["channel"], message_ts=message["ts"], **more)


def whispered(world: World, user: str) -> list[Any]:
    said = world.playground.messages(TEAM_CHANNEL)
    return [m for m in said if m.get("ephemeral_to") == user]


def two_people_press_discuss(world: World, said: Said, digest: Any) -> None:
    press(world, ANNA, digest, ids.DIGEST_DISCUSS)
    (_, begun) = world.eventually(lambda: found if len(found := talk(world, digest)) == 2 else None)
    assert said.discuss in spoken(begun)
    press(world, OSKAR, digest, ids.DIGEST_DISCUSS)
    (told,) = world.eventually(lambda: whispered(world, OSKAR))
    assert said.there in spoken(told)
    (link,) = (b["accessory"] for b in told["blocks"] if "accessory" in b)
    # To the digest while it is not noted yet where its thread begins.
    assert any(one["ts"].replace(".", "") in link["url"] for one in (begun, digest))
    assert len(talk(world, digest)) == 2


def late_values_change_it_in_place(world: World, said: Said, digest: Any) -> None:
    report(world, SARA, "11")
    world.go_to(MONDAY, 10, 2, weeks=1)
    world.eventually(lambda: said.updated in spoken(world.posted()[0]))
    (now,) = world.posted()
    assert (now["ts"], "11") == (digest["ts"], block(now, "data_table")["rows"][-1][2]["text"].split(" ")[0])
    assert said.plan in spoken(now)
    kinds = [b["chart"]["type"] for b in now["blocks"] if b["type"] == "data_visualization"]
    assert kinds == ["line", "bar"]
    world.eventually(lambda: said.change in spoken(talk(world, digest)[-1]))
    report(world, SARA, "12")
    world.go_to(MONDAY, 10, 5, weeks=1)
    world.eventually(lambda: said.corrected in spoken(talk(world, digest)[-1]))
    assert len(talk(world, digest)) == 4, "the detail, the discussion, and a line for each change"
    # Drawn while the clock jumped, it may come a little later.
    (_pitch,) = world.eventually(lambda: list(filter(is_pitch, world.under(digest))))


def a_pass_is_rated_with_the_report(world: World, said: Said) -> None:
    done = next(m for m in reversed(world.told(SARA)) if said.rate in spoken(m))
    menus = [b["accessory"] for b in done["blocks"] if b.get("accessory", {}).get("type") == "static_select"]
    press(world, SARA, done, menus[0]["action_id"], value=menus[0]["options"][1]["value"])

    def rated() -> list[str]:
        accessories = [b.get("accessory", {}) for m in world.told(SARA) for b in m["blocks"]]
        return [one["initial_option"]["value"][-1] for one in accessories if "initial_option" in one]

    world.eventually(lambda: rated() == ["4"])


def where_it_was_deleted_one_message_tells_of_it(world: World, said: Said, digest: Any) -> None:
    settings = world.settings
    client = WebClient(settings["SLACK_BOT_TOKEN"], base_url=settings["SLACK_API_URL"])
    client.chat_delete(channel=digest["channel"], ts=digest["ts"])
    report(world, SARA, "13")
    world.go_to(MONDAY, 10, 8, weeks=1)
    world.eventually(lambda: any(said.moved in spoken(m) for m in world.posted()))
    report(world, SARA, "14")
    world.go_to(MONDAY, 10, 11, weeks=1)
    world.eventually(lambda: any("12 → 14" in spoken(m) for m in world.posted()))
    assert sum("/hat digest 2026-W48" in spoken(m) for m in world.posted()) == 1, "one message, kept up to date"


def shown(world: World, user: str, words: str) -> Any:
    before = len(whispered(world, user))
    world.playground.command(user, TEAM_CHANNEL, f"/hat {words}".strip())
    return world.eventually(lambda: found[-1] if len(found := whispered(world, user)) > before else None)


def any_week_is_shown_and_one_is_posted_again(world: World, said: Said) -> None:
    assert said.shown in spoken(shown(world, OSKAR, "digest 2026-W47"))
    assert said.preview in spoken(shown(world, OSKAR, "digest preview"))
    assert buttons(shown(world, OSKAR, "digest")) == []
    mine = shown(world, ANNA, "digest")
    assert said.passes in spoken(mine)
    (again,) = buttons(mine)
    assert again["confirm"]
    before = len(world.posted())
    press(world, ANNA, mine, ids.DIGEST_AGAIN)
    world.eventually(lambda: any(said.again in spoken(m) for m in whispered(world, ANNA)))
    assert not any(map(buttons, whispered(world, ANNA))), "the button is gone with the press"
    world.eventually(lambda: len(world.posted()) == before + 1)
