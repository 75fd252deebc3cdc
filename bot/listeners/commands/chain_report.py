"""`/hat chain`, `/hat whatif`: how the numbers hang together, and what to expect of a change."""

from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.listeners.commands.chain import link
from bot.listeners.commands.hat import Subcommand
from bot.services.chain import chain_view
from messages import catalog

_EDIT = {"edit", "ändra", "andra", "link", "länka", "lanka"}


def chain(turn: Turn, rest: str) -> None:
    """Draw the chain with the verdict on each link; with `edit`, open the form for a link."""
    word, _, named = rest.partition(" ")
    if word.casefold() in _EDIT:
        link(turn, named)
        return
    answer = chain_view.known_chain(turn.deps.sessions, turn.asker, now=turn.now())
    if answer.content is not None:
        turn.ack_message(catalog.chain_report(answer.content, language=answer.language))
        return

    def work() -> None:
        computed = chain_view.computed_chain(turn.deps.sessions, turn.asker, now=turn.now())
        turn.tell(catalog.chain_report(computed.content, language=computed.language))

    agreeing.afterwards(turn, work, agreeing.under_what_was_typed)


def what_if(turn: Turn, rest: str) -> None:
    """Tell what to expect when a KPI changes; without a percentage, open the form."""
    asked = chain_view.ask(turn.deps.sessions, turn.asker, rest).content

    def work() -> None:
        if asked is None:
            form = chain_view.prepare(turn.deps.sessions, turn.asker, rest, now=turn.now())
            state, shown = form.content
            turn.open_modal(catalog.what_if_form(shown, state, language=form.language))
            return
        answer = chain_view.work_out(turn.deps.sessions, turn.asker, asked, now=turn.now())
        turn.tell(catalog.what_if(answer.content, language=answer.language))

    agreeing.afterwards(turn, work, agreeing.under_what_was_typed)


def think(turn: Turn, rest: str) -> None:
    """Read the Swedish `tänk om leads +10 %`."""
    what_if(turn, rest[3:] if rest.casefold().startswith("om ") else "" if rest.casefold() == "om" else rest)


SUBCOMMANDS: dict[str, Subcommand] = {
    "chain": chain,
    "kedja": chain,
    "kedjan": chain,
    "whatif": what_if,
    "what-if": what_if,
    "tänk": think,
    "tank": think,
}
