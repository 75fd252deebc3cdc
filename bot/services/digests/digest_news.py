"""Everything about a digest that is owed beside it, and where the digest stands.

The names of these deliveries (in the place of the period) begin with the week, `2026-W48`.
"""

from typing import Final

from bot.domain.period import Period
from bot.domain.schedule import Kind
from storage import Session, delivered, late_values
from storage.tables import Delivery, Team

AGAIN: Final = "digest_again"  # the digest once more, because an admin wants it
DETAIL: Final = "digest_detail"  # in its thread: what does not fit
DISCUSSION: Final = "digest_discuss"  # in its thread: mentions whom the focus concerns
PITCH: Final = "digest_pitch"  # in its thread: the team as a formation
UPDATE: Final = late_values.UPDATE  # the digest in place of itself, after a value has changed
DETAIL_UPDATE: Final = "digest_detail_up"
CHANGE: Final = "digest_change"  # in its thread: what has changed
MOVED: Final = "digest_moved"  # what has changed, where the digest cannot be updated any more

POSTED: Final = (Kind.DIGEST.value, AGAIN)
_LENGTH_OF_A_WEEK: Final = 8


def week_of(about: str) -> Period:
    """Return the week that a delivery's name begins with."""
    return Period.parse(about[:_LENGTH_OF_A_WEEK])


def number_of(about: str) -> int:
    """Return which update of the week's digest a delivery's name means."""
    return int(about[_LENGTH_OF_A_WEEK + 1 :])


def all_of(session: Session, team: Team, period: Period, *kinds: str) -> list[Delivery]:
    """Return what was sent, is being sent or may have been, of some kinds about a week, oldest first."""
    return list(delivered.sent_about(session, team_id=team.id or 0, kinds=kinds, about=str(period)))


def standing(session: Session, team: Team, period: Period, *kinds: str) -> Delivery | None:
    """Return the newest message of some kinds about a week that stands somewhere."""
    sent = [one for one in all_of(session, team, period, *kinds) if one.state == "sent" and one.message_ts]
    return sent[-1] if sent else None


def is_underway(session: Session, team: Team, period: Period, *kinds: str) -> bool:
    """Tell whether it is not known yet where a message of some kinds about a week stands."""
    return any(one.state != "sent" for one in all_of(session, team, period, *kinds))
