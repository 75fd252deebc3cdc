"""`/hat check`, `/hat evidence`, `/hat me`: who wears which hat, and what is kept of it."""

from bot.domain.errors import Refused
from bot.listeners.binding import Turn, guarded, in_a_modal
from bot.listeners.commands.hat import Subcommand
from bot.services.hats import evidence, hat_checks
from messages import catalog

_ON = {"on", "på"}
_OFF = {"off", "av"}
_TEAM = {"team", "laget"}


def check(turn: Turn, rest: str) -> None:
    """Open the hat check, or with `on`, `off`, `team on` or `team off` switch it."""
    words = rest.casefold().split()
    if not words:
        turn.ack()
        turn.deps.later(lambda: guarded(lambda: open_check(turn, None), turn, in_a_modal))
        return
    whole_team, words = (True, words[1:]) if words[0] in _TEAM else (False, words)
    if len(words) != 1 or words[0] not in _ON | _OFF:
        raise Refused("check_words")
    on = words[0] in _ON
    if whole_team:
        answer = hat_checks.switch_team(turn.deps.sessions, turn.asker, on=on, now=turn.now())
    else:
        answer = hat_checks.switch_own(turn.deps.sessions, turn.asker, on=on)
    turn.ack_message(catalog.check_switched(answer.content, language=answer.language))


def open_check(turn: Turn, state: str | None) -> None:
    """Open the form for the week in `state`, or the one that is asked about now."""
    answer = hat_checks.open_form(turn.deps.sessions, turn.asker, state, now=turn.now())
    turn.open_modal(catalog.hat_check_modal(answer.content, language=answer.language))


def show(turn: Turn, query: str) -> None:
    """Show who reaches for a hat."""
    answer = evidence.of_hat(turn.deps.sessions, turn.deps.directory, turn.asker, query, now=turn.now())
    turn.ack()
    turn.deps.later(lambda: turn.tell(catalog.hat_evidence(answer.content, language=answer.language)))


def own(turn: Turn, _rest: str) -> None:
    """Show the asker what is kept of them."""
    answer = evidence.of_reader(turn.deps.sessions, turn.asker, now=turn.now())
    turn.ack_message(catalog.own_evidence(answer.content, language=answer.language))


SUBCOMMANDS: dict[str, Subcommand] = {
    "check": check,
    "koll": check,
    "evidence": show,
    "underlag": show,
    "belägg": show,
    "me": own,
    "mig": own,
}
