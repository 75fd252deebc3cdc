"""The message shortcut 'Ask the hat's owner'."""

from bot.listeners.agreeing import afterwards
from bot.listeners.binding import Listener, Turn
from bot.services import question_shortcut
from bot.services.question_shortcut import Spot
from messages import catalog, ids


def ask_owner(turn: Turn) -> None:
    """Open the form for a question about the message."""

    def work() -> None:
        deps, asker, message = turn.deps, turn.asker, turn.body["message"]
        spot = Spot(
            channel=asker.channel or "",
            ts=message["ts"],
            root=message.get("thread_ts") or message["ts"],
            # An app that a whole organisation installed is told of no team.
            domain=(turn.body.get("team") or {}).get("domain") or "",
            reachable=deps.slack.is_member(asker.workspace, asker.channel or ""),
        )
        answer = question_shortcut.prepare(deps.sessions, deps.topics, asker, spot, message.get("text") or "")
        turn.open_modal(catalog.message_question_modal(answer.content, language=answer.language))

    afterwards(turn, work)


SHORTCUTS: dict[str, Listener] = {ids.ASK_SHORTCUT: ask_owner}
