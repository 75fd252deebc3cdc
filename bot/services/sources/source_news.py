"""What an owner hears about a KPI's source: once that it fails, and once that it works again."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.source_links import host_of
from bot.services.people.life_news import instant, stamp
from bot.services.sending.letters import Composer, Occasion, Unneeded
from bot.services.sources.fetching import SourceFailed
from messages import catalog
from messages.api_content import SourceNews
from messages.content import HatName, Message
from messages.i18n import language_of
from storage import Session, deliveries, hats, kpis, members, sources
from storage.tables import Kpi, Source

FAILED: Final = "source_failed"
WORKS: Final = "source_works"
_ROOM: Final = 300  # characters of `Source.problem`


def written(failed: SourceFailed) -> str:
    """Write a failure as it is kept with its source."""
    kept = json.dumps({"name": failed.name, **failed.values}, ensure_ascii=False)
    return kept if len(kept) <= _ROOM else json.dumps({"name": failed.name})


def problem_of(source: Source) -> tuple[str, Mapping[str, str]]:
    """Read what `written` wrote."""
    kept: dict[str, str] = json.loads(source.problem or "{}")
    return kept.pop("name", ""), kept


def owe(session: Session, source: Source, kind: str, *, since: datetime, now: datetime) -> None:
    """Owe the owner of the KPI's hat the news about a failure that began at `since`; else whoever set the source up."""
    recipient = _concerned(session, source)
    if recipient is not None:
        deliveries.owe_news(
            session,
            workspace_id=source.workspace_id,
            team_id=source.team_id,
            kind=kind,
            recipient=recipient,
            about=f"source-{source.kpi_id}-{stamp(since)}",
            now=now,
        )


def _concerned(session: Session, source: Source) -> str | None:
    kpi = _kpi(session, source.team_id, source.kpi_id)
    hat = hats.one(session, source.team_id, kpi.hat_id) if kpi else None
    if hat is not None and hat.owner_slack_id:
        return hat.owner_slack_id
    maker = members.get(session, source.workspace_id, source.created_by) if source.created_by else None
    return maker.slack_user_id if maker and not maker.deleted else None


def _failed(occasion: Occasion) -> Message | Unneeded:
    source, since = _about(occasion)
    if source is None or source.failing_since != since:
        return Unneeded("the source works again, or is gone")
    return _news(occasion, source, works=False)


def _works(occasion: Occasion) -> Message | Unneeded:
    source, _ = _about(occasion)
    if source is None or source.failing_since is not None:
        return Unneeded("the source fails again, or is gone")
    return _news(occasion, source, works=True)


def _about(occasion: Occasion) -> tuple[Source | None, datetime]:
    _, kpi_id, stamped = occasion.claimed.period.split("-")
    return sources.of_kpi(occasion.session, occasion.team.id or 0, int(kpi_id)), instant(stamped)


def _news(occasion: Occasion, source: Source, *, works: bool) -> Message | Unneeded:
    reader = members.by_slack_id(occasion.session, occasion.team.workspace_id, occasion.claimed.recipient)
    kpi = _kpi(occasion.session, source.team_id, source.kpi_id)
    if reader is None or reader.deleted or kpi is None:
        return Unneeded("the reader or the KPI is gone")
    name, values = problem_of(source)
    told = SourceNews(HatName(kpi.slug, kpi.name), host_of(source.address), works, name, dict(values))
    return catalog.source_news(told, language=language_of(members.spoken_locale(reader), occasion.team.locale))


def _kpi(session: Session, team_id: int, kpi_id: int) -> Kpi | None:
    live = (kpi for kpi in kpis.entities(session, team_id) if kpi.archived_at is None)
    return next((kpi for kpi in live if kpi.id == kpi_id), None)


COMPOSERS: dict[str, Composer] = {FAILED: _failed, WORKS: _works}
