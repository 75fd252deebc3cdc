"""`/hat kpi`, `/hat link`, `/hat unlink`: the chain of linked KPIs."""

from bot.domain.errors import Refused
from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.listeners.commands.hat import Subcommand
from bot.services.chain import link_editing
from bot.services.kpis import courses, kpi_editing, kpi_forms
from messages import catalog

_ADD = {"add", "ny", "nytt", "lägg", "lagg"}
_EDIT = {"edit", "ändra", "andra"}
_ARCHIVE = {"archive", "arkivera"}


def kpi(turn: Turn, rest: str) -> None:
    """List the team's KPIs, or with `add <hat>`, `edit <kpi>` or `archive <kpi>: <why>` change them."""
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
        turn.deps.wake()
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


def kpis(turn: Turn, rest: str) -> None:
    """Show how the KPIs of a hat go, or one's own; a word that changes KPIs does the same as behind `kpi`."""
    if rest.partition(" ")[0].casefold() in _ADD | _EDIT | _ARCHIVE:
        kpi(turn, rest)
        return
    agreeing.afterwards(turn, lambda: show_courses(turn, rest), agreeing.under_what_was_typed)


def show_courses(turn: Turn, query: str, *, kpi: str = "") -> None:
    """Show how KPIs go, or the one with a slug, in older blocks where Slack does not draw charts yet."""
    deps = turn.deps
    answer = courses.courses(deps.sessions, deps.directory, turn.asker, query, kpi=kpi, now=turn.now())
    turn.tell(catalog.kpi_courses(answer.content, language=answer.language))


SUBCOMMANDS: dict[str, Subcommand] = {
    "kpi": kpi,
    "kpis": kpis,
    "nyckeltal": kpis,
    "link": link,
    "länka": link,
    "lanka": link,
    "unlink": unlink,
    "avlänka": unlink,
    "avlanka": unlink,
}
