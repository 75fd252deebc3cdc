"""Following what people do in Slack: an id from the acknowledgement to the last message, a time and an outcome.

A request that is answered with its acknowledgement and leaves nothing to do is counted and leaves no line in the log:
there is nothing to follow, and a line would cost a tenth of the answer's time.
"""

import time
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import structlog

from bot import metrics
from storage import requests
from storage.requests import Request

WELL = "ok"
REFUSED = "refused"
CRASHED = "crashed"
log = structlog.get_logger()


def new_id() -> str:
    """Make the id of a request."""
    return token_hex(8)


def followed(kind: str, work: Callable[[], str], who: Callable[[], dict[str, Any]]) -> None:
    """Run work that returns its outcome, under the id of the request that brought it, or a new one.

    `who` says, for the log only, whose request it was.
    """
    outer = requests.current()
    request = Request(outer.id if outer else new_id())
    began, outcome = time.perf_counter(), CRASHED
    with requests.following(request):
        try:
            outcome = work()
        finally:
            seconds = time.perf_counter() - began
            metrics.listened(kind, outcome, seconds)
            if request.leaves_work or outcome != WELL:
                log.info("request_taken", kind=kind, outcome=outcome, ms=round(seconds * 1000, 1), **who())
