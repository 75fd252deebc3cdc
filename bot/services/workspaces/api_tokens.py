"""Bearer tokens of a team: made by its admins, shown once, kept as a hash."""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from bot.domain.errors import Refused, UserFacingError
from bot.services.teams.which_team import team_called
from bot.services.workspaces.authority import admin
from bot.services.workspaces.editing import FieldProblems, Problems, note, one_line, read_ids
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate_team, scene_of
from messages.api_content import TokenLine, TokenList, TokenMade
from messages.content import HatName
from messages.life_content import Done
from storage import Session, Sessions, api, audits, team_state
from storage.api import Bearer
from storage.tables import ApiToken, Team

TERMINAL: Final = "terminal"
MOST_TOKENS: Final = 20
_BEGINS: Final = "hat_"
_SHOWN: Final = len(_BEGINS) + 6  # of it; what stays hidden has more than 200 bits
_WRITTEN: Final = re.compile(r"hat_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class NewToken:
    """A token as it is shown once; a traceback that prints this does not show it."""

    name: str
    prefix: str
    plain: str = field(repr=False)


def listing(sessions: Sessions, asker: Asker) -> Answer[TokenList]:
    """List the team's live tokens for an admin.

    Raises:
        Refused: `not_admin`, `not_a_member`.
    """
    with scene_of(sessions, asker) as (session, scene):
        admin(session, scene, asker.user)
        lines = tuple(
            TokenLine(
                name=token.name,
                prefix=token.prefix,
                made_on=token.created_at.date(),
                used_on=token.used_at.date() if token.used_at else None,
                state=f"{scene.team_id} {token.id}",
            )
            for token in api.tokens(session, scene.team_id)
        )
        return Answer(scene.language, TokenList(scene.team_name, lines, str(scene.team_id)))


def may_create(sessions: Sessions, asker: Asker, state: str) -> Answer[str]:
    """Return the state of the form for a new token, in the team that a button names.

    Raises:
        Refused: `form_outdated`, `not_admin`, `not_a_member`, `tokens_full`.
    """
    with sessions.read() as session:
        scene = locate_team(session, asker, read_ids(state, 1)[0])
        with in_language(scene.language):
            admin(session, scene, asker.user)
            _refuse_more(session, scene)
            return Answer(scene.language, state)


def create(sessions: Sessions, asker: Asker, state: str, name: str, *, now: datetime) -> Answer[TokenMade | Problems]:
    """Make a token for an admin.

    Raises:
        Refused: `form_outdated`, `not_admin`, `not_a_member`, `tokens_full`.
    """
    with sessions.write() as session:
        scene = locate_team(session, asker, read_ids(state, 1)[0])
        with in_language(scene.language):
            maker = admin(session, scene, asker.user)
            _refuse_more(session, scene)
            problems: FieldProblems = {}
            called = one_line(name, problems, "name")
            if problems:
                return Answer(scene.language, Problems(problems))
            made = _generate(called)
            _keep(session, scene.workspace_id, scene.team_id, made, maker.id, now)
            note(session, scene, asker.user, "token.created", called, now=now, after={"prefix": made.prefix})
            return Answer(scene.language, TokenMade(called, made.plain, scene.team_name))


def revoke(sessions: Sessions, asker: Asker, state: str, *, now: datetime) -> Answer[Done]:
    """End a token of the team that a button names; a second time changes nothing.

    Raises:
        Refused: `form_outdated`, `not_admin`, `not_a_member`, `token_gone`.
    """
    team_id, token_id = read_ids(state, 2)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            admin(session, scene, asker.user)
            ended = api.revoke(session, team_id, token_id, now=now)
            if ended is None:
                raise Refused("token_gone")
            note(session, scene, asker.user, "token.revoked", ended.name, now=now, before={"prefix": ended.prefix})
            return Answer(scene.language, Done("token_revoked", {"token": HatName("", ended.name)}))


def create_in_terminal(sessions: Sessions, workspace: str, team_slug: str | None, name: str, now: datetime) -> NewToken:
    """Make a token from the terminal, where whoever has the database may.

    Raises:
        TeamNotFoundError: There is no such team, or there are several to choose from.
        UserFacingError: The name cannot be used, or there are too many tokens.
    """
    with sessions.write() as session:
        team = team_called(session, workspace, team_slug)
        problems: FieldProblems = {}
        called = one_line(name, problems, "name")
        if problems:
            raise UserFacingError("A token's name is one line of at most 80 characters, with a letter or digit.")
        if len(api.tokens(session, team_state.identity(team))) >= MOST_TOKENS:
            raise UserFacingError(f"The team has {MOST_TOKENS} tokens already; revoke one that is not needed.")
        made = _generate(called)
        _keep(session, team.workspace_id, team_state.identity(team), made, None, now)
        _note_from_terminal(session, team, "token.created", called, now, after={"prefix": made.prefix})
        return made


def list_in_terminal(sessions: Sessions, workspace: str, team_slug: str | None) -> list[ApiToken]:
    """Return the team's live tokens.

    Raises:
        TeamNotFoundError: There is no such team, or there are several to choose from.
    """
    with sessions.read() as session:
        team = team_called(session, workspace, team_slug)
        return list(api.tokens(session, team_state.identity(team)))


def revoke_in_terminal(sessions: Sessions, workspace: str, team_slug: str | None, which: str, now: datetime) -> str:
    """End the live token whose number, or how it begins, is given; return its name.

    Raises:
        TeamNotFoundError: There is no such team, or there are several to choose from.
        UserFacingError: No live token, or more than one, is meant.
    """
    with sessions.write() as session:
        team = team_called(session, workspace, team_slug)
        live = api.tokens(session, team_state.identity(team))
        meant = [token for token in live if which in {str(token.id), token.prefix}]
        if len(meant) != 1:
            raise UserFacingError(f"There is no live token {which[:_SHOWN]}; `hattrick token list` shows them.")
        ended = api.revoke(session, team_state.identity(team), meant[0].id or 0, now=now)
        if ended is not None:
            _note_from_terminal(session, team, "token.revoked", ended.name, now, before={"prefix": ended.prefix})
        return meant[0].name


def bearer_of(sessions: Sessions, plain: str, *, now: datetime) -> Bearer | None:
    """Return whom a token lets speak; None when it is none of ours, or not any more."""
    if not _WRITTEN.fullmatch(plain):
        return None
    wanted = _hash(plain)
    with sessions.read() as session:
        found = api.bearer(session, wanted)
    # The unique index has found it by its hash, of which nobody can choose the first characters; this is the belt.
    if found is None or not hmac.compare_digest(found.token_hash, wanted):
        return None
    if api.stale(found, now):
        with sessions.write() as session:
            api.touch(session, found, now=now)
    return found


def _generate(name: str) -> NewToken:
    plain = _BEGINS + secrets.token_urlsafe(32)
    return NewToken(name, plain[:_SHOWN], plain)


def _keep(session: Session, workspace_id: int, team_id: int, made: NewToken, by: int | None, now: datetime) -> None:
    api.add_token(
        session,
        workspace_id=workspace_id,
        team_id=team_id,
        name=made.name,
        prefix=made.prefix,
        token_hash=_hash(made.plain),
        by=by,
        now=now,
    )


def _hash(plain: str) -> str:
    return sha256(plain.encode()).hexdigest()


def _refuse_more(session: Session, scene: Scene) -> None:
    if len(api.tokens(session, scene.team_id)) >= MOST_TOKENS:
        raise Refused("tokens_full", limit=MOST_TOKENS)


def _note_from_terminal(
    session: Session,
    team: Team,
    action: str,
    name: str,
    now: datetime,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    audits.add(
        session,
        workspace_id=team.workspace_id,
        team_id=team_state.identity(team),
        actor=TERMINAL,
        action=action,
        subject=name,
        now=now,
        before=before,
        after=after,
    )
