"""Counters of the jobs."""

from bot.metrics import DELIVERIES, TICK_SECONDS

__all__ = ["DELIVERIES", "TICK_SECONDS"]
