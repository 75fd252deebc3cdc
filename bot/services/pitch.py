"""The team as a football formation: hats in their lines, owners, wearers, and the passes between linked hats."""

import hashlib
from datetime import datetime

from bot.domain.period import Period
from bot.domain.series import Status, against_target
from bot.services.computed import with_computed
from bot.services.hats import bounds_of, owner_of
from bot.services.scene import Answer, Asker, scene_of
from messages.content import HatName
from messages.pitch_content import Mark, Pass, Pitch, Shirt
from storage import Session, Sessions, hats, kpis
from storage.kpis import KpiRow

_REACHED = (Status.AHEAD, Status.ON_TARGET)

def pitch(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[Pitch]:
    """Collect the pitch of the asker's team for the week that ended last.

    Raises:
        Refused: `no_team`, `several_teams`.
    """
    with scene_of(sessions, asker) as (session, scene):
        period = Period.of(now.date()).shift(-1)
        return Answer(scene.language, pitch_of(session, scene.team_id, scene.team_name, period, now=now))


def pitch_of(session: Session, team_id: int, team_name: str, period: Period, *, now: datetime) -> Pitch:
    """Collect a team's pitch for one week."""
    rows = with_computed(session, team_id, kpis.of_team(session, team_id, period=str(period)), period)
    worn = hats.wearers_of_team(session, team_id)
    measured: dict[int, list[KpiRow]] = {}
    for row in rows:
        measured.setdefault(row.hat_id, []).append(row)
    found = hats.all_of_team(session, team_id)
    slugs = {hat.id: hat.slug for hat in found}
    hat_of = {row.id: slugs[row.hat_id] for row in rows if row.hat_id in slugs}
    return Pitch(
        team=team_name,
        period=str(period),
        shirts=tuple(
            Shirt(
                hat=HatName(hat.slug, hat.name),
                position=hat.position,
                owner=owner_of(hat),
                wearers=len(worn.get(hat.id, ())),
                mark=_mark(measured.get(hat.id, []), str(period)),
                away=hat.owner_away_until(now) is not None,
            )
            for hat in found
        ),
        passes=tuple(
            Pass(hat_of[link.upstream_id], hat_of[link.downstream_id])
            for link in kpis.links(session, team_id)
            if link.upstream_id in hat_of and link.downstream_id in hat_of
        ),
    )


def fingerprint(shown: Pitch, language: str) -> str:
    """Name a picture by all that is drawn in it: what looks the same is the same."""
    return hashlib.sha256(f"{language} {shown!r}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _mark(rows: list[KpiRow], period: str) -> Mark:
    """Say how a hat's KPIs of one week stand: missed when one is, unknown as long as none can be judged."""
    judged = [
        against_target(row.value, target)
        for row in rows
        if row.period == period and row.value is not None and (target := bounds_of(row)) is not None
    ]
    if not judged:
        return "unknown"
    return "reached" if all(status in _REACHED for status in judged) else "missed"
