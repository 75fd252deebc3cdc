"""What help speaks of, as plain values. See `messages.content` for the conventions."""

from dataclasses import dataclass

from messages.content import HatName, Person


@dataclass(frozen=True)
class Names:
    """Names of the team's own for examples; '' and None where it has none yet."""

    hat: str = ""
    kpi: str = ""
    next_kpi: str = ""
    person: Person | None = None


@dataclass(frozen=True)
class Nearest:
    """What may have been meant by words that nothing is called: verbs, by name, and hats.

    `rest` is what stood behind the first word.
    """

    query: str
    rest: str
    verbs: tuple[str, ...]
    hats: tuple[HatName, ...] = ()
