"""Buttons about tokens."""

from bot.listeners import agreeing
from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn
from bot.services.workspaces import api_tokens
from messages import catalog, ids


def new_token(turn: Turn) -> None:
    """Open the form for a new token."""

    def work() -> None:
        answer = api_tokens.may_create(turn.deps.sessions, turn.asker, turn.value)
        turn.open_modal(catalog.token_form(answer.content, language=answer.language))

    agreeing.afterwards(turn, work)


def revoke_token(turn: Turn) -> None:
    """End a token, and say so in place of the list."""

    def change() -> Showing:
        answer = api_tokens.revoke(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        message = catalog.done(answer.content, language=answer.language)
        return lambda: turn.replace(message, language=answer.language)

    stored(turn, change)


ACTIONS: dict[str, Listener] = {ids.TOKEN_NEW: new_token, ids.TOKEN_REVOKE: revoke_token}
