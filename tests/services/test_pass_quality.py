"""How good the passes over a link were, as whoever receives them says."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.chain import chain_view
from bot.services.digests import pass_rating
from bot.services.digests.pass_quality import pass_quality
from bot.services.people import privacy
from bot.services.readings import reports
from messages import catalog
from messages.content import PassToRate, Receipt
from messages.digest_content import PassQuality
from storage import Sessions
from storage.tables import Team
from tests.support.builders import a_link
from tests.support.week import FRIDAY_13, MONDAY_10, THIS_WEEK, Player, a_player, a_playing_team

LAST_WEEK = "2026-W47"


@pytest.fixture
def anna(sessions: Sessions) -> Player:
    return a_player(sessions, a_playing_team(sessions, name="North"), "Anna", kpi={"name": "Leads"})


@pytest.fixture
def johan(sessions: Sessions, anna: Player) -> Player:
    player = a_player(sessions, anna.team, "Johan", kpi={"name": "Deals", "is_goal": True, "sequence": 1})
    a_link(sessions, anna.kpi, player.kpi)
    return player


def receipt(sessions: Sessions, player: Player, value: str = "12", week: str = THIS_WEEK) -> Receipt:
    typed = {player.kpi.id or 0: value}
    answer = reports.submit(sessions, player.asker, f"{player.team.id}:{week}", typed, now=FRIDAY_13)
    assert isinstance(answer.content, reports.Reported)
    return answer.content.receipt


def rates(sessions: Sessions, player: Player, asked: PassToRate, score: int) -> str:
    return pass_rating.rate(sessions, player.asker, f"{asked.value}|{score}", now=FRIDAY_13).content


def quality(sessions: Sessions, team: Team, week: str = THIS_WEEK) -> tuple[PassQuality, ...]:
    with sessions.read() as session:
        return pass_quality(session, team.id or 0, Period.parse(week))


def test_who_receives_a_link_is_asked_with_the_receipt_and_who_sends_is_not(
    sessions: Sessions, anna: Player, johan: Player
) -> None:
    (asked,) = receipt(sessions, johan).passes
    assert (asked.source.name, asked.target.name, asked.score) == ("Leads", "Deals", None)
    assert asked.sender is not None
    assert asked.sender.name == "Anna"
    assert receipt(sessions, anna).passes == ()


def test_a_rating_is_kept_changed_and_taken_back(sessions: Sessions, johan: Player) -> None:
    (asked,) = receipt(sessions, johan).passes
    state = rates(sessions, johan, asked, 3)
    assert state == f"{johan.team.id}:{THIS_WEEK}"
    assert receipt(sessions, johan).passes[0].score == 3
    rates(sessions, johan, asked, 5)
    (told,) = quality(sessions, johan.team)
    assert (told.source.name, told.target.name, told.score, told.ratings) == ("Leads", "Deals", 5, 1)
    rates(sessions, johan, asked, 0)
    assert quality(sessions, johan.team) == ()


def test_ratings_are_told_over_time(sessions: Sessions, johan: Player) -> None:
    for week, score in (("2026-W46", 2), ("2026-W47", 4), (THIS_WEEK, 5)):
        rates(sessions, johan, receipt(sessions, johan, week=week).passes[0], score)
    (told,) = quality(sessions, johan.team)
    assert told.weeks == (("2026-W46", 2.0), ("2026-W47", 4.0), (THIS_WEEK, 5.0))
    assert quality(sessions, johan.team, "2026-W45") == ()


def test_the_chain_shows_them_beside_the_conversion(sessions: Sessions, johan: Player) -> None:
    for week, score in ((LAST_WEEK, 2), (THIS_WEEK, 5)):
        (asked,) = receipt(sessions, johan, week=week).passes
        rates(sessions, johan, asked, score)
    chain = chain_view.computed_chain(sessions, johan.asker, now=MONDAY_10).content
    assert chain.links[0].passes == ((LAST_WEEK, 2.0), (THIS_WEEK, 5.0))
    assert "passes w 47: 2, w 48: 5 of 5" in str(catalog.chain_report(chain, language="en").blocks)
    assert "passningar v 47: 2, v 48: 5 av 5" in str(catalog.chain_report(chain, language="sv").blocks)


@contextmanager
def refusing(name: str) -> Iterator[None]:
    with pytest.raises(Refused) as refused:
        yield
    assert refused.value.name == name


def test_nobody_rates_what_somebody_else_receives(sessions: Sessions, anna: Player, johan: Player) -> None:
    (asked,) = receipt(sessions, johan).passes
    with refusing("not_receiver"):
        rates(sessions, anna, asked, 1)
    assert quality(sessions, johan.team) == ()


@pytest.mark.parametrize(
    "chosen", ["", "1 1|2026-W48|6", "1 1|2026-W99|3", "1 x|2026-W48|3", "1 1|2026-W48", "1 1|2020-W48|3"]
)
def test_what_no_menu_says_is_refused(sessions: Sessions, johan: Player, chosen: str) -> None:
    with refusing("form_outdated"):
        pass_rating.rate(sessions, johan.asker, chosen, now=FRIDAY_13)


def test_ratings_go_with_the_member_who_is_erased(sessions: Sessions, johan: Player) -> None:
    rates(sessions, johan, receipt(sessions, johan).passes[0], 4)
    erased = privacy.erase_member(sessions, johan.workspace.slack_team_id, johan.id, now=FRIDAY_13)
    assert erased.rows["ratings"] == 1
    assert quality(sessions, johan.team) == ()
