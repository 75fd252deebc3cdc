"""How fast messages may follow each other: to one recipient, and within one workspace.

Source: docs.slack.dev/apis/web-api/rate-limits: about one message a second per channel, short bursts allowed, and
several hundred a minute per workspace.

A lane is one recipient's, or the whole workspace's, and remembers one instant: before it, nothing more goes out. Every
message moves the instant on by the lane's interval, from at most `burst - 1` intervals ago, so that a lane that was
quiet takes `burst` messages at once (the generic cell rate algorithm, ITU-T I.371).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

Lane = tuple[int, str]  # a workspace's id and a recipient; '' is the workspace as a whole
WORKSPACE: Final = ""


@dataclass(frozen=True)
class Pace:
    """One message each `interval`, after a pause up to `burst` at once."""

    interval: timedelta
    burst: int


OF_RECIPIENT: Final = Pace(timedelta(seconds=1), 4)
OF_WORKSPACE: Final = Pace(timedelta(seconds=0.2), 200)


@dataclass(frozen=True)
class Shared:
    """For each message None when it may go now, or when to ask again; and how far the lanes have moved."""

    waits_until: list[datetime | None]
    moved: dict[Lane, datetime]


def lanes_of(workspace_id: int, recipient: str) -> tuple[Lane, Lane]:
    """Return the lanes that a message takes."""
    return (workspace_id, recipient), (workspace_id, WORKSPACE)


def share(wanted: Sequence[Lane], open_at: Mapping[Lane, datetime], now: datetime) -> Shared:
    """Let messages go, first come first served, as far as their lanes are open.

    Args:
        wanted: The workspace and the recipient of each message.
        open_at: When lanes open; one that is missing has never been used.
        now: The present.
    """
    opens: dict[Lane, datetime] = {}
    moved: dict[Lane, datetime] = {}
    waits: list[datetime | None] = []
    in_line: Counter[Lane] = Counter()
    for message in wanted:
        lanes = lanes_of(*message)
        for lane in lanes:
            earliest = now - (_pace(lane).burst - 1) * _pace(lane).interval
            opens.setdefault(lane, max(open_at.get(lane, earliest), earliest))
        last = max(lanes, key=opens.__getitem__)
        if opens[last] <= now:
            for lane in lanes:
                moved[lane] = opens[lane] = opens[lane] + _pace(lane).interval
            waits.append(None)
        else:
            waits.append(opens[last] + in_line[last] * _pace(last).interval)
            in_line[last] += 1
    return Shared(waits, moved)


def opens_next(open_at: datetime | None, pace: Pace, now: datetime) -> datetime | None:
    """Return when a single lane opens after one more has taken it `now`; None when it is not open yet."""
    earliest = now - (pace.burst - 1) * pace.interval
    opens = earliest if open_at is None else max(open_at, earliest)
    return opens + pace.interval if opens <= now else None


def _pace(lane: Lane) -> Pace:
    return OF_WORKSPACE if lane[1] == WORKSPACE else OF_RECIPIENT
