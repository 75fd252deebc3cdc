"""KPIs and links in forms: what holds at once, what an owner is asked about, and what a loop needs."""

from collections.abc import Iterator

import pytest

from bot.domain.errors import Refused
from bot.domain.numbers import NumberProblem
from bot.services.agreements import agreement_answers
from bot.services.agreements.agreement_form import Typed
from bot.services.chain import link_editing
from bot.services.kpis import kpi_editing, kpi_forms
from messages import catalog
from messages.life_content import Done
from storage import Sessions
from storage.tables import Hat, Kpi, Link
from tests.support.builders import a_kpi, a_link, a_target
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


def accept(shop: Workshop, member: object) -> None:
    (live,) = [row for row in shop.proposals() if row.decided_at is None]
    agreement_answers.accept(shop.sessions, shop.asker(member), f"{live.id}.{live.round}", now=shop.now)  # type: ignore[arg-type]


def test_an_owner_adds_a_kpi_where_it_belongs_in_the_chain(shop: Workshop) -> None:
    for name in ("Visits", "Deals"):
        shop.save_kpi(shop.oskar, shop.email, name=name, after="deals" if name == "Deals" else "-")
    typed = {"name": "Revenue", "unit": "money:SEK", "decimals": "2", "direction": "lower", "after": "visits"}
    assert name_of(shop.save_kpi(shop.oskar, shop.email, target="1,234.50", **typed)) == "kpi_added"
    kpi = shop.kpi("Revenue")
    assert (kpi.unit, kpi.currency, kpi.decimals, kpi.direction) == ("money", "SEK", 2, "lower")
    assert shop.targets(kpi) == {"2026-W48": "1234.5"}
    assert shop.chain().index("Revenue") == shop.chain().index("Visits") + 1
    assert name_of(shop.save_kpi(shop.oskar, shop.email, target="1,234.50", **typed)) == "kpi_added"
    assert len(shop.rows(Kpi)) == 3


def test_what_is_wrong_with_a_number_is_said_at_its_field(quick: Workshop) -> None:
    wrong = {"name": "?!", "unit": "shoes", "direction": "up", "decimals": "7", "target": "1.234"}
    assert problems(quick.save_kpi(quick.oskar, quick.email, **wrong)) == {
        "name": "name_empty",
        "unit": "choice_unknown",
        "direction": "choice_unknown",
        "decimals": "choice_unknown",
        "target": "ambiguous",
    }
    assert problems(quick.save_kpi(quick.oskar, quick.email, target="12.5")) == {"target": NumberProblem.NOT_WHOLE}
    assert problems(quick.save_kpi(quick.oskar, quick.email, target="-1")) == {"target": NumberProblem.NEGATIVE}
    assert quick.rows(Kpi) == []
    quick.save_kpi(quick.oskar, quick.email)
    assert problems(quick.save_kpi(quick.oskar, quick.email, name="LEADS", unit="percent")) == {"name": "kpi_taken"}


def test_the_owner_changes_a_target_from_this_week_on_and_earlier_weeks_keep_theirs(shop: Workshop) -> None:
    kpi = a_kpi(shop.sessions, shop.email, "Leads")
    a_target(shop.sessions, kpi, 100, since="2026-W01")
    assert name_of(shop.save_kpi(shop.oskar, shop.email, kpi, target="120")) == "kpi_changed"
    assert shop.targets(kpi) == {"2026-W01": "100", "2026-W48": "120"}
    assert name_of(shop.save_kpi(shop.oskar, shop.email, kpi, target="")) == "kpi_changed"
    assert shop.targets(kpi)["2026-W48"] == "120", "an empty field leaves the target as it is"
    assert shop.proposals() == []


def test_anybody_elses_target_waits_for_the_owners_consent(shop: Workshop) -> None:
    kpi = a_kpi(shop.sessions, shop.email, "Leads")
    a_target(shop.sessions, kpi, 100, since="2026-W01")
    assert problems(shop.save_kpi(shop.anna, shop.email, kpi, target="150")) == {"reason": "reason_missing"}
    typed = {"target": "150", "reason": "The fair is on."}
    for _ in range(2):
        assert name_of(shop.save_kpi(shop.anna, shop.email, kpi, **typed)) == "kpi_target_asked"
    assert shop.targets(kpi) == {"2026-W01": "100"}
    (offer,) = shop.told(shop.oskar)
    assert "The fair is on." in offer
    accept(shop, shop.oskar)
    assert shop.targets(kpi) == {"2026-W01": "100", "2026-W48": "150"}


def test_who_neither_owns_nor_administers_only_suggests_a_target(quick: Workshop) -> None:
    kpi = a_kpi(quick.sessions, quick.email, "Leads")
    form = kpi_forms.filled(quick.sessions, quick.asker(quick.erik), "leads", now=quick.now).content
    assert (form.may_define, form.asked.name if form.asked else None) == (False, "Oskar")
    blocks = catalog.kpi_form(form, language="en")["blocks"]
    assert [block["block_id"] for block in blocks if block["type"] == "input"] == [
        "form_target",
        "form_holds",
        "form_reason",
    ]
    typed = {"name": "Hijacked", "unit": "percent", "target": "150", "reason": "More!"}
    assert name_of(quick.save_kpi(quick.erik, quick.email, kpi, **typed)) == "kpi_target_asked"
    assert quick.kpi("Leads").unit == "count"


def test_what_a_kpi_measures_is_its_owners_to_decide_and_its_name_and_place_are_the_admins(quick: Workshop) -> None:
    kpi = a_kpi(quick.sessions, quick.email, "Leads", sequence=1)
    a_kpi(quick.sessions, quick.email, "Deals", sequence=2)
    wrong = quick.save_kpi(quick.anna, quick.email, kpi, unit="money:EUR", direction="lower")
    assert problems(wrong) == {"reason": "reason_missing"}
    done = quick.save_kpi(quick.anna, quick.email, kpi, name="Warm leads", decimals="1", after="deals", goal="goal")
    assert name_of(done) == "kpi_changed"
    assert quick.chain() == ["Deals", "Warm leads"]
    assert quick.kpi("Warm leads").is_goal
    assert quick.kpi("Warm leads").slug == "leads", "imports and links go on by the same slug"


def test_there_is_one_goal_and_admins_choose_it(shop: Workshop) -> None:
    leads, deals = (a_kpi(shop.sessions, shop.email, name) for name in ("Leads", "Deals"))
    shop.save_kpi(shop.anna, shop.email, leads, goal="goal")
    shop.save_kpi(shop.anna, shop.email, deals, name="Deals", goal="goal")
    shop.save_kpi(shop.oskar, shop.email, leads, goal="goal")
    assert [kpi.name for kpi in shop.rows(Kpi, is_goal=True)] == ["Deals"]
    assert [(row.before, row.after) for row in shop.changes() if row.action == "team.goal"] == [
        ({"goal": None}, {"goal": "leads"}),
        ({"goal": "leads"}, {"goal": "deals"}),
    ]
    shop.save_kpi(shop.anna, shop.email, deals, name="Deals", goal="")
    assert shop.rows(Kpi, is_goal=True) == []


def test_a_new_kpi_of_an_owned_hat_is_there_when_its_owner_agrees(shop: Workshop) -> None:
    typed = {"name": "Open rate", "unit": "percent", "decimals": "1", "target": "42.5", "reason": "It tells more."}
    for _ in range(2):
        assert name_of(shop.save_kpi(shop.anna, shop.email, **typed)) == "kpi_asked"
    assert shop.chain() == []
    accept(shop, shop.oskar)
    assert shop.chain() == ["Open rate"]
    kpi = shop.kpi("Open rate")
    assert (kpi.unit, kpi.decimals, shop.targets(kpi)) == ("percent", 1, {"2026-W48": "42.5"})


def test_its_owner_puts_a_kpi_away_and_an_admin_while_the_hat_is_vacant(shop: Workshop) -> None:
    def archive(member: object, query: str) -> str:
        asker = shop.asker(member)  # type: ignore[arg-type]
        return kpi_editing.archive(shop.sessions, asker, query, now=shop.now).content.name

    a_kpi(shop.sessions, shop.email, "Leads")
    vacant = shop.adds(kpi="Meetings", unit="count")
    with pytest.raises(Refused, match="kpi_archive_reason"):
        archive(shop.anna, "leads")
    with pytest.raises(Refused, match="not_admin"):
        archive(shop.erik, "meetings")
    assert [archive(shop.oskar, "leads"), archive(shop.anna, "meet")] == ["kpi_archived"] * 2
    assert shop.chain() == []
    shop.save_kpi(shop.anna, vacant, name="Meetings", unit="percent")
    assert len(shop.rows(Kpi, hat_id=vacant.id)) == 1, "it comes back with what was reported"
    for query, name in (("", "kpi_unnamed_here"), ("ghosts", "kpi_not_found")):
        with pytest.raises(Refused, match=name):
            archive(shop.oskar, query)


@pytest.mark.parametrize("agrees", [True, False])
def test_anybody_else_asks_the_owner_to_put_a_kpi_away_and_says_why(shop: Workshop, *, agrees: bool) -> None:
    a_kpi(shop.sessions, shop.email, "Leads")
    asker = shop.asker(shop.anna)
    asked = kpi_editing.archive(shop.sessions, asker, "leads: nobody looks at it", now=shop.now).content
    assert asked.name == "kpi_archive_asked"
    assert shop.chain() == ["Leads"], "until the owner agrees, it stays"
    offer = shop.told(shop.oskar)[-1]
    for part in ("suggests to put a KPI of the hat *Email* away", "*Leads*  would be put away", "nobody looks at it"):
        assert part in offer
    key = f"{shop.proposals()[-1].id}.1"
    if agrees:
        agreement_answers.accept(shop.sessions, shop.asker(shop.oskar), key, now=shop.now)
        assert shop.chain() == []
        assert "agreed: Leads, a KPI of *Email*, has been put away" in shop.told(shop.anna)[-1]
        assert [one.reason for one in shop.changes() if one.action == "kpi.archived"] == ["nobody looks at it"]
    else:
        agreement_answers.decline(shop.sessions, shop.asker(shop.oskar), key, "", now=shop.now)
        assert shop.chain() == ["Leads"]
        assert "would rather keep Leads" in shop.told(shop.anna)[-1]


def test_an_owner_who_answers_a_removal_with_a_target_keeps_the_kpi(shop: Workshop) -> None:
    leads = a_kpi(shop.sessions, shop.email, "Leads")
    kpi_editing.archive(shop.sessions, shop.asker(shop.anna), "leads: why?", now=shop.now)
    proposal = shop.proposals()[-1]
    typed = Typed({leads.id or 0: "5"}, "", "", "I look at it")
    agreement_answers.counter(shop.sessions, shop.asker(shop.oskar), f"{proposal.id}.1", typed, now=shop.now)
    agreement_answers.accept(shop.sessions, shop.asker(shop.anna), f"{proposal.id}.2", now=shop.now)
    assert shop.chain() == ["Leads"]
    assert shop.targets(leads) == {"2026-W48": "5"}


def test_links_are_made_changed_and_taken_away(shop: Workshop) -> None:
    for name in ("Visits", "Leads"):
        a_kpi(shop.sessions, shop.email, name)
    oskar = shop.asker(shop.oskar)
    form = link_editing.prepare(shop.sessions, oskar, "visits -&gt; LEADS").content
    assert (form.upstream, form.downstream, form.lag, form.rate) == ("visits", "leads", 0, None)
    ends = {"from": "visits", "to": "leads"}
    assert name_of(shop.save_link(shop.oskar, **ends, rate="0.03")) == "linked"
    assert name_of(shop.save_link(shop.oskar, **ends, lag="3", rate="0.03")) == "linked"
    assert shop.links() == [("Visits", "Leads", 3)]
    form = link_editing.prepare(shop.sessions, oskar, "visits → leads").content
    assert (form.lag, str(form.rate)) == (3, "0.03")
    shown = kpi_forms.chain(shop.sessions, oskar, now=shop.now).content
    assert shown.kpis[0].feeds[0][:2] == ("Leads", 3)
    for _ in range(2):
        assert link_editing.unlink(shop.sessions, oskar, "visits -> leads", now=shop.now).content.name == "unlinked"
    assert shop.rows(Link) == []
    assert [row.action for row in shop.changes()] == ["link.added", "link.changed", "link.removed"]


def test_a_lag_that_nobody_knows_is_left_to_the_numbers(shop: Workshop) -> None:
    for name in ("Visits", "Leads"):
        a_kpi(shop.sessions, shop.email, name)
    ends = {"from": "visits", "to": "leads"}
    assert name_of(shop.save_link(shop.oskar, **ends, lag="", lag_unknown="unknown")) == "linked"
    form = link_editing.prepare(shop.sessions, shop.asker(shop.oskar), "visits -> leads").content
    assert (form.lag, form.lag_known) == (0, False)
    assert problems(shop.save_link(shop.oskar, **ends, lag="soon", lag_unknown="unknown")) == {"lag": "lag_range"}
    assert name_of(shop.save_link(shop.oskar, **ends, lag="0")) == "linked"
    assert [link.lag_known for link in shop.rows(Link)] == [True]
    assert [row.after["lag known"] for row in shop.changes()] == ["no", "yes"]


def test_a_loop_needs_time(shop: Workshop) -> None:
    visits, leads, deals = (a_kpi(shop.sessions, shop.email, name) for name in ("Visits", "Leads", "Deals"))
    a_link(shop.sessions, visits, leads)
    a_link(shop.sessions, leads, deals)
    back = {"from": "deals", "to": "visits"}
    done = shop.save_link(shop.anna, **back)
    assert problems(done) == {"lag": "link_loop"}
    (problem,) = done.by_field.values()  # type: ignore[union-attr]
    said = catalog.field_problem(problem.name, problem.values, language="sv")  # type: ignore[union-attr]
    assert all(name in said for name in ("Visits", "Leads", "Deals"))
    assert name_of(shop.save_link(shop.anna, **back, lag="1")) == "linked"
    assert problems(shop.save_link(shop.anna, **{"from": "leads", "to": "leads"})) == {"lag": "link_to_itself"}
    for lag in ("53", "-1", "1.5", "", "soon", "9" * 50):
        assert problems(shop.save_link(shop.anna, **back, lag=lag)) == {"lag": "lag_range"}
    assert problems(shop.save_link(shop.anna, **back, lag="1", rate="-2")) == {"rate": "rate_negative"}
    with pytest.raises(Refused, match="link_not_yours"):
        shop.save_link(shop.erik, **back, lag="2")
    with pytest.raises(Refused, match="no_such_kpi"):
        shop.save_link(shop.anna, **{"from": "ghost", "to": "leads"})


def test_another_teams_kpi_cannot_be_named(quick: Workshop) -> None:
    other = Workshop(quick.sessions)
    kpi = a_kpi(quick.sessions, other.email, "Leads")
    state = f"{quick.team.id} {quick.email.id} {kpi.id}"
    with pytest.raises(Refused, match="no_such_kpi"):
        kpi_editing.save(quick.sessions, quick.asker(quick.anna), state, {}, now=quick.now)
    with pytest.raises(Refused, match="not_playing"):
        quick.save_kpi(other.anna, Hat(id=other.email.id, team_id=0, name="", slug=""), kpi)
    other.close()
