"""What people were told, and what they tried in vain or without an answer.

A person believes only what was shown to them: a number is reported when the form says so, a hat is theirs when the
offer in their DM says that it is agreed. What was sent without an answer may have arrived or not.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]
Reported = tuple[int, str]  # a KPI's id and the week


class Moved(NamedTuple):
    """How much has been sent so far that would be missed."""

    readings: int
    offers: int


@dataclass
class Ledger:
    """What people were told, and what they tried in vain or without an answer. Safe to use from any thread.

    `readings`: per KPI, week and person the values that may be stored: the last that was acknowledged, and every one
    that was sent after it without an answer. `taken`: each value that was ever acknowledged. `aloud`: the messages
    that asked in the channel who has a hat.
    """

    readings: dict[tuple[int, str], dict[str, list[int]]] = field(default_factory=lambda: defaultdict(dict))
    acknowledged: set[Reported] = field(default_factory=set)
    taken: set[tuple[int, str, int]] = field(default_factory=set)
    aloud: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str) -> None:
        """Count something that happened."""
        with self._lock:
            self.counts[what] += 1

    def sends(self, user: str, keys: list[Reported], value: int) -> None:
        """Note what a person sends for some KPIs, before it is known whether it arrives."""
        with self._lock:
            for key in keys:
                self.readings[key][user] = [*self.readings[key].get(user, []), value]
            self.counts["readings sent"] += len(keys)

    def reported(self, user: str, keys: list[Reported], value: int) -> None:
        """Note that the person was told that it is stored."""
        with self._lock:
            for key in keys:
                self.readings[key][user] = [value]
                self.acknowledged.add(key)
                self.taken.add((*key, value))
            self.counts["readings acknowledged"] += len(keys)

    def asks_aloud(self, ts: str) -> None:
        """Note a message in the channel that asks who has a hat."""
        with self._lock:
            self.aloud.add(ts)
            self.counts["asked aloud"] += 1

    def moved(self) -> Moved:
        """Tell how many numbers people have sent, and how many offers they have accepted, so far."""
        with self._lock:
            return Moved(self.counts["readings sent"], self.counts["offers accepted"])
