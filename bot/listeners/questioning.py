"""What commands, buttons and forms about questions share."""

from hashlib import sha256

from bot.listeners.binding import Deps, Turn
from bot.services.question_cards import cards

KEY_LENGTH = 40


def refresh_cards(deps: Deps, workspace: str, question_id: int) -> None:
    """Let the cards of a question in people's DMs say how it stands now. `workspace` is Slack's id."""
    for left in cards(deps.sessions, workspace, question_id):
        deps.slack.update(workspace, left.channel_id, left.ts, left.message)


def key_of(turn: Turn, what: str) -> str:
    """Name a submission or a typed command, so that one that arrives again does nothing more."""
    named = (turn.body.get("view") or {}).get("id") or turn.body.get("trigger_id") or ""
    return sha256(f"{turn.asker.workspace} {turn.asker.user} {what} {named}".encode()).hexdigest()[:KEY_LENGTH]
