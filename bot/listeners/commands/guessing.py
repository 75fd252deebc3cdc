"""`/hat` with words that are no command: a hat's name, or the nearest of both."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.listeners.binding import Turn
from bot.listeners.commands.hat import COMMAND, show_found
from bot.services.hats import hats
from bot.services.hats.hats import Unknown
from bot.services.homes import helping
from messages import catalog
from messages.content import HatCard
from messages.help_content import Nearest


def who_or_nearest(turn: Turn, text: str) -> None:
    """Tell who has the hat of that name; without one, offer the nearest commands and hats."""
    sessions, directory, asker, now = turn.deps.sessions, turn.deps.directory, turn.asker, turn.now()
    answer = hats.who(sessions, directory, asker, text, now=now)
    found = answer.content
    meant: Nearest | None = None
    if isinstance(found, Unknown):
        meant = helping.nearest(text, found.nearest, answer.language)
    elif slip := helping.slipped(text, answer.language):
        # `propse newsletter` finds the hat as well: then the first word was no part of its name.
        alone = hats.who(sessions, directory, asker, slip.rest, now=now).content
        meant = slip if isinstance(found, HatCard) and alone == found else None
    if meant is None or not (meant.verbs or meant.hats):
        turn.ack_message(show_found(answer))
        return
    command = turn.body.get("command") or COMMAND
    turn.ack_message(catalog.did_you_mean(meant, command, language=answer.language))


def as_command(turn: Turn, text: str) -> Turn:
    """Give a click as the command that its button stands for: its answer goes to the asker alone."""
    asker = turn.asker
    typed: dict[str, Any] = {
        "text": text,
        "command": COMMAND,
        "team_id": asker.workspace,
        "user_id": asker.user,
        "channel_id": asker.channel,
        "trigger_id": turn.body.get("trigger_id"),
        "response_url": turn.body.get("response_url"),
    }
    if turn.view:  # which tells the team, and where the answer belongs
        typed["view"] = turn.view
    return replace(turn, body=typed, ack=_answering(turn))


def _answering(turn: Turn) -> Callable[..., Any]:
    """Give what acknowledges nothing more, and answers where a command's acknowledgement would."""

    def answered(**said: Any) -> None:
        if said and turn.body.get("response_url"):
            turn.respond(replace_original=False, **said)
        elif said:
            turn.open_modal({**catalog.notice(said["text"], language="en"), "blocks": said["blocks"]})

    return answered
