"""The weekly report: what people type is what is stored, whole or not at all."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import Refused
from bot.services.readings import report_form, reports
from bot.services.readings.reports import Problems, Reported
from bot.services.sending import weekly_prompt
from messages import catalog
from messages.content import Receipt
from storage import Sessions, assignments, readings
from storage.tables import Kpi
from tests.support.builders import NOW, a_hat, a_kpi, a_target, added, owns, reads
from tests.support.database import at_once
from tests.support.fake_slack import FakeSlack, words
from tests.support.replica import StandingClock, replica
from tests.support.week import (
    FRIDAY_13,
    MONDAY_10,
    THIS_WEEK,
    TUESDAY,
    Player,
    a_player,
    a_playing_team,
    reading_of,
)

LAST_WEEK = "2026-W47"


@pytest.fixture
def anna(sqlite_sessions: Sessions) -> Player:
    return a_player(sqlite_sessions, a_playing_team(sqlite_sessions, name="North"), kpi={"name": "Leads"})


def submit(
    sessions: Sessions, player: Player, typed: dict[int, str], *, week: str = THIS_WEEK, now: datetime = FRIDAY_13
) -> Reported | Problems:
    return reports.submit(sessions, player.asker, f"{player.team.id}:{week}", typed, now=now).content


def refusal_of(sessions: Sessions, player: Player, state: str, typed: dict[int, str]) -> str:
    with pytest.raises(Refused) as refused:
        reports.submit(sessions, player.asker, state, typed, now=FRIDAY_13)
    return refused.value.name


def receipt_of(answer: Reported | Problems) -> Receipt:
    assert isinstance(answer, Reported), answer
    return answer.receipt


def another_kpi(sessions: Sessions, player: Player, name: str, **columns: Any) -> Kpi:
    return a_kpi(sessions, player.hat, name, **columns)


@pytest.mark.parametrize(
    ("locale", "text", "value"),
    [
        ("en-GB", "12500", "12500"),
        ("en-GB", "12,500", "12500"),
        ("en-GB", "12 500", "12500"),
        ("en-GB", "12.5k", "12500"),
        ("en-GB", "1,234,567", "1234567"),
        ("sv-SE", "12 500", "12500"),
        ("sv-SE", "12\u00a0500", "12500"),
        ("sv-SE", "12\u202f500", "12500"),
        ("sv-SE", "12 500 st", "12500"),
        ("sv-SE", "0", "0"),
    ],
)
def test_a_count_is_read_as_it_is_written(
    sqlite_sessions: Sessions, anna: Player, locale: str, text: str, value: str
) -> None:
    anna.member.locale = locale
    added(sqlite_sessions, anna.member)
    receipt = receipt_of(submit(sqlite_sessions, anna, {anna.kpi.id or 0: text}))
    assert [kpi.value for kpi in receipt.stored] == [Decimal(value)]
    assert reading_of(sqlite_sessions, anna.kpi, THIS_WEEK) == Decimal(value)


@pytest.mark.parametrize(
    ("locale", "unit", "text", "value"),
    [
        ("en-GB", "percent", "12 %", "12"),
        ("en-GB", "percent", "3.5%", "3.5"),
        ("sv-SE", "percent", "3,5 %", "3.5"),
        ("sv-SE", "money", "1 234,50 kr", "1234.5"),
        ("en-GB", "money", "£1,234.50", "1234.5"),
        ("sv-SE", "money", "-250 kr", "-250"),
        ("sv-SE", "money", "1,5 mkr", "1500000"),
        ("sv-SE", "money", "12 tkr", "12000"),
        ("en-GB", "duration", "7.25", "7.25"),
    ],
)
def test_an_amount_is_read_as_it_is_written(
    sqlite_sessions: Sessions, anna: Player, locale: str, unit: str, text: str, value: str
) -> None:
    anna.member.locale = locale
    added(sqlite_sessions, anna.member)
    kpi = another_kpi(sqlite_sessions, anna, "Amount", unit=unit, decimals=2)
    assert receipt_of(submit(sqlite_sessions, anna, {kpi.id or 0: text})).stored[0].value == Decimal(value)
    assert reading_of(sqlite_sessions, kpi, THIS_WEEK) == Decimal(value)


@pytest.mark.parametrize(("locale", "says"), [("en-GB", "1,234"), ("sv-SE", "1\u00a0234")])
def test_an_ambiguous_number_is_asked_back_at_its_field_and_nothing_is_stored(
    sqlite_sessions: Sessions, anna: Player, locale: str, says: str
) -> None:
    anna.member.locale = locale
    added(sqlite_sessions, anna.member)
    rate = another_kpi(sqlite_sessions, anna, "Rate", unit="ratio", decimals=3)
    answer = submit(sqlite_sessions, anna, {anna.kpi.id or 0: "12", rate.id or 0: "1.234"})
    assert isinstance(answer, Problems)
    assert set(answer.by_kpi) == {rate.id}, "the other field is not touched"
    problem = answer.by_kpi[rate.id or 0]
    assert problem.choices == (Decimal(1234), Decimal("1.234"))
    language = locale[:2]
    sentence = catalog.number_problem(problem.name, problem.text, problem.choices, problem.kpi, language=language)
    assert says in sentence
    assert reading_of(sqlite_sessions, anna.kpi, THIS_WEEK) is None
    assert reading_of(sqlite_sessions, rate, THIS_WEEK) is None


def test_what_the_question_offers_is_accepted_when_it_is_typed(sqlite_sessions: Sessions, anna: Player) -> None:
    rate = another_kpi(sqlite_sessions, anna, "Rate", unit="ratio", decimals=3)
    answer = submit(sqlite_sessions, anna, {rate.id or 0: "1.234"})
    assert isinstance(answer, Problems)
    problem = answer.by_kpi[rate.id or 0]
    sentence = catalog.number_problem(problem.name, problem.text, problem.choices, problem.kpi, language="en")
    typed = sentence.split("Write ")[1].rstrip(".").split(" or ")
    for text, choice in zip(typed, problem.choices, strict=True):
        assert receipt_of(submit(sqlite_sessions, anna, {rate.id or 0: text})).stored[0].value == choice


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a lot", "not_a_number"),
        ("12 or 13", "not_a_number"),
        ("1e5", "not_a_number"),
        ("nan", "not_a_number"),
        ("12.5", "not_whole"),
        ("-3", "negative"),
        ("9" * 16, "too_large"),
        ("1" * 3000, "too_large"),
        ("<!channel>", "not_a_number"),
    ],
)
def test_a_count_that_is_none_is_marked_at_its_field(
    sqlite_sessions: Sessions, anna: Player, text: str, problem: str
) -> None:
    answer = submit(sqlite_sessions, anna, {anna.kpi.id or 0: text})
    assert isinstance(answer, Problems)
    found = answer.by_kpi[anna.kpi.id or 0]
    assert found.name == problem
    sentence = catalog.number_problem(found.name, found.text, found.choices, found.kpi, language="en")
    assert "example" in sentence or "15 digits" in sentence
    assert reading_of(sqlite_sessions, anna.kpi, THIS_WEEK) is None


def test_more_decimals_than_are_kept_are_refused_and_not_rounded_unseen(
    sqlite_sessions: Sessions, anna: Player
) -> None:
    rate = another_kpi(sqlite_sessions, anna, "Rate", unit="ratio", decimals=2)
    assert receipt_of(submit(sqlite_sessions, anna, {rate.id or 0: "0.123456"})).stored[0].value == Decimal("0.123456")
    answer = submit(sqlite_sessions, anna, {rate.id or 0: "0.1234567"})
    assert isinstance(answer, Problems)
    assert answer.by_kpi[rate.id or 0].name == "too_large"
    assert reading_of(sqlite_sessions, rate, THIS_WEEK) == Decimal("0.123456")


def test_a_form_is_stored_whole_or_not_at_all(sqlite_sessions: Sessions, anna: Player) -> None:
    others = [another_kpi(sqlite_sessions, anna, f"Kpi {number}") for number in range(3)]
    typed = {kpi.id or 0: "7" for kpi in (anna.kpi, *others)} | {others[1].id or 0: "seven"}
    answer = submit(sqlite_sessions, anna, typed)
    assert isinstance(answer, Problems)
    assert set(answer.by_kpi) == {others[1].id}
    assert [reading_of(sqlite_sessions, kpi, THIS_WEEK) for kpi in (anna.kpi, *others)] == [None] * 4
    typed[others[1].id or 0] = "8"
    assert len(receipt_of(submit(sqlite_sessions, anna, typed)).stored) == 4


def test_an_empty_field_leaves_its_kpi_alone(sqlite_sessions: Sessions, anna: Player) -> None:
    deals, calls = (another_kpi(sqlite_sessions, anna, name) for name in ("Deals", "Calls"))
    submit(sqlite_sessions, anna, {deals.id or 0: "3"})
    receipt = receipt_of(
        submit(sqlite_sessions, anna, {anna.kpi.id or 0: "12", deals.id or 0: "  ", calls.id or 0: ""})
    )
    assert reading_of(sqlite_sessions, deals, THIS_WEEK) == 3
    assert {kpi.name: kpi.value for kpi in receipt.stored} == {"Leads": 12, "Deals": 3}
    assert [kpi.name for kpi in receipt.missing] == ["Calls"]
    shown = words(catalog.receipt(receipt, language="en"))
    assert "Still open: Calls" in shown
    assert refusal_of(sqlite_sessions, anna, f"{anna.team.id}:{THIS_WEEK}", {deals.id or 0: " "}) == "form_empty"


def test_a_correction_keeps_what_was_said_before(sqlite_sessions: Sessions, anna: Player) -> None:
    submit(sqlite_sessions, anna, {anna.kpi.id or 0: "12"})
    submit(sqlite_sessions, anna, {anna.kpi.id or 0: "12"}, now=FRIDAY_13 + timedelta(hours=1))
    submit(sqlite_sessions, anna, {anna.kpi.id or 0: "13"}, now=FRIDAY_13 + timedelta(hours=2))
    assert reading_of(sqlite_sessions, anna.kpi, THIS_WEEK) == 13
    with sqlite_sessions.read() as session:
        (version,) = readings.versions(session, anna.kpi.id or 0, THIS_WEEK)
    assert (version.value, version.reported_at, version.reported_by) == (12, FRIDAY_13, anna.member.id)
    assert (version.replaced_by, version.replaced_at) == (anna.member.id, FRIDAY_13 + timedelta(hours=2))


def test_nobody_reports_a_hat_that_is_not_theirs(sqlite_sessions: Sessions, anna: Player) -> None:
    erik = a_player(sqlite_sessions, anna.team, "Erik")
    rival = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), "Rival")
    state = f"{anna.team.id}:{THIS_WEEK}"
    for foreign in (erik.kpi, rival.kpi):
        typed = {anna.kpi.id or 0: "12", foreign.id or 0: "99"}
        assert refusal_of(sqlite_sessions, anna, state, typed) == "not_owner"
        assert reading_of(sqlite_sessions, foreign, THIS_WEEK) is None
    assert reading_of(sqlite_sessions, anna.kpi, THIS_WEEK) is None, "the whole form is refused"
    assert refusal_of(sqlite_sessions, anna, state, {987_654: "1"}) == "not_owner"


def test_a_hat_that_was_handed_over_meanwhile_is_reported_by_its_new_owner(
    sqlite_sessions: Sessions, anna: Player
) -> None:
    erik = a_player(sqlite_sessions, anna.team, "Erik")
    with sqlite_sessions.write() as session:
        assignments.assign(session, anna.hat, erik.member.id, ending="handed_over", now=FRIDAY_13)
    state = f"{anna.team.id}:{THIS_WEEK}"
    assert refusal_of(sqlite_sessions, anna, state, {anna.kpi.id or 0: "12"}) == "nothing_to_report"
    assert receipt_of(submit(sqlite_sessions, erik, {anna.kpi.id or 0: "12"})).stored[0].value == 12


@pytest.mark.parametrize(
    "state",
    [
        "",
        "x",
        "1",
        "1:",
        ":2026-W48",
        "1:2026-W99",
        "1:2026-48",
        "-1:2026-W48",
        "0:2026-W48",
        "999:2026-W48",
        "99999999999999999999:2026-W48",
        f"{'9' * 5000}:2026-W48",
        "1:1900-W01",
        "1:2999-W52",
        "1:2026-W50",
        "1:2026-W48:x",
        "1 2026-W48",
        "\x00:2026-W48",
    ],
    ids=lambda state: state[:20].replace("\x00", "NUL"),
)
def test_a_form_of_another_time_or_team_is_refused(sessions: Sessions, state: str) -> None:
    player = a_player(sessions, a_playing_team(sessions, name="North"), kpi={"name": "Leads"})
    assert refusal_of(sessions, player, state, {player.kpi.id or 0: "12"}) == "form_outdated"
    with pytest.raises(Refused, match="form_outdated"):
        report_form.open_form(sessions, player.asker, state, now=FRIDAY_13)


def test_a_form_of_another_workspaces_team_is_refused(sqlite_sessions: Sessions, anna: Player) -> None:
    rival = a_player(sqlite_sessions, a_playing_team(sqlite_sessions), "Rival")
    state = f"{rival.team.id}:{THIS_WEEK}"
    assert refusal_of(sqlite_sessions, anna, state, {rival.kpi.id or 0: "12"}) == "form_outdated"


def test_who_owns_nothing_has_nothing_to_report(sqlite_sessions: Sessions, anna: Player) -> None:
    hat = a_hat(sqlite_sessions, anna.team, "Hat without numbers")
    erik = a_player(sqlite_sessions, anna.team, "Erik")
    owns(sqlite_sessions, erik.member, hat)
    erik.kpi.archived_at = NOW
    added(sqlite_sessions, erik.kpi)
    with pytest.raises(Refused, match="nothing_to_report"):
        report_form.open_form(sqlite_sessions, erik.asker, None, now=FRIDAY_13)


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (TUESDAY, THIS_WEEK),
        (FRIDAY_13 - timedelta(seconds=1), THIS_WEEK),
        (FRIDAY_13, THIS_WEEK),
        (MONDAY_10 - timedelta(seconds=1), THIS_WEEK),
        (MONDAY_10, "2026-W49"),
    ],
)
def test_the_form_is_about_the_week_whose_digest_has_not_come(
    sqlite_sessions: Sessions, anna: Player, now: datetime, week: str
) -> None:
    form = report_form.open_form(sqlite_sessions, anna.asker, None, now=now).content
    assert form.period == week
    assert form.state == f"{anna.team.id}:{week}"


def test_an_earlier_week_may_be_reported_late_and_the_next_but_one_not_yet(
    sqlite_sessions: Sessions, anna: Player
) -> None:
    receipt = receipt_of(submit(sqlite_sessions, anna, {anna.kpi.id or 0: "11"}, week="2026-W42"))
    assert receipt.period == "2026-W42"
    assert reading_of(sqlite_sessions, anna.kpi, "2026-W42") == 11
    for closed in ("2026-W41", "2026-W50"):
        state = f"{anna.team.id}:{closed}"
        assert refusal_of(sqlite_sessions, anna, state, {anna.kpi.id or 0: "1"}) == "form_outdated"


def test_the_form_suggests_what_is_stored_or_else_the_last_value(sqlite_sessions: Sessions, anna: Player) -> None:
    deals = another_kpi(sqlite_sessions, anna, "Deals")
    fresh = another_kpi(sqlite_sessions, anna, "Fresh")
    a_target(sqlite_sessions, anna.kpi, 100)
    reads(sqlite_sessions, anna.kpi, {"2026-W45": 80, "2026-W46": 90, THIS_WEEK: 95})
    reads(sqlite_sessions, deals, {"2026-W45": 3})
    form = report_form.open_form(sqlite_sessions, anna.asker, None, now=FRIDAY_13).content
    fields = {field.kpi.name: field for field in form.fields}
    assert (fields["Leads"].suggested, fields["Leads"].reported, fields["Leads"].kpi.target) == (95, True, 100)
    assert (fields["Deals"].suggested, fields["Deals"].reported) == (3, False)
    assert fields["Fresh"].suggested is None
    view = catalog.report_modal(form, language="en")
    prefilled = {
        block["block_id"]: block["element"].get("initial_value") for block in view["blocks"] if block["type"] == "input"
    }
    assert prefilled == {f"kpi_{anna.kpi.id}": "95", f"kpi_{deals.id}": "3", f"kpi_{fresh.id}": None}


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("value", ["12500", "1.234", "0.5", "1234567.25", "-3.125", "0.000001", "999999999999999"])
def test_what_the_form_suggests_is_read_back_as_the_same_number(
    sqlite_sessions: Sessions, anna: Player, language: str, value: str
) -> None:
    anna.member.locale = language
    added(sqlite_sessions, anna.member)
    kpi = another_kpi(sqlite_sessions, anna, "Amount", unit="money", decimals=2)
    reads(sqlite_sessions, kpi, {LAST_WEEK: value})
    form = report_form.open_form(sqlite_sessions, anna.asker, None, now=FRIDAY_13).content
    view = catalog.report_modal(form, language=language)
    typed = {
        int(block["block_id"].removeprefix("kpi_")): block["element"]["initial_value"]
        for block in view["blocks"]
        if block["type"] == "input" and "initial_value" in block["element"]
    }
    receipt_of(submit(sqlite_sessions, anna, typed))
    assert reading_of(sqlite_sessions, kpi, THIS_WEEK) == Decimal(value)


def test_the_receipt_says_the_digests_time_in_the_members_zone(sqlite_sessions: Sessions) -> None:
    team = a_playing_team(sqlite_sessions)
    grace = a_player(sqlite_sessions, team, "Grace", timezone="America/New_York", locale="en-US")
    receipt = receipt_of(submit(sqlite_sessions, grace, {grace.kpi.id or 0: "5"}))
    assert receipt.digest_at == MONDAY_10.astimezone(ZoneInfo("America/New_York"))
    assert "Monday 04:00" in words(catalog.receipt(receipt, language="en"))
    quiet = a_playing_team(sqlite_sessions, digest_at="")
    sara = a_player(sqlite_sessions, quiet, "Sara")
    assert receipt_of(submit(sqlite_sessions, sara, {sara.kpi.id or 0: "5"})).digest_at is None


def test_after_a_report_the_prompt_that_was_sent_can_say_so(sqlite_sessions: Sessions, anna: Player) -> None:
    before = submit(sqlite_sessions, anna, {anna.kpi.id or 0: "12"}, week="2026-W46")
    assert isinstance(before, Reported)
    assert weekly_prompt.posted(sqlite_sessions, anna.asker, before.state, now=FRIDAY_13).content is None
    clock = StandingClock(FRIDAY_13)
    slack = FakeSlack(clock)
    with replica(sqlite_sessions, slack, clock) as bot:
        bot.tick()
    prompt = slack.last_in(anna.id)
    after = submit(sqlite_sessions, anna, {anna.kpi.id or 0: "12"})
    assert isinstance(after, Reported)
    posted = weekly_prompt.posted(sqlite_sessions, anna.asker, after.state, now=FRIDAY_13).content
    assert posted is not None
    assert posted.places == ((prompt.channel, prompt.ts),)
    assert posted.weekly.receipt == after.receipt


def test_a_long_form_has_pages(sqlite_sessions: Sessions, anna: Player) -> None:
    for number in range(60):
        another_kpi(sqlite_sessions, anna, f"Kpi {number}")
    form = report_form.open_form(sqlite_sessions, anna.asker, None, now=FRIDAY_13).content
    assert (len(form.fields), form.page, form.pages) == (20, 1, 4)
    assert "Page 1 of 4" in words(catalog.report_modal(form, language="en"))


def test_two_forms_at_once_leave_one_reading_and_its_history(sessions: Sessions) -> None:
    player = a_player(sessions, a_playing_team(sessions))
    typed = [str(number) for number in range(5)]
    at_once(*[lambda text=text: submit(sessions, player, {player.kpi.id or 0: text}) for text in typed])  # type: ignore[misc]
    with sessions.read() as session:
        earlier = [version.value for version in readings.versions(session, player.kpi.id or 0, THIS_WEEK)]
    last = reading_of(sessions, player.kpi, THIS_WEEK)
    assert sorted([*earlier, last]) == [0, 1, 2, 3, 4]  # type: ignore[type-var]


def test_a_week_of_the_far_past_is_a_week_like_any_other(sqlite_sessions: Sessions, anna: Player) -> None:
    old = datetime(2026, 1, 8, tzinfo=UTC)
    form = report_form.open_form(sqlite_sessions, anna.asker, f"{anna.team.id}:2026-W01", now=old).content
    assert form.period == "2026-W01"
