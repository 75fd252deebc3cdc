"""A week's discussion: a thread under its digest that mentions whom the focus concerns, once whoever begins it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.services.chain.chain_reports import Material
from bot.services.digests import digest_news as news
from bot.services.digests.digests import Written
from bot.services.hats.hats import deputy_of, owner_of
from bot.services.readings.duties import read_state
from bot.services.workspaces.scene import Answer, Asker, locate_team
from messages.content import Person
from messages.digest_content import Discussion
from storage import Sessions, deliveries, teams


@dataclass(frozen=True)
class Begun:
    """Whether the discussion is new, its week, and where it stands: Slack's channel and ts."""

    is_new: bool
    period: str
    channel_id: str
    ts: str


def discuss(sessions: Sessions, asker: Asker, value: str, *, now: datetime) -> Answer[Begun]:
    """Begin a discussion under a week's digest, unless it has one; of two who press at once the database takes one.

    Raises:
        Refused: `form_outdated`, when there is no such digest.
    """
    team_id, period = read_state(value)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        team = teams.get(session, scene.workspace_id, team_id)
        above = news.standing(session, team, period, *news.POSTED) if team else None
        if team is None or above is None:
            refused = Refused("form_outdated")
            refused.language = scene.language
            raise refused
        is_new = deliveries.owe_news(
            session,
            workspace_id=scene.workspace_id,
            team_id=team_id,
            kind=news.DISCUSSION,
            recipient=above.recipient,
            about=str(period),
            now=now,
        )
        there = news.standing(session, team, period, news.DISCUSSION) or above
        return Answer(scene.language, Begun(is_new, str(period), there.channel_id or "", there.message_ts or ""))


def discussion_of(written: Written, now: datetime) -> Discussion:
    """Give what begins the thread: the focus and its two owners, or the deputies of who is away."""
    story, report = written.digest.story, written.report
    focus = story.focus if story else None
    if report is None or focus is None or focus.source is None or focus.target is None:
        return Discussion(written.digest.period)
    ends = (_reached(report.material, end.slug, now) for end in (focus.source, focus.target))
    people = tuple(dict.fromkeys(person for person in ends if person is not None))
    return Discussion(written.digest.period, people, focus)


def _reached(material: Material, slug: str, now: datetime) -> Person | None:
    kpi = material.kpis.get(slug)
    hat = material.hats.get(kpi.hat_id) if kpi else None
    if hat is None:
        return None
    away = hat.owner_away_until(now) is not None
    return deputy_of(hat) if away and deputy_of(hat) else None if away else owner_of(hat)
