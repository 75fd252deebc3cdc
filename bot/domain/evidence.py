"""Who reaches for a hat naturally: a rule on counts, with its numbers in one place.

Source: the product's concept, step 2, "see which of your people tends to reach for it naturally". The weights say how
much an event tells: answering somebody's question is reaching for the hat, ticking a box is saying so.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

WINDOW: Final = timedelta(weeks=8)
LEAST_EVENTS: Final = 5  # of the leader, in the window
LEAST_SHARE: Final = 0.5  # of all weight for the hat
LEAST_LEAD: Final = 1.5  # times the weight of the next person
TREND_WEEKS: Final = 13
WEIGHTS: Final = {"hat_checks": 1.0, "readings": 1.0, "passed_on": 2.0, "took_it": 2.0, "answered": 3.0}


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a member did something for a hat within the window. Never what was written.

    `hat_checks`: weeks in which they ticked the hat. `answered`: questions answered. `passed_on`: questions that
    others passed on to them. `readings`: KPI values filed. `took_it`: times they said 'I'll take it'.
    """

    hat_checks: int = 0
    answered: int = 0
    passed_on: int = 0
    readings: int = 0
    took_it: int = 0

    @property
    def events(self) -> int:
        """How many events there were."""
        return self.hat_checks + self.answered + self.passed_on + self.readings + self.took_it

    @property
    def weight(self) -> float:
        """How much they tell together."""
        counted = {kind: float(getattr(self, kind)) for kind in WEIGHTS}
        return sum(weight * counted[kind] for kind, weight in WEIGHTS.items())


@dataclass(frozen=True, slots=True)
class Natural:
    """There is a natural owner."""

    member_id: int
    share: float


@dataclass(frozen=True, slots=True)
class Unclear:
    """There is none yet. What is missing: `events` more of the leader, or a clearer lead over the next person."""

    events: int
    close: tuple[int, ...] = ()


def natural_owner(counts: Mapping[int, Counts]) -> Natural | Unclear:
    """Name the member who reaches for the hat naturally, if the evidence is enough and the margin is clear.

    Args:
        counts: Counts by member, within `WINDOW`.
    """
    ranked = sorted(counts.items(), key=lambda item: (-item[1].weight, item[0]))
    if not ranked or ranked[0][1].events < LEAST_EVENTS:
        return Unclear(LEAST_EVENTS - (ranked[0][1].events if ranked else 0))
    leader, lead = ranked[0]
    share = lead.weight / sum(count.weight for _, count in ranked)
    rivals = tuple(member for member, count in ranked[1:] if lead.weight < LEAST_LEAD * count.weight)
    if rivals or share < LEAST_SHARE:
        return Unclear(0, (leader, *rivals[:2]) if rivals else (leader,))
    return Natural(leader, share)


def effective_wearers(hats_worn: Mapping[int, int]) -> float:
    """Tell how many people share a hat in a week: 1 / sum of squared shares, 0 when nobody wore it.

    Somebody who wore three hats that week gives a third of themselves to each. The inverse of the sum of squared
    shares is Simpson's index as an effective number (Laakso & Taagepera 1979): three people in equal parts are 3.

    Args:
        hats_worn: For each member who wore this hat, how many hats they wore that week (at least 1).
    """
    parts = [1 / worn for worn in hats_worn.values()]
    total = sum(parts)
    return total**2 / sum(part**2 for part in parts) if parts else 0.0


def sharing(worn: Mapping[str, Mapping[int, AbstractSet[int]]], hat_id: int) -> list[tuple[str, float]]:
    """Tell how many people shared a hat, week by week.

    Weeks in which nobody answered are left out: nothing is known of them. A week in which people answered and nobody
    had worn this hat is 0.

    Args:
        worn: What each member ticked, by week (as ``2026-W48``) and member; an empty set is 'none of them'.
        hat_id: The hat.

    Returns:
        (week, effective number of wearers), oldest first.
    """
    return [
        (week, effective_wearers({member: len(hats) for member, hats in answers.items() if hat_id in hats}))
        for week, answers in sorted(worn.items())
        if answers
    ]
