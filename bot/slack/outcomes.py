"""What can come of a send. One set of words for everything that talks to Slack."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """Slack has it."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class Throttled:
    """Slack asks to wait `seconds`; nothing was sent."""

    seconds: float


@dataclass(frozen=True)
class NotSent:
    """It surely was not sent; trying again later may help."""

    error: str


@dataclass(frozen=True)
class InDoubt:
    """It may or may not have been sent: a timeout, or an error after Slack took the request."""

    error: str


@dataclass(frozen=True)
class Refusal:
    """Slack will not take it however often it is sent."""

    error: str


Outcome = Sent | Throttled | NotSent | InDoubt | Refusal

# Slack's own words for 'something went wrong here': the message may be there all the same.
DOUBTFUL_ERRORS = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
# The workspace does not know a block that this message uses: send the same in older blocks.
BLOCK_ERRORS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
