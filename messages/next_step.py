"""Where a team stands on its way to its first agreed hat, and what comes next, as plain values."""

from dataclasses import dataclass
from typing import Final, Literal

from messages.content import HatName, Person

Step = Literal["hats", "tick", "chain", "links", "propose", "answer", "more"]

# The four steps of setting a team up, each with the steps that belong to it: the first is done once there is a team.
PARTS: Final[tuple[tuple[Step, ...], ...]] = ((), ("hats", "tick"), ("chain", "links"), ("propose", "answer"))


@dataclass(frozen=True)
class NextStep:
    """What a team does next. `team` is what its buttons say of it: the team's id.

    `hats`: it has none yet. `tick`: nobody wears one. `chain`: no hat has a KPI; `hat` is one to begin with. `links`:
    no KPI feeds another. `propose`: nobody has been asked yet to own a hat; `person` is who suggests themselves for
    `hat`: its natural owner, or the only one who wears it. `answer`: it is offered and `person` has not answered.
    `more`: hats have owners, and `hat` is the next without one. `own`: the reader is that person.
    """

    step: Step
    team: str
    hat: HatName | None = None
    person: Person | None = None
    own: bool = False

    @property
    def part(self) -> int:
        """Which of the four steps of setting up it belongs to, from 0; 4 when all of them are done."""
        return next((n for n, steps in enumerate(PARTS) if self.step in steps), len(PARTS))


@dataclass(frozen=True)
class SetUpState:
    """How far a team has come. `next_step` is None when every hat has an owner; `team_state` goes into buttons."""

    team: str
    team_state: str
    next_step: NextStep | None
    hats: int = 0
    wearers: int = 0
    kpis: int = 0
    links: int = 0
    owned: int = 0
    channel: str | None = None


@dataclass(frozen=True)
class TickForm:
    """The form in which somebody ticks hats: (id, hat, whether they wear it). `state` goes into private_metadata."""

    state: str
    team: str
    hats: tuple[tuple[int, HatName, bool], ...] = ()
