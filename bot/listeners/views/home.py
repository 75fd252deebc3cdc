"""The forms behind the App Home's buttons, submitted: each is the command that it writes."""

from dataclasses import replace

from bot.listeners.actions.home import run_command
from bot.listeners.binding import Listener, Turn
from bot.services.homes import home_forms
from bot.slack.views import form_values
from messages import ids


def submit(turn: Turn) -> None:
    """Run the command, and show its answer in the form's place."""
    typed = form_values(turn.view, block_prefix=ids.FORM_BLOCK)
    text = home_forms.command(turn.state, typed)
    channel = typed.get("channel")
    if channel:
        # It is about that channel, as if it had been typed there.
        view = {**turn.view, "private_metadata": ""}
        turn = replace(turn, body={**turn.body, "channel": {"id": channel}, "view": view})
    run_command(turn, text)


VIEWS: dict[str, Listener] = {ids.HOME_SUBMIT: submit}
