"""`/hat kpis` as people type it and see it, in newer and older blocks."""

from collections.abc import Iterator

import pytest

from messages import ids
from storage import Sessions
from tests.support.builders import NOW, a_kpi, reads
from tests.support.fake_slack import FakeSlack, Json
from tests.support.listening import Phone
from tests.support.replica import StandingClock
from tests.support.workshop import Workshop


@pytest.fixture
def shop(sqlite_sessions: Sessions) -> Iterator[Workshop]:
    made = Workshop(sqlite_sessions)
    for number in range(3):
        kpi = a_kpi(made.sessions, made.email, f"Kpi {number}")
        reads(made.sessions, kpi, {"2026-W45": 1 + number, "2026-W46": 5, "2026-W47": 9})
    yield made
    made.close()


@pytest.fixture
def phone(shop: Workshop) -> Phone:
    clock = StandingClock(NOW)
    return Phone(shop.sessions, clock, FakeSlack(clock))


def kinds(seen: Json) -> list[str]:
    return [block["type"] for block in seen["blocks"]]


@pytest.mark.parametrize("typed", ["kpis", "kpis email", "nyckeltal", "nyckeltal Email"])
def test_ones_own_and_a_hats_kpis_come_with_two_charts_and_buttons_for_more(
    shop: Workshop, phone: Phone, typed: str
) -> None:
    seen = phone.types(shop.asker(shop.oskar), typed)
    assert kinds(seen).count("data_visualization") == 2
    assert [b["accessory"]["value"] for b in seen["blocks"] if "accessory" in b] == ["kpi-2"]


def test_a_button_shows_the_chart_of_one_kpi(shop: Workshop, phone: Phone) -> None:
    seen = phone.presses(shop.asker(shop.oskar), ids.KPI_COURSE, "kpi-2")
    assert kinds(seen).count("data_visualization") == 1
    assert "Kpi 2" in str(seen["blocks"])
    assert "Kpi 1" not in str(seen["blocks"])
    gone = phone.presses(shop.asker(shop.oskar), ids.KPI_COURSE, "kpi-9")
    assert gone == {}
    assert "kpi-9" in str(phone.slack.modals[-1])


def test_a_workspace_that_draws_no_charts_gets_bars_of_characters(shop: Workshop, phone: Phone) -> None:
    phone.unknown_blocks = {"data_visualization"}
    seen = phone.types(shop.asker(shop.oskar), "kpis")
    assert "data_visualization" not in kinds(seen)
    assert str(seen["blocks"]).count("█") >= 3


def test_what_is_no_hat_and_no_kpi_is_said_and_changing_words_still_change(shop: Workshop, phone: Phone) -> None:
    assert "ghosts" in str(phone.types(shop.asker(shop.oskar), "kpis ghosts"))
    phone.types(shop.asker(shop.oskar), "kpis edit kpi-1")
    assert phone.slack.modals[-1][2]["callback_id"] == ids.KPI_SUBMIT
