"""What people hear about deputies, departures and admins: the kinds of deliveries, and how each names its occasion."""

from datetime import UTC, datetime, timedelta

DEPUTY = "deputy"
STANDING_IN = "standing_in"
LEFT = "left"
MADE_ADMIN = "made_admin"
VOLUNTEERS = "volunteers"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stamp(now: datetime) -> str:
    """Write an instant so that it can be read back exactly."""
    return str((now - _EPOCH) // _MICROSECOND)


def instant(stamped: str) -> datetime:
    """Read what `stamp` wrote."""
    return _EPOCH + int(stamped) * _MICROSECOND
