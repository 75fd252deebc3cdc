"""What the pitch shows: a team as a football formation."""

from dataclasses import dataclass
from typing import Literal

from messages.content import HatName, Person

Mark = Literal["reached", "missed", "unknown"]


@dataclass(frozen=True)
class Shirt:
    """One hat on the pitch. `mark` is how its KPIs stand against their targets; `wearers` counts who wears it."""

    hat: HatName
    position: str
    owner: Person | None = None
    wearers: int = 0
    mark: Mark = "unknown"
    away: bool = False


@dataclass(frozen=True)
class Pass:
    """A link between the KPIs of two hats, by their slugs.

    `evidence` is the verdict on the link (`holds_together`, `opposite`, `not_shown`, `too_early`), `goals` what it won
    or lost in the week; None where that cannot be told.
    """

    source: str
    target: str
    evidence: str = "too_early"
    goals: float | None = None


@dataclass(frozen=True)
class Pitch:
    """A team's hats in their lines, and the passes between them, in one week."""

    team: str
    period: str
    shirts: tuple[Shirt, ...] = ()
    passes: tuple[Pass, ...] = ()
