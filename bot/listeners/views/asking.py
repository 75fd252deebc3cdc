"""The forms for a question and for its answer, submitted."""

import re

from bot.domain.errors import Refused
from bot.listeners import home_tab
from bot.listeners.binding import Listener, Turn, guarded
from bot.listeners.questioning import key_of, refresh_cards
from bot.services.people.people import get_to_know, knows
from bot.services.questions import question_answering, question_asking, question_passing
from bot.services.workspaces.scene import Answer, team_at
from bot.slack.views import form_values, typed_text
from messages import catalog, ids
from messages.content import Refusal
from messages.question_content import QuestionMoved

# Refusals that a field of the form for passing on can mend, and the fields that can; the first one there shows it.
_AT_A_FIELD = {
    "pass_nowhere": ("hat", "hat_name", "person"),
    "pass_same_hat": ("hat", "hat_name"),
    "hat_not_found": ("hat_name",),
    "not_reachable": ("hat", "hat_name"),
    "pass_to_self": ("person", "hat", "hat_name"),
    "pass_to_asker": ("person", "hat", "hat_name"),
    "cannot_be_asked": ("person",),
}
_CHANNEL = re.compile(r"[A-Z0-9]{1,20}")


def submit(turn: Turn) -> None:
    """Ask the question, and say whom it reaches."""
    slug, _, place = turn.state.partition(" ")
    asker = turn.asker.at(place if _CHANNEL.fullmatch(place) or team_at(place) else "")
    text = typed_text(turn.view, ids.ASK_BLOCK, ids.ASK_INPUT)
    answer = question_asking.ask(turn.deps.sessions, asker, slug, text, key=key_of(turn, "ask"), now=turn.now())
    if answer.content is None:
        turn.ack(response_action="clear")
        return
    turn.ack(response_action="update", view=catalog.question_sent(answer.content, language=answer.language))
    turn.deps.wake()


def reply(turn: Turn) -> None:
    """Send an answer to the question's thread."""
    text = typed_text(turn.view, ids.REPLY_BLOCK, ids.REPLY_INPUT)
    answer = question_answering.reply(
        turn.deps.sessions, turn.asker, turn.state, text, key=key_of(turn, "reply"), now=turn.now()
    )
    turn.ack()
    turn.deps.wake()
    turn.deps.later(lambda: refresh_cards(turn.deps, turn.asker.workspace, answer.content))
    home_tab.refresh_later(turn)


def pass_on(turn: Turn) -> None:
    """Send the question on to the hat or person that was chosen, or mark what does not fit.

    Of a person whom nobody has spoken of before, Slack is asked first, which may take longer than a form waits.
    """
    typed = form_values(turn.view, block_prefix=ids.FORM_BLOCK)
    choice = question_passing.Choice(
        typed.get("hat", ""), typed.get("hat_name", ""), typed.get("person", ""), typed.get("note", "")
    )

    def work() -> Answer[QuestionMoved]:
        deps = turn.deps
        return question_passing.pass_on(deps.sessions, deps.directory, turn.asker, turn.state, choice, now=turn.now())

    def afterwards() -> None:
        get_to_know(turn.deps.sessions, turn.deps.slack, turn.asker.workspace, choice.person, now=turn.now())
        work()
        _after_move(turn)

    if choice.person and not knows(turn.deps.sessions, turn.asker.workspace, choice.person):
        turn.ack(response_action="clear")
        turn.deps.later(lambda: guarded(afterwards, turn, _in_a_dm))
        return
    try:
        answer = work()
    except Refused as refused:
        _mark(turn, refused, choice)
        return
    turn.ack(response_action="update", view=catalog.question_moved(answer.content, language=answer.language))
    turn.deps.later(lambda: _after_move(turn))


def _after_move(turn: Turn) -> None:
    turn.deps.wake()
    refresh_cards(turn.deps, turn.asker.workspace, question_answering.read_value(turn.state)[0])
    home_tab.refresh(turn)


def _in_a_dm(turn: Turn, language: str, refusal: Refusal) -> None:
    turn.deps.slack.post(turn.asker.workspace, turn.asker.user, catalog.refusal(refusal, language=language))


def _mark(turn: Turn, refused: Refused, choice: question_passing.Choice) -> None:
    there = {each.get("block_id") for each in turn.view.get("blocks") or ()}
    fields = [name for name in _AT_A_FIELD.get(refused.name, ()) if ids.FORM_BLOCK + name in there]
    if not choice.person and len(fields) > 1:
        fields = [name for name in fields if name != "person"]
    if not fields:
        raise refused
    language = refused.language or turn.spoken
    sentence = catalog.refusal_text(Refusal(refused.name, refused.values), language=language)
    turn.ack(response_action="errors", errors={ids.FORM_BLOCK + fields[0]: sentence})


VIEWS: dict[str, Listener] = {ids.ASK_SUBMIT: submit, ids.REPLY_SUBMIT: reply, ids.NOT_MINE_SUBMIT: pass_on}
