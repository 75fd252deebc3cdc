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
# Slack's words for 'too many': beside the answer of 429, `chat.postMessage` has one of its own.
THROTTLING_ERRORS = frozenset({"ratelimited", "rate_limited"})
# Nothing was done, and it will be possible again: the workspace moves into an organisation, its channel moves, its keys
# are withheld, or Slack could not change the message just now.
PASSING_ERRORS = frozenset(
    {"ekm_access_denied", "external_channel_migrating", "org_login_required", "team_added_to_org", "update_failed"}
)
# The workspace does not know a block that this message uses: send the same in older blocks.
BLOCK_ERRORS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})
# Nothing at all can be posted in this channel until somebody mends it.
CHANNEL_ERRORS = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    }
)
# There is nobody to write to. `account_inactive` is said of the bot's own account as well.
PERSON_ERRORS = frozenset(
    {"account_inactive", "cannot_dm_bot", "channel_not_found", "user_disabled", "user_not_found", "user_not_visible"}
)
# The bot has no voice in this workspace any more.
TOKEN_ERRORS = frozenset({"account_inactive", "invalid_auth", "team_access_not_granted", "token_revoked"})
