"""What people see of their chain: drawn with its verdicts, and what may be expected of a change."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.domain.chain import WhatIf
from bot.domain.errors import Refused
from bot.domain.numbers import Number, parse_number
from bot.domain.period import Period
from bot.services.chain import chain_reports
from bot.services.chain.chain_facts import Ends, chain_facts, link_facts, named, unlinked_facts
from bot.services.chain.chain_reports import Material, Report
from bot.services.digests.digests import last_full_week
from bot.services.digests.pass_quality import pass_quality
from bot.services.kpis.kpi_adding import the_kpi
from bot.services.workspaces.editing import FieldProblem, Problems, read_ids
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team, scene_of
from messages.chain_content import ChainFacts, WhatIfFacts, WhatIfForm
from messages.content import HatName
from storage import Session, Sessions, teams
from storage.tables import Team

LOWEST, HIGHEST = Decimal(-100), Decimal(1000)  # per cent
_LONGEST: Final = 200  # characters of a what-if
_CHANGE = re.compile(r"(?P<kpi>.*?)\s*(?P<change>[+\-−–]?\s*[0-9][0-9.,\s]*(?:%|procent|percent|pct)?)")


@dataclass(frozen=True)
class Asked:
    """A what-if that can be worked out: for which KPI, and by how many per cent it changes."""

    team_id: int
    slug: str
    percent: Decimal


def known_chain(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[ChainFacts | None]:
    """Give the asker's chain from the report that is kept; None when there is none that is up to date.

    Raises:
        Refused: `no_team`, `several_teams`.
    """
    with scene_of(sessions, asker) as (session, scene):
        team = _team(session, scene)
        material = chain_reports.material_of(session, scene.team_id, last_full_week(now))
        if not material.chain.links:
            return Answer(scene.language, unlinked_facts(material, team.name))
        report = chain_reports.known_report(session, material, team)
        facts = chain_facts(report, team.name) if report else None
        return Answer(scene.language, _with_passes(session, scene.team_id, facts) if facts else None)


def computed_chain(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[ChainFacts]:
    """Give the asker's chain, computed where it has to be, and keep what was computed. Slow.

    Raises:
        Refused: `no_team`, `several_teams`.
    """
    with scene_of(sessions, asker) as (session, scene):
        team = _team(session, scene)
    report = chain_reports.prepare_report(sessions, team, last_full_week(now), now)
    with sessions.read() as session:
        return Answer(scene.language, _with_passes(session, scene.team_id, chain_facts(report, team.name)))


def _with_passes(session: Session, team_id: int, facts: ChainFacts) -> ChainFacts:
    """Put beside each link how its passes were rated, week by week."""
    rated = {
        (one.source.slug, one.target.slug): one.weeks
        for one in pass_quality(session, team_id, Period.parse(facts.period))
    }
    links = (replace(link, passes=rated.get((link.source.slug, link.target.slug), ())) for link in facts.links)
    return replace(facts, links=tuple(links))


def ask(sessions: Sessions, asker: Asker, written: str) -> Answer[Asked | None]:
    """Read `leads +10%`; None when there is no percentage in it, so that a form has to ask.

    Raises:
        Refused: `no_team`, `several_teams`, `whatif_kpi`, `whatif_unreadable`, `whatif_range`, `kpi_not_found`,
            `kpi_several`.
    """
    # Nothing longer is a KPI with a percentage; digits in a row could each begin one.
    found = _CHANGE.fullmatch(written.strip()) if len(written) <= _LONGEST else None
    if found is None:
        return Answer("", None)
    with scene_of(sessions, asker) as (session, scene):
        if not found["kpi"]:
            raise Refused("whatif_kpi")
        kpi = the_kpi(session, scene.team_id, found["kpi"].strip(" :,"))
        return Answer(scene.language, Asked(scene.team_id, kpi.slug, _refusing(found["change"], scene.language)))


def prepare(sessions: Sessions, asker: Asker, named_kpi: str, *, now: datetime) -> Answer[tuple[str, WhatIfForm]]:
    """Prepare the form, with its state; a KPI that is named is chosen in it.

    Raises:
        Refused: `no_team`, `several_teams`, `whatif_no_chain`, `kpi_not_found`, `kpi_several`.
    """
    with scene_of(sessions, asker) as (session, scene):
        material = chain_reports.material_of(session, scene.team_id, last_full_week(now))
        if not material.chain.links:
            raise Refused("whatif_no_chain")
        chosen = the_kpi(session, scene.team_id, named_kpi).slug if named_kpi else ""
        known = [named(material, kpi.slug) for kpi in material.chain.kpis]
        first = sorted(known, key=lambda kpi: kpi.slug != chosen)
        return Answer(scene.language, (str(scene.team_id), WhatIfForm(tuple(first), chosen, "+10")))


def read_form(sessions: Sessions, asker: Asker, state: str, typed: dict[str, str]) -> Answer[Asked | Problems]:
    """Read the submitted form.

    Raises:
        Refused: `form_outdated`.
    """
    (team_id,) = read_ids(state, 1)
    with sessions.read() as session:
        scene = locate_team(session, asker, team_id)
    percent = _percent(typed.get("percent", ""), scene.language)
    if isinstance(percent, str):
        return Answer(scene.language, Problems({"percent": FieldProblem(f"percent_{percent}")}))
    return Answer(scene.language, Asked(team_id, typed.get("kpi", ""), percent))


def work_out(sessions: Sessions, asker: Asker, asked: Asked, *, now: datetime) -> Answer[WhatIfFacts]:
    """Tell what may be expected of the goals. Slow: it computes.

    Raises:
        Refused: `form_outdated`, `no_such_kpi`, `whatif_no_chain`.
    """
    with sessions.read() as session:
        scene = locate_team(session, asker, asked.team_id)
        team = _team(session, scene)
    with in_language(scene.language):
        report = chain_reports.prepare_report(sessions, team, last_full_week(now), now)
        return Answer(scene.language, _worked_out(report, team.name, asked))


def _worked_out(report: Report, team: str, asked: Asked) -> WhatIfFacts:
    material = report.material
    if asked.slug not in material.kpis:
        raise Refused("no_such_kpi")
    if not material.chain.links:
        raise Refused("whatif_no_chain")
    change = float(asked.percent / 100)
    found = _what_if(report, asked.slug, change) if asked.slug in {kpi.slug for kpi in material.chain.kpis} else None
    lack = "no_way_to_goal" if found is None else found.lack.value if found.lack else None
    return WhatIfFacts(
        team=team,
        period=str(material.period),
        kpi=named(material, asked.slug),
        goal=_goal(material),
        change=change,
        goals_now=found.goals_now if found else None,
        per_week=found.per_week if found else (),
        eventually=found.eventually if found else None,
        links=link_facts(report, _from(asked.slug, found.relies_on)) if found else (),
        left_out=link_facts(report, found.refuted) if found else (),
        lack=lack,
    )


def _what_if(report: Report, slug: str, change: float) -> WhatIf:
    # Only who computes imports numpy and scipy.
    from bot.domain.chain.analysis import what_if  # noqa: PLC0415

    material = report.material
    return what_if(material.chain, material.series, slug, change, statistics=report.analysis.links)


def _from(slug: str, ends: Sequence[Ends]) -> list[Ends]:
    """Order links as they lead away from a KPI."""
    ordered: list[Ends] = []
    reached = [slug]
    for place in reached:
        onwards = [one for one in ends if one[0] == place and one not in ordered]
        ordered += onwards
        reached += [one[1] for one in onwards if one[1] not in reached]
    return ordered


def _goal(material: Material) -> HatName | None:
    return named(material, material.chain.goal) if material.chain.goal else None


def _team(session: Session, scene: Scene) -> Team:
    team = teams.get(session, scene.workspace_id, scene.team_id)
    if team is None:  # put away since it was located
        raise Refused("no_team")
    return team


def _refusing(text: str, language: str) -> Decimal:
    percent = _percent(text, language)
    if isinstance(percent, str):
        raise Refused(f"whatif_{percent}")
    return percent


def _percent(text: str, language: str) -> Decimal | str:
    """Read `+10 %`, `-5` or `2,5 procent`; where that cannot be, give the name of what is wrong."""
    plain = re.sub(r"\s*(?:%|procent|percent|pct)$", "", text.strip().replace("−", "-").replace("–", "-"))
    read = parse_number(plain.removeprefix("+").strip(), whole=False, language=language, allow_negative=True)
    if not isinstance(read, Number):
        return "unreadable"
    return read.value if LOWEST <= read.value <= HIGHEST else "range"
