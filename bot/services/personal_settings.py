"""What people set for themselves: how questions reach them, when they are asked, and whether for their hats."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.weekly import WeeklyTime
from bot.services.authority import can_own, known, the_team
from bot.services.editing import FieldProblem, FieldProblems, Problems, note, read_ids
from bot.services.scene import Answer, Asker, in_language, locate_team, scene_of
from messages.catalog.settings import TEAMS_TIME
from messages.formats import WEEKDAYS
from messages.life_content import Done
from messages.settings_content import MySettings
from storage import Sessions

REACHES: Final = ("dm", "thread")


def filled(sessions: Sessions, asker: Asker) -> Answer[MySettings]:
    """Prepare the form for the asker's own settings.

    Raises:
        Refused: `not_a_member`, when nothing is known of them.
    """
    with scene_of(sessions, asker) as (session, scene):
        member, team = known(session, scene, asker.user), the_team(session, scene)
        return Answer(
            scene.language,
            MySettings(
                state=str(scene.team_id),
                team=scene.team_name,
                reach=member.reach,
                prompt=member.prompt_at or "",
                team_prompt=team.prompt_at,
                hat_check=member.hat_check if can_own(member) else None,
            ),
        )


def save(
    sessions: Sessions, asker: Asker, state: str, typed: Mapping[str, str], *, now: datetime
) -> Answer[Done | Problems]:
    """Store the asker's own settings.

    How they are reached is in the audit log, because it concerns those who ask. Whether somebody wants to be asked for
    their hats is nobody else's business.

    Raises:
        Refused: `form_outdated`, `not_a_member`.
    """
    (team_id,) = read_ids(state, 1)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            member = known(session, scene, asker.user)
            reach, prompt, problems = _read(typed)
            if problems:
                return Answer(scene.language, Problems(problems))
            before = {"reach": member.reach, "prompt_at": member.prompt_at}
            member.reach, member.prompt_at = reach, prompt
            if "hat_check" in typed and can_own(member):
                member.hat_check = bool(typed["hat_check"])
            after = {"reach": reach, "prompt_at": prompt}
            note(session, scene, asker.user, "member.settings", asker.user, now=now, before=before, after=after)
            return Answer(scene.language, Done("my_settings_saved"))


def _read(typed: Mapping[str, str]) -> tuple[str, str | None, FieldProblems]:
    problems: FieldProblems = {}
    reach, day, time = (typed.get(name, "") for name in ("reach", "prompt_day", "prompt_time"))
    if reach not in REACHES:
        problems["reach"] = FieldProblem("choice_unknown")
    if day == TEAMS_TIME:
        return reach, None, problems
    if day not in WEEKDAYS:
        problems["prompt_day"] = FieldProblem("choice_unknown")
        return reach, None, problems
    try:
        return reach, str(WeeklyTime.parse(f"{day} {time}")), problems
    except ValueError:
        problems["prompt_time"] = FieldProblem("time_missing")
        return reach, None, problems
