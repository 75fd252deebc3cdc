"""What could be better about a team's hats: rules on counts, with their numbers in one place.

Source: the product's concept. Nobody feels ownership of a hat that many share and nobody owns; an owner of everything
owns nothing; an agreement is looked at again; who never reaches for a hat may be glad to pass it on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.period import Period

SHARED_FROM: Final = 3  # wearers of a hat that nobody owns
MOST_OWNED: Final = 3  # hats of one owner
REPEATED_FROM: Final = 2  # questions about a hat that nobody owns
UNWORN_WEEKS: Final = 4  # weeks in which the owner has not ticked the hat
LEAST_CHECKS: Final = 2  # that they answered in those weeks: who answers nothing shows nothing


class Ailment(StrEnum):
    """What could be better, the most pressing first."""

    REVIEW = "review"
    SHARED = "shared"
    VACANT = "vacant"
    OVERLOADED = "overloaded"
    UNWORN = "unworn"


@dataclass(frozen=True, slots=True)
class HatFacts:
    """What the rules look at of one hat. `last_worn` is the latest week in which its owner ticked it.

    `asked` is how many questions there were about it lately.
    """

    hat_id: int
    owner_id: int | None
    wearers: int
    owned_since: datetime | None = None
    review_at: datetime | None = None
    last_worn: Period | None = None
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that could be better: about a hat, its owner, or both. `number` is what was counted.

    `number` counts wearers (shared), hats (overloaded) or weeks (unworn; as many as the owner has had the hat where
    they never ticked it). `asked` is how many questions repeat themselves about a vacant hat.
    """

    ailment: Ailment
    hat_id: int
    member_id: int | None = None
    number: int = 0
    since: datetime | None = None
    asked: int = 0


def findings(facts: Iterable[HatFacts], answered: dict[int, int], week: Period, now: datetime) -> list[Finding]:
    """Find what could be better, the most pressing first, then what is asked about most, then in the hats' order.

    Args:
        facts: The team's live hats.
        answered: How many hat checks each member has answered in the last `UNWORN_WEEKS` full weeks.
        week: The present week.
        now: The present.
    """
    hats = list(facts)
    found = [*_overloaded(hats)]
    for hat in hats:
        if hat.owner_id is None:
            shared = hat.wearers >= SHARED_FROM
            ailment = Ailment.SHARED if shared else Ailment.VACANT
            asked = hat.asked if hat.asked >= REPEATED_FROM else 0
            found.append(Finding(ailment, hat.hat_id, number=hat.wearers, asked=asked))
            continue
        if hat.review_at is not None and hat.review_at <= now:
            found.append(Finding(Ailment.REVIEW, hat.hat_id, hat.owner_id, since=hat.review_at))
        weeks = _unworn(hat, week)
        if weeks >= UNWORN_WEEKS and answered.get(hat.owner_id, 0) >= LEAST_CHECKS:
            found.append(Finding(Ailment.UNWORN, hat.hat_id, hat.owner_id, number=weeks))
    order = list(Ailment)
    return sorted(found, key=lambda finding: (order.index(finding.ailment), -finding.asked))


def _overloaded(hats: Sequence[HatFacts]) -> list[Finding]:
    """Name each owner of too many hats once, with the hat that they have worn least lately."""
    owned: dict[int, list[HatFacts]] = defaultdict(list)
    for hat in hats:
        if hat.owner_id is not None:
            owned[hat.owner_id].append(hat)
    return [
        Finding(Ailment.OVERLOADED, min(theirs, key=_last_worn).hat_id, owner, number=len(theirs))
        for owner, theirs in owned.items()
        if len(theirs) > MOST_OWNED
    ]


def _last_worn(hat: HatFacts) -> str:
    return str(hat.last_worn or "")


def _unworn(hat: HatFacts, week: Period) -> int:
    """Count the full weeks since the owner last ticked the hat or, if that is later, came to own it."""
    since = Period.of(hat.owned_since) if hat.owned_since else week
    latest = max(since, hat.last_worn) if hat.last_worn else since
    return max(0, week.weeks_since(latest) - 1)
