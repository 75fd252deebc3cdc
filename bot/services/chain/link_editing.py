"""Links between KPIs, in a form. The team's admins and the owners of either end's hat change them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.domain.errors import Refused
from bot.domain.loops import loop_at_once
from bot.services.kpis.kpi_adding import the_kpi
from bot.services.workspaces.authority import Player
from bot.services.workspaces.editing import FieldProblem, FieldProblems, Problems, note, playing, read_ids, read_number
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, locate_team, scene_of
from messages.content import HatName, KpiValue
from messages.editing_content import LinkForm
from messages.life_content import Done
from storage import Session, Sessions, hats, kpis, team_state, teams
from storage.tables import Kpi, Link

MOST_WEEKS: Final = 52
_ARROW = re.compile(r"\s*(?:[-–—=]*>|→)\s*")


@dataclass(frozen=True)
class _Feed:
    """How one KPI feeds another. Where the lag is not known, `lag` counts until the numbers show one."""

    lag: int
    lag_known: bool
    rate: Decimal | None

    @property
    def noted(self) -> dict[str, object]:
        """What the audit log keeps of it."""
        return {"weeks later": self.lag, "lag known": "yes" if self.lag_known else "no", "rate": self.rate}


def prepare(sessions: Sessions, asker: Asker, written: str) -> Answer[LinkForm]:
    """Prepare the form for the link that is written as `visits -> leads`; either end may be left out.

    Raises:
        Refused: `not_playing`, `too_few_kpis`, `kpi_not_found`, `kpi_several`.
    """
    with scene_of(sessions, asker) as (session, scene):
        playing(session, scene, asker.user)
        live = [kpi for kpi in kpis.entities(session, scene.team_id) if kpi.archived_at is None]
        if not live:
            raise Refused("too_few_kpis")
        first, second = _ends(written)
        upstream = the_kpi(session, scene.team_id, first) if first else None
        downstream = the_kpi(session, scene.team_id, second) if second else None
        known = _between(session, scene, upstream, downstream) if upstream and downstream else None
        form = LinkForm(
            state=str(scene.team_id),
            kpis=tuple((kpi.slug, kpi.name) for kpi in _those_first(live, upstream, downstream)),
            upstream=upstream.slug if upstream else "",
            downstream=downstream.slug if downstream else "",
            lag=known.lag_weeks if known else 0,
            lag_known=known.lag_known if known else True,
            rate=known.rate if known else None,
        )
        return Answer(scene.language, form)


def save(
    sessions: Sessions, asker: Asker, state: str, typed: Mapping[str, str], *, now: datetime
) -> Answer[Done | Problems]:
    """Store a link: one that is there gets the new lag and rate.

    Raises:
        Refused: `form_outdated`, `not_playing`, `no_such_kpi`, `link_not_yours`.
    """
    (team_id,) = read_ids(state, 1)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            editing = playing(session, scene, asker.user)
            teams.lock(session, scene.workspace_id, scene.team_id)
            live = {kpi.slug: kpi for kpi in kpis.entities(session, scene.team_id) if kpi.archived_at is None}
            upstream, downstream = live.get(typed.get("from", "")), live.get(typed.get("to", ""))
            if upstream is None or downstream is None:
                raise Refused("no_such_kpi")
            _may_link(session, scene, editing, upstream, downstream)
            problems: FieldProblems = {}
            feed = _read(typed, scene.language, problems)
            if not problems:
                _refuse_loop(session, scene, upstream, downstream, feed.lag, problems)
            if problems:
                return Answer(scene.language, Problems(problems))
            _settle(session, scene, asker.user, (upstream, downstream), feed, now)
            said = {"upstream": HatName("", upstream.name), "downstream": HatName("", downstream.name)}
            return Answer(scene.language, Done("linked", said))


def unlink(sessions: Sessions, asker: Asker, written: str, *, now: datetime) -> Answer[Done]:
    """Take a link away, if it is there.

    Raises:
        Refused: `not_playing`, `link_unnamed`, `kpi_not_found`, `kpi_several`, `link_not_yours`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            editing = playing(session, scene, asker.user)
            first, second = _ends(written)
            if not first or not second:
                raise Refused("link_unnamed")
            upstream, downstream = (the_kpi(session, scene.team_id, end) for end in (first, second))
            _may_link(session, scene, editing, upstream, downstream)
            known = _between(session, scene, upstream, downstream)
            if known is not None:
                team_state.drop(session, [known])
                subject, before = f"{upstream.slug} → {downstream.slug}", _feed_of(known).noted
                note(session, scene, asker.user, "link.removed", subject, now=now, before=before, after={})
            said = {"upstream": HatName("", upstream.name), "downstream": HatName("", downstream.name)}
            return Answer(scene.language, Done("unlinked", said))


def _ends(written: str) -> tuple[str, str]:
    """Read `visits -> leads`, as Slack hands it over: `>` comes escaped."""
    parts = _ARROW.split(written.replace("&gt;", ">").strip(), maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


def _those_first(live: list[Kpi], *chosen: Kpi | None) -> list[Kpi]:
    """Put the chosen ones first, so that they are there when a menu cannot take all."""
    first = {one.slug: one for one in chosen if one is not None}
    return [*first.values(), *(kpi for kpi in live if kpi.slug not in first)] if first else live


def _between(session: Session, scene: Scene, upstream: Kpi, downstream: Kpi) -> Link | None:
    return next(
        (
            link
            for link in team_state.links(session, scene.team_id)
            if (link.upstream_id, link.downstream_id) == (upstream.id, downstream.id)
        ),
        None,
    )


def _may_link(session: Session, scene: Scene, editing: Player, *ends: Kpi) -> None:
    owners = {row.owner_id for end in ends if (row := hats.one(session, scene.team_id, end.hat_id)) is not None}
    if not editing.is_admin and editing.id not in owners:
        raise Refused("link_not_yours")


def _read(typed: Mapping[str, str], language: str, problems: FieldProblems) -> _Feed:
    known = not typed.get("lag_unknown", "")
    text = typed.get("lag", "").strip() or ("" if known else "0")
    lag = int(text) if text.isdecimal() and len(text) <= len(str(MOST_WEEKS)) else MOST_WEEKS + 1
    if lag > MOST_WEEKS:
        problems["lag"] = FieldProblem("lag_range")
    rate = read_number(typed.get("rate", ""), KpiValue("", "", unit="ratio"), language, problems, "rate")
    if rate is not None and rate < 0:
        problems["rate"] = FieldProblem("rate_negative")
    return _Feed(lag, known, rate)


def _refuse_loop(
    session: Session, scene: Scene, upstream: Kpi, downstream: Kpi, lag: int, problems: FieldProblems
) -> None:
    if lag == 0 and upstream.id == downstream.id:
        problems["lag"] = FieldProblem("link_to_itself")
        return
    named = {kpi.id: kpi.name for kpi in kpis.entities(session, scene.team_id)}
    others = [
        (link.upstream_id, link.downstream_id, link.lag_weeks)
        for link in team_state.links(session, scene.team_id)
        if (link.upstream_id, link.downstream_id) != (upstream.id, downstream.id)
    ]
    loop = loop_at_once([*others, (upstream.id or 0, downstream.id or 0, lag)])
    if loop is not None:
        problems["lag"] = FieldProblem("link_loop", {"loop": " → ".join(named[end] for end in loop)})


def _settle(session: Session, scene: Scene, actor: str, ends: tuple[Kpi, Kpi], feed: _Feed, now: datetime) -> None:
    upstream, downstream = ends
    known = _between(session, scene, upstream, downstream)
    subject = f"{upstream.slug} → {downstream.slug}"
    before = _feed_of(known).noted if known else None
    if known is None:
        known = Link(team_id=scene.team_id, upstream_id=upstream.id or 0, downstream_id=downstream.id or 0)
    known.lag_weeks, known.lag_known, known.rate = feed.lag, feed.lag_known, feed.rate
    session.add(known)
    if before is None:
        note(session, scene, actor, "link.added", subject, now=now, after=feed.noted)
    else:
        note(session, scene, actor, "link.changed", subject, now=now, before=before, after=feed.noted)
    session.flush()


def _feed_of(link: Link) -> _Feed:
    return _Feed(link.lag_weeks, link.lag_known, link.rate)
