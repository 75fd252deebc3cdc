"""An event has its effect once, whichever replica hears of it, and is forgotten when Slack will not tell it again."""

from datetime import timedelta

from sqlmodel import select

from bot.services.questions.listening import REMEMBERED, forget_old_events
from storage import Sessions, hearing
from storage.tables import SeenEvent
from tests.support.builders import a_workspace
from tests.support.database import at_once, opened
from tests.support.week import TUESDAY


def hear(sessions: Sessions, workspace_id: int, event: str = "C1:1.2") -> bool:
    with sessions.write() as session:
        return hearing.first_time(session, workspace_id, event, now=TUESDAY)


def known(sessions: Sessions) -> int:
    with sessions.read() as session:
        return len(session.exec(select(SeenEvent)).all())


def test_of_replicas_that_hear_of_an_event_at_once_one_takes_it(sessions: Sessions, database_url: str) -> None:
    workspace_id = a_workspace(sessions).id or 0
    with opened(database_url) as other:
        took = at_once(*[lambda one=one: hear(one, workspace_id) for one in (sessions, other) * 3])
    assert sorted(took) == [False] * 5 + [True]
    assert hear(sessions, a_workspace(sessions).id or 0), "another workspace's event is another event"


def test_it_is_remembered_for_a_day_and_then_forgotten(sessions: Sessions) -> None:
    workspace_id = a_workspace(sessions).id or 0
    hear(sessions, workspace_id)
    forget_old_events(sessions, TUESDAY + REMEMBERED)
    assert known(sessions) == 1
    forget_old_events(sessions, TUESDAY + REMEMBERED + timedelta(seconds=1))
    assert known(sessions) == 0
    assert hear(sessions, workspace_id)
