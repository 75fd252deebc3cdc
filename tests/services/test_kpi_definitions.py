"""How a KPI is measured: in a form, with its owner's consent, for one week, from other KPIs, and not every week."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from decimal import Decimal

import pytest

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.agreements import agreement_answers
from bot.services.agreements.agreement_form import Typed
from bot.services.digests.digests import digest_of
from bot.services.hats.hats import card
from bot.services.kpis import kpi_editing, kpi_forms
from bot.services.readings.duties import duty_of
from bot.services.workspaces.scene import Asker, locate
from messages import catalog
from messages.content import HatCard
from messages.digest_content import Digest
from messages.life_content import Done
from storage import Sessions, hats, teams
from storage.tables import Kpi, Member, TargetOverride
from tests.support.builders import a_kpi, a_target, reads
from tests.support.workshop import Workshop, problems


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


def name_of(done: object) -> str:
    assert isinstance(done, Done), done
    return done.name


def answers(shop: Workshop, member: Member) -> tuple[Asker, str]:
    (live,) = [row for row in shop.proposals() if row.decided_at is None]
    return shop.asker(member), f"{live.id}.{live.round}"


def accept(shop: Workshop, member: Member) -> None:
    asker, key = answers(shop, member)
    agreement_answers.accept(shop.sessions, asker, key, now=shop.now)


def the_digest(shop: Workshop, week: str) -> Digest:
    with shop.sessions.read() as session:
        team = teams.get(session, shop.team.workspace_id, shop.team.id or 0)
        assert team is not None
        return digest_of(session, team, Period.parse(week))


def statuses(shop: Workshop, week: str) -> dict[str, tuple[str, str | None]]:
    return {row.kpi.name: (str(row.kpi.value), row.status) for row in the_digest(shop, week).rows}


def owed(shop: Workshop, week: str) -> list[str]:
    with shop.sessions.read() as session:
        team = teams.get(session, shop.team.workspace_id, shop.team.id or 0)
        assert team is not None
        return [row.name for row in duty_of(session, team, shop.oskar, Period.parse(week), now=shop.now).rows]


def the_card(shop: Workshop) -> HatCard:
    with shop.sessions.read() as session:
        scene = locate(session, shop.asker(shop.oskar))
        row = hats.one(session, shop.team.id or 0, shop.email.id or 0)
        assert row is not None
        return card(session, scene, row, on=shop.now.date())


def test_a_range_keeps_both_ends_and_is_held_against_in_the_digest(shop: Workshop) -> None:
    typed = {"name": "Mails", "direction": "within", "target": "20–10"}
    assert name_of(shop.save_kpi(shop.oskar, shop.email, **typed)) == "kpi_added"
    reads(shop.sessions, shop.kpi("Mails"), {"2026-W48": 15, "2026-W49": 21})
    assert statuses(shop, "2026-W48") == {"Mails": ("15", "on_target")}
    assert statuses(shop, "2026-W49") == {"Mails": ("21", "near")}
    (row,) = the_digest(shop, "2026-W48").rows
    assert "10–20" in str(catalog.digest_text(the_digest(shop, "2026-W48"), language="sv"))
    assert (row.kpi.target, row.kpi.upper) == (10, 20)


@pytest.mark.parametrize(
    ("direction", "target", "problem"),
    [
        ("within", "15", "range_needed"),
        ("higher", "10–20", "no_range"),
        ("higher", "at most 5", "wrong_way"),
        ("lower", "minst 5", "wrong_way"),
        ("lower", "under soon", "not_a_number"),
        ("within", "10–12,5", "not_whole"),
        ("within", "10–1.234", "ambiguous"),
    ],
)
def test_a_target_that_does_not_go_with_the_direction_is_refused_at_its_field(
    quick: Workshop, direction: str, target: str, problem: str
) -> None:
    done = quick.save_kpi(quick.oskar, quick.email, direction=direction, target=target)
    assert problems(done) == {"target": problem}
    (found,) = done.by_field.values()  # type: ignore[union-attr]
    for language in ("en", "sv"):
        assert catalog.number_problem(found.name, found.text, found.choices, found.kpi, language=language)  # type: ignore[union-attr]


def test_any_currency_with_a_code_is_money(quick: Workshop) -> None:
    assert problems(quick.save_kpi(quick.oskar, quick.email, unit="money", currency="doubloons")) == {
        "currency": "currency_unknown"
    }
    quick.save_kpi(quick.oskar, quick.email, unit="money", currency="jpy", target="5000")
    assert (quick.kpi("Leads").unit, quick.kpi("Leads").currency) == ("money", "JPY")
    form = kpi_forms.filled(quick.sessions, quick.asker(quick.oskar), "leads", now=quick.now).content
    assert "Money, JPY" in str(catalog.kpi_form(form, language="en"))


def test_a_duration_is_typed_as_people_say_it_and_kept_in_hours(quick: Workshop) -> None:
    typed = {"name": "Answer time", "unit": "duration", "direction": "lower", "target": "under 1 h 30 min"}
    quick.save_kpi(quick.oskar, quick.email, **typed)
    assert quick.targets(quick.kpi("Answer time")) == {"2026-W48": "1.5"}
    form = kpi_forms.filled(quick.sessions, quick.asker(quick.oskar), "answer", now=quick.now).content
    assert "< 1 h 30 min" in str(catalog.kpi_form(form, language="sv"))


def test_one_week_gets_its_own_target_with_a_reason_and_the_others_keep_theirs(shop: Workshop) -> None:
    kpi = a_kpi(shop.sessions, shop.email, "Leads")
    a_target(shop.sessions, kpi, 100)
    reads(shop.sessions, kpi, {"2026-W48": 60, "2026-W49": 60, "2026-W50": 60})
    typed = {"target": "50", "holds": "2026-W49"}
    assert problems(shop.save_kpi(shop.oskar, shop.email, kpi, **typed)) == {"reason": "reason_for_week"}
    assert name_of(shop.save_kpi(shop.oskar, shop.email, kpi, reason="The office moves.", **typed)) == "kpi_changed"
    (row,) = shop.rows(TargetOverride)
    assert (row.period, row.value, row.reason, row.agreed_at) == ("2026-W49", 50, "The office moves.", shop.now)
    assert shop.targets(kpi) == {"2026-W01": "100"}
    seen = {week: statuses(shop, week)["Leads"][1] for week in ("2026-W48", "2026-W49", "2026-W50")}
    assert seen == {"2026-W48": "behind", "2026-W49": "ahead", "2026-W50": "behind"}
    form = kpi_forms.filled(shop.sessions, shop.asker(shop.oskar), "leads", now=shop.now).content
    assert form.kpi.target == 100
    assert name_of(shop.save_kpi(shop.oskar, shop.email, kpi, target="100", holds="2026-W51")) == "kpi_changed"
    assert len(shop.rows(TargetOverride)) == 1, "the usual target is no other one"
    assert problems(shop.save_kpi(shop.oskar, shop.email, kpi, target="50", holds="2026-W20", reason="x")) == {
        "holds": "choice_unknown"
    }


def test_a_single_weeks_target_waits_for_the_owner_and_can_be_countered(shop: Workshop) -> None:
    kpi = a_kpi(shop.sessions, shop.email, "Leads")
    a_target(shop.sessions, kpi, 100)
    typed = {"target": "200", "holds": "2026-W49", "reason": "The fair is on."}
    assert name_of(shop.save_kpi(shop.anna, shop.email, kpi, **typed)) == "kpi_target_asked"
    (offer,) = shop.told(shop.oskar)
    assert "only week 49" in offer
    assert "The fair is on." in offer
    asker, key = answers(shop, shop.oskar)
    counter = Typed({kpi.id or 0: "150"}, "", "", "Half of us are ill.")
    agreement_answers.counter(shop.sessions, asker, key, counter, now=shop.now)
    assert shop.rows(TargetOverride) == []
    accept(shop, shop.anna)
    (row,) = shop.rows(TargetOverride)
    assert (row.period, row.value, row.reason) == ("2026-W49", 150, "Half of us are ill.")
    assert shop.targets(kpi) == {"2026-W01": "100"}


def test_measuring_a_kpi_in_another_way_waits_for_its_owner_who_reads_before_and_after(shop: Workshop) -> None:
    kpi = a_kpi(shop.sessions, shop.email, "Leads")
    a_target(shop.sessions, kpi, 100)
    typed = {
        "name": "Warm leads",
        "unit": "percent",
        "cadence": "monthly",
        "direction": "lower",
        "target": "högst 5",
        "reason": "Shares tell more.",
    }
    for _ in range(2):
        assert name_of(shop.save_kpi(shop.anna, shop.email, kpi, **typed)) == "kpi_definition_asked"
    kept = shop.kpi("Warm leads")
    assert (kept.unit, kept.cadence, kept.direction) == ("count", "weekly", "higher"), "only the name is the admin's"
    (offer,) = shop.told(shop.oskar)
    for told in ("Unit: A number → Percent", "How often: Every week → Once a month", "More is better → Less is better"):
        assert told in offer
    assert "at most 5%" in offer
    accept(shop, shop.oskar)
    now = shop.kpi("Warm leads")
    assert (now.unit, now.cadence, now.direction) == ("percent", "monthly", "lower")
    assert [row.action for row in shop.changes()].count("kpi.changed") == 2


def test_turning_a_kpi_around_turns_its_target_too(quick: Workshop) -> None:
    kpi = a_kpi(quick.sessions, quick.email, "Leads")
    a_target(quick.sessions, kpi, 100)
    assert problems(quick.save_kpi(quick.oskar, quick.email, kpi, direction="within")) == {"target": "range_needed"}
    quick.save_kpi(quick.oskar, quick.email, kpi, direction="lower")
    reads(quick.sessions, kpi, {"2026-W48": 90})
    assert statuses(quick, "2026-W48") == {"Leads": ("90", "ahead")}


def test_a_kpi_is_computed_from_others_wherever_it_is_seen_and_never_asked_for(shop: Workshop) -> None:
    for name in ("Closed deals", "Booked meetings"):
        reads(shop.sessions, a_kpi(shop.sessions, shop.email, name), {"2026-W48": 3 if name[0] == "C" else 12})
    typed = {"name": "Hit rate", "unit": "percent", "formula": "100 * closed deals / Booked meetings", "target": "20"}
    assert name_of(shop.save_kpi(shop.oskar, shop.email, **typed)) == "kpi_added"
    assert shop.kpi("Hit rate").formula == "100 * closed-deals / booked-meetings"
    assert statuses(shop, "2026-W48")["Hit rate"] == ("25", "ahead")
    assert "Hit rate" not in owed(shop, "2026-W48")
    assert "Hit rate" not in str(the_digest(shop, "2026-W49").missing)
    assert "Closed deals" in str(the_digest(shop, "2026-W49").missing)
    assert {kpi.name: kpi.value for kpi in the_card(shop).kpis}["Hit rate"] == 25


def test_a_formula_goes_by_its_kpis_new_names(quick: Workshop) -> None:
    deals = a_kpi(quick.sessions, quick.email, "Deals", unit="count")
    quick.save_kpi(quick.oskar, quick.email, name="Double", formula="2 * Deals")
    quick.save_kpi(quick.oskar, quick.email, deals, name="Won deals")
    form = kpi_forms.filled(quick.sessions, quick.asker(quick.oskar), "double", now=quick.now).content
    assert form.formula == "2 * Won deals"
    reads(quick.sessions, deals, {"2026-W48": 4})
    assert statuses(quick, "2026-W48")["Double"] == ("8", None)


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("Deals / Ghosts", "formula_unknown"),
        ("2 + 2", "formula_without_kpi"),
        ("Deals ** 9", "formula_unreadable"),
        ("__import__('os').system('x')", "formula_unreadable"),
        ("(" * 25 + "Deals" + ")" * 25, "formula_too_long"),
        ("Deals + 1 " * 40, "formula_too_long"),
    ],
)
def test_what_is_no_formula_is_said_at_its_field(quick: Workshop, formula: str, problem: str) -> None:
    a_kpi(quick.sessions, quick.email, "Deals")
    done = quick.save_kpi(quick.oskar, quick.email, formula=formula)
    assert problems(done) == {"formula": problem}
    (found,) = done.by_field.values()  # type: ignore[union-attr]
    assert catalog.field_problem(found.name, found.values, language="sv")  # type: ignore[union-attr]


def test_kpis_are_not_computed_in_a_circle(quick: Workshop) -> None:
    deals = a_kpi(quick.sessions, quick.email, "Deals")
    quick.save_kpi(quick.oskar, quick.email, name="Double", formula="2 * Deals")
    done = quick.save_kpi(quick.oskar, quick.email, deals, name="Deals", formula="Double / 2")
    assert problems(done) == {"formula": "formula_loop"}
    (found,) = done.by_field.values()  # type: ignore[union-attr]
    said = catalog.field_problem(found.name, found.values, language="en")  # type: ignore[union-attr]
    assert "Deals → Double → Deals" in said or "Double → Deals → Double" in said


def test_a_kpi_that_another_one_is_computed_from_is_not_put_away(quick: Workshop) -> None:
    a_kpi(quick.sessions, quick.email, "Deals")
    quick.save_kpi(quick.oskar, quick.email, name="Double", formula="2 * Deals")
    asker = quick.asker(quick.oskar)
    with pytest.raises(Refused, match="kpi_in_formula") as refused:
        kpi_editing.archive(quick.sessions, asker, "deals", now=quick.now)
    assert refused.value.values["others"] == ["Double"]
    kpi_editing.archive(quick.sessions, asker, "double", now=quick.now)
    assert kpi_editing.archive(quick.sessions, asker, "deals", now=quick.now).content.name == "kpi_archived"


def test_nor_while_somebody_stores_the_formula_that_uses_it(shop: Workshop) -> None:
    deals, visits = (a_kpi(shop.sessions, shop.email, name) for name in ("Deals", "Visits"))
    with ThreadPoolExecutor(1) as other:
        with shop.sessions.write() as session:
            teams.lock(session, shop.team.workspace_id, shop.team.id or 0)
            session.get_one(Kpi, visits.id).formula = f"2 * {deals.slug}"
            session.flush()
            put_away = other.submit(kpi_editing.archive, shop.sessions, shop.asker(shop.oskar), "deals", now=shop.now)
            wait([put_away], timeout=0.5)
        with pytest.raises(Refused, match="kpi_in_formula"):
            put_away.result(timeout=10)


def test_another_teams_kpi_is_no_part_of_a_formula(quick: Workshop) -> None:
    other = Workshop(quick.sessions)
    a_kpi(quick.sessions, other.email, "Secrets")
    assert problems(quick.save_kpi(quick.oskar, quick.email, formula="Secrets * 2")) == {"formula": "formula_unknown"}
    other.close()


def test_division_by_zero_and_missing_values_give_no_value(quick: Workshop) -> None:
    for name, values in (("Deals", {"2026-W48": 3, "2026-W49": 3}), ("Meetings", {"2026-W48": 0})):
        reads(quick.sessions, a_kpi(quick.sessions, quick.email, name), values)
    quick.save_kpi(quick.oskar, quick.email, name="Rate", formula="Deals / Meetings")
    assert [statuses(quick, week)["Rate"] for week in ("2026-W48", "2026-W49")] == [("None", None)] * 2


def test_a_monthly_kpi_is_asked_for_and_missed_in_its_week_only(quick: Workshop) -> None:
    a_kpi(quick.sessions, quick.email, "Revenue", cadence="monthly")
    a_kpi(quick.sessions, quick.email, "Pipeline", cadence="biweekly")
    assert owed(quick, "2026-W48") == ["Pipeline"]
    assert owed(quick, "2026-W49") == ["Revenue"]
    assert owed(quick, "2026-W51") == []
    missing = {week: str(the_digest(quick, week).missing) for week in ("2026-W48", "2026-W49", "2026-W51")}
    assert "Revenue" not in missing["2026-W48"]
    assert "Revenue" in missing["2026-W49"]
    assert missing["2026-W51"] == "()"


def test_numbers_that_were_reported_before_the_formula_do_not_count(quick: Workshop) -> None:
    deals = a_kpi(quick.sessions, quick.email, "Deals")
    rate = a_kpi(quick.sessions, quick.email, "Rate", unit="ratio")
    reads(quick.sessions, deals, {"2026-W48": 7})
    reads(quick.sessions, rate, {"2026-W47": 99, "2026-W48": 99})
    quick.save_kpi(quick.oskar, quick.email, rate, name="Rate", unit="ratio", formula="Deals / 3")
    assert statuses(quick, "2026-W48")["Rate"] == ("2.33", None)
    assert statuses(quick, "2026-W47")["Rate"] == ("None", None)
    assert len(quick.rows(Kpi)) == 2
    assert Decimal("2.33") in {kpi.value for kpi in the_card(quick).kpis}
