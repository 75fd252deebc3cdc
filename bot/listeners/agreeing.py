"""What commands, buttons and forms about agreements share: naming a hat, telling what was done, closing offers."""

import time
from collections.abc import Callable
from datetime import date

from bot.domain.agreement import State
from bot.listeners import home_tab
from bot.listeners.binding import Listener, Telling, Turn, guarded, in_a_modal
from bot.services.agreements import agreements
from bot.services.agreements.agreement_closing import Left, StillSendingError, left_behind
from bot.services.agreements.agreement_table import Made, number_of
from bot.services.people.people import get_to_know
from bot.services.workspaces.scene import Answer, Asker
from messages import catalog
from messages.agreement_content import AgreementNote, OwnerForm
from messages.content import Message, Refusal

# How long it is waited for that a message on its way has been sent: four seconds.
_GLANCES, _GLANCE_SECONDS = 16, 0.25


def named_hat(turn: Turn, value: str) -> tuple[str, Asker]:
    """Read `<slug>` or `<slug> <place>` from a button or a form; the place tells which team is meant."""
    slug, _, place = value.partition(" ")
    return slug, turn.asker.at(place)


def hat_state(slug: str, asker: Asker) -> str:
    """Name a hat, and where it was spoken of, in a form."""
    return f"{slug} {asker.place}".strip()


def afterwards(turn: Turn, work: Callable[[], None], telling: Telling = in_a_modal) -> None:
    """Acknowledge, and work after that."""
    turn.ack()
    turn.deps.later(lambda: guarded(work, turn, telling))


def under_what_was_typed(turn: Turn, language: str, refusal: Refusal) -> None:
    """Tell a refusal as a command's late answer."""
    turn.tell(catalog.refusal(refusal, language=language))


def offer(turn: Turn, asker: Asker, slug: str, person: str, *, exactly: bool) -> Answer[AgreementNote]:
    """Offer a hat to a person, whom Slack describes first when nobody has spoken of them before."""
    deps = turn.deps
    get_to_know(deps.sessions, deps.slack, asker.workspace, person, now=turn.now())
    directory = None if exactly else deps.directory
    answer = agreements.propose(deps.sessions, directory, asker, slug, person, now=turn.now())
    deps.wake()
    return Answer(answer.language, AgreementNote("offered", answer.content.hat, answer.content.candidate))


def volunteer(turn: Turn, asker: Asker, slug: str, *, exactly: bool) -> Answer[AgreementNote]:
    """Offer the asker for a hat."""
    deps = turn.deps
    get_to_know(deps.sessions, deps.slack, asker.workspace, asker.user, now=turn.now())
    directory = None if exactly else deps.directory
    answer = agreements.volunteer(deps.sessions, directory, asker, slug, now=turn.now())
    deps.wake()
    return Answer(answer.language, _volunteered(answer.content))


def tell(turn: Turn, answer: Answer[AgreementNote]) -> None:
    """Say to the asker what they have done, in a modal where there is no conversation to say it in."""
    home_tab.refresh_later(turn)
    if turn.body.get("response_url"):
        turn.tell(catalog.agreement_note(answer.content, language=answer.language))
    else:
        text = catalog.agreement_text(answer.content, language=answer.language)
        turn.open_modal(catalog.notice(text, language=answer.language))


def open_propose(turn: Turn, asker: Asker, query: str, *, exactly: bool) -> None:
    """Open the form in which somebody is chosen to own a hat."""
    answer = _choosing(turn, asker, query, exactly=exactly)
    turn.open_modal(catalog.propose_modal(answer.content, language=answer.language))


def open_step_down(turn: Turn, asker: Asker, query: str, *, exactly: bool) -> None:
    """Open the form in which an owner passes a hat on."""
    directory = None if exactly else turn.deps.directory
    agreements.own_hat(turn.deps.sessions, directory, asker, query)
    answer = _choosing(turn, asker, query, exactly=exactly)
    turn.open_modal(catalog.step_down_modal(answer.content, language=answer.language))


def close_offers(turn: Turn, proposal_id: int, remind_on: date | None = None) -> None:
    """Let the messages that an offer left in people's DMs say what has become of it."""
    closed_any(turn, proposal_id, remind_on)


def closed_any(turn: Turn, proposal_id: int, remind_on: date | None = None) -> bool:
    """Do the same, and tell whether there were any."""
    deps, workspace = turn.deps, turn.asker.workspace
    found = _left_behind(turn, proposal_id, remind_on)
    for left in found:
        deps.slack.update(workspace, left.channel_id, left.ts, left.message)
    home_tab.refresh(turn)
    return bool(found)


def _left_behind(turn: Turn, proposal_id: int, remind_on: date | None) -> list[Left]:
    """Return what is to be closed; who answers at once may be quicker than the note of where the message stands."""
    for _ in range(_GLANCES):
        try:
            return left_behind(
                turn.deps.sessions, turn.asker.workspace, proposal_id, now=turn.now(), remind_on=remind_on
            )
        except StillSendingError:
            time.sleep(_GLANCE_SECONDS)
    return []


def put_in_place(turn: Turn, message: Message, language: str) -> None:
    """Put a message in the place of the one in a DM whose button was pressed."""
    where, ts = (turn.body.get("channel") or {}).get("id"), (turn.body.get("message") or {}).get("ts")
    if where and ts:
        turn.deps.slack.update(turn.asker.workspace, where, ts, message)
    else:
        turn.replace(message, language=language)


def clicked_late(turn: Turn, listener: Listener) -> None:
    """Run a listener of an offer's button; when it is too late, let the message that has the button say so as well."""

    def telling(turn: Turn, language: str, refusal: Refusal) -> None:
        in_a_modal(turn, language, refusal)
        close_offers(turn, number_of(turn.value))

    afterwards(turn, lambda: listener(turn), telling)


def _choosing(turn: Turn, asker: Asker, query: str, *, exactly: bool) -> Answer[OwnerForm]:
    directory = None if exactly else turn.deps.directory
    answer = agreements.choose_owner(turn.deps.sessions, directory, asker, query, now=turn.now())
    found = answer.content
    state = hat_state(found.hat.slug, asker)
    return Answer(answer.language, OwnerForm(state, found.hat, found.natural, found.wearers, alone=found.alone))


def _volunteered(made: Made) -> AgreementNote:
    if made.state is State.ACCEPTED:
        return AgreementNote("owned", made.hat)
    return AgreementNote("volunteered", made.hat, made.counterpart)
