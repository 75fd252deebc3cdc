"""Buttons for changing things: hats, and the first steps of a team."""

from bot.listeners import agreeing, home_tab
from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn
from bot.listeners.commands.editing import open_filled, open_new
from bot.listeners.commands.setup import open_new as open_new_team
from bot.services.hats import hat_archiving, starter_hats
from bot.services.homes import next_steps
from bot.services.workspaces.editing import read_ids
from bot.services.workspaces.scene import Answer, team_place
from messages import catalog, ids
from messages.life_content import Done


def add(turn: Turn) -> None:
    """Open the form for a new hat in the team that the button names."""
    agreeing.afterwards(turn, lambda: open_new(turn, read_ids(turn.value, 1)[0]))


def edit(turn: Turn) -> None:
    """Open the form for the hat that the button names."""
    agreeing.afterwards(turn, lambda: open_filled(turn, turn.value))


def archive(turn: Turn) -> None:
    """Put the hat away, and say so in place of the question."""

    def change() -> Showing:
        answer = hat_archiving.archive(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.deps.wake()
        message = catalog.archived(answer.content, language=answer.language)
        return lambda: turn.replace(message, language=answer.language)

    stored(turn, change)


def restore(turn: Turn) -> None:
    """Bring the hat back, and say so in place of the button."""

    def change() -> Showing:
        answer = hat_archiving.restore(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        message = catalog.done(answer.content, language=answer.language)
        return lambda: turn.replace(message, language=answer.language)

    stored(turn, change)


def start_with_six(turn: Turn) -> None:
    """Add the football team's hats, and say what comes next."""
    deps, asker, now = turn.deps, turn.asker, turn.now()

    def change() -> Showing:
        answer = starter_hats.add_starters(deps.sessions, asker, turn.value, now=now)
        deps.wake()
        return lambda: show(answer)

    def show(answer: Answer[Done]) -> None:
        (team_id,) = read_ids(turn.value, 1)
        if home_tab.state_of(turn.body):  # the Home itself says what comes next
            turn.tell(catalog.done(answer.content, language=answer.language))
            home_tab.refresh(turn)
        elif next_steps.is_told_there(deps.sessions, asker, team_id, turn.clicked_ts, now=now):
            turn.tell(catalog.done(answer.content, language=answer.language))
        else:
            far = next_steps.how_far(deps.sessions, asker.at(team_place(team_id)), now=now)
            turn.answer_click(catalog.set_up_steps(far.content, answer.content, language=far.language))

    stored(turn, change)


def set_up(turn: Turn) -> None:
    """Open the form for a new team in the channel that the button names."""
    agreeing.afterwards(turn, lambda: open_new_team(turn, turn.value))


ACTIONS: dict[str, Listener] = {
    ids.HAT_ADD: add,
    ids.HAT_EDIT: edit,
    ids.HAT_ARCHIVE: archive,
    ids.HAT_RESTORE: restore,
    ids.STARTER_HATS: start_with_six,
    ids.TEAM_SET_UP: set_up,
}
