"""`/hat digest`: the last digest, any week's, a preview of the coming one; and posting one again."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.digests import digest_news as news
from bot.services.digests.digests import last_full_week, write_digest
from bot.services.sending import channels
from bot.services.workspaces.authority import admin
from bot.services.workspaces.editing import read_ids
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team, scene_of
from messages.digest_content import Digest
from messages.life_content import Done
from storage import Session, Sessions, audits, delivered, deliveries, teams
from storage.tables import Team

_COMING: Final = {"preview", "next", "coming", "förhandsvisa", "forhandsvisa", "nästa", "nasta"}
_WEEK: Final = re.compile(r"(?:(?P<year>[0-9]{4})[ -]?)?[wv]? ?(?P<week>[0-9]{1,2})", re.IGNORECASE)
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def show(sessions: Sessions, asker: Asker, words: str, *, now: datetime) -> Answer[Digest]:
    """Show the asker a week's digest as it would read now: the last one, unless they name a week or the coming one.

    Slow: the chain's report may have to be computed.

    Raises:
        Refused: `no_team`, `several_teams`, `digest_words`, `digest_future`.
    """
    with scene_of(sessions, asker) as (session, scene):
        team = _team(session, scene)
        last = _last(team, now)
        period = _period(words, last)
        if period > last.shift(1):
            raise Refused("digest_future", week=str(last.shift(1)))
        is_preview = period > last
        written = write_digest(session, team, period, now=now)
        again = f"{team.id} {period.year} {period.week} {_posted(session, team, period) + 1}"
        may_post = scene.is_admin and team.channel_id is not None and not is_preview
        shown = replace(written.digest, again=again if may_post else "", is_preview=is_preview)
        return Answer(scene.language, shown)


def post_again(sessions: Sessions, asker: Asker, value: str, *, now: datetime) -> Answer[Done]:
    """Owe the channel a week's digest once more; pressed twice, it is posted once.

    Raises:
        Refused: `not_admin`, `not_a_member`, `form_outdated`.
    """
    team_id, year, week, number = read_ids(value, 4)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            team = _team(session, scene)
            period = _read(year, week)
            if period is None or team.channel_id is None or period > _last(team, now):
                raise Refused("form_outdated")
            scope: dict[str, Any] = {"workspace_id": scene.workspace_id, "team_id": team_id}
            is_new = deliveries.owe_news(
                session, kind=news.AGAIN, recipient=team.channel_id, about=f"{period}.{number}", now=now, **scope
            )
            if is_new:
                channels.resume(session, team, now=now)  # whoever asks for it may have mended the channel
                after = {"channel": team.channel_id}
                audits.add(
                    session,
                    actor=asker.user,
                    action="digest.posted_again",
                    subject=str(period),
                    now=now,
                    after=after,
                    **scope,
                )
        return Answer(scene.language, Done("digest_again" if is_new else "digest_again_already"))


def _team(session: Session, scene: Scene) -> Team:
    team = teams.get(session, scene.workspace_id, scene.team_id)
    if team is None:  # put away since it was located
        raise Refused("no_team")
    return team


def _last(team: Team, now: datetime) -> Period:
    return last_full_week(now.astimezone(ZoneInfo(team.timezone)))


def _period(words: str, last: Period) -> Period:
    words = words.strip().casefold()
    if not words:
        return last
    if words in _COMING:
        return last.shift(1)
    found = _WEEK.fullmatch(words.removeprefix("week ").removeprefix("vecka "))
    period = _read(int(found["year"] or last.year), int(found["week"])) if found else None
    if period is None:
        raise Refused("digest_words", week=str(last))
    # A week without a year that would lie ahead is last year's.
    if found and not found["year"] and period > last.shift(1):
        return _read(last.year - 1, period.week) or period
    return period


def _read(year: int, week: int) -> Period | None:
    try:
        return Period.parse(f"{year:04}-W{week:02}") if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _posted(session: Session, team: Team, period: Period) -> int:
    """Return how often a week's digest has been posted again, or is about to be."""
    return delivered.number_about(session, team_id=team.id or 0, kind=news.AGAIN, about=f"{period}.")
