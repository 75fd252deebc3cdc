"""Slack's rate limits as token buckets in real time.

Source: docs.slack.dev/apis/web-api/rate-limits (tiers per method, workspace and app; about one message a second per
channel, short bursts allowed; several hundred messages a minute per workspace).
"""

import math
import time
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

SPECIAL = 0


class Limits(BaseModel):
    """The numbers, all per minute except the channel's. `burst` calls above them are forgiven after a pause."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = True
    tier_1: float = Field(default=1, gt=0)
    tier_2: float = Field(default=20, gt=0)
    tier_3: float = Field(default=50, gt=0)
    tier_4: float = Field(default=100, gt=0)
    special: float = Field(default=600, gt=0)
    burst: int = Field(default=10, ge=0)
    channel_per_second: float = Field(default=1, gt=0)
    channel_burst: int = Field(default=4, ge=1)
    workspace_messages: float = Field(default=400, gt=0)

    def per_minute(self, tier: int) -> float:
        """Return how many calls a minute a tier allows."""
        return (self.special, self.tier_1, self.tier_2, self.tier_3, self.tier_4)[tier]


@dataclass
class _Bucket:
    tokens: float
    at: float


@dataclass
class RateLimiter:
    """Count calls against the limits."""

    limits: Limits = field(default_factory=Limits)
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)

    def change(self, limits: Limits) -> None:
        """Start afresh with these limits."""
        self.limits = limits
        self._buckets.clear()

    def refuse_call(self, team_id: str, method: str, tier: int) -> int:
        """Count a call; return 0, or the seconds after which the caller may try again."""
        per_minute = self.limits.per_minute(tier)
        return self._take(("method", team_id, method), per_minute / 60, per_minute + self.limits.burst)

    def refuse_post(self, team_id: str, channel_id: str) -> int:
        """Count a message to a channel; return 0, or the seconds to wait."""
        wait = self._take(("channel", team_id, channel_id), self.limits.channel_per_second, self.limits.channel_burst)
        return wait or self._take(
            ("posts", team_id),
            self.limits.workspace_messages / 60,
            self.limits.workspace_messages + self.limits.burst,
        )

    def _take(self, key: tuple[str, ...], per_second: float, capacity: float) -> int:
        if not self.limits.enabled:
            return 0
        now = time.monotonic()
        bucket = self._buckets.setdefault(key, _Bucket(capacity, now))
        bucket.tokens = min(capacity, bucket.tokens + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.tokens < 1:
            return max(1, math.ceil((1 - bucket.tokens) / per_second))
        bucket.tokens -= 1
        return 0
