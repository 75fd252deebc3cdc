"""What the digest says, in every state that a week can be in."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from messages import catalog, ids
from messages.content import Message, Person
from messages.digest_content import ChainStory, Change, Digest, DigestChanges, DigestRow, FocusFact
from tests.messages.content import Content
from tests.messages.digest_examples import digest_of, states_of
from tests.messages.test_every_message import strings

ORDINARY = Content("ordinary")
DIGEST = digest_of(ORDINARY)
STORY = DIGEST.story or ChainStory()
STATES = states_of(ORDINARY)
ANNA, BO = Person("U0ANNA0001", "Anna Berg"), Person("U0BO000002", "Bo Ek")


def said(message: Message | list[dict[str, Any]] | None) -> str:
    return "\n".join(strings(message.blocks if isinstance(message, Message) else message))


def told(shown: Digest, language: str = "en") -> str:
    return said(catalog.digest(shown, language=language))


def blocks(message: Message, kind: str) -> list[dict[str, Any]]:
    return [block for block in message.blocks if block["type"] == kind]


def goal_row(**changes: Any) -> DigestRow:
    kpi = replace(ORDINARY.kpi(), name="Deals", value=Decimal(12), target=Decimal(10))
    row = DigestRow(kpi, ORDINARY.hat, ANNA, change=Decimal("0.2"), is_goal=True, status="ahead")
    return replace(row, **changes)


@pytest.mark.parametrize(
    ("status", "english", "swedish"),
    [
        ("ahead", "better than the target", "bättre än målet"),
        ("on_target", "target reached", "målet nått"),
        ("near", "nearly there", "nästan framme"),
        ("behind", "target missed", "målet missat"),
    ],
)
def test_the_headline_is_the_goal_in_one_sentence_with_its_verdict(status: str, english: str, swedish: str) -> None:
    shown = replace(DIGEST, goal=goal_row(status=status))
    assert catalog.digest(shown, language="en").text == (
        f"North, week 48: Deals: 12, target 10, +20% on the week before: {english}."
    )
    assert swedish in catalog.digest(shown, language="sv").text
    assert f"*Deals: 12*, target 10, +20% on the week before: {english}." in told(shown)


def test_a_goal_without_target_has_no_verdict() -> None:
    goal = goal_row(status=None, kpi=replace(goal_row().kpi, target=None))
    assert catalog.digest(replace(DIGEST, goal=goal), language="en").text.endswith(
        "Deals: 12, +20% on the week before."
    )


def test_there_is_a_row_per_link_and_two_charts() -> None:
    message = catalog.digest(DIGEST, language="en")
    (table,) = blocks(message, "data_table")
    assert len(table["rows"]) == 1 + len(DIGEST.rows)
    assert [cell["text"] for cell in table["rows"][0]] == [
        "Link", "Owner", "Result", "Target", "Trend", "Conversion", "Won or lost",
    ]  # fmt: skip
    assert [cell["text"] for cell in table["rows"][2]] == [
        "Leads 1", "Anna Berg", "SEK\u00a012,500.5 ✓", "SEK\u00a012,500.5", "+12%",
        "3.1% of Visits · lower than usual", "−1.3",
    ]  # fmt: skip
    course, bars = blocks(message, "data_visualization")
    assert [series["name"] for series in course["chart"]["series"]] == ["Result", "Target"]
    assert len(course["chart"]["axis_config"]["categories"]) == 13
    assert bars["chart"]["type"] == "bar"
    assert bars["title"] == "Deals won or lost by each link"
    (series,) = bars["chart"]["series"]
    assert [point["value"] for point in series["data"]] == [1.3, -1.3, 1.3, -1.3, 1.3, 0.2, -0.1]
    assert bars["chart"]["axis_config"]["categories"][-2:] == ["Earlier weeks", "Not told apart"]


def test_a_conversion_whose_interval_tells_nothing_has_no_call() -> None:
    (table,) = blocks(catalog.digest(DIGEST, language="en"), "data_table")
    assert table["rows"][4][5]["text"] == "3.1% of Visits"


def test_past_twenty_bars_the_least_ones_are_one_and_still_add_up() -> None:
    rows = tuple(
        replace(DIGEST.rows[0], kpi=replace(DIGEST.rows[0].kpi, name=f"Kpi {i}"), goals=float(i)) for i in range(40)
    )
    story = replace(STORY, earlier=0.0, unattributed=0.0)
    (_, bars) = blocks(catalog.digest(replace(DIGEST, rows=rows, story=story), language="en"), "data_visualization")
    data = bars["chart"]["series"][0]["data"]
    assert len(data) == 20
    assert data[-1]["label"] == "All others"
    assert sum(point["value"] for point in data) == sum(range(40))


def test_kpis_of_the_same_name_are_bars_of_their_own() -> None:
    rows = tuple(replace(row, kpi=replace(row.kpi, name="Leads from the northern fair")) for row in DIGEST.rows)
    (_, bars) = blocks(catalog.digest(replace(DIGEST, rows=rows), language="en"), "data_visualization")
    labels = bars["chart"]["axis_config"]["categories"]
    assert len(labels) == len(set(labels)) == len(rows) + 2


def test_two_weeks_make_no_chart_of_the_goal() -> None:
    message = catalog.digest(replace(DIGEST, history=DIGEST.history[:2]), language="en")
    assert [block["chart"]["type"] for block in blocks(message, "data_visualization")] == ["bar"]


def test_the_focus_says_what_it_is_worth_what_that_rests_on_and_whom_it_concerns() -> None:
    text = told(DIGEST)
    assert "*Focus:* *Visits → Leads*. Back at its usual level it is worth about *+1.3* Deals a week" in text
    assert "(between +0.20 and +2.4)" in text
    assert "The last 4 weeks gave 3%, the 13 before them 4%." in text
    assert "The link hangs together (26 weeks, between +0.30 and +0.80)." in text
    assert "It concerns Anna Berg." not in text, "the two owners have the same name and are two people"
    assert "It concerns Anna Berg and Anna Berg." in text


def test_without_a_clear_focus_the_reason_is_said() -> None:
    assert "*Focus:*" not in told(STATES["no focus"])
    assert "No clear focus this week: Visits and Leads are worth about the same." in told(STATES["no focus"])
    assert "Inget tydligt fokus" in told(STATES["no focus"], "sv")


def test_a_focus_that_relies_on_links_that_are_not_shown_says_so() -> None:
    focus = STORY.focus or FocusFact()
    shown = replace(focus, not_shown=((ORDINARY.hat, ORDINARY.hat),))
    text = told(replace(DIGEST, story=replace(STORY, focus=shown)))
    assert "It relies on links that are not shown to hang together yet: Email nurturing → Email nurturing." in text


def test_the_plan_adds_up_in_words() -> None:
    text = told(DIGEST)
    assert "At usual rates and targets the chain gives 9.6; it became 11, which is +1.4." in text
    assert "+0.2 of it comes from earlier weeks. −0.1 of it cannot be told apart." in text


def test_what_cannot_be_told_is_named_with_its_weeks_and_links() -> None:
    text = told(DIGEST)
    assert "What cannot be told: *Leads*, week 45 and week 46: there is no number for the week (Visits → Leads)" in text
    missing = told(STATES["all missing"])
    assert "No numbers for week 48 yet. It happens" in missing
    assert "data_table" not in {block["type"] for block in catalog.digest(STATES["all missing"], language="en").blocks}
    assert "What each link won or lost cannot be told: there is no number for the week." in told(STATES["one week"])


def test_people_are_told_kindly_and_never_pinged() -> None:
    text = told(DIGEST)
    assert "Numbers are in from Anna Berg, Anna Berg and Anna Berg." in text
    assert "Away: Anna Berg." in text
    assert "Nothing this week, and that is fine: Anna Berg (Trade fair)" in text
    assert "*Still to come*  Anna Berg (Leads and Deals)" in text
    assert "<@" not in text


def test_only_what_is_off_track_is_in_the_digest_and_all_notes_are_in_its_thread() -> None:
    text = told(DIGEST)
    assert "• *Leads 0*: off track, “A fair”" in text
    assert "on track" not in text.replace("off track", "")
    detail = said(catalog.digest_detail(DIGEST, language="en"))
    assert "• *Leads 1* (Anna Berg): on track, “A fair”" in detail
    assert "3.1% of Visits · lower than usual · usually 4% · between 2% and 5% · −1.3 in goals" in detail


def test_passes_looking_back_and_vanity_have_a_line_each() -> None:
    text = told(DIGEST)
    assert "*Passes, 1 to 5*  Visits → Leads 3.5 · Visits → Leads 3.5" in text
    assert "*Looking back*  4 weeks ago, in week 44, the focus was" in text
    assert "has grown for 6 weeks" in text
    calm = told(replace(DIGEST, passes=(), story=replace(STORY, looked_back=None, vanity=())))
    assert "Passes" not in calm
    assert "Looking back" not in calm


def test_older_blocks_tell_the_same() -> None:
    older = catalog.digest(DIGEST, language="en").older_blocks
    assert older is not None
    assert {block["type"] for block in older} <= {"header", "section", "context", "actions"}
    text = said(older)
    assert all(row.kpi.name in text for row in DIGEST.rows)
    assert "−1.3 in goals" in text
    assert "▁" in text, "the goal's course"
    newer = told(DIGEST)
    for sentence in ("*Focus:*", "*Passes, 1 to 5*", "What cannot be told:", "Still to come", "At usual rates"):
        assert sentence in text
        assert sentence in newer


def test_forty_kpis_are_at_most_fifty_blocks_with_every_row() -> None:
    rows = tuple(replace(row, goals=0.5) for row in DIGEST.rows * 8)
    message = catalog.digest(replace(DIGEST, rows=rows), language="sv")
    assert len(rows) == 40
    assert len(message.blocks) <= 50
    assert len(message.older_blocks or ()) <= 50
    assert len(blocks(message, "data_table")[0]["rows"]) == 41


def test_a_huge_chain_says_how_many_links_it_does_not_show() -> None:
    assert "200 more links of the chain did not fit here." in told(digest_of(Content("huge")))


def test_an_updated_digest_says_so_and_when() -> None:
    assert "Updated Monday 10:00" in told(STATES["updated"])
    assert "Uppdaterad måndag 10:00" in told(STATES["updated"], "sv")
    assert "Updated" not in told(DIGEST)


def test_only_the_posted_digest_has_the_button_and_only_an_admin_can_post_again() -> None:
    def actions(shown: Digest) -> list[tuple[str, str]]:
        found = [e for b in blocks(catalog.digest(shown, language="en"), "actions") for e in b["elements"]]
        return [(button["action_id"], button["value"]) for button in found]

    assert actions(DIGEST) == [(ids.DIGEST_DISCUSS, "1:2026-W48")]
    assert actions(STATES["preview"]) == [(ids.DIGEST_AGAIN, "1 2026 48 1")]
    assert actions(replace(DIGEST, discuss="")) == []
    assert "A preview of the numbers so far: nothing has been posted." in told(STATES["preview"])


def test_a_change_tells_both_values_and_who_said_so() -> None:
    leads = replace(ORDINARY.kpi(), name="Leads", unit="count", value=Decimal(130))
    pulled = replace(leads, name="Visits", origin="pull", origin_host="docs.example.com")
    found = (Change(leads, Decimal(120), ANNA), Change(pulled, None))
    text = said(catalog.digest_change(DigestChanges("2026-W47", found), language="en"))
    assert text.split("\n")[-1].startswith(
        "Updated: *Leads* 120 → 130, by Anna Berg · *Visits* 130, read from docs.example"
    )
    moved = said(catalog.digest_moved(DigestChanges("2026-W47", found, "North"), language="sv"))
    assert "Vecka 47 har ändrats i North: *Leads* 120 → 130, av Anna Berg" in moved
    assert "`/hat digest 2026-W47`" in moved


def test_the_terminal_digest_is_aligned() -> None:
    text = catalog.digest_text(DIGEST, language="en", width=110)
    table = text.split("\n\n")[2].split("\n")
    assert " ".join(table[0].split()) == "Link Owner Result Target Trend Conversion Won or lost"
    assert len({line.index("12%") for line in table[1:]}) == 1
    assert max(map(len, table)) <= 110
    assert "Focus: Visits → Leads." in text


def test_a_first_link_is_held_to_its_target_in_words() -> None:
    kpi = replace(goal_row().kpi, name="Visits", target=Decimal(200))
    row = replace(goal_row(), kpi=kpi, is_goal=False, upstream=None, call="down", norm=200.0, goals=-0.5)
    detail = said(catalog.digest_detail(replace(DIGEST, rows=(row,)), language="en"))
    assert "• *Visits*  less than its target · −0.5 in goals" in detail
    without = replace(row, norm=180.0)
    detail = said(catalog.digest_detail(replace(DIGEST, rows=(without,)), language="en"))
    assert "• *Visits*  lower than usual · usually 180 · −0.5 in goals" in detail


def test_a_share_of_what_was_expected_is_written_as_one_also_above_it() -> None:
    row = replace(goal_row(), conversion=Decimal("1.12"), is_joined=True, call="as_usual", ci=(0.59, 2.13), norm=1.0)
    detail = said(catalog.digest_detail(replace(DIGEST, rows=(row,)), language="en"))
    assert "112% of what was expected · as usual · between 59% and 213%" in detail


def test_a_preview_of_a_week_that_has_just_begun_reproaches_nobody() -> None:
    unread = replace(STATES["all missing"], is_preview=True)
    assert "No numbers for week 48 yet; they come with the weekly reports." in told(unread)
