"""Buttons of the digest, and the menus that rate passes."""

import re

from bot.listeners.at_once import Showing, stored
from bot.listeners.binding import Listener, Turn
from bot.listeners.weekly import refresh
from bot.services.digests import digest_discussion, digest_showing, pass_rating
from messages import catalog, ids


def discuss(turn: Turn) -> None:
    """Begin the week's discussion, or tell where it is."""

    def change() -> Showing:
        answer = digest_discussion.discuss(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        begun = answer.content

        def show() -> None:
            if begun.is_new:
                turn.deps.wake()
                return
            link = turn.deps.slack.permalink(turn.asker.workspace, begun.channel_id, begun.ts)
            turn.tell(catalog.discussion_there(begun.period, link or "", language=answer.language))

        return show

    stored(turn, change)


def post_again(turn: Turn) -> None:
    """Post a digest once more, and say so in the place of the one that only the admin sees."""

    def change() -> Showing:
        answer = digest_showing.post_again(turn.deps.sessions, turn.asker, turn.value, now=turn.now())
        turn.deps.wake()
        message = catalog.done(answer.content, language=answer.language)
        return lambda: turn.replace(message, language=answer.language)

    stored(turn, change)


def rate_pass(turn: Turn) -> None:
    """Store how good a week's passes over a link were."""

    def change() -> Showing:
        answer = pass_rating.rate(turn.deps.sessions, turn.asker, turn.chosen, now=turn.now())
        return lambda: _refreshed(turn, answer.content)

    stored(turn, change)


def _refreshed(turn: Turn, state: str) -> None:
    refresh(turn, state)


ACTIONS: dict[str | re.Pattern[str], Listener] = {
    ids.DIGEST_DISCUSS: discuss,
    ids.DIGEST_AGAIN: post_again,
    re.compile(rf"{ids.PASSES_RATE}_\d+"): rate_pass,
}
