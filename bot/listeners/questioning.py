"""What commands, buttons and forms about questions share."""

import time
from hashlib import sha256

from bot.listeners.binding import Deps, Turn
from bot.services.questions.question_cards import Left, StillSendingError, cards

KEY_LENGTH = 40
# How long it is waited for that a card on its way has been sent: two seconds.
_GLANCES, _GLANCE_SECONDS = 8, 0.25


def refresh_cards(deps: Deps, workspace: str, question_id: int) -> None:
    """Let the cards of a question in people's DMs say how it stands now. `workspace` is Slack's id."""
    for left in _cards(deps, workspace, question_id):
        deps.slack.update(workspace, left.channel_id, left.ts, left.message)


def _cards(deps: Deps, workspace: str, question_id: int) -> list[Left]:
    """Return a question's cards; who presses at once may be quicker than the note of where a card stands."""
    for _ in range(_GLANCES):
        try:
            return cards(deps.sessions, workspace, question_id, all_of_them=True)
        except StillSendingError:
            time.sleep(_GLANCE_SECONDS)
    return cards(deps.sessions, workspace, question_id)


def key_of(turn: Turn, what: str) -> str:
    """Name a submission or a typed command, so that one that arrives again does nothing more."""
    named = (turn.body.get("view") or {}).get("id") or turn.body.get("trigger_id") or ""
    return sha256(f"{turn.asker.workspace} {turn.asker.user} {what} {named}".encode()).hexdigest()[:KEY_LENGTH]
