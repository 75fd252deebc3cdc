"""Where a team stands on its way to its first agreed hat: read from what is there, and stored nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.agreement import Side
from bot.services.hats.evidence import natural_owner_of
from bot.services.hats.hats import names
from bot.services.installs import onboarding_news
from bot.services.workspaces.authority import can_own, the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, scene_of, team_place
from messages.content import Person
from messages.life_content import Done
from messages.next_step import NextStep, SetUpState, Step
from storage import Session, Sessions, hats, kpis, members, proposals, teams, workspaces
from storage.hats import HatRow, WearerRow
from storage.tables import Proposal

_FOR_ADMINS: Final[frozenset[Step]] = frozenset({"hats", "chain", "links"})


@dataclass(frozen=True)
class _Board:
    """What a team has. `worn` by hat's id; `offered` are hats that somebody has been asked to own."""

    hats: Sequence[HatRow]
    worn: dict[int, list[WearerRow]]
    measured: set[int]
    links: int
    offered: dict[int, Proposal]

    @property
    def vacant(self) -> list[HatRow]:
        """Hats without an owner that nobody has been asked to own yet, the ones that one person wears first."""
        free = [hat for hat in self.hats if hat.owner_id is None and hat.id not in self.offered]
        return sorted(free, key=lambda hat: len(self.worn.get(hat.id, ())) or len(self.hats) + 1000)

    @property
    def is_owned(self) -> bool:
        """Whether any hat has an owner."""
        return any(hat.owner_id is not None for hat in self.hats)


def next_step(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[NextStep | None]:
    """Tell what the asker's team does next; None when every hat has an owner.

    Raises:
        Refused: `no_team`, `several_teams`.
    """
    answer = how_far(sessions, asker, now=now)
    return Answer(answer.language, answer.content.next_step)


def how_far(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[SetUpState]:
    """Tell how far the asker's team has come, and what comes next.

    Raises:
        Refused: `no_team`, `several_teams`.
    """
    with scene_of(sessions, asker) as (session, scene):
        return Answer(scene.language, state_for(session, scene, asker, now=now))


def after(sessions: Sessions, asker: Asker, team_id: int, done: Done, *, now: datetime) -> NextStep | None:
    """Tell what somebody can go on with, who has just done something for a team; None for nothing.

    While a team is set up that is its next step, if they may take it. Later a new hat looks for its owner, and whoever
    suggests themselves for a hat hears of it.

    Raises:
        Refused: `form_outdated` when the team is gone.
    """
    with scene_of(sessions, asker.at(team_place(team_id))) as (session, scene):
        coming = state_for(session, scene, asker, now=now).next_step
        if coming is None:
            return None
        if done.name == "hat_added" and coming.step in {"propose", "more"}:
            return NextStep(coming.step, coming.team, done.values["hat"])
        is_theirs = coming.own if coming.step == "more" else scene.is_admin or coming.step not in _FOR_ADMINS
        return coming if is_theirs else None


def is_told_there(sessions: Sessions, asker: Asker, team_id: int, ts: str, *, now: datetime) -> bool:
    """Tell whether a message at a `ts` is the team's welcome that tells the next step by itself.

    Raises:
        Refused: `form_outdated` when the team is gone.
    """
    with scene_of(sessions, asker.at(team_place(team_id))) as (session, _):
        welcome = onboarding_news.living_welcome(session, team_id, now=now)
        return welcome is not None and welcome.message_ts == ts


def state_for(session: Session, scene: Scene, asker: Asker, *, now: datetime) -> SetUpState:
    """Do so in a scene that is known; what comes next knows whether it is about the asker."""
    state = state_of(session, scene, now=now)
    coming = state.next_step
    if coming and coming.person and coming.person.slack_id == asker.user:
        state = replace(state, next_step=replace(coming, own=True))
    return state


def has_team_here(sessions: Sessions, asker: Asker) -> bool:
    """Tell whether the channel that the asker is in is a team's."""
    with sessions.read() as session:
        workspace = workspaces.by_slack_id(session, asker.workspace)
        live = teams.of_workspace(session, workspace.id or 0) if workspace and asker.channel else ()
        return any(team.channel_id == asker.channel for team in live)


def state_of(session: Session, scene: Scene, *, now: datetime) -> SetUpState:
    """Count what a team has, and derive what comes next."""
    measured = kpis.entities(session, scene.team_id)
    board = _Board(
        hats=hats.all_of_team(session, scene.team_id),
        worn=hats.wearers_of_team(session, scene.team_id),
        measured={kpi.hat_id for kpi in measured},
        links=len(kpis.links(session, scene.team_id)),
        offered={one.hat_id: one for one in proposals.live_of_team(session, scene.team_id)},
    )
    return SetUpState(
        team=scene.team_name,
        team_state=str(scene.team_id),
        next_step=_next(session, scene, board, now),
        hats=len(board.hats),
        wearers=len({one.member_id for wearers in board.worn.values() for one in wearers}),
        kpis=len(measured),
        links=board.links,
        owned=sum(hat.owner_id is not None for hat in board.hats),
        channel=the_team(session, scene).channel_id,
    )


def _next(session: Session, scene: Scene, board: _Board, now: datetime) -> NextStep | None:
    if not board.hats:
        return _step(scene, "hats")
    if not board.is_owned and not any(board.worn.values()):
        return _step(scene, "tick")
    if not board.measured:
        return _step(scene, "chain", _to_measure(board))
    if len(board.measured) > 1 and not board.links:
        return _step(scene, "links")
    if not board.is_owned and board.offered:
        return _waiting(session, scene, board)
    if not board.vacant:
        return None
    hat = board.vacant[0]
    return _step(scene, "more" if board.is_owned else "propose", hat, _natural(session, scene, board, hat, now))


def _step(scene: Scene, step: Step, hat: HatRow | None = None, person: Person | None = None) -> NextStep:
    return NextStep(step, str(scene.team_id), names([hat])[0] if hat else None, person)


def _to_measure(board: _Board) -> HatRow:
    """Return the hat whose KPI comes first: one that somebody wears."""
    return next((hat for hat in board.hats if board.worn.get(hat.id)), board.hats[0])


def _waiting(session: Session, scene: Scene, board: _Board) -> NextStep:
    """Tell which offer waits for whose answer: the oldest one."""
    offer = next(iter(board.offered.values()))
    asked = members.get(
        session, scene.workspace_id, offer.candidate_id if offer.turn == Side.CANDIDATE else offer.counterpart_id
    )
    hat = next((hat for hat in board.hats if hat.id == offer.hat_id), None)
    return _step(scene, "answer", hat, Person(asked.slack_user_id, asked.name) if asked else None)


def _natural(session: Session, scene: Scene, board: _Board, hat: HatRow, now: datetime) -> Person | None:
    """Return who suggests themselves for a hat: the only one who wears it, else its natural owner."""
    worn = board.worn.get(hat.id, ())
    alone = members.get(session, scene.workspace_id, worn[0].member_id) if len(worn) == 1 else None
    if alone is not None and can_own(alone):
        return Person(alone.slack_user_id, alone.name)
    natural = natural_owner_of(session, the_team(session, scene), hat.id, now=now)
    return Person(natural.slack_user_id, natural.name) if natural else None
