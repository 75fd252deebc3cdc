"""A whole week as a team lives it: Wednesday's questions, Friday's prompt, Monday's reminder and digest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.playground.seed import ANNA, ERIK, GRACE, JOHAN, MARIA, OSKAR, SARA, TEAM_CHANNEL
from messages import ids
from tests.scenarios.conftest import NewDatabase
from tests.support.world import FRIDAY, MONDAY, World, block, buttons, fields, open_world, spoken

pytestmark = pytest.mark.scenario

POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("week on postgres"))
SQLITE = pytest.mark.xdist_group("week on sqlite")
WEEKS = [
    pytest.param("socket", "en", "sqlite", marks=SQLITE),
    pytest.param("http", "sv", "sqlite", marks=SQLITE),
    pytest.param("socket", "sv", "postgres", marks=POSTGRES),
    pytest.param("http", "en", "postgres", marks=POSTGRES),
]


@dataclass(frozen=True)
class Said:
    """What a language says where; each is a part of a sentence that the person must find."""

    nurturing: str
    booking: str
    alias: str
    typo: str
    owns: str
    vacant: str
    which: str
    unknown: str
    help: str
    defenders: str
    wears: str
    you_own: str
    ask: str
    asked: str
    prompt: str
    save: str
    unreadable: str
    ambiguous: str
    thanks: str
    moment: str
    change: str
    reminder: str
    goal: str
    against: tuple[str, ...]
    headings: list[str]
    missing: str
    home: str
    foreign: str


SAID = {
    "en": Said(
        nurturing="Email nurturing",
        booking="Meeting booking",
        alias="newsletter",
        typo="emial nurturng",
        owns="has owned this hat since",
        vacant="Nobody owns this hat yet.",
        which="Which one do you mean?",
        unknown="I know no hat called “curling”",
        help="tells who has a hat",
        defenders="Defenders",
        wears="Wears Meeting booking, Prospecting and Sales.",
        you_own="You own Email nurturing and Meeting booking.",
        ask="Ask Oskar",
        asked="has a question about",
        prompt="How did week 48 go in Football team?",
        save="Save",
        unreadable="I can't read “many” as a number.",
        ambiguous="Do you mean 1,234? Then write 1234",
        thanks="Thanks! Your numbers for week 48 in Football team are in.",
        moment="Monday 10:00",
        change="Change",
        reminder="A friendly reminder: Open deals and Closed deals for week 48 in Football team.",
        goal="Closed deals: 11",
        against=("target 9", "on the week before"),
        headings=["Link", "Owner", "Result", "Target", "Trend", "Conversion", "Won or lost"],
        missing="Still to come",
        home="Your hats",
        foreign=r"\b(äg\w+|hatt\w*|vecka|lag\w*|och|mål|fråg\w+|bär|inte)\b",
    ),
    "sv": Said(
        nurturing="Bearbetning via mejl",
        booking="Mötesbokning",
        alias="nyhetsbrev",
        typo="berabetning via mejl",
        owns="äger hatten sedan",
        vacant="Ingen äger hatten än.",
        which="Vilken menar du?",
        unknown="Jag känner inte till någon hatt som heter ”curling”",
        help="berättar vem som har en hatt",
        defenders="Försvarare",
        wears="Bär Försäljning, Mötesbokning och Prospektering.",
        you_own="Du äger Bearbetning via mejl och Mötesbokning.",
        ask="Fråga Oskar",
        asked="har en fråga om",
        prompt="Hur gick vecka 48 i Fotbollslaget?",
        save="Spara",
        unreadable="Jag kan inte läsa ”many” som ett tal.",
        ambiguous="Menar du 1 234? Skriv då 1234",
        thanks="Tack! Dina siffror för vecka 48 i Fotbollslaget är inne.",
        moment="måndag 10:00",
        change="Ändr",
        reminder="En vänlig påminnelse: Öppna affärer och Stängda affärer för vecka 48 i Fotbollslaget.",
        goal="Stängda affärer: 11",
        against=("mål 9", "mot veckan före"),
        headings=["Länk", "Ägare", "Utfall", "Mål", "Trend", "Konvertering", "Vunnet eller tappat"],
        missing="Väntas in",
        home="Dina hattar",
        foreign=r"\b(the|own\w*|hats?|week|this|your|and|target|ask|reports?|wears?|still|yet)\b",
    ),
}


@pytest.fixture
def world(new_database: NewDatabase, tmp_path: Any, mode: Any, language: Any, engine: str) -> Iterator[World]:
    with (
        new_database(engine, tmp_path) as url,
        open_world(url, tmp_path, language=language, mode=mode) as opened,
    ):
        opened.start()
        yield opened


@pytest.mark.parametrize(("mode", "language", "engine"), WEEKS)
def test_a_team_lives_a_whole_week(world: World) -> None:
    said = SAID[world.language]
    seen: list[Any] = []
    wednesday_commands(world, said, seen)
    wednesday_question(world, said, seen)
    friday_prompts(world, said, seen)
    friday_report(world, said, seen)
    friday_correction(world, said)
    monday_reminder(world, said, seen)
    monday_digest(world, said, seen)
    app_home(world, said, seen)
    world.stop_all()
    everybody_heard_exactly_what_they_should(world)
    one_language_is_spoken(said, seen)


def typed(world: World, user: str, text: str) -> dict[str, Any]:
    """Type a command in the team's channel; return the one answer, that only the person sees and that pings nobody."""
    came = world.playground.command(user, TEAM_CHANNEL, text)
    assert came["ok"], came
    (answer,) = came["messages"]
    assert answer["ephemeral_to"] == user
    return answer


def wednesday_commands(world: World, said: Said, seen: list[Any]) -> None:
    help_text = typed(world, ANNA, "/hat help")
    assert said.help in spoken(help_text)
    for name in ("email-nurturing", "EMAIL nurturing", said.nurturing, said.alias, "libero", said.typo):
        card = typed(world, ANNA, f"/hat who {name}")
        assert said.nurturing in spoken(card), name
        assert said.owns in spoken(card)
        assert f"<@{OSKAR}>" in spoken(card)
        (ask,) = (b for b in buttons(card) if b["action_id"] == ids.HAT_ASK)
        assert ask["text"]["text"].startswith(said.ask)
    vacant = typed(world, ANNA, "/hat who prospecting")
    assert said.vacant in spoken(vacant)
    assert all(f"<@{wearer}>" in spoken(vacant) for wearer in (ERIK, MARIA, SARA))
    unknown = typed(world, ANNA, "/hat who curling")
    assert said.unknown in spoken(unknown)
    listed = typed(world, ANNA, "/hat list")
    assert said.defenders in spoken(listed)
    assert said.nurturing in spoken(listed)
    assert f"<@{OSKAR}>" in spoken(listed)
    mine = typed(world, OSKAR, "/hat mine")
    assert said.you_own in spoken(mine)
    assert spoken(typed(world, OSKAR, "/hat")) == spoken(mine)
    his = typed(world, ANNA, "/hat of @erik")
    assert said.wears in spoken(his)
    assert f"<@{ERIK}>" in spoken(his)
    seen += [vacant, listed, mine, his, unknown, a_choice_becomes_the_hat(world, said)]


def a_choice_becomes_the_hat(world: World, said: Said) -> dict[str, Any]:
    several = typed(world, ANNA, "/hat who manager")
    assert said.which in spoken(several)
    offered = {b["text"]["text"]: b["action_id"] for b in buttons(several) if b["action_id"].startswith(ids.HAT_CHOOSE)}
    assert len(offered) >= 2
    world.playground.click(ANNA, offered[said.nurturing], channel=TEAM_CHANNEL, message_ts=several["ts"], wait=10)

    def chosen() -> Any:
        ephemeral = [m for m in world.playground.messages(TEAM_CHANNEL) if m["ephemeral_to"] == ANNA]
        return next((m for m in ephemeral if m["ts"] == several["ts"] and said.owns in spoken(m)), None)

    return world.eventually(chosen)


def wednesday_question(world: World, said: Said, seen: list[Any]) -> None:
    card = typed(world, MARIA, "/hat who email-nurturing")
    opened = world.playground.click(MARIA, ids.HAT_ASK, channel=TEAM_CHANNEL, message_ts=card["ts"], wait=10)
    assert said.nurturing in spoken(opened["view"])
    sent = world.playground.submit(MARIA, {ids.ASK_INPUT: "Who gets *our* newsletter? <!channel>"})
    assert sent["ok"], sent
    (question,) = world.eventually(lambda: world.told(OSKAR))
    assert f"<@{MARIA}> {said.asked}" in spoken(question)
    assert "newsletter?" in spoken(question)
    assert "<!channel>" not in spoken(question)
    seen += [opened["view"], sent["view"]]


def friday_prompts(world: World, said: Said, seen: list[Any]) -> None:
    world.go_to(FRIDAY, 12, 59)
    assert world.playground.command(ANNA, TEAM_CHANNEL, "/hat list")["ok"]
    assert not world.told(ANNA)
    world.go_to(FRIDAY, 13)
    for owner in (ANNA, JOHAN, SARA, OSKAR):
        world.eventually(lambda owner=owner: prompts(world, owner))
    (prompt,) = prompts(world, OSKAR)
    assert said.prompt in spoken(prompt)
    assert said.nurturing in spoken(prompt)
    assert said.booking in spoken(prompt)
    assert said.moment in spoken(prompt)
    assert [b["action_id"] for b in buttons(prompt)].count(ids.REPORT_OPEN) == 1
    seen.append(prompt)


def prompts(world: World, user: str) -> list[Any]:
    """Return what was sent to a person on its own account: a prompt, a reminder."""
    asking = (m for m in world.told(user) if m.get("metadata"))
    return [m for m in asking if ids.REPORT_OPEN in {b["action_id"] for b in buttons(m)}]


def open_form(world: World, user: str) -> dict[str, Any]:
    message = prompts(world, user)[-1]
    clicked = world.playground.click(
        user, ids.REPORT_OPEN, channel=message["channel"], message_ts=message["ts"], wait=10
    )
    assert clicked["view"], clicked
    return clicked["view"]


def friday_report(world: World, said: Said, seen: list[Any]) -> None:
    form = open_form(world, OSKAR)
    booked, nurtured = (
        block for _, block in sorted(fields(form).items(), key=lambda pair: pair[0].startswith(("N", "Be")))
    )
    assert all(field["element"]["initial_value"].isdigit() for field in (booked, nurtured))
    assert form["submit"]["text"] == said.save
    seen.append(form)

    wrong = world.playground.submit(OSKAR, {booked["block_id"]: "many", nurtured["block_id"]: "1.234"})
    assert said.unreadable in wrong["errors"][booked["block_id"]]
    assert said.ambiguous in wrong["errors"][nurtured["block_id"]].replace("\u00a0", " ")
    half = world.playground.submit(OSKAR, {booked["block_id"]: "44", nurtured["block_id"]: "1.234"})
    assert list(half["errors"]) == [nurtured["block_id"]]
    kept = half["view"]["state"]["values"][booked["block_id"]][ids.KPI_INPUT]["value"]
    assert kept == "44"

    right = world.playground.submit(OSKAR, {nurtured["block_id"]: " 1 234 "})
    assert right["ok"], right
    receipt = spoken(right["view"]).replace("\u00a0", " ")
    assert said.thanks in receipt
    assert said.moment in receipt
    assert ("1,234" if world.language == "en" else "1 234") in receipt
    assert "44" in receipt
    world.eventually(lambda: said.thanks in spoken(prompts(world, OSKAR)[0]))
    (done,) = prompts(world, OSKAR)
    (again,) = (b for b in buttons(done) if b["action_id"] == ids.REPORT_OPEN)
    assert said.change in again["text"]["text"]
    seen += [right["view"], done, *wrong["errors"].values()]


def friday_correction(world: World, said: Said) -> None:
    form = open_form(world, OSKAR)
    (nurtured,) = (f for f in fields(form).values() if f["element"]["initial_value"] == "1234")
    corrected = world.playground.submit(OSKAR, {nurtured["block_id"]: "27"})
    assert said.thanks in spoken(corrected["view"])
    world.eventually(lambda: "27" in spoken(prompts(world, OSKAR)[0]))
    (visits,) = fields(open_form(world, ANNA)).values()
    assert world.playground.submit(ANNA, {visits["block_id"]: "4 100"})["ok"]


def monday_reminder(world: World, said: Said, seen: list[Any]) -> None:
    world.go_to(MONDAY, 8, weeks=1)
    for late in (SARA, JOHAN):
        world.eventually(lambda late=late: len(prompts(world, late)) == 2)
    reminder = prompts(world, SARA)[-1]
    assert said.reminder in spoken(reminder)
    assert [b["action_id"] for b in buttons(reminder)].count(ids.REPORT_OPEN) == 1
    opened, closed = fields(open_form(world, SARA)).values()
    assert world.playground.submit(SARA, {opened["block_id"]: "99", closed["block_id"]: "11"})["ok"]
    seen.append(reminder)


def monday_digest(world: World, said: Said, seen: list[Any]) -> None:
    world.go_to(MONDAY, 10, weeks=1)
    (digest,) = world.eventually(world.posted)
    head = spoken(digest["blocks"][:3])
    assert said.goal in head.replace("*", "")
    assert all(part in head for part in said.against)
    table = block(digest, "data_table")["rows"]
    assert [cell["text"] for cell in table[0]] == said.headings
    assert len(table) == 9
    rows = {row[0]["text"]: [cell["text"] for cell in row] for row in table[1:]}
    nurtured, booked = (next(r for r in rows.values() if r[2].startswith(value)) for value in ("27", "44"))
    assert nurtured[1].startswith("Oskar")
    assert booked[1].startswith("Oskar")
    assert nurtured[3] == "25"
    assert "%" in nurtured[4]
    assert sum(row[1] == "–" for row in rows.values()) == 1, "one hat has no owner"
    (waiting,) = (b for b in digest["blocks"] if said.missing in spoken(b))
    assert "Johan" in spoken(waiting)
    assert "Leads" in spoken(waiting)
    assert not any(name in spoken(waiting) for name in ("Anna", "Sara", "Oskar", "Erik", "Maria"))
    assert "<@" not in spoken(digest), "a digest pings nobody"
    assert said.goal in digest["text"]
    seen += [digest, digest["text"]]


def app_home(world: World, said: Said, seen: list[Any]) -> None:
    home = world.playground.open_home(OSKAR, wait=10)
    assert home is not None
    assert said.home in spoken(home)
    assert said.nurturing in spoken(home)
    seen.append(home)
    assert world.playground.open_home(GRACE, wait=10), "somebody who plays in no team has a home too"


def everybody_heard_exactly_what_they_should(world: World) -> None:
    counted = {user: len(prompts(world, user)) for user in (ANNA, ERIK, MARIA, JOHAN, SARA, OSKAR, GRACE)}
    assert counted == {ANNA: 1, ERIK: 0, MARIA: 0, JOHAN: 2, SARA: 2, OSKAR: 1, GRACE: 0}
    assert len(world.posted()) == 1
    keys = [m["metadata"]["event_payload"]["key"] for user in counted for m in prompts(world, user)]
    assert len(set(keys)) == len(keys)


def one_language_is_spoken(said: Said, seen: list[Any]) -> None:
    plain = re.sub(r"`[^`]*`|“[^”]*”|”[^”]*”", "", spoken(*seen) + "\n".join(s for s in seen if isinstance(s, str)))
    assert not re.findall(said.foreign, plain, re.IGNORECASE)
