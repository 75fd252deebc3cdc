"""What can go wrong, asked for by a file or a test, and repeatable through a seed."""

import random
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal["server_error", "ratelimited", "timeout_before", "timeout_after", "error"]


class FaultRule(BaseModel):
    """One thing that goes wrong for calls of `method` (a glob), at random (`rate`) or the next `times` calls.

    `timeout_before` answers too late and does nothing; `timeout_after` does what was asked and answers too late;
    `error` answers `ok: false` with `error`.
    """

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    method: str = "*"
    rate: float = Field(default=1.0, ge=0, le=1)
    times: int | None = Field(default=None, ge=1)
    error: str = "internal_error"
    retry_after: int = Field(default=1, ge=1)


class Faults(BaseModel):
    """Everything that goes wrong in one playground. The defaults: nothing, at once.

    `hold_seconds` is how long a call that times out is held before it is given up with 504; the SDK's own patience
    is 30 s. `duplicate_events` is how often every event arrives altogether. `disconnect_every_seconds` asks Socket
    Mode clients to reconnect. `reject_block_types` are blocks that the workspace does not know.
    """

    model_config = ConfigDict(extra="forbid")

    seed: int = 0
    latency_ms: float = Field(default=0, ge=0)
    hold_seconds: float = Field(default=35, ge=0)
    rules: list[FaultRule] = []
    duplicate_events: int = Field(default=1, ge=1)
    disconnect_every_seconds: float = Field(default=0, ge=0)
    reject_block_types: list[str] = []

    @classmethod
    def load(cls, path: Path) -> "Faults":
        """Read faults from a YAML or JSON file. Raises `pydantic.ValidationError` with the field that is wrong."""
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


class FaultDice:
    """Decide per call whether a rule strikes."""

    def __init__(self, faults: Faults) -> None:
        self.change(faults)

    def change(self, faults: Faults) -> None:
        """Start afresh with these faults."""
        self.faults = faults
        self._left = [rule.times for rule in faults.rules]
        # Repeatable on purpose, and nothing secret hangs on it.
        self._random = random.Random(faults.seed)  # noqa: S311

    def strike(self, method: str) -> FaultRule | None:
        """Return the first rule that strikes this call, and count it."""
        for index, rule in enumerate(self.faults.rules):
            left = self._left[index]
            if left == 0 or not fnmatchcase(method, rule.method):
                continue
            if rule.rate < 1 and self._random.random() >= rule.rate:
                continue
            if left is not None:
                self._left[index] = left - 1
            return rule
        return None

    def unknown_blocks(self, blocks: Any) -> list[str]:
        """Return Slack's complaint for each block of a type that the workspace does not know."""
        if not self.faults.reject_block_types or not isinstance(blocks, list):
            return []
        return [
            f"[ERROR] unsupported type: {block['type']} [json-pointer:/blocks/{index}/type]"
            for index, block in enumerate(blocks)
            if isinstance(block, dict) and block.get("type") in self.faults.reject_block_types
        ]
