"""What people set for themselves: how questions reach them, when they are asked, and whether for their hats."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.weekly import WeeklyTime
from bot.services.workspaces.authority import can_own, known, the_team
from bot.services.workspaces.editing import FieldProblem, FieldProblems, Problems, note, read_ids
from bot.services.workspaces.scene import Answer, Asker, in_language, locate_team, scene_of
from messages.catalog.settings import SLACKS, TEAMS_TIME
from messages.formats import WEEKDAYS
from messages.i18n import LANGUAGES, language_of
from messages.life_content import Done
from messages.settings_content import MySettings
from storage import Sessions, members
from storage.tables import Member

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
                locale=member.own_locale or "",
                slack_locale=language_of(member.locale, team.locale),
                reminders=member.reminders,
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
            locale = typed.get("locale", "")
            if locale not in {"", SLACKS, *LANGUAGES}:
                problems["locale"] = FieldProblem("choice_unknown")
            if problems:
                return Answer(scene.language, Problems(problems))
            before = _noted(member)
            member.reach, member.prompt_at = reach, prompt
            if locale:
                member.own_locale = None if locale == SLACKS else locale
            if "reminders" in typed:
                member.reminders = bool(typed["reminders"])
            if "hat_check" in typed and can_own(member):
                member.hat_check = bool(typed["hat_check"])
            after = _noted(member)
            before, after = _differing(before, after), _differing(after, before)
            note(session, scene, asker.user, "member.settings", asker.user, now=now, before=before, after=after)
            team = the_team(session, scene)
            # What was just chosen holds for the answer, too.
            spoken = language_of(members.spoken_locale(member), team.locale)
            return Answer(spoken, Done("my_settings_saved"))


_Noted = dict[str, str | bool | None]


def _noted(member: Member) -> _Noted:
    return {
        "reach": member.reach,
        "prompt_at": member.prompt_at,
        "own_locale": member.own_locale,
        "reminders": member.reminders,
    }


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


def _differing(these: _Noted, those: _Noted) -> _Noted:
    return {name: value for name, value in these.items() if value != those[name]}
