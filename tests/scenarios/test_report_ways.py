"""Every way to report, or not to, through the real bot: few clicks, pages, 'later', 'nothing this week', by message."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.playground.seed import OSKAR
from messages import ids
from storage.tables import Hat, Kpi, Reading, Team
from tests.scenarios.conftest import NewDatabase
from tests.support.builders import a_kpi
from tests.support.database import opened
from tests.support.world import FRIDAY, MONDAY, World, buttons, fields, open_world, spoken

pytestmark = pytest.mark.scenario

DATABASES = [
    pytest.param("en", "socket", "sqlite"),
    pytest.param(
        "sv", "http", "postgres", marks=(pytest.mark.postgres, pytest.mark.xdist_group("report ways on postgres"))
    ),
]
TUESDAY = 1


@dataclass(frozen=True)
class Said:
    """What a language says; each is a part of a sentence that the person must find."""

    thanks: str
    at_risk: str
    page: str
    unreadable: str
    again: str
    prompt: str
    noted: str
    nothing: str
    twice: str
    read: str
    unclear: str
    tuesday: str
    closed: str


SAID = {
    "en": Said(
        thanks="Thanks! Your numbers for week 48",
        at_risk="at risk",
        page="Page 2 of 2",
        unreadable="I can't read “many” as a number",
        again="I ask you again on Monday 08:00",
        prompt="How did week 48 go",
        noted="Noted: nothing this week",
        nothing="Nothing this week, and that is fine: Oskar",
        twice="I have asked you twice",
        read="Did I read this right, for week 48",
        unclear="“weather” is none of your KPIs",
        tuesday="Tuesday 10:00",
        closed="can't be reported now",
    ),
    "sv": Said(
        thanks="Tack! Dina siffror för vecka 48",
        at_risk="osäkert",
        page="Sida 2 av 2",
        unreadable="Jag kan inte läsa ”many” som ett tal",
        again="Jag frågar dig igen måndag 08:00",
        prompt="Hur gick vecka 48",
        noted="Noterat: inget den här veckan",
        nothing="Inget den här veckan, och det är helt i sin ordning: Oskar",
        twice="Jag har frågat dig två gånger",
        read="Läste jag rätt, för vecka 48",
        unclear="”weather” är inget av dina nyckeltal",
        tuesday="tisdag 10:00",
        closed="går inte att rapportera nu",
    ),
}


@contextmanager
def a_world(
    folder: Path, new_database: NewDatabase, language: Any, mode: Any, engine: str, *, kpis: int = 0, **team: str
) -> Iterator[tuple[World, Said]]:
    """Open a world on Friday before the prompt, in which Oskar owns two KPIs and some more."""
    with (
        new_database(engine, folder) as url,
        open_world(url, folder, language=language, mode=mode) as world,
    ):
        with opened(url) as sessions:
            with sessions.write() as session:
                row = session.exec(select(Team)).one()
                for name, value in team.items():
                    setattr(row, name, value)
                booking = session.exec(select(Hat).where(Hat.slug == "booking")).one()
            for number in range(kpis):
                a_kpi(sessions, booking, f"Number {number + 1}", sequence=100 + number)
        world.start()
        world.go_to(FRIDAY, 12, 59)
        yield world, SAID[language]


def asking(world: World) -> list[Any]:
    """Return what asked Oskar about his week, or did before it was answered."""
    return [message for message in world.told(OSKAR) if message.get("metadata")]


def prompted(world: World, number: int = 1) -> Any:
    return world.eventually(lambda: len(asking(world)) == number and asking(world)[-1])


def clicked(world: World, message: Any, action_id: str, value: str | None = None) -> Any:
    return world.playground.click(
        OSKAR, action_id, channel=message["channel"], message_ts=message["ts"], value=value, wait=10
    )


def inputs(view: Any) -> list[Any]:
    return [b for b in view["blocks"] if b["type"] == "input"]


def stored(world: World) -> dict[str, Reading]:
    """Return Oskar's readings of the week, by KPI."""
    with opened(world.database_url) as sessions, sessions.read() as session:
        query = select(Kpi.name, Reading).join(Reading).where(Reading.period == str(world.week))
        return {name: reading for name, reading in session.exec(query) if reading.source != "demo"}


def later(message: Any, choice: str) -> str:
    """Return the value of a choice in a prompt's menu."""
    (menu,) = (e for e in buttons(message) if e["action_id"] == ids.REPORT_LATER)
    (value,) = (o["value"] for o in menu["options"] if o["value"].endswith(f"|{choice}"))
    return value


@pytest.mark.parametrize(("language", "mode", "engine"), DATABASES)
def test_three_kpis_take_one_click_the_numbers_and_one_click(
    tmp_path: Path, new_database: NewDatabase, language: Any, mode: Any, engine: str
) -> None:
    with a_world(tmp_path, new_database, language, mode, engine, kpis=1) as (world, said):
        world.go_to(FRIDAY, 13)
        prompt = prompted(world)
        before = len(world.playground.deliveries("interactive"))
        form = clicked(world, prompt, ids.REPORT_OPEN)["view"]
        assert len(inputs(form)) == 3, "the notes are no field in the way"
        done = world.playground.submit(OSKAR, {b["block_id"]: str(40 + i) for i, b in enumerate(inputs(form))})
        assert said.thanks in spoken(done["view"])
        assert len(world.playground.deliveries("interactive")) - before == 2
        assert sorted(reading.value for reading in stored(world).values()) == [40, 41, 42]
        world.eventually(lambda: said.thanks in spoken(asking(world)[0]))
        notes_keep_what_was_typed(world, said)


def notes_keep_what_was_typed(world: World, said: Said) -> None:
    form = clicked(world, asking(world)[0], ids.REPORT_OPEN)["view"]
    number = inputs(form)[0]
    typed = {number["block_id"]: "77"}
    asked = world.playground.click(OSKAR, ids.REPORT_NOTES, values=typed, wait=10)["view"]
    assert len(inputs(asked)) == 9
    assert asked["state"]["values"][number["block_id"]][ids.KPI_INPUT]["value"] == "77"
    kpi_id = number["block_id"].removeprefix(ids.KPI_BLOCK)
    said_too = {f"{ids.CONFIDENCE_BLOCK}{kpi_id}": "at_risk", f"{ids.NOTE_BLOCK}{kpi_id}": "Trade fair <!here>"}
    done = world.playground.submit(OSKAR, said_too)
    assert said.at_risk in spoken(done["view"])
    assert "Trade fair" in spoken(done["view"])
    assert ("Trade fair <!here>", "at_risk", 77) in {
        (reading.note, reading.confidence, reading.value) for reading in stored(world).values()
    }


@pytest.mark.parametrize(("language", "mode", "engine"), DATABASES)
def test_more_kpis_than_fit_have_pages_and_nothing_typed_is_lost(
    tmp_path: Path, new_database: NewDatabase, language: Any, mode: Any, engine: str
) -> None:
    with a_world(tmp_path, new_database, language, mode, engine, kpis=23) as (world, said):
        world.go_to(FRIDAY, 13)
        form = clicked(world, prompted(world), ids.REPORT_OPEN)["view"]
        first = [b["block_id"] for b in inputs(form)]
        assert len(first) == 20
        wrong = dict.fromkeys(first, "5") | {first[3]: "many"}
        same = world.playground.click(OSKAR, ids.REPORT_NEXT, values=wrong, wait=10)["view"]
        assert said.unreadable in next(b["hint"]["text"] for b in inputs(same) if b["block_id"] == first[3])
        assert same["state"]["values"][first[0]][ids.KPI_INPUT]["value"] == "5"
        assert stored(world) == {}, "a page is kept whole or not at all"
        second = world.playground.click(OSKAR, ids.REPORT_NEXT, values={first[3]: "6"}, wait=10)["view"]
        assert said.page in spoken(second)
        assert len(stored(world)) == 20
        rest = [b["block_id"] for b in inputs(second)]
        assert len(rest) == 5
        back = world.playground.click(OSKAR, ids.REPORT_PREVIOUS, values=dict.fromkeys(rest, "7"), wait=10)["view"]
        shown = {b["block_id"]: b["element"].get("initial_value") for b in inputs(back)}
        assert shown == dict.fromkeys(first, "5") | {first[3]: "6"}
        done = world.playground.submit(OSKAR, {first[0]: "8"})
        assert said.thanks in spoken(done["view"])
        assert sorted(int(reading.value) for reading in stored(world).values()) == [5] * 18 + [6] + [7] * 5 + [8]


@pytest.mark.parametrize(("language", "mode", "engine"), DATABASES)
def test_later_and_nothing_this_week_and_undo(
    tmp_path: Path, new_database: NewDatabase, language: Any, mode: Any, engine: str
) -> None:
    with a_world(tmp_path, new_database, language, mode, engine) as (world, said):
        world.go_to(FRIDAY, 13)
        prompt = prompted(world)
        clicked(world, prompt, ids.REPORT_LATER, later(prompt, "hours"))
        clicked(world, prompt, ids.REPORT_LATER, later(prompt, "monday"))
        world.eventually(lambda: said.again in spoken(asking(world)[0]))
        world.go_to(FRIDAY, 17)
        world.go_to(MONDAY, 8, weeks=1)
        assert said.prompt in spoken(prompted(world, 2))
        refused = clicked(world, prompt, ids.REPORT_LATER, later(prompt, "hour"))
        assert said.twice in spoken(refused["view"])

        clicked(world, prompt, ids.REPORT_LATER, later(prompt, "skip"))
        skipped = world.playground.submit(OSKAR, {ids.REASON_INPUT: "Trade fair"})
        assert said.noted in spoken(skipped["view"])
        world.eventually(lambda: all("Trade fair" in spoken(one) for one in asking(world)))
        clicked(world, asking(world)[0], ids.REPORT_UNSKIP)
        world.eventually(lambda: all(said.prompt in spoken(one) for one in asking(world)))
        clicked(world, asking(world)[1], ids.REPORT_SKIP)
        world.playground.submit(OSKAR, {})
        world.go_to(MONDAY, 10, weeks=1)
        (digest,) = world.eventually(world.posted)
        assert said.nothing in spoken(digest)
        assert len(asking(world)) == 2, "no reminder"


@pytest.mark.parametrize(("language", "mode", "engine"), DATABASES)
def test_numbers_in_a_message_are_read_back_and_saved_with_a_click(
    tmp_path: Path, new_database: NewDatabase, language: Any, mode: Any, engine: str
) -> None:
    with a_world(tmp_path, new_database, language, mode, engine) as (world, said):
        world.go_to(FRIDAY, 13)
        prompt = prompted(world)
        first, second = (b["label"]["text"] for b in fields(clicked(world, prompt, ids.REPORT_OPEN)["view"]).values())
        slack = world.playground
        slack.faults(duplicate_events=3)
        slack.say(OSKAR, f"{first} 1 204, {second} 27, weather 3", thread_ts=prompt["ts"])

        def answers() -> list[Any]:
            return [m for m in world.told(OSKAR) if said.read in spoken(m)]

        (answer,) = world.eventually(answers)
        assert said.unclear in spoken(answer)
        assert stored(world) == {}
        slack.post("/settle", seconds=5)
        assert len(answers()) == 1, "three deliveries of the message have one answer"
        clicked(world, answer, ids.READ_CONFIRM)
        world.eventually(lambda: len(stored(world)) == 2)
        assert {(int(reading.value), reading.source) for reading in stored(world).values()} == {
            (1204, "thread"),
            (27, "thread"),
        }
        world.eventually(lambda: said.thanks in spoken(asking(world)[0]))
        refused = world.playground.command(OSKAR, prompt["channel"], "/hat report 2026-W20", wait=10)
        assert said.closed in spoken(refused["view"])
        opened_again = world.playground.command(OSKAR, prompt["channel"], "/hat report 46", wait=10)
        assert len(inputs(opened_again["view"])) == 2


@pytest.mark.parametrize(("language", "mode", "engine"), DATABASES)
def test_a_holiday_on_monday_moves_digest_and_reminder_to_tuesday(
    tmp_path: Path, new_database: NewDatabase, language: Any, mode: Any, engine: str
) -> None:
    # 30 November is St Andrew's Day.
    with a_world(tmp_path, new_database, language, mode, engine, holidays="GB-SCT") as (world, said):
        world.go_to(FRIDAY, 13)
        assert said.tuesday in spoken(prompted(world))
        world.go_to(MONDAY, 12, weeks=1)
        world.playground.post("/settle", seconds=2)
        assert (len(asking(world)), world.posted()) == (1, [])
        world.go_to(TUESDAY, 8, weeks=1)
        prompted(world, 2)
        world.go_to(TUESDAY, 10, weeks=1)
        world.eventually(world.posted)
        assert len(world.posted()) == 1
