"""`/hat kpis`: how the KPIs of a hat, or of one's own hats, have gone."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from bot.domain.errors import Refused
from bot.playground.blockkit import blocks_too_long, validate_blocks
from bot.services.kpis import courses
from messages import catalog
from messages.content import Message
from messages.course_content import Courses
from storage import Sessions
from storage.tables import Kpi, Member, TargetOverride
from tests.support.builders import NOW, a_hat, a_kpi, a_target, added, owns, reads
from tests.support.workshop import Workshop

WEEKS = [f"2026-W{week}" for week in range(35, 48)]


@pytest.fixture
def shop(sessions: Sessions) -> Iterator[Workshop]:
    made = Workshop(sessions)
    yield made
    made.close()


@pytest.fixture
def quick(sqlite_sessions: Sessions) -> Iterator[Workshop]:
    made = Workshop(sqlite_sessions)
    yield made
    made.close()


def shown(shop: Workshop, member: Member, query: str = "", **other: str) -> Courses:
    return courses.courses(shop.sessions, shop.directory, shop.asker(member), query, now=shop.now, **other).content


def told(content: Courses, language: str = "en") -> Message:
    return catalog.kpi_courses(content, language=language)


def with_numbers(shop: Workshop, name: str, *numbers: int, **columns: object) -> Kpi:
    kpi = a_kpi(shop.sessions, shop.email, name, **columns)
    reads(shop.sessions, kpi, dict(zip(WEEKS[-len(numbers) :], numbers, strict=True)))
    return kpi


def test_an_owner_sees_a_quarter_with_the_targets_of_each_week_a_streak_and_the_best_week(shop: Workshop) -> None:
    kpi = with_numbers(shop, "Leads", 50, 99, 90, 100, 110, 40, 120)
    a_target(shop.sessions, kpi, 90)
    a_target(shop.sessions, kpi, 100, since="2026-W46")
    added(
        shop.sessions,
        TargetOverride(kpi_id=kpi.id, period="2026-W46", value=Decimal(30), comparator="at_least", agreed_at=NOW),
    )
    (course,) = shown(shop, shop.oskar).courses
    assert [(point.week, point.value, point.target) for point in course.points[-3:]] == [
        ("2026-W45", 110, 90),
        ("2026-W46", 40, 30),
        ("2026-W47", 120, 100),
    ]
    assert (course.streak, course.status, course.best) == (6, "ahead", ("2026-W47", 120))
    for language, row, best in (
        ("en", "Sixth week in a row at target.", "This is the best so far!"),
        ("sv", "Sjätte veckan i rad på målet.", "Det här är det bästa hittills!"),
    ):
        message = told(shown(shop, shop.oskar), language)
        assert f"{row} {best}" in message.blocks[1]["text"]["text"]
        chart = message.blocks[2]["chart"]
        assert [len(series["data"]) for series in chart["series"]] == [7, 7]


def test_where_charts_are_not_known_yet_bars_of_characters_say_the_same(quick: Workshop) -> None:
    with_numbers(quick, "Leads", 1, 5, 9)
    message = told(shown(quick, quick.oskar))
    assert message.older_blocks is not None
    assert "▁▄█" in str(message.older_blocks)
    assert "data_visualization" not in str(message.older_blocks)


def test_twelve_kpis_fit_into_one_message_with_two_charts_and_a_button_for_each_other(quick: Workshop) -> None:
    for number in range(12):
        a_target(quick.sessions, with_numbers(quick, f"Kpi {number}", *range(number, number + 13)), 10)
    message = told(shown(quick, quick.oskar))
    kinds = [block["type"] for block in message.blocks]
    assert len(kinds) <= 50
    assert (kinds.count("data_visualization"), str(message.blocks).count("Show the chart")) == (2, 10)
    assert validate_blocks(message.blocks, surface="message") == []
    assert not blocks_too_long(message.blocks)
    (alone,) = shown(quick, quick.oskar, kpi="kpi-11").courses
    assert alone.kpi.name == "Kpi 11"


def test_a_course_is_added_up_or_averaged_as_the_kpi_says(quick: Workshop) -> None:
    kpi = with_numbers(quick, "Deals", 1, 2, 3, shown_as="cumulative")
    a_target(quick.sessions, kpi, 2, since="2026-W45")
    with_numbers(quick, "Mood", 2, 4, 6, shown_as="average")
    deals, mood = shown(quick, quick.oskar).courses
    assert [(point.value, point.target) for point in deals.points] == [(1, 2), (3, 4), (6, 6)]
    assert [point.value for point in mood.points] == [2, 3, 4]
    assert "added up since the year began" in str(told(shown(quick, quick.oskar)).blocks)


def test_a_computed_kpi_has_a_course_as_well(quick: Workshop) -> None:
    with_numbers(quick, "Deals", 2, 3)
    a_kpi(quick.sessions, quick.email, "Double", formula="2 * deals")
    _, double = shown(quick, quick.oskar).courses
    assert ([point.value for point in double.points], double.formula) == ([4, 6], "2 * Deals")


def test_a_hat_or_a_kpi_is_found_by_name_and_what_is_neither_is_refused(quick: Workshop) -> None:
    with_numbers(quick, "Leads", 1, 2)
    with_numbers(quick, "Opens", 1, 2)
    assert [course.kpi.name for course in shown(quick, quick.erik, "email").courses] == ["Leads", "Opens"]
    assert [course.kpi.name for course in shown(quick, quick.erik, "opens").courses] == ["Opens"]
    with pytest.raises(Refused, match="hat_not_found"):
        shown(quick, quick.erik, "ghosts")
    with pytest.raises(Refused, match="kpi_not_found"):
        shown(quick, quick.erik, kpi="ghosts")


def test_without_anything_to_show_it_says_what_to_do(quick: Workshop) -> None:
    for language, own, bare in (
        ("en", "You own no hat with a KPI yet.", "has no KPI yet."),
        ("sv", "Du äger ingen hatt med nyckeltal än.", "har inget nyckeltal än."),
    ):
        assert own in told(shown(quick, quick.erik), language).text
        assert bare in told(shown(quick, quick.erik, "email"), language).text


def test_a_kpi_without_numbers_says_so_and_its_target(quick: Workshop) -> None:
    hat = a_hat(quick.sessions, quick.team, "Booking")
    owns(quick.sessions, quick.erik, hat)
    a_target(quick.sessions, a_kpi(quick.sessions, hat, "Meetings", direction="within"), 10, upper=20)
    (block,) = told(shown(quick, quick.erik)).blocks[1:]
    assert block["text"]["text"] == "*Meetings*  no number yet · target 10–20"


def test_a_number_that_fell_short_is_told_kindly(quick: Workshop) -> None:
    a_target(quick.sessions, with_numbers(quick, "Leads", 97), 100)
    a_target(quick.sessions, with_numbers(quick, "Visits", 50), 100)
    message = str(told(shown(quick, quick.oskar)).blocks)
    assert "close: 3 from it" in message
    assert "50 from it" in message
    assert "missed" not in message
