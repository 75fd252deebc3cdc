"""Hats, added, changed, put away, brought back and worn."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial

import pytest

from bot.domain.errors import Refused
from bot.services.agreements import agreements
from bot.services.hats import hat_archiving, hat_editing, wearing
from bot.services.hats.hats import listing, who
from messages import catalog
from messages.content import HatCard
from messages.life_content import Done
from storage import Sessions, hats, teams
from storage.tables import Assignment, Hat, Kpi, Wearer
from tests.support.builders import a_kpi, a_member, wears
from tests.support.database import at_once, counted_statements
from tests.support.workshop import HAT, Workshop, problems


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


def test_any_member_adds_a_hat_with_its_first_kpi(shop: Workshop) -> None:
    typed = {"aliases": "Hunter, cold calls", "kpi": "Booked meetings", "unit": "count", "target": "42"}
    done = shop.save_hat(shop.erik, **typed)
    assert isinstance(done, Done)
    assert done.name == "hat_added"
    (hat,) = shop.rows(Hat, name="Hunting")
    assert shop.names(hat) == {"hunting": "slug", "Hunter": "alias", "cold calls": "alias"}
    assert [shop.finds(name) for name in ("hunting", "HUNTER", "cold-calls")] == ["Hunting"] * 3
    (kpi,) = shop.rows(Kpi)
    assert (kpi.name, kpi.hat_id, kpi.unit) == ("Booked meetings", hat.id, "count")
    assert shop.targets(kpi) == {"2026-W48": "42"}
    assert [(row.action, row.actor) for row in shop.changes()][:2] == [
        ("hat.added", shop.erik.slack_user_id),
        ("kpi.added", shop.erik.slack_user_id),
    ]


def test_a_form_that_is_sent_twice_adds_one_hat(shop: Workshop) -> None:
    first, second = at_once(*[lambda: shop.save_hat(shop.erik, kpi="Meetings", unit="count", target="5")] * 2)
    assert first == second
    assert isinstance(first, Done)
    assert len(shop.rows(Hat, name="Hunting")) == len(shop.rows(Kpi)) == 1


def test_what_is_wrong_is_marked_at_its_field_and_nothing_is_added(quick: Workshop) -> None:
    typed = {
        "name": " -- ",
        "aliases": "ok, newsletter",
        "side": "lawn",
        "kpi": "Leads",
        "unit": "count",
        "target": "twelve",
    }
    assert problems(quick.save_hat(quick.erik, **typed)) == {
        "name": "name_empty",
        "aliases": "name_taken",
        "side": "choice_unknown",
        "target": "not_a_number",
    }
    assert len(quick.rows(Hat)) == 1
    assert quick.rows(Kpi) == []
    assert problems(quick.save_hat(quick.erik, target="5")) == {"kpi": "target_without_name"}
    assert problems(quick.save_hat(quick.erik, name="x" * 81)) == {"name": "too_long"}
    assert problems(quick.save_hat(quick.erik, aliases=",".join(f"name {n}" for n in range(31)))) == {
        "aliases": "too_many"
    }


@pytest.mark.parametrize(
    ("field", "text"), [("name", "E-mail"), ("slug", "NEWS-LETTER"), ("aliases", "x, ÉMAIL"), ("name", "newsletter")]
)
def test_a_name_of_another_hat_is_refused_however_it_is_written(quick: Workshop, field: str, text: str) -> None:
    quick.save_hat(quick.oskar, quick.email, name="Email", slug="email", aliases="Newsletter, e mail, news letter")
    done = quick.save_hat(quick.erik, **{field: text})
    assert problems(done) == {field: "name_taken"}
    (problem,) = done.by_field.values()  # type: ignore[union-attr]
    said = catalog.field_problem(problem.name, problem.values, language="en")  # type: ignore[union-attr]
    assert "the hat Email" in said


def test_a_rename_keeps_the_old_slug_and_every_name_still_finds_the_hat(shop: Workshop) -> None:
    shop.save_hat(shop.oskar, shop.email, name="Nurturing", slug="Lead nurturing", aliases="Newsletter, drip")
    assert shop.the(shop.email).slug == "lead-nurturing"
    kinds = {"lead-nurturing": "slug", "email": "old_slug", "Newsletter": "alias", "drip": "alias"}
    assert shop.names(shop.email) == kinds
    for name in ("email", "lead-nurturing", "newsletter", "Drip", "Nurturing"):
        assert shop.finds(name) == "Nurturing"
    shop.save_hat(shop.oskar, shop.email, name="Nurturing", slug="lead-nurturing", aliases="Newsletter, email")
    assert shop.names(shop.email) == {"lead-nurturing": "slug", "email": "old_slug", "Newsletter": "alias"}
    shop.save_hat(shop.oskar, shop.email, name="Email", slug="email", aliases="Newsletter")
    assert shop.names(shop.email) == {"email": "slug", "lead-nurturing": "old_slug", "Newsletter": "alias"}
    hunter = shop.adds(name="Mail", slug="mail")
    assert problems(shop.save_hat(shop.anna, hunter, name="Mail", slug="lead nurturing")) == {"slug": "name_taken"}


def test_a_former_name_that_is_given_up_is_free_again(quick: Workshop) -> None:
    quick.save_hat(quick.oskar, quick.email, name="Nurturing", slug="nurturing", aliases="")
    quick.save_hat(quick.oskar, quick.email, name="Nurturing", slug="nurturing", aliases="")
    assert isinstance(quick.save_hat(quick.erik, name="Email"), Done)


def test_saving_what_is_there_already_changes_and_notes_nothing(quick: Workshop) -> None:
    form = hat_editing.filled(quick.sessions, quick.directory, quick.asker(quick.oskar), "email").content
    assert (form.name, form.slug, form.aliases) == ("Email", "email", ("Newsletter",))
    before = quick.changes()
    quick.save_hat(quick.oskar, quick.email, name="Email", slug="email", aliases="Newsletter")
    assert quick.changes() == before


def test_only_its_owner_and_admins_change_a_hat(quick: Workshop) -> None:
    with pytest.raises(Refused, match="hat_not_yours"):
        quick.save_hat(quick.erik, quick.email, name="Mine")
    with pytest.raises(Refused, match="hat_not_yours"):
        hat_editing.filled(quick.sessions, quick.directory, quick.asker(quick.erik), "email")
    for member in (quick.oskar, quick.anna):
        assert isinstance(quick.save_hat(member, quick.email, name="Email", slug="email"), Done)
    stranger = a_member(quick.sessions, quick.workspace, "Stranger")
    with pytest.raises(Refused, match="not_playing"):
        quick.save_hat(stranger)
    for state in ("", "x", "1 2 3", "0", f"{quick.team.id} 99", "99"):
        with pytest.raises(Refused):
            hat_editing.save(quick.sessions, quick.asker(quick.anna), state, HAT, now=quick.now)


def test_the_card_offers_editing_to_those_who_may_in_as_few_queries_as_before(quick: Workshop) -> None:
    def shown(member: object) -> HatCard:
        answer = who(quick.sessions, quick.directory, quick.asker(member), "email", now=quick.now)  # type: ignore[arg-type]
        assert isinstance(answer.content, HatCard)
        return answer.content

    with counted_statements(quick.sessions.engine) as statements:
        cards = {name: shown(member) for name, member in (("a", quick.anna), ("o", quick.oskar), ("e", quick.erik))}
    assert {name: card.may_edit for name, card in cards.items()} == {"a": True, "o": True, "e": False}
    assert len(statements) == 3 * 4


def archive(shop: Workshop, hat: Hat) -> None:
    hat_archiving.archive(shop.sessions, shop.asker(shop.anna), f"{shop.team.id} {hat.id}", now=shop.now)


@pytest.mark.parametrize("how", ["archive", "restore", "restore_called"])
def test_a_hat_is_put_away_and_brought_back_while_somebody_holds_its_team_and_then_the_hat(
    shop: Workshop, how: str
) -> None:
    anna, state = shop.asker(shop.anna), f"{shop.team.id} {shop.email.id}"
    archive = partial(hat_archiving.archive, shop.sessions, anna, state, now=shop.now)
    if how != "archive":
        archive()
    service = {
        "archive": archive,
        "restore": partial(hat_archiving.restore, shop.sessions, anna, state, now=shop.now),
        "restore_called": partial(
            hat_archiving.restore_called, shop.sessions, shop.directory, anna, "email", now=shop.now
        ),
    }[how]
    with ThreadPoolExecutor(1) as other:
        with shop.sessions.write() as session:
            teams.lock(session, shop.team.workspace_id, shop.team.id or 0)
            done = other.submit(service)
            wait([done], timeout=0.5)
            hats.lock(session, shop.email.id or 0)
        done.result(timeout=10)


def test_putting_a_hat_away_frees_everybody_and_keeps_the_history(shop: Workshop) -> None:
    kpi = a_kpi(shop.sessions, shop.email, "Opens", is_goal=True)
    wears(shop.sessions, shop.erik, shop.email)
    agreements.propose(
        shop.sessions, shop.directory, shop.asker(shop.oskar), "email", shop.erik.slack_user_id, now=shop.now
    )
    asked = hat_archiving.question(shop.sessions, shop.directory, shop.asker(shop.anna), "email").content
    assert (asked.wearers, asked.kpis, asked.has_offer) == (2, ("Opens",), True)
    shop.clock.forward(hours=1)
    archive(shop, shop.email)
    assert shop.owner_of(shop.email) is None
    assert [row.ending for row in shop.rows(Assignment)] == ["archived"]
    assert [row.state for row in shop.proposals()] == ["withdrawn"]
    assert all(row.until == shop.now for row in shop.rows(Wearer))
    assert shop.rows(Kpi, id=kpi.id)[0].archived_at == shop.now
    assert shop.finds("email") is None
    before = shop.changes()
    shop.clock.forward(hours=1)
    archive(shop, shop.email)
    assert shop.changes() == before


def test_bringing_a_hat_back_undoes_it_but_for_the_owner(shop: Workshop) -> None:
    kpi = a_kpi(shop.sessions, shop.email, "Opens", is_goal=True)
    long_gone = a_kpi(shop.sessions, shop.email, "Faxes", archived_at=shop.now - timedelta(days=1))
    wears(shop.sessions, shop.erik, shop.email)
    archive(shop, shop.email)
    assert problems(shop.save_hat(shop.erik, name="Email")) == {"name": "name_archived"}
    other = shop.adds(kpi="Deals", unit="count")
    shop.save_kpi(shop.anna, other, shop.kpi("Deals"), name="Deals", goal="goal")
    shop.clock.forward(hours=1)
    anna = shop.asker(shop.anna)
    done = hat_archiving.restore_called(shop.sessions, shop.directory, anna, "newsletter", now=shop.now)
    assert done.content.name == "hat_restored"
    assert shop.finds("email") == "Email"
    assert shop.owner_of(shop.email) is None
    assert shop.wearing(shop.erik) == shop.wearing(shop.oskar) == [shop.email.id]
    assert shop.rows(Kpi, id=kpi.id)[0].archived_at is None
    assert [row.name for row in shop.rows(Kpi, is_goal=True)] == ["Deals"], "the goal has gone to another KPI meanwhile"
    assert shop.rows(Kpi, id=long_gone.id)[0].archived_at is not None
    before = shop.changes()
    hat_archiving.restore(shop.sessions, anna, f"{shop.team.id} {shop.email.id}", now=shop.now)
    assert shop.changes() == before


def test_restoring_says_what_is_not_there_to_restore(quick: Workshop) -> None:
    anna = quick.asker(quick.anna)
    hunter = quick.adds()
    archive(quick, hunter)
    with pytest.raises(Refused, match="archived_not_found") as refused:
        hat_archiving.restore_called(quick.sessions, quick.directory, anna, "goalkeeper", now=quick.now)
    assert refused.value.values["hats"] == ["Hunting"]
    with pytest.raises(Refused, match="hat_is_there"):
        hat_archiving.restore_called(quick.sessions, quick.directory, anna, "email", now=quick.now)
    for service in (hat_archiving.archive, hat_archiving.restore):
        with pytest.raises(Refused, match="not_admin"):
            service(quick.sessions, quick.asker(quick.oskar), f"{quick.team.id} {hunter.id}", now=quick.now)
        with pytest.raises(Refused, match="form_outdated"):
            service(quick.sessions, anna, f"{quick.team.id} 4711", now=quick.now)


def test_wearing_and_taking_off_are_idempotent_and_shown_in_the_list(shop: Workshop) -> None:
    def do(service: object, query: str = "email") -> str:
        answer = service(shop.sessions, shop.directory, shop.asker(shop.erik), query, now=shop.now)  # type: ignore[operator]
        return str(answer.content.name)

    assert [do(wearing.wear), do(wearing.wear)] == ["wearing", "wearing_already"]
    (line,) = listing(shop.sessions, shop.asker(shop.erik)).content.hats
    assert line.owner is not None
    assert [person.name for person in line.wearers] == ["Erik"]
    assert [do(wearing.unwear), do(wearing.unwear)] == ["taken_off", "not_wearing"]
    assert [row.action for row in shop.changes()] == ["hat.worn", "hat.taken_off"]
    vacant = shop.adds()
    lines = {one.name: one for one in listing(shop.sessions, shop.asker(shop.erik)).content.hats}
    assert (lines[vacant.name].owner, lines[vacant.name].wearers) == (None, ())


def test_an_owner_keeps_their_hat_on(quick: Workshop) -> None:
    with pytest.raises(Refused, match="owner_wears"):
        wearing.unwear(quick.sessions, quick.directory, quick.asker(quick.oskar), "email", now=quick.now)
    assert quick.wearing(quick.oskar) == [quick.email.id]


def test_guests_may_wear_and_not_own_and_bots_do_neither(quick: Workshop) -> None:
    guest = a_member(quick.sessions, quick.workspace, "Guest", is_restricted=True)
    bot = a_member(quick.sessions, quick.workspace, "Bot", is_bot=True)
    wearing.wear(quick.sessions, quick.directory, quick.asker(guest), "email", now=quick.now)
    assert quick.wearing(guest) == [quick.email.id]
    assert quick.plays(guest)
    with pytest.raises(Refused, match="cannot_own"):
        agreements.volunteer(quick.sessions, quick.directory, quick.asker(guest), "email", now=quick.now)
    with pytest.raises(Refused, match="cannot_wear"):
        wearing.wear(quick.sessions, quick.directory, quick.asker(bot), "email", now=quick.now)
