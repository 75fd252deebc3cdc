"""Values are pulled once in all replicas, people's own stay, and the owner hears of a failure once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Event, Semaphore

import pytest
from sqlmodel import select

from bot.domain.errors import Refused
from bot.services.sources import source_pulls, sources
from bot.services.sources.fetching import Fetcher, look_up
from bot.services.sources.sources import Wanted
from bot.services.workspaces.editing import Problems
from messages.api_content import SourceForm, SourcePreview
from messages.life_content import Done
from storage import Sessions
from storage import sources as stored
from storage.tables import Audit, Kpi, Member, Reading, ReadingVersion, Source
from tests.support.builders import a_kpi, owns, reads
from tests.support.database import at_once
from tests.support.sources import SourceServer, a_source_server
from tests.support.week import THIS_WEEK
from tests.support.workshop import Workshop, problems

SHEET = "week,visits\n2026-W30,9\n2026-W47,4100\n2026-W48,4200\n2026-W49,9\n"


@pytest.fixture(scope="module")
def server() -> Iterator[SourceServer]:
    with a_source_server() as running:
        yield running


@dataclass
class Well:
    """A team whose KPI `visits`, Oskar's, is read from a server."""

    shop: Workshop
    server: SourceServer
    fetcher: Fetcher
    visits: Kpi

    @property
    def ids(self) -> str:
        return f"{self.shop.team.id} {self.visits.id}"

    def types(self, member: Member, **fields: str) -> Wanted | Problems:
        form = {"address": self.server.url(), "format": "csv", "expression": "visits", "week": "week", **fields}
        return sources.typed(self.shop.sessions, self.shop.asker(member), self.ids, form).content

    def tries(self, member: Member, **fields: str) -> SourcePreview | SourceForm:
        wanted = self.types(member, **fields)
        assert isinstance(wanted, Wanted), wanted
        shop = self.shop
        return sources.attempt(shop.sessions, self.fetcher, shop.asker(member), wanted, now=shop.now).content

    def saves(self, member: Member | None = None, **fields: str) -> None:
        found = self.tries(member or self.shop.oskar, **fields)
        assert isinstance(found, SourcePreview), found
        asker = self.shop.asker(member or self.shop.oskar)
        done = sources.save(self.shop.sessions, asker, found.state, now=self.shop.now).content
        assert done.name == "source_saved"

    def pulls(self) -> int:
        """Pull what is due; return how many sources were."""
        claimed = source_pulls.due(self.shop.sessions, self.shop.now, limit=10)
        for one in claimed:
            source_pulls.pull(self.shop.sessions, self.fetcher, one, now=self.shop.now)
        return len(claimed)

    def readings(self) -> dict[str, tuple[str, Decimal]]:
        with self.shop.sessions.read() as session:
            return {one.period: (one.source, one.value) for one in session.exec(select(Reading))}

    @property
    def source(self) -> Source:
        (found,) = self.shop.rows(Source)
        return found  # type: ignore[no-any-return]


@pytest.fixture
def well(sessions: Sessions, server: SourceServer) -> Iterator[Well]:
    shop = Workshop(sessions)
    visits = a_kpi(sessions, shop.email, "Visits")
    server.shows("/weeks.csv", SHEET)
    yield Well(shop, server, Fetcher(frozenset({server.place}), seconds=2), visits)
    shop.close()


def test_trying_shows_what_would_be_read_and_stores_nothing(well: Well) -> None:
    reads(well.shop.sessions, well.visits, {"2026-W47": 4000}, by=well.shop.oskar)
    shown = well.tries(well.shop.oskar)
    assert isinstance(shown, SourcePreview)
    assert shown.weeks == (("2026-W47", Decimal(4100)), (THIS_WEEK, Decimal(4200)))
    assert (shown.kept, shown.left_out, shown.host) == (("2026-W47",), 2, "127.0.0.1")
    assert list(well.readings()) == ["2026-W47"]
    assert well.shop.rows(Source) == []


def test_what_was_saved_is_pulled_at_once_and_then_before_prompt_and_digest(well: Well) -> None:
    well.saves()
    assert well.pulls() == 1
    assert well.readings() == {"2026-W47": ("pull", Decimal(4100)), THIS_WEEK: ("pull", Decimal(4200))}
    assert well.pulls() == 0, "nothing is due any more"
    assert well.source.next_at == datetime(2026, 11, 27, 10, tzinfo=UTC)
    well.server.shows("/weeks.csv", SHEET.replace("4200", "4300"))
    well.shop.clock.now = well.source.next_at
    assert well.pulls() == 1
    assert well.readings()[THIS_WEEK] == ("pull", Decimal(4300))
    with well.shop.sessions.read() as session:
        assert [one.value for one in session.exec(select(ReadingVersion))] == [4200]
        noted = [one.after for one in session.exec(select(Audit)) if one.action == "readings.pulled"]
    assert noted == [{"2026-W47": "4100", THIS_WEEK: "4200"}, {THIS_WEEK: "4300"}]
    assert well.source.next_at == datetime(2026, 11, 30, 7, tzinfo=UTC)


def test_a_persons_own_value_is_never_replaced(well: Well) -> None:
    well.saves()
    well.pulls()
    reads(well.shop.sessions, well.visits, {THIS_WEEK: 5000}, by=well.shop.oskar, now=well.shop.now)
    well.server.shows("/weeks.csv", SHEET.replace("4200", "4300"))
    well.shop.clock.forward(days=3)
    assert well.pulls() == 1
    assert well.readings()[THIS_WEEK] == ("modal", Decimal(5000))


def test_replicas_pull_a_source_once(well: Well) -> None:
    well.saves()
    claims = at_once(*[lambda: list(source_pulls.due(well.shop.sessions, well.shop.now, limit=10))] * 6)
    assert sum(map(len, claims)) == 1


def test_a_source_of_a_replica_that_died_is_pulled_by_another_and_not_by_both(well: Well) -> None:
    well.saves()
    (died,) = source_pulls.due(well.shop.sessions, well.shop.now, limit=10)
    assert well.pulls() == 0
    well.shop.clock.forward(minutes=4)
    (other,) = source_pulls.due(well.shop.sessions, well.shop.now, limit=10)
    assert not source_pulls.pull(well.shop.sessions, well.fetcher, died, now=well.shop.now)
    assert well.readings() == {}
    source_pulls.pull(well.shop.sessions, well.fetcher, other, now=well.shop.now)
    assert len(well.readings()) == 2


def test_a_source_that_was_changed_while_it_was_read_stores_nothing(well: Well) -> None:
    well.saves()
    (claimed,) = source_pulls.due(well.shop.sessions, well.shop.now, limit=10)
    with well.shop.sessions.write() as session:
        stored.remove(session, well.shop.team.id or 0, well.visits.id or 0)
    source_pulls.pull(well.shop.sessions, well.fetcher, claimed, now=well.shop.now)
    assert well.readings() == {}


def test_a_failure_is_told_once_and_so_is_its_end(well: Well) -> None:
    well.saves()
    well.pulls()
    before = len(well.shop.told(well.shop.oskar))
    well.server.shows("/weeks.csv", "", status=404)
    well.shop.clock.now = well.source.next_at - timedelta(hours=1)  # before anything else is due
    with well.shop.sessions.write() as session:
        session.exec(select(Source)).one().next_at = well.shop.now
    for _ in range(8):
        assert well.pulls() == 1
        news = well.shop.told(well.shop.oskar)[before:]
        assert len(news) == 1
        well.shop.clock.now = well.source.next_at if well.source.next_at < FRIDAY_NOON else well.shop.now
        if well.source.next_at >= FRIDAY_NOON:
            break
    assert "can't read" in news[0]
    assert "nothing at this address any more (404)" in news[0]
    well.server.shows("/weeks.csv", SHEET)
    well.shop.clock.now = well.source.next_at
    assert well.pulls() == 1
    assert well.source.failing_since is None
    news = [said for said in well.shop.told(well.shop.oskar)[before:] if "127.0.0.1" in said]
    assert len(news) == 2
    assert "again" in news[1]
    well.shop.clock.now = well.source.next_at
    well.pulls()
    assert len([said for said in well.shop.told(well.shop.oskar)[before:] if "127.0.0.1" in said]) == 2


FRIDAY_NOON = datetime(2026, 11, 27, 11, 59, tzinfo=UTC)


def test_what_passes_within_minutes_is_nobodys_business(well: Well) -> None:
    well.saves()
    before = len(well.shop.told(well.shop.oskar))
    well.server.shows("/weeks.csv", "", status=503)
    well.pulls()
    assert well.source.failing_since == well.shop.now
    well.shop.clock.forward(minutes=5)
    well.pulls()
    well.server.shows("/weeks.csv", SHEET)
    well.shop.clock.forward(minutes=5)
    assert well.pulls() == 1
    assert len(well.readings()) == 2
    assert len(well.shop.told(well.shop.oskar)) == before


def test_what_does_not_pass_is_told_after_twenty_minutes(well: Well) -> None:
    well.saves()
    before = len(well.shop.told(well.shop.oskar))
    well.server.shows("/weeks.csv", "", status=503)
    told = []
    for _ in range(5):
        well.pulls()
        told.append(len(well.shop.told(well.shop.oskar)) - before)
        well.shop.clock.now = well.source.next_at
    assert told == [0, 0, 0, 1, 1]


def test_owner_and_admins_set_a_source_and_nobody_else(well: Well) -> None:
    well.saves(well.shop.oskar)
    well.saves(well.shop.anna)
    with pytest.raises(Refused) as refused:
        well.types(well.shop.erik)
    assert refused.value.name == "hat_not_yours"
    state = well.tries(well.shop.anna)
    assert isinstance(state, SourcePreview)
    with pytest.raises(Refused):
        sources.save(well.shop.sessions, well.shop.asker(well.shop.erik), state.state, now=well.shop.now)


def test_a_computed_kpi_has_no_source(well: Well) -> None:
    a_kpi(well.shop.sessions, well.shop.email, "Rate", formula="visits / 2")
    with pytest.raises(Refused) as refused:
        sources.form(well.shop.sessions, well.shop.asker(well.shop.oskar), "rate")
    assert refused.value.name == "kpi_computed"


def test_without_an_address_nothing_is_pulled_any_more_and_what_was_stays(well: Well) -> None:
    well.saves()
    well.pulls()
    wanted = well.types(well.shop.oskar, address="")
    assert isinstance(wanted, Wanted)
    done = sources.remove(well.shop.sessions, well.shop.asker(well.shop.oskar), wanted, now=well.shop.now).content
    assert isinstance(done, Done)
    assert well.shop.rows(Source) == []
    assert len(well.readings()) == 2


def test_the_audit_log_names_the_host_and_never_the_address(well: Well) -> None:
    well.server.shows("/weeks.csv?key=s3cret", SHEET)
    well.saves(address=well.server.url("/weeks.csv?key=s3cret"))
    with well.shop.sessions.read() as session:
        noted = [str(one.model_dump()) for one in session.exec(select(Audit)) if one.action == "source.set"]
    assert len(noted) == 1
    assert "127.0.0.1" in noted[0]
    assert "s3cret" not in noted[0]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"address": "weeks.csv"}, {"address": "source_address_scheme"}),
        ({"address": "https://me:pw@example.com/"}, {"address": "source_address_secret"}),
        ({"address": "https://example.com/" + "a" * 1500}, {"address": "too_long"}),
        ({"address": "https://example.com/\u202ex"}, {"address": "source_address_unreadable"}),
        ({"expression": ""}, {"expression": "source_no_expression"}),
        ({"expression": "x" * 501}, {"expression": "too_long"}),
        ({"format": "xml"}, {"format": "choice_unknown"}),
        ({"format": "json", "expression": "a["}, {"expression": "source_expression_unreadable"}),
        ({"format": "json", "week": "[@,@]"}, {"week": "source_expression_too_powerful"}),
    ],
)
def test_what_cannot_be_a_source_is_marked_at_its_field(
    well: Well, fields: dict[str, str], wrong: dict[str, str]
) -> None:
    assert problems(well.types(well.shop.oskar, **fields)) == wrong


def test_a_private_address_is_told_when_it_is_tried(well: Well) -> None:
    shown = well.tries(well.shop.oskar, address="http://10.0.0.1/weeks.csv")
    assert isinstance(shown, SourceForm)
    assert (shown.problem, shown.problem_values) == ("address_private", {"host": "10.0.0.1"})
    assert shown.expression == "visits", "what was typed is still there"


def test_few_are_tried_at_once_so_that_a_slow_server_does_not_keep_every_worker(well: Well) -> None:
    asking, enough = Semaphore(0), Event()

    def waits(host: str, port: int) -> list[str]:
        asking.release()
        assert enough.wait(20)
        return look_up(host, port)

    slow = replace(well, fetcher=replace(well.fetcher, resolve=waits, seconds=60))
    with ThreadPoolExecutor(sources.MOST_TRIED) as pool:
        begun = [pool.submit(slow.tries, well.shop.oskar) for _ in range(sources.MOST_TRIED)]
        for _ in begun:
            assert asking.acquire(timeout=20)
        turned_away = well.tries(well.shop.oskar)
        enough.set()
        found = [one.result() for one in begun]
    assert isinstance(turned_away, SourceForm)
    assert (turned_away.problem, turned_away.address) == ("busy", well.server.url())
    assert all(isinstance(one, SourcePreview) for one in found)
    assert isinstance(well.tries(well.shop.oskar), SourcePreview)


@pytest.mark.parametrize("state", ["", "null", "[1]", "[1,2,3,4,5,6]", '["a",1,"b","c","d","e"]', "[1,2]" * 400])
def test_a_forged_state_saves_nothing(well: Well, state: str) -> None:
    with pytest.raises(Refused):
        sources.save(well.shop.sessions, well.shop.asker(well.shop.oskar), state, now=well.shop.now)
    assert well.shop.rows(Source) == []


def test_a_hat_without_an_owner_lets_whoever_set_it_up_know(well: Well) -> None:
    hat = well.shop.adds(name="Vacant")
    kpi = a_kpi(well.shop.sessions, hat, "Calls")
    well.visits = kpi
    well.saves(well.shop.anna)
    well.server.shows("/weeks.csv", "", status=404)
    before = len(well.shop.told(well.shop.anna))
    well.pulls()
    assert len(well.shop.told(well.shop.anna)) == before + 1
    owns(well.shop.sessions, well.shop.erik, hat)
    well.server.shows("/weeks.csv", SHEET)
    well.shop.clock.forward(minutes=6)
    well.pulls()
    assert any("again" in said for said in well.shop.told(well.shop.erik)), "news go to who owns it now"
