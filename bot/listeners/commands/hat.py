"""`/hat`: who owns which hat, and whom to ask."""

from collections.abc import Callable
from functools import cache

from bot.domain.errors import Refused
from bot.domain.spelling import normalise
from bot.listeners.binding import Turn, guarded, in_a_modal
from bot.listeners.questioning import key_of
from bot.services.hats import hats
from bot.services.hats.hats import Choices, Unknown
from bot.services.homes import helping, next_steps
from bot.services.questions import question_asking
from bot.services.readings import report_form
from bot.services.workspaces.scene import Answer
from bot.slack.mentions import split_mention
from messages import catalog
from messages.content import HatCard, Message
from messages.life_content import Done
from messages.verbs import Verb, by_word, every_word

COMMAND = "/hat"


def who(turn: Turn, query: str) -> None:
    """Tell who has a hat."""
    if not query:
        listing(turn, "")
        return
    answer = hats.who(turn.deps.sessions, turn.deps.directory, turn.asker, query, now=turn.now())
    turn.ack_message(show_found(answer))


def show_found(answer: Answer[HatCard | Choices | Unknown]) -> Message:
    """Render what a query for a hat came to."""
    match answer.content:
        case HatCard() as card:
            return catalog.hat_card(card, language=answer.language)
        case Choices(query, found):
            return catalog.hat_choices(query, found, language=answer.language)
        case Unknown(query, nearest):
            return catalog.hat_not_found(query, nearest, language=answer.language)


def listing(turn: Turn, _rest: str) -> None:
    """List every hat."""
    answer = hats.listing(turn.deps.sessions, turn.asker)
    if not answer.content.hats:
        show_steps(turn)
        return
    shown = catalog.hat_list(answer.content.team, answer.content.hats, language=answer.language)
    turn.ack_message(shown, overview=True)


def mine(turn: Turn, _rest: str) -> None:
    """List the asker's own hats."""
    _show_hats_of(turn, turn.asker.user)


def of(turn: Turn, rest: str) -> None:
    """List the hats of `@member`."""
    words, person = split_mention(rest)
    if person is None or words:
        raise Refused("not_a_member", person=rest) if rest else Refused("no_person_named")
    _show_hats_of(turn, person)


def report(turn: Turn, week: str) -> None:
    """Open the report modal without waiting for the prompt: `report`, `report 2026-W46`, `report 46`."""
    turn.ack()
    turn.deps.later(lambda: guarded(lambda: open_report(turn, None, week=week), turn, in_a_modal))


def open_report(turn: Turn, state: str | None, *, week: str = "") -> None:
    """Open the report modal for the week in `state`, the one that was written, or the one that is due."""
    answer = report_form.open_form(turn.deps.sessions, turn.asker, state, now=turn.now(), week=week)
    turn.open_modal(catalog.report_modal(answer.content, language=answer.language))


def ask(turn: Turn, query: str) -> None:
    """Ask a hat's owner: at once when the question is written behind the hat, else in a modal."""
    slug, question = question_asking.split(turn.deps.sessions, turn.asker, query)
    if question:
        _ask_at_once(turn, slug, question)
        return
    turn.ack()
    turn.deps.later(lambda: guarded(lambda: open_ask(turn, query), turn, in_a_modal))


def _ask_at_once(turn: Turn, slug: str, question: str) -> None:
    key = key_of(turn, "ask")
    answer = question_asking.ask(turn.deps.sessions, turn.asker, slug, question, key=key, now=turn.now())
    if answer.content is None:
        turn.ack()
        return
    said = {"hat": answer.content.hat, "people": list(answer.content.recipients)}
    turn.ack_message(catalog.done(Done("question_with", said), language=answer.language))
    turn.deps.wake()


def open_ask(turn: Turn, query: str) -> None:
    """Open the modal in which a hat's owner is asked."""
    answer = question_asking.prepare(turn.deps.sessions, turn.deps.directory, turn.asker, query, now=turn.now())
    question = answer.content
    state = f"{question.hat.slug} {turn.asker.place}"
    turn.open_modal(
        catalog.ask_modal(question.hat, state, question.recipients, vacant=question.vacant, language=answer.language)
    )


def show_steps(turn: Turn) -> None:
    """Show how far the team has come, and what comes next."""
    answer = next_steps.how_far(turn.deps.sessions, turn.asker, now=turn.now())
    turn.ack_message(catalog.set_up_steps(answer.content, language=answer.language), overview=True)


def usage(turn: Turn, rest: str) -> None:
    """Say what `/hat` can do, or with a verb how that is written."""
    answer = helping.help_for(turn.deps.sessions, turn.asker, now=turn.now())
    names, coming = answer.content
    command = turn.body.get("command") or COMMAND
    verb = verb_called(rest.partition(" ")[0])
    if verb is None:
        turn.ack_message(catalog.help(command, names, coming, language=answer.language), overview=True)
    else:
        turn.ack_message(catalog.verb_help(verb.name, command, names, language=answer.language))


def verb_called(word: str) -> Verb | None:
    """Find a verb by any of its words, with or without diacritics."""
    return by_word().get(word.casefold()) or _by_key().get(normalise(word)) if word else None


@cache
def _by_key() -> dict[str, Verb]:
    return {normalise(word): verb for word, verb in every_word()}


def _show_hats_of(turn: Turn, slack_user_id: str) -> None:
    answer = hats.hats_of(turn.deps.sessions, turn.asker, slack_user_id)
    coming = next_steps.next_step(turn.deps.sessions, turn.asker, now=turn.now()) if answer.content.own else None
    shown = catalog.hats_of(answer.content, coming.content if coming else None, language=answer.language)
    turn.ack_message(shown, overview=answer.content.own)


Subcommand = Callable[[Turn, str], None]
SUBCOMMANDS: dict[str, Subcommand] = {
    "who": who,
    "vem": who,
    "list": listing,
    "lista": listing,
    "mine": mine,
    "mina": mine,
    "of": of,
    "hos": of,
    "ask": ask,
    "fråga": ask,
    "report": report,
    "rapportera": report,
    "help": usage,
    "hjälp": usage,
}
