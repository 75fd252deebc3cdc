"""What a moved question teaches: the words that its asker used for a hat, as another name of the right one."""

from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.spelling import name_key
from bot.services.hats.hat_editing import may_change
from bot.services.hats.hat_names import NameReader, settle_names
from bot.services.questions.question_answering import Table, at_table, read_value
from bot.services.questions.question_history import phrase_of
from bot.services.workspaces.authority import Player, player
from bot.services.workspaces.editing import FieldProblem, note
from bot.services.workspaces.scene import Answer, Asker, Scene
from messages.content import HatName
from messages.life_content import Done
from storage import Sessions, hats, teams
from storage.hats import HatRow


def teach(sessions: Sessions, asker: Asker, value: str, *, now: datetime) -> Answer[Done]:
    """Let the hat that a question was moved to be found by its asker's words from now on.

    Raises:
        Refused: `form_outdated`, `teach_nothing`, `not_a_member`, `hat_not_yours`, `hat_archived`; `teach_taken`, when
            another hat is called so; `teach_full`.
    """
    number, _ = read_value(value)
    with at_table(sessions, asker, number) as table:
        session, team = table.session, table.team
        scene = Scene(team.workspace_id, team.id or 0, team.name, team.directory_version, table.member.id, "en")
        editing = player(session, scene, asker.user)
        # One after the other: a name must not be given to two hats at once.
        teams.lock(session, team.workspace_id, team.id or 0)
        row = hats.one(session, team.id or 0, table.question.hat_id)
        if row is None:
            raise Refused("hat_archived")
        may_change(editing, row)
        return Answer(table.language, _teach(table, scene, editing, row, now))


def _teach(table: Table, scene: Scene, editing: Player, row: HatRow, now: datetime) -> Done:
    session = table.session
    hat = hats.entity_by_id(session, scene.team_id, row.id)
    phrase = phrase_of(table.question)
    if not phrase:
        raise Refused("teach_nothing")
    done = Done("alias_taught", {"phrase": phrase, "hat": HatName(row.slug, row.name)})
    before = hats.aliases(session, [row.id]).get(row.id, [])
    if name_key(phrase) in {name_key(name) for name in (*before, row.slug, row.name)}:
        return done
    reader = NameReader(session, scene.team_id, hat)
    aliases = reader.aliases(",".join([*before, phrase]), row.slug)
    problem = reader.problems.get("aliases")
    if problem is not None:
        values = {"phrase": phrase, **(problem.values if isinstance(problem, FieldProblem) else {})}
        raise Refused("teach_taken" if "hat" in values else "teach_full", **values)
    settle_names(session, hat, row.slug, aliases)
    actor = editing.member.slack_user_id
    after = hats.aliases(session, [row.id]).get(row.id, [])
    note(
        session,
        scene,
        actor,
        "hat.changed",
        row.slug,
        now=now,
        before={"aliases": sorted(before)},
        after={"aliases": sorted(after)},
    )
    teams.touch_directory(session, scene.team_id)
    return done
