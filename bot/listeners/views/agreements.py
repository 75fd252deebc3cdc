"""The forms about agreements, submitted."""

from collections.abc import Callable

from bot.domain.agreement import Later
from bot.domain.errors import Refused
from bot.listeners import agreeing
from bot.listeners.binding import Listener, Turn, guarded
from bot.services.agreements import agreement_answers, agreement_reviews, agreements, ownership
from bot.services.agreements.agreement_form import EXTRA, TermProblems, Typed
from bot.services.people.people import get_to_know, knows
from bot.services.workspaces.scene import Answer, Asker
from bot.slack.views import chosen_one, typed_numbers, typed_text
from messages import catalog, ids
from messages.agreement_content import AgreementNote
from messages.content import Refusal

# Refusals that a field can mend, and the field that shows them.
_AT_A_FIELD = {
    "reason_missing": ids.REASON_BLOCK,
    "nothing_countered": ids.REASON_BLOCK,
    "kpi_unnamed": ids.EXTRA_NAME_BLOCK,
    "kpi_taken": ids.EXTRA_NAME_BLOCK,
    "no_person_chosen": ids.PERSON_BLOCK,
    "cannot_own": ids.PERSON_BLOCK,
    "owns_already": ids.PERSON_BLOCK,
}


def counter(turn: Turn) -> None:
    """Put other terms on the table, or mark what could not be read."""

    def work() -> None:
        key = turn.state
        answer = agreement_answers.counter(turn.deps.sessions, turn.asker, key, _typed(turn), now=turn.now())
        if isinstance(answer.content, TermProblems):
            turn.ack(response_action="errors", errors=_errors(answer.content, answer.language))
            return
        made = answer.content
        _answered(turn, made.proposal_id)

    _at_fields(turn, work)


def change(turn: Turn) -> None:
    """Offer the terms that an owner wrote at a review, or mark what could not be read."""

    def work() -> None:
        key = turn.state
        answer = agreement_reviews.change(turn.deps.sessions, turn.asker, key, _typed(turn), now=turn.now())
        proposed = answer.content
        if isinstance(proposed, TermProblems):
            turn.ack(response_action="errors", errors=_errors(proposed, answer.language))
            return
        what = "terms_held" if proposed.at_once else "terms_offered"
        _say(turn, Answer(answer.language, AgreementNote(what, proposed.hat, proposed.asked)))
        turn.deps.wake()

    _at_fields(turn, work)


def decline(turn: Turn) -> None:
    """Say no."""
    key, reason = turn.state, typed_text(turn.view, ids.REASON_BLOCK, ids.REASON_INPUT)
    answer = agreement_answers.decline(turn.deps.sessions, turn.asker, key, reason, now=turn.now())
    _answered(turn, answer.content.proposal_id)


def later(turn: Turn) -> None:
    """Put the answer off."""
    when = chosen_one(turn.view, ids.LATER_BLOCK, ids.LATER_INPUT)
    choice = Later(when) if when in set(Later) else Later.TOMORROW
    answer = agreement_answers.ask_later(turn.deps.sessions, turn.asker, turn.state, choice, now=turn.now())
    turn.ack(response_action="clear")
    turn.deps.later(lambda: agreeing.close_offers(turn, answer.content.proposal_id, answer.content.until))


def propose(turn: Turn) -> None:
    """Offer the hat to whom was chosen."""
    slug, asker = agreeing.named_hat(turn, turn.state)
    _with_person(turn, asker, lambda person: agreeing.offer(turn, asker, slug, person, exactly=True))


def step_down(turn: Turn) -> None:
    """Offer one's hat to whom was chosen, or let it be known that one looks for somebody."""
    slug, asker = agreeing.named_hat(turn, turn.state)
    if chosen_one(turn.view, ids.PERSON_BLOCK, ids.PERSON_INPUT):
        _with_person(turn, asker, lambda person: agreeing.offer(turn, asker, slug, person, exactly=True))
        return
    answer = agreements.pass_on(turn.deps.sessions, None, asker, slug, now=turn.now())
    _say(turn, Answer(answer.language, AgreementNote("passed_on", answer.content)))
    turn.deps.wake()


def force(turn: Turn) -> None:
    """Decide who owns the hat."""
    slug, asker = agreeing.named_hat(turn, turn.state)
    reason = typed_text(turn.view, ids.REASON_BLOCK, ids.REASON_INPUT)

    def decide(person: str) -> Answer[AgreementNote]:
        get_to_know(turn.deps.sessions, turn.deps.slack, asker.workspace, person, now=turn.now())
        answer = ownership.force(turn.deps.sessions, None, asker, slug, person, reason, now=turn.now())
        turn.deps.wake()
        over = answer.content.called_off
        if over:
            turn.deps.later(lambda: agreeing.close_offers(turn, over))
        return Answer(answer.language, AgreementNote("forced", answer.content.hat, answer.content.owner))

    _with_person(turn, asker, decide)


def _answered(turn: Turn, proposal_id: int) -> None:
    turn.ack(response_action="clear")
    turn.deps.wake()
    turn.deps.later(lambda: agreeing.close_offers(turn, proposal_id))


def _say(turn: Turn, answer: Answer[AgreementNote]) -> None:
    text = catalog.agreement_text(answer.content, language=answer.language)
    turn.ack(response_action="update", view=catalog.notice(text, language=answer.language))


def _with_person(turn: Turn, asker: Asker, work: Callable[[str], Answer[AgreementNote]]) -> None:
    """Do something with the chosen person: at once, or, when Slack has to be asked who that is, after the form closed.

    Slack's answer may take longer than a form waits; what came of it is then told in a DM.
    """
    person = chosen_one(turn.view, ids.PERSON_BLOCK, ids.PERSON_INPUT)

    def at_once() -> None:
        if not person:
            raise Refused("no_person_chosen")
        _say(turn, work(person))

    if not person or knows(turn.deps.sessions, asker.workspace, person):
        _at_fields(turn, at_once)
        return

    def afterwards() -> None:
        answer = work(person)
        message = catalog.agreement_note(answer.content, language=answer.language)
        turn.deps.slack.post(asker.workspace, asker.user, message)

    turn.ack(response_action="clear")
    turn.deps.later(lambda: guarded(afterwards, turn, _in_a_dm))


def _in_a_dm(turn: Turn, language: str, refusal: Refusal) -> None:
    turn.deps.slack.post(turn.asker.workspace, turn.asker.user, catalog.refusal(refusal, language=language))


def _at_fields(turn: Turn, work: Callable[[], None]) -> None:
    """Run work; a refusal that a field of the form can mend is shown there."""
    try:
        work()
    except Refused as refused:
        block = _AT_A_FIELD.get(refused.name)
        if block is None or not any(each.get("block_id") == block for each in turn.view.get("blocks") or ()):
            raise
        # A field's error is plain text, in which a mention would show as a bare id.
        named = {name: getattr(value, "name", value) for name, value in refused.values.items()}
        language = refused.language or turn.spoken
        sentence = catalog.refusal_text(Refusal(refused.name, named), language=language)
        turn.ack(response_action="errors", errors={block: sentence})


def _typed(turn: Turn) -> Typed:
    view = turn.view
    return Typed(
        targets=typed_numbers(view, block_prefix=ids.TERM_BLOCK, action_id=ids.TERM_INPUT),
        extra_name=typed_text(view, ids.EXTRA_NAME_BLOCK, ids.EXTRA_NAME_INPUT),
        extra_target=typed_text(view, ids.EXTRA_TARGET_BLOCK, ids.TERM_INPUT),
        reason=typed_text(view, ids.REASON_BLOCK, ids.REASON_INPUT),
    )


def _errors(problems: TermProblems, language: str) -> dict[str, str]:
    return {
        ids.EXTRA_TARGET_BLOCK if kpi_id == EXTRA else f"{ids.TERM_BLOCK}{kpi_id}": catalog.number_problem(
            problem.name, problem.text, problem.choices, problem.kpi, language=language
        )
        for kpi_id, problem in problems.by_kpi.items()
    }


VIEWS: dict[str, Listener] = {
    ids.COUNTER_SUBMIT: counter,
    ids.CHANGE_SUBMIT: change,
    ids.DECLINE_SUBMIT: decline,
    ids.LATER_SUBMIT: later,
    ids.PROPOSE_SUBMIT: propose,
    ids.STEP_DOWN_SUBMIT: step_down,
    ids.FORCE_SUBMIT: force,
}
