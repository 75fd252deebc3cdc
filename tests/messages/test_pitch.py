"""The pitch as a picture: whatever the team is called, it is drawn, and everybody can read it."""

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from messages.catalog.pitch import pitch_picture
from messages.content import HatName, Person
from messages.picture import png
from messages.pitch_content import Pass, Pitch, Shirt
from messages.pitch_layout import MOST_SHIRTS, WIDTH, lay_out
from tests.messages.content import KINDS, Content

LINES = ("forward", "midfielder", "defender", "libero")


def shirt(slug: str, position: str = "forward", name: str = "Sales") -> Shirt:
    return Shirt(HatName(slug, name), position, Person("U1", "Anna Berg"), 2, "reached")


def words(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314  # ours


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_team_can_be_drawn(kind: str, language: str) -> None:
    svg = pitch_picture(Content(kind).pitch, language=language)
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314  # ours
    assert png(svg).startswith(b"\x89PNG")


def test_the_picture_says_who_plays_where_and_what_each_pass_won_or_lost() -> None:
    vacant = Shirt(HatName("booking", "Meeting booking"), "midfielder", None, 1)
    passes = (Pass("booking", "sales", "holds_together", 2.04), Pass("sales", "booking", "not_shown", -0.5))
    pitch = Pitch("North", "2026-W47", (shirt("sales"), vacant), passes)
    english, swedish = (words(pitch_picture(pitch, language=language)) for language in ("en", "sv"))
    assert {"North", "week 47", "Sales", "Anna Berg", "2 wear it", "Meeting booking", "nobody yet"} <= set(english)
    assert {"1 wears it", "+2.0", "−0.5"} <= set(english)
    assert {"vecka 47", "ingen ännu", "2 bär den", "+2,0", "−0,5"} <= set(swedish)


def test_forwards_play_in_front_and_the_libero_behind_everybody() -> None:
    layout = lay_out(Pitch("North", "2026-W47", tuple(shirt(line, line) for line in reversed(LINES))))
    heights = {spot.shirt.position: spot.y for spot in layout.spots}
    assert sorted(heights, key=heights.__getitem__) == list(LINES)


def test_no_shirt_stands_on_another_and_all_stand_on_the_pitch() -> None:
    layout = lay_out(Content("huge").pitch)
    assert len(layout.spots) == MOST_SHIRTS
    assert layout.hidden == 300 - MOST_SHIRTS
    for one, other in combinations(layout.spots, 2):
        assert abs(one.x - other.x) >= 200 or abs(one.y - other.y) >= 300
    assert all(82 <= spot.x <= WIDTH - 82 and 0 < spot.y < layout.height - 250 for spot in layout.spots)


def test_links_between_the_same_hats_are_one_pass() -> None:
    passes = (
        Pass("a", "b", "holds_together", 1.0),
        Pass("a", "b", "not_shown", 0.5),
        Pass("b", "b", "holds_together", 1.0),
        Pass("a", "gone", "holds_together", 1.0),
    )
    layout = lay_out(Pitch("North", "2026-W47", (shirt("a"), shirt("b", "libero")), passes))
    assert [(stroke.passed.evidence, stroke.passed.goals) for stroke in layout.strokes] == [("not_shown", 1.5)]
