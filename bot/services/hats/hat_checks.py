"""The weekly hat check: which hats did you wear this week?"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.readings.duties import current_period, read_state, write_state
from bot.services.workspaces.authority import Player, admin, can_own, known, player, the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, locate_team
from messages.content import HatCheck, HatName
from messages.evidence_content import CheckSwitched, HatChecked, HatCheckForm, HatOption
from storage import Session, Sessions, audits, evidences
from storage.evidences import Choice
from storage.evidences import Ticked as SaidLast
from storage.tables import Member, Team

MOST_OPTIONS = 100  # of a menu in Slack
LONGEST_ANSWER = 1_500  # characters of the hats' ids in a button, of Slack's 2,000
OLDEST_WEEKS = 4  # longer ago nobody remembers what they wore


@dataclass(frozen=True)
class Ticked:
    """An answer that was stored, and the state by which the message that asked for it is found again."""

    checked: HatChecked
    state: str


def is_asked(team: Team, member: Member) -> bool:
    """Tell whether a member of a team gets the hat check: neither they nor the team have switched it off."""
    return team.hat_check and member.hat_check and can_own(member)


def check_of(session: Session, team: Team, member: Member, period: Period) -> HatCheck | None:
    """Put together the hat check of a week: what is suggested, or what was answered; None in a team without hats."""
    choices = evidences.choices(session, team.id or 0, member.id or 0)
    said = evidences.last_ticked(session, team.id or 0, member.id or 0, until=str(period)) if choices else None
    return check_from(choices, said, team, period)


def check_from(choices: Sequence[Choice], said: SaidLast | None, team: Team, period: Period) -> HatCheck | None:
    """Put the same together from the hats that a member may tick, and their latest answer."""
    if not choices:
        return None
    state = write_state(team.id or 0, period)
    if said is None:
        theirs = [hat for hat in choices if hat.is_theirs]
        return HatCheck(_names(theirs[:MOST_OPTIONS]), "now", state, one_tap(state, theirs[:MOST_OPTIONS]))
    ticked = [hat for hat in choices if hat.id in said.hat_ids]
    if said.period == str(period):
        return HatCheck(_names(ticked), "week", state, one_tap(state, ticked), answered=_names(ticked))
    since: Literal["week", "earlier"] = "week" if said.period == str(period.shift(-1)) else "earlier"
    return HatCheck(_names(ticked), since, state, one_tap(state, ticked))


def one_tap(state: str, suggested: Sequence[Choice]) -> str:
    """Write the value of the button that answers with what it says; `read_tap` reads it."""
    return f"{state}:{'.'.join(str(hat.id) for hat in suggested)}"


def read_tap(value: str) -> tuple[str, list[int]]:
    """Read the state and the hats from a button's value.

    Raises:
        Refused: `check_outdated`, when it is something else.
    """
    state, _, written = value.rpartition(":")
    hat_ids = written.split(".") if written else []
    if not state or len(written) > LONGEST_ANSWER or not all(part.isdecimal() for part in hat_ids):
        raise Refused("check_outdated")
    return state, [int(part) for part in hat_ids]


def open_form(sessions: Sessions, asker: Asker, state: str | None, *, now: datetime) -> Answer[HatCheckForm]:
    """Prepare the form, for the week in `state` or the one that is asked about now.

    Raises:
        Refused: `not_a_member`, `check_guest`, `check_no_hats`, `check_outdated`.
    """
    with sessions.read() as session:
        scene, team, by, period = _place(session, asker, state, now)
        with in_language(scene.language):
            check = check_of(session, team, by.member, period)
            if check is None:
                raise Refused("check_no_hats")
            ticked = {hat.slug for hat in check.suggested}
            # What they wore before comes first, so that it is there in a team with more hats than a menu takes.
            choices = sorted(evidences.choices(session, scene.team_id, by.id), key=lambda hat: hat.slug not in ticked)
            options = tuple(
                HatOption(hat.id, HatName(hat.slug, hat.name), hat.slug in ticked) for hat in choices[:MOST_OPTIONS]
            )
            left_out = max(0, len(choices) - MOST_OPTIONS)
            return Answer(scene.language, HatCheckForm(team.name, str(period), options, check.state, left_out))


def answer(
    sessions: Sessions,
    asker: Asker,
    state: str,
    hat_ids: Collection[int],
    *,
    now: datetime,
    stop_asking: bool = False,
) -> Answer[Ticked]:
    """Store which hats the asker wore in a week, in place of what they said before; none is an answer too.

    Raises:
        Refused: `not_a_member`, `check_guest`, `check_outdated`; `check_hat_gone` when the team has such a hat no more.
    """
    with sessions.write() as session:
        scene, team, by, period = _place(session, asker, state, now)
        with in_language(scene.language):
            choices = evidences.choices(session, scene.team_id, by.id)
            if not set(hat_ids) <= {hat.id for hat in choices}:
                raise Refused("check_hat_gone")
            ticked = [hat for hat in choices if hat.id in hat_ids]
            evidences.check(
                session,
                workspace_id=scene.workspace_id,
                team_id=scene.team_id,
                member_id=by.id,
                period=str(period),
                hat_ids=[hat.id for hat in ticked],
                now=now,
            )
            if stop_asking:
                by.member.hat_check = False
            checked = HatChecked(team.name, str(period), _names(ticked), asked_again=not stop_asking)
            return Answer(scene.language, Ticked(checked, write_state(scene.team_id, period)))


def switch_own(sessions: Sessions, asker: Asker, *, on: bool) -> Answer[CheckSwitched]:
    """Switch the weekly hat check on or off for the asker.

    Raises:
        Refused: `not_a_member`; `check_guest`, for who is never asked.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            member = known(session, scene, asker.user)
            if on and not can_own(member):
                raise Refused("check_guest")
            member.hat_check = on
            return Answer(scene.language, CheckSwitched(on))


def switch_team(sessions: Sessions, asker: Asker, *, on: bool, now: datetime) -> Answer[CheckSwitched]:
    """Switch the weekly hat check on or off for the whole team; the audit log tells who did.

    Raises:
        Refused: `not_a_member`, `not_admin`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            by = admin(session, scene, asker.user)
            team = the_team(session, scene)
            if team.hat_check is not on:
                audits.add(
                    session,
                    workspace_id=scene.workspace_id,
                    team_id=scene.team_id,
                    actor=by.member.slack_user_id,
                    action="team.hat_check",
                    subject=team.slug,
                    now=now,
                    before={"hat_check": team.hat_check},
                    after={"hat_check": on},
                )
                team.hat_check = on
            return Answer(scene.language, CheckSwitched(on, team.name))


def _place(session: Session, asker: Asker, state: str | None, now: datetime) -> tuple[Scene, Team, Player, Period]:
    named, period = read_state(state) if state else (None, None)
    scene = locate(session, asker) if named is None else locate_team(session, asker, named)
    with in_language(scene.language):
        by = player(session, scene, asker.user)
        if not can_own(by.member):
            raise Refused("check_guest")
        team = the_team(session, scene)
        current = current_period(team, by.member, now)
        if period is not None and not current.shift(-OLDEST_WEEKS) <= period <= current.shift(1):
            raise Refused("check_outdated")
        return scene, team, by, period or current


def _names(chosen: Sequence[Choice]) -> tuple[HatName, ...]:
    return tuple(HatName(hat.slug, hat.name) for hat in chosen)
