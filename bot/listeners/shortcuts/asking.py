"""The message shortcut 'Ask the hat's owner'."""

from bot.domain.errors import Refused
from bot.listeners.agreeing import afterwards
from bot.listeners.binding import Listener, Turn
from bot.services.questions import question_shortcut
from bot.services.questions.question_shortcut import Spot
from bot.slack.views import as_object, as_text
from messages import catalog, ids


def ask_owner(turn: Turn) -> None:
    """Open the form for a question about the message."""

    def work() -> None:
        deps, asker, message = turn.deps, turn.asker, as_object(turn.body.get("message"))
        ts = as_text(message.get("ts"))
        if not ts:
            raise Refused("form_outdated")
        spot = Spot(
            channel=asker.channel or "",
            ts=ts,
            root=as_text(message.get("thread_ts")) or ts,
            # An app that a whole organisation installed is told of no team.
            domain=(turn.body.get("team") or {}).get("domain") or "",
            reachable=deps.slack.is_member(asker.workspace, asker.channel or ""),
        )
        answer = question_shortcut.prepare(deps.sessions, deps.topics, asker, spot, as_text(message.get("text")))
        turn.open_modal(catalog.message_question_modal(answer.content, language=answer.language))

    afterwards(turn, work)


SHORTCUTS: dict[str, Listener] = {ids.ASK_SHORTCUT: ask_owner}
