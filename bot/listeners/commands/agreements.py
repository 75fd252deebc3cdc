"""`/hat`: offering, taking and passing on hats."""

from bot.domain.errors import Refused
from bot.listeners import agreeing
from bot.listeners.binding import Turn, in_a_modal
from bot.listeners.commands import team_life
from bot.listeners.commands.hat import Subcommand
from bot.services.agreements import agreements, ownership
from bot.services.people.people import get_to_know
from bot.slack.mentions import around_mention, split_mention
from messages import catalog
from messages.agreement_content import AgreementNote, OwnerForm


def propose(turn: Turn, rest: str) -> None:
    """Offer a hat to `@member`; without one, open the form in which somebody is chosen."""
    query, person = split_mention(rest)
    if not query:
        raise Refused("no_hat_named")
    if person is None:
        agreeing.afterwards(turn, lambda: agreeing.open_propose(turn, turn.asker, query, exactly=False))
        return

    def offer() -> None:
        agreeing.tell(turn, agreeing.offer(turn, turn.asker, query, person, exactly=False))

    agreeing.afterwards(turn, offer, agreeing.under_what_was_typed)


def volunteer(turn: Turn, query: str) -> None:
    """Offer oneself for a hat."""
    if not query:
        raise Refused("no_hat_named")

    def offer() -> None:
        agreeing.tell(turn, agreeing.volunteer(turn, turn.asker, query, exactly=False))

    agreeing.afterwards(turn, offer, agreeing.under_what_was_typed)


def pass_on(turn: Turn, rest: str) -> None:
    """Pass one's own hat on to `@member`; without one, open the form for that."""
    query, person = split_mention(rest)
    if not query:
        raise Refused("no_hat_named")
    if person is None:
        step_down(turn, query)
        return

    def offer() -> None:
        agreements.own_hat(turn.deps.sessions, turn.deps.directory, turn.asker, query)
        agreeing.tell(turn, agreeing.offer(turn, turn.asker, query, person, exactly=False))

    agreeing.afterwards(turn, offer, agreeing.under_what_was_typed)


def pass_on_or_leave(turn: Turn, rest: str) -> None:
    """Swedish has one word for both: `lämna` alone is about the team, with a hat it is about the hat."""
    if rest:
        pass_on(turn, rest)
    else:
        team_life.leave(turn, rest)


def step_down(turn: Turn, query: str) -> None:
    """Open the form in which an owner passes their hat on."""
    if not query:
        raise Refused("no_hat_named")
    agreeing.afterwards(turn, lambda: agreeing.open_step_down(turn, turn.asker, query, exactly=False), in_a_modal)


def withdraw(turn: Turn, query: str) -> None:
    """Take back the offer about a hat."""
    if not query:
        raise Refused("no_hat_named")
    answer = agreements.withdraw(turn.deps.sessions, turn.deps.directory, turn.asker, query, now=turn.now())
    done = AgreementNote("withdrawn", answer.content.hat)
    turn.ack_message(catalog.agreement_note(done, language=answer.language))
    turn.deps.wake()
    turn.deps.later(lambda: agreeing.close_offers(turn, answer.content.proposal_id))


def force(turn: Turn, rest: str) -> None:
    """Decide, as an admin, who owns a hat: `<hat> @member <reason>`; what is missing is asked for in a form."""
    query, person, reason = around_mention(rest)
    if not query:
        raise Refused("no_hat_named")
    if person is None or not reason:
        agreeing.afterwards(turn, lambda: _open_force(turn, query, person))
        return

    def decide() -> None:
        deps = turn.deps
        get_to_know(deps.sessions, deps.slack, turn.asker.workspace, person, now=turn.now())
        answer = ownership.force(deps.sessions, deps.directory, turn.asker, query, person, reason, now=turn.now())
        deps.wake()
        done = AgreementNote("forced", answer.content.hat, answer.content.owner)
        turn.tell(catalog.agreement_note(done, language=answer.language))
        if answer.content.called_off:
            agreeing.close_offers(turn, answer.content.called_off)

    agreeing.afterwards(turn, decide, agreeing.under_what_was_typed)


def _open_force(turn: Turn, query: str, person: str | None) -> None:
    answer = agreements.open_force(turn.deps.sessions, turn.deps.directory, turn.asker, query, person, now=turn.now())
    found = answer.content
    form = OwnerForm(
        state=agreeing.hat_state(found.hat.slug, turn.asker), hat=found.hat, natural=found.natural, chosen=found.chosen
    )
    turn.open_modal(catalog.force_modal(form, language=answer.language))


SUBCOMMANDS: dict[str, Subcommand] = {
    "propose": propose,
    "föreslå": propose,
    "foresla": propose,
    "volunteer": volunteer,
    "anmäl": volunteer,
    "anmal": volunteer,
    "pass": pass_on,
    "överlåt": pass_on,
    "overlat": pass_on,
    "lämna": pass_on_or_leave,
    "lamna": pass_on_or_leave,
    "step-down": step_down,
    "avgå": step_down,
    "avga": step_down,
    "withdraw": withdraw,
    "återta": withdraw,
    "aterta": withdraw,
    "force": force,
    "bestäm": force,
    "bestam": force,
}
