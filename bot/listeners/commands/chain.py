"""`/hat kpi`, `/hat link`, `/hat unlink`: the chain of linked KPIs."""

from bot.domain.errors import Refused
from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand
from bot.services import kpi_editing, kpi_forms, link_editing
from messages import catalog

_ADD = {"add", "ny", "nytt", "lägg", "lagg"}
_EDIT = {"edit", "ändra", "andra"}
_ARCHIVE = {"archive", "arkivera"}


def kpi(turn: Turn, rest: str) -> None:
    """List the team's KPIs, or with `add <hat>`, `edit <kpi>` or `archive <kpi>` change them."""
    word, _, named = rest.partition(" ")
    word = word.casefold()
    if not word:
        answer = kpi_forms.chain(turn.deps.sessions, turn.asker, now=turn.now())
        turn.ack_message(catalog.chain_list(answer.content, language=answer.language))
    elif word in _ADD:
        if not named:
            raise Refused("no_hat_named")
        agreeing.afterwards(turn, lambda: _open_new(turn, named))
    elif word in _EDIT:
        agreeing.afterwards(turn, lambda: _open_filled(turn, named))
    elif word in _ARCHIVE:
        done = kpi_editing.archive(turn.deps.sessions, turn.asker, named, now=turn.now())
        turn.ack_message(catalog.done(done.content, language=done.language))
    else:
        raise Refused("kpi_words")


def link(turn: Turn, rest: str) -> None:
    """Open the form for a link."""

    def work() -> None:
        answer = link_editing.prepare(turn.deps.sessions, turn.asker, rest)
        turn.open_modal(catalog.link_form(answer.content, language=answer.language))

    agreeing.afterwards(turn, work)


def unlink(turn: Turn, rest: str) -> None:
    """Take a link away."""
    answer = link_editing.unlink(turn.deps.sessions, turn.asker, rest, now=turn.now())
    turn.ack_message(catalog.done(answer.content, language=answer.language))


def _open_new(turn: Turn, hat: str) -> None:
    answer = kpi_forms.blank(turn.deps.sessions, turn.deps.directory, turn.asker, hat)
    turn.open_modal(catalog.kpi_form(answer.content, language=answer.language))


def _open_filled(turn: Turn, named: str) -> None:
    answer = kpi_forms.filled(turn.deps.sessions, turn.asker, named, now=turn.now())
    turn.open_modal(catalog.kpi_form(answer.content, language=answer.language))


SUBCOMMANDS: dict[str, Subcommand] = {
    "kpi": kpi,
    "kpis": kpi,
    "nyckeltal": kpi,
    "link": link,
    "länka": link,
    "lanka": link,
    "unlink": unlink,
    "avlänka": unlink,
    "avlanka": unlink,
}
