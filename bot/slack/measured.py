"""Slack's Web API, timed and counted by method and outcome, and when it last answered."""

import time
from collections.abc import Callable
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.metrics import SLACK_CALL_SECONDS

TOO_MANY_REQUESTS: Final = 429
SERVER_ERROR: Final = 500


class Reach:
    """When Slack last answered, in this process; an answer that refuses something is one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answered = float("-inf")

    def answered(self) -> None:
        """Note that Slack has just answered."""
        self._answered = self._clock()

    def silent_for(self) -> float:
        """Return for how many seconds nothing has been heard of Slack."""
        return self._clock() - self._answered


class MeasuredClient(WebClient):
    """The SDK's client; every method of Slack's goes through `api_call`."""

    def __init__(self, reach: Reach, **options: Any) -> None:
        super().__init__(**options)
        self._reach = reach

    def api_call(self, api_method: str, **options: Any) -> SlackResponse:
        """Call a method of Slack's and note what came of it."""
        began, outcome = time.perf_counter(), "unreachable"
        try:
            answer = super().api_call(api_method, **options)
            outcome = "ok"
        except SlackApiError as error:
            outcome = _outcome(error)
            raise
        finally:
            SLACK_CALL_SECONDS.labels(api_method, outcome).observe(time.perf_counter() - began)
            if outcome not in ("unreachable", "failed"):
                self._reach.answered()
        return answer


def _outcome(error: SlackApiError) -> str:
    status = getattr(error.response, "status_code", SERVER_ERROR)
    if status == TOO_MANY_REQUESTS:
        return "throttled"
    return "failed" if status >= SERVER_ERROR else "refused"
