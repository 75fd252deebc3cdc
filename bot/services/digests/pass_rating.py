"""Rating passes: an answer can be changed and taken back as long as its week can be reported."""

from datetime import datetime
from typing import Any, Final

from bot.domain.errors import Refused
from bot.domain.period import Period
from bot.services.readings.duties import duty_in, write_state
from bot.services.workspaces.editing import read_ids
from bot.services.workspaces.scene import Answer, Asker, in_language, locate_team
from storage import Sessions, passes

NOTHING: Final = "0"  # what the menu calls taking a rating back
_SCORES: Final = (NOTHING, "1", "2", "3", "4", "5")


def rate(sessions: Sessions, asker: Asker, chosen: str, *, now: datetime) -> Answer[str]:
    """Store, or take back, what a menu says; return the state of the report that it belongs to.

    Raises:
        Refused: `form_outdated` when the link is gone or the week is closed, `not_receiver`.
    """
    link, _, rest = chosen.partition("|")
    week, _, score = rest.partition("|")
    team_id, link_id = read_ids(link, 2)
    period = _period(week)
    if score not in _SCORES:
        raise Refused("form_outdated")
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            duty = duty_in(session, scene, period, now)
            own = {one.link_id for one in passes.received(session, team_id, [row.id for row in duty.rows])}
            if link_id not in own:
                raise Refused("not_receiver")
            whose: dict[str, Any] = {"team_id": team_id, "link_id": link_id, "period": str(period)}
            whose["member_id"] = duty.member.id or 0
            if score == NOTHING:
                passes.unrate(session, **whose)
            else:
                passes.rate(session, workspace_id=scene.workspace_id, score=int(score), now=now, **whose)
        return Answer(scene.language, write_state(team_id, period))


def _period(week: str) -> Period:
    try:
        return Period.parse(week)
    except ValueError as error:
        raise Refused("form_outdated") from error
