"""What Slack's refusals mean, and the errors that it answers with."""

from typing import Final

from slack_sdk.errors import SlackApiError

from bot.slack.outcomes import (
    DOUBTFUL_ERRORS,
    PASSING_ERRORS,
    THROTTLING_ERRORS,
    InDoubt,
    NotSent,
    Outcome,
    Refusal,
    Throttled,
)

TOO_MANY_REQUESTS: Final = 429
SERVER_ERROR: Final = 500
NO_TOKEN: Final = "not_authed"  # noqa: S105  # Slack's code
TOKEN_EXPIRED: Final = "token_expired"  # noqa: S105  # Slack's code


def code_of(error: SlackApiError) -> str:
    """Return Slack's code; what is not JSON comes as a sentence of the SDK's in its place."""
    answer = error.response
    return str((answer.get("error") if hasattr(answer, "get") else None) or "no answer")


def retry_after(error: SlackApiError) -> float:
    """Return for how many seconds Slack wants to be left alone."""
    headers = getattr(error.response, "headers", None) or {}
    return float(headers.get("Retry-After") or headers.get("retry-after") or 5)


def outcome_of(error: SlackApiError) -> Outcome:
    """Tell what has become of a message that Slack answered so."""
    status, code = _status(error), code_of(error)
    if status == TOO_MANY_REQUESTS or code in THROTTLING_ERRORS:
        return Throttled(retry_after(error))
    if status >= SERVER_ERROR or code in DOUBTFUL_ERRORS or " " in code:
        return InDoubt(code)
    # Another replica is renewing the token, or it is not there yet.
    if code in PASSING_ERRORS or code in {TOKEN_EXPIRED, NO_TOKEN}:
        return NotSent(code)
    return Refusal(code)


def is_passing(error: SlackApiError) -> bool:
    """Tell whether Slack has troubles of its own, or asks to wait: what it refuses now, it may take in a moment."""
    known = DOUBTFUL_ERRORS | PASSING_ERRORS | THROTTLING_ERRORS
    return _status(error) >= TOO_MANY_REQUESTS or code_of(error) in known


def _status(error: SlackApiError) -> int:
    return int(getattr(error.response, "status_code", 200))
