"""Where a KPI's values are pulled from: set by its owner or an admin, and tried before it is saved."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from threading import BoundedSemaphore
from typing import Final

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.domain.source_links import LONGEST_ADDRESS, csv_address, host_of
from bot.services.hats.hats import owner_of
from bot.services.kpis.kpi_adding import the_kpi
from bot.services.sending.texts import storable
from bot.services.sources.fetching import Fetcher, SourceFailed, read_address
from bot.services.sources.source_news import problem_of
from bot.services.sources.source_pulls import open_weeks, reader_of
from bot.services.sources.source_reading import CSV, JSON, LONGEST_EXPRESSION, Recipe, check_expression, read
from bot.services.workspaces.authority import Player, the_team
from bot.services.workspaces.editing import FieldProblem, FieldProblems, Problems, note, playing, read_ids
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team, scene_of
from messages.api_content import SourceForm, SourcePreview
from messages.content import HatName, KpiValue
from messages.life_content import Done
from storage import Session, Sessions, hats, kpis, readings, sources
from storage.hats import HatRow
from storage.tables import Kpi, Source, Team

WEEKS_SHOWN = 6
MOST_TRIED: Final = 3  # sources at once, in one process
_TRYING: Final = BoundedSemaphore(MOST_TRIED)


@dataclass(frozen=True)
class Wanted:
    """A source as it is wanted: for which KPI of which team, and where its values stand."""

    team_id: int
    kpi_id: int
    address: str
    recipe: Recipe

    @property
    def ids(self) -> str:
        """The state of the form that it was typed into."""
        return f"{self.team_id} {self.kpi_id}"

    def state(self) -> str:
        """Write it into a form that only asks whether it is right."""
        recipe = self.recipe
        kept = [self.team_id, self.kpi_id, self.address, recipe.format, recipe.values, recipe.weeks]
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def form(sessions: Sessions, asker: Asker, query: str) -> Answer[SourceForm]:
    """Prepare the form for a KPI's source.

    Raises:
        Refused: `not_playing`, `kpi_unnamed_here`, `kpi_not_found`, `kpi_several`, `hat_not_yours`, `kpi_computed`.
    """
    with scene_of(sessions, asker) as (session, scene):
        editing = playing(session, scene, asker.user)
        kpi = the_kpi(session, scene.team_id, query)
        _allowed(session, scene, editing, kpi)
        source = sources.of_kpi(session, scene.team_id, kpi.id or 0)
        shown = SourceForm(f"{scene.team_id} {kpi.id}", HatName(kpi.slug, kpi.name))
        return Answer(scene.language, _filled(shown, source) if source else shown)


def typed(sessions: Sessions, asker: Asker, state: str, fields: Mapping[str, str]) -> Answer[Wanted | Problems]:
    """Read what was typed into the form; nothing is asked and nothing stored.

    Raises:
        Refused: `form_outdated`, `not_playing`, `no_such_kpi`, `hat_not_yours`, `kpi_computed`.
    """
    team_id, kpi_id = read_ids(state, 2)
    with sessions.read() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            _allowed(session, scene, playing(session, scene, asker.user), _live(session, scene, kpi_id))
        problems: FieldProblems = {}
        wanted = _read(team_id, kpi_id, fields, problems)
        return Answer(scene.language, Problems(problems) if problems else wanted)


def attempt(
    sessions: Sessions, fetcher: Fetcher, asker: Asker, wanted: Wanted, *, now: datetime
) -> Answer[SourcePreview | SourceForm]:
    """Read a source without storing anything: show what would be stored, or in the form what is wrong.

    Few are read at once: those who work here answer everybody, and a slow server must not keep them all.

    Raises:
        Refused: As for `typed`.
    """
    with sessions.read() as session:
        scene = locate_team(session, asker, wanted.team_id)
        with in_language(scene.language):
            kpi = _live(session, scene, wanted.kpi_id)
            _allowed(session, scene, playing(session, scene, asker.user), kpi)
        team = the_team(session, scene)
        reader = reader_of(team, kpi, now)
    try:  # no session is open: this may take long
        with _one_of_few():
            found = read(fetcher.fetch(wanted.address), wanted.recipe, reader)
    except SourceFailed as failed:
        return Answer(scene.language, _tried(wanted, kpi, failed))
    with sessions.read() as session:
        return Answer(scene.language, _preview(session, wanted, team, kpi, found, now))


@contextmanager
def _one_of_few() -> Iterator[None]:
    if not _TRYING.acquire(blocking=False):
        raise SourceFailed("busy", passing=True)
    try:
        yield
    finally:
        _TRYING.release()


def save(sessions: Sessions, asker: Asker, state: str, *, now: datetime) -> Answer[Done]:
    """Keep a source that was tried; its values are pulled at once and every week.

    Raises:
        Refused: As for `typed`.
    """
    wanted = _read_state(state)
    with sessions.write() as session:
        scene = locate_team(session, asker, wanted.team_id)
        with in_language(scene.language):
            editing = playing(session, scene, asker.user)
            kpi = _live(session, scene, wanted.kpi_id)
            _allowed(session, scene, editing, kpi)
            before = sources.of_kpi(session, scene.team_id, wanted.kpi_id)
            was = _noted(before) if before else {}
            sources.put(
                session,
                workspace_id=scene.workspace_id,
                team_id=scene.team_id,
                kpi_id=wanted.kpi_id,
                address=wanted.address,
                format_=wanted.recipe.format,
                expression=wanted.recipe.values,
                week_expression=wanted.recipe.weeks,
                by=editing.id,
                now=now,
            )
            is_now = {"host": host_of(wanted.address), "values": wanted.recipe.values, "weeks": wanted.recipe.weeks}
            note(session, scene, asker.user, "source.set", kpi.slug, now=now, before=was, after=is_now)
            return Answer(scene.language, Done("source_saved", {"kpi": HatName(kpi.slug, kpi.name)}))


def remove(sessions: Sessions, asker: Asker, wanted: Wanted, *, now: datetime) -> Answer[Done]:
    """Pull a KPI's values no more. What was pulled stays.

    Raises:
        Refused: As for `typed`.
    """
    with sessions.write() as session:
        scene = locate_team(session, asker, wanted.team_id)
        with in_language(scene.language):
            kpi = _live(session, scene, wanted.kpi_id)
            _allowed(session, scene, playing(session, scene, asker.user), kpi)
            before = sources.of_kpi(session, scene.team_id, wanted.kpi_id)
            if before is not None:
                note(session, scene, asker.user, "source.removed", kpi.slug, now=now, before=_noted(before), after={})
                sources.remove(session, scene.team_id, wanted.kpi_id)
            return Answer(scene.language, Done("source_removed", {"kpi": HatName(kpi.slug, kpi.name)}))


def hosts(session: Session, team_id: int) -> dict[int, str]:
    """Return the host of each KPI's source, for whoever looks at the KPI."""
    return {source.kpi_id: host_of(source.address) for source in sources.of_team(session, team_id)}


def _noted(source: Source) -> dict[str, str]:
    # An address may hold what opens it; the audit log names its host only.
    return {"host": host_of(source.address), "values": source.expression, "weeks": source.week_expression}


def _filled(shown: SourceForm, source: Source) -> SourceForm:
    name, values = problem_of(source)
    return SourceForm(
        shown.state,
        shown.kpi,
        address=source.address,
        format=source.format,
        expression=source.expression,
        week_expression=source.week_expression,
        is_new=False,
        problem=name,
        problem_values=dict(values),
    )


def _tried(wanted: Wanted, kpi: Kpi, failed: SourceFailed) -> SourceForm:
    return SourceForm(
        wanted.ids,
        HatName(kpi.slug, kpi.name),
        address=wanted.address,
        format=wanted.recipe.format,
        expression=wanted.recipe.values,
        week_expression=wanted.recipe.weeks,
        problem=failed.name,
        problem_values=failed.values,
    )


def _preview(
    session: Session, wanted: Wanted, team: Team, kpi: Kpi, found: Mapping[Period, Decimal], now: datetime
) -> SourcePreview:
    weeks = open_weeks(found, team, kpi, now)
    said = {
        str(week): readings.of_period(session, [wanted.kpi_id], str(week)).get(wanted.kpi_id)
        for week in list(weeks)[-WEEKS_SHOWN:]
    }
    origins = {week: sources.origins(session, [wanted.kpi_id], week).get(wanted.kpi_id) for week in said}
    return SourcePreview(
        state=wanted.state(),
        kpi=_shown(kpi),
        host=host_of(wanted.address),
        weeks=tuple((str(week), value) for week, value in list(weeks.items())[-WEEKS_SHOWN:]),
        kept=tuple(
            week
            for week, origin in origins.items()
            if origin and origin.source != sources.PULL and said[week] != weeks[Period.parse(week)]
        ),
        left_out=len(found) - len(weeks),
    )


def _shown(kpi: Kpi) -> KpiValue:
    return KpiValue(kpi.slug, kpi.name, kpi.unit, kpi.currency, kpi.decimals, kpi.direction)


def _live(session: Session, scene: Scene, kpi_id: int) -> Kpi:
    live = (kpi for kpi in kpis.entities(session, scene.team_id) if kpi.archived_at is None)
    kpi = next((kpi for kpi in live if kpi.id == kpi_id), None)
    if kpi is None:
        raise Refused("no_such_kpi")
    return kpi


def _allowed(session: Session, scene: Scene, editing: Player, kpi: Kpi) -> HatRow:
    hat = hats.one(session, scene.team_id, kpi.hat_id)
    if hat is None:
        raise Refused("hat_archived")
    if not (editing.is_admin or hat.owner_id == editing.id):
        raise Refused("hat_not_yours", hat=HatName(hat.slug, hat.name), owner=owner_of(hat))
    if kpi.formula:
        raise Refused("kpi_computed", kpi=kpi.name)
    return hat


def _read(team_id: int, kpi_id: int, fields: Mapping[str, str], problems: FieldProblems) -> Wanted:
    address = fields.get("address", "").strip()
    sheet = csv_address(address)
    kind = CSV if sheet else fields.get("format", "")
    values, weeks = (fields.get(name, "").strip() for name in ("expression", "week"))
    wanted = Wanted(team_id, kpi_id, sheet or address, Recipe(kind, values, weeks))
    if address:
        _check_address(wanted.address, problems)
        _check_recipe(wanted.recipe, problems)
    return wanted


def _check_address(address: str, problems: FieldProblems) -> None:
    try:
        read_address(address)
    except SourceFailed as failed:
        problems["address"] = FieldProblem(f"source_{failed.name}")
    if len(address) > LONGEST_ADDRESS:
        problems["address"] = FieldProblem("too_long", {"limit": LONGEST_ADDRESS})
    elif storable(address, LONGEST_ADDRESS) != address or not address.isprintable():
        problems["address"] = FieldProblem("source_address_unreadable")


def _check_recipe(recipe: Recipe, problems: FieldProblems) -> None:
    if recipe.format not in {CSV, JSON}:
        problems["format"] = FieldProblem("choice_unknown")
    for where, text in (("expression", recipe.values), ("week", recipe.weeks)):
        if len(text) > LONGEST_EXPRESSION:
            problems[where] = FieldProblem("too_long", {"limit": LONGEST_EXPRESSION})
        elif storable(text, LONGEST_EXPRESSION) != text:
            problems[where] = FieldProblem("source_expression_unreadable", {"text": text})
        elif recipe.format == JSON and text:
            try:
                check_expression(text)
            except SourceFailed as failed:
                problems[where] = FieldProblem(f"source_{failed.name}", failed.values)
    if not recipe.values:
        problems["expression"] = FieldProblem("source_no_expression")


def _read_state(state: str) -> Wanted:
    """Read what `Wanted.state` wrote, as if it had been typed.

    Raises:
        Refused: `form_outdated`, when it is something else.
    """
    try:
        team_id, kpi_id, address, kind, values, weeks = json.loads(state)
    except (ValueError, TypeError) as error:
        raise Refused("form_outdated") from error
    texts = (address, kind, values, weeks)
    if not all(isinstance(one, str) for one in texts):
        raise Refused("form_outdated")
    read_ids(f"{team_id} {kpi_id}", 2)
    problems: FieldProblems = {}
    fields = {"address": address, "format": kind, "expression": values, "week": weeks}
    wanted = _read(int(team_id), int(kpi_id), fields, problems)
    if problems or not wanted.address:
        raise Refused("form_outdated")
    return wanted
