"""What the page says for others, and what it knows of pictures, without a browser."""

from typing import Any

import pytest

from bot.playground.inputs import client_errors, initial_state, with_values
from bot.playground.page.charts import chart_options
from bot.playground.page.language import refusal
from bot.playground.page.pictures import png_size


@pytest.mark.parametrize(
    ("element", "entered", "swedish"),
    [
        ({"type": "plain_text_input"}, "", "Fyll i det här fältet."),
        ({"type": "plain_text_input", "min_length": 5}, "abc", "Skriv minst 5 tecken."),
        ({"type": "plain_text_input", "max_length": 2}, "abc", "Skriv högst 2 tecken."),
        ({"type": "number_input"}, "abc", "Skriv ett tal."),
        ({"type": "number_input", "min_value": "3"}, "2", "Skriv ett tal som är minst 3."),
        ({"type": "number_input", "max_value": "3"}, "4", "Skriv ett tal som är högst 3."),
    ],
)
def test_whatever_slacks_client_refuses_is_said_in_swedish_too(
    element: dict[str, Any], entered: str, swedish: str
) -> None:
    label = {"type": "plain_text", "text": "Leads"}
    blocks = [{"type": "input", "block_id": "b", "label": label, "element": element | {"action_id": "v"}}]
    said = client_errors(blocks, with_values(blocks, initial_state(blocks), {"b": entered}))["b"]
    assert refusal(said, "sv") == swedish
    assert refusal(said, "en") == said
    assert refusal("Ange ett heltal.", "sv") == "Ange ett heltal."


def test_a_pictures_size_is_read_from_its_head() -> None:
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    assert png_size(head + (640).to_bytes(4) + (1024).to_bytes(4) + b"\x08\x06") == (640, 1024)
    assert png_size(b"GIF89a" + head) == (0, 0)
    assert png_size(head) == (0, 0)


@pytest.mark.parametrize(
    ("names", "all_stand_there"),
    [(["Booked meetings", "Nurtured leads", "Closed deals"], True), (["w 1", "w 2"], False)],
)
def test_no_bar_is_left_without_its_name(names: list[str], *, all_stand_there: bool) -> None:
    series = [{"name": "Won", "data": [{"label": name, "value": 1} for name in names]}]
    chart = {"type": "bar", "series": series, "axis_config": {"categories": names}}
    label = chart_options({"title": "Deals", "chart": chart})["xAxis"]["axisLabel"]
    assert (label.get("interval") == 0) == all_stand_there
