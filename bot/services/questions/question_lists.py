"""Lists of questions: a person's own, those that they asked, and what is open in their team."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.services.workspaces.scene import Answer, Asker, Scene, scene_of
from messages.content import HatName, Person
from messages.question_list_content import QuestionLine, QuestionList
from storage import Session, Sessions, question_lists
from storage.question_lists import QuestionRow

MOST: Final = 200  # of each list; more are not even counted


def questions_of(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[QuestionList]:
    """List the questions of the asker's team from where they stand.

    Questions that they have no part in come without their words: those may have been written in a private place.
    """
    with scene_of(sessions, asker) as (session, scene):
        member_id = scene.member_id or 0
        mine = question_lists.to_answer(session, scene.team_id, member_id, limit=MOST)
        asked = question_lists.asked_by(session, scene.team_id, member_id, limit=MOST)
        others = question_lists.open_of_others(session, scene.team_id, member_id, limit=MOST)
        people = _people(session, scene.workspace_id, [*mine, *asked, *others])
        return Answer(
            scene.language,
            QuestionList(
                team=scene.team_name,
                mine=tuple(_line(row, people, now, value=f"{row.id}.{row.hop}") for row in mine),
                asked=tuple(_line(row, people, now, value=str(row.id)) for row in asked),
                others=tuple(_line(row, people, now) for row in others),
            ),
        )


def waiting_for(session: Session, scene: Scene, member_id: int, *, now: datetime) -> tuple[QuestionLine, ...]:
    """Return the questions of a team that wait for a member's answer, oldest first."""
    mine = question_lists.to_answer(session, scene.team_id, member_id, limit=MOST)
    people = _people(session, scene.workspace_id, mine)
    return tuple(_line(row, people, now, value=f"{row.id}.{row.hop}") for row in mine)


def _people(session: Session, workspace_id: int, rows: Iterable[QuestionRow]) -> dict[int, tuple[Person, ...]]:
    found = question_lists.holders(session, workspace_id, [row.id for row in rows])
    return {number: tuple(Person(*one) for one in having) for number, having in found.items()}


def _line(row: QuestionRow, people: dict[int, tuple[Person, ...]], now: datetime, *, value: str = "") -> QuestionLine:
    return QuestionLine(
        hat=HatName(row.hat_slug, row.hat_name),
        asker=Person(row.asker_slack_id, row.asker_name),
        age=max(now - row.asked_at, timedelta()),
        people=people.get(row.id, ()),
        text=row.text if value else "",
        value=value,
        link=row.link,
        answered=row.state == "answered",
    )
