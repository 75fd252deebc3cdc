"""What a database that was put back from a backup has to do before anything is sent."""

from datetime import datetime

from bot.services.sending.planning import Planner
from storage import Sessions, backups


def doubt_what_is_open(sessions: Sessions, *, now: datetime) -> int:
    """Let everything be looked for in Slack that may have been sent after the backup; return how many messages.

    That is what was open in the backup, and what the week has made due since then: it is planned first, under the key
    that it had. What people did after the backup is lost, and so is what told of it.
    """
    sessions.take_stock()
    Planner(sessions, on_missed=lambda _: None).plan(now)
    with sessions.write() as session:
        return backups.doubt(session)
