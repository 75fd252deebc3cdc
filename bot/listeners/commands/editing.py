"""`/hat` for changing things: hats, who wears them, and who plays in the team."""

from collections.abc import Callable

from bot.domain.errors import Refused
from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand
from bot.services.hats import hat_archiving, hat_editing, wearing
from bot.services.people import joining
from bot.services.people.people import get_to_know, knows
from bot.services.workspaces.scene import Answer
from messages import catalog
from messages.content import Message
from messages.life_content import Done


def add(turn: Turn, _rest: str) -> None:
    """Open the form for a new hat."""
    agreeing.afterwards(turn, lambda: open_new(turn, None))


def open_new(turn: Turn, team_id: int | None) -> None:
    """Open the form for a new hat in a team, or in the one that the asker means."""
    answer = hat_editing.blank(turn.deps.sessions, turn.asker, team_id)
    turn.open_modal(catalog.hat_form(answer.content, language=answer.language))


def edit(turn: Turn, query: str) -> None:
    """Open the form for a hat."""
    _needs_a_name(query)
    agreeing.afterwards(turn, lambda: open_filled(turn, query))


def open_filled(turn: Turn, query: str) -> None:
    """Open the form for a hat."""
    answer = hat_editing.filled(turn.deps.sessions, turn.deps.directory, turn.asker, query)
    turn.open_modal(catalog.hat_form(answer.content, language=answer.language))


def archive(turn: Turn, query: str) -> None:
    """Ask whether a hat is really to be put away."""
    _needs_a_name(query)
    answer = hat_archiving.question(turn.deps.sessions, turn.deps.directory, turn.asker, query)
    turn.ack_message(catalog.archive_question(answer.content, language=answer.language))


def restore(turn: Turn, query: str) -> None:
    """Bring a hat back."""
    _needs_a_name(query)
    deps = turn.deps
    turn.ack_message(
        _said(hat_archiving.restore_called(deps.sessions, deps.directory, turn.asker, query, now=turn.now()))
    )


def wear(turn: Turn, query: str) -> None:
    """Put a hat on."""
    _needs_a_name(query)
    deps = turn.deps
    _once_known(turn, lambda: _said(wearing.wear(deps.sessions, deps.directory, turn.asker, query, now=turn.now())))


def unwear(turn: Turn, query: str) -> None:
    """Take a hat off."""
    _needs_a_name(query)
    deps = turn.deps
    turn.ack_message(_said(wearing.unwear(deps.sessions, deps.directory, turn.asker, query, now=turn.now())))


def join(turn: Turn, _rest: str) -> None:
    """Play in the team."""
    _once_known(turn, lambda: _said(joining.join(turn.deps.sessions, turn.asker, now=turn.now())))


def _needs_a_name(query: str) -> None:
    if not query:
        raise Refused("no_hat_named")


def _said(answer: Answer[Done]) -> Message:
    return catalog.done(answer.content, language=answer.language)


def _once_known(turn: Turn, work: Callable[[], Message]) -> None:
    """Answer at once, or after Slack has described somebody whom nothing is known of: a guest may do less."""
    deps, asker = turn.deps, turn.asker
    if knows(deps.sessions, asker.workspace, asker.user):
        turn.ack_message(work())
        return

    def afterwards() -> None:
        get_to_know(deps.sessions, deps.slack, asker.workspace, asker.user, now=turn.now())
        if not knows(deps.sessions, asker.workspace, asker.user):
            raise Refused("slack_silent")
        turn.tell(work())

    agreeing.afterwards(turn, afterwards, agreeing.under_what_was_typed)


SUBCOMMANDS: dict[str, Subcommand] = {
    "add": add,
    "ny": add,
    "lägg": add,  # `lägg till`: the first word is looked up
    "lagg": add,
    "edit": edit,
    "ändra": edit,
    "andra": edit,
    "archive": archive,
    "arkivera": archive,
    "restore": restore,
    "återställ": restore,
    "aterstall": restore,
    "wear": wear,
    "bär": wear,
    "bar": wear,
    "unwear": unwear,
    "sluta": unwear,
    "join": join,
    "anslut": join,
    "gå": join,  # `gå med`
}
