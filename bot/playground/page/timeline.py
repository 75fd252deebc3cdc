"""A list of messages that redraws only what changed, so that charts and half-typed inputs stay."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from bot.playground.model import Message
from bot.playground.page.desk import Desk
from bot.playground.page.message import Replies, draw_message, draw_replies
from bot.playground.page.tags import Tag, div, span

_MOST = 200
_COMPACT_SECONDS = 300
# Waits until the browser has laid the message out. In a reversed list 0 is the bottom and further up is negative.
_INTO_SIGHT = """
setTimeout(() => {
  const list = getHtmlElement(%d), message = getHtmlElement(%d);
  if (!list || !message) return;
  if (%s) list.scrollTo(0, 0);
  const tall = message.offsetHeight > list.clientHeight;
  if (tall && list.scrollTop > -message.offsetHeight) message.scrollIntoView({block: "start"});
}, 60);
"""


class _Drawn(NamedTuple):
    look: tuple[Any, ...]
    frame: Tag
    place: Tag
    foot: Tag | None
    replies: Replies


class Timeline:
    """Show the messages that `source` gives, oldest first, with a line between days."""

    def __init__(self, desk: Desk, source: Callable[[], list[Message]], *, label: str, in_thread: bool = False) -> None:
        self._desk = desk
        self._source = source
        self._in_thread = in_thread
        self._first_new = "" if in_thread else desk.reads.first_new(source(), desk.channel_id, desk.user_id)
        self._started = False
        self._drawn: dict[str, _Drawn] = {}
        # Reversed, so that the browser keeps the newest message in sight.
        with div("hp-list-frame"):
            self._scroll = div("hp-scroll", tabindex=0, role="group", aria_label=label)
            Tag("button", "hp-button hp-newest", f"↓ {desk.texts.newest}", type="button")
        with self._scroll:
            self._root = div("hp-timeline", role="log", aria_label=label)

    def refresh(self) -> list[Message]:
        """Bring the list up to date and return what is on it."""
        messages = self._source()[-_MOST:]
        wanted = {message.ts for message in messages}
        for ts in [ts for ts in self._drawn if ts not in wanted]:
            self._drawn.pop(ts).frame.delete()
        replies = self._replies(messages)
        known, before = set(self._drawn), None
        for index, message in enumerate(messages):
            self._show(index, message, before, replies[message.ts])
            before = message
        fresh = [message for message in messages if message.ts not in known]
        if fresh and self._started:
            self._bring_into_sight(fresh)
        self._started = True
        return messages

    def _bring_into_sight(self, fresh: list[Message]) -> None:
        """Go down to what concerns the person; of a message taller than the screen, show the beginning."""
        mine = "true" if any(self._concerns_me(message) for message in fresh) else "false"
        frame = self._drawn[fresh[-1].ts].frame
        self._desk.client.run_javascript(_INTO_SIGHT % (self._scroll.id, frame.id, mine))

    def _concerns_me(self, message: Message) -> bool:
        """Tell whether the person has just said this, or has got it as an answer."""
        return self._desk.user_id in (message.user_id, message.ephemeral_to)

    def _replies(self, messages: list[Message]) -> defaultdict[str, Replies]:
        """Tell what stands below each message, in one pass over the conversation."""
        below: defaultdict[str, Replies] = defaultdict(Replies)
        if messages:
            channel = self._desk.workspace.channels[messages[0].channel_id]
            for message in channel.messages.values():
                if message.is_reply:
                    below[message.thread_ts or ""] = below[message.thread_ts or ""].and_one(message)
        return below

    def _show(self, index: int, message: Message, before: Message | None, replies: Replies) -> None:
        day = self._desk.reader.day(message.ts)
        new_day = before is None or self._desk.reader.day(before.ts) != day
        compact = not new_day and before is not None and self._follows(before, message)
        is_first_new = message.ts == self._first_new
        compact = compact and not is_first_new
        look = (*self._look(message), compact, day if new_day else "")
        known = self._drawn.get(message.ts)
        if known is not None and known.look == look:
            self._show_replies(message, known, replies)
            return
        if known is None:
            with self._root:
                frame = div("hp-frame")
            if index < len(self._drawn):
                frame.move(self._root, target_index=index)
        else:
            frame = known.frame
            frame.clear()
        with frame:
            if new_day and not self._in_thread:
                with div("hp-day", role="separator"):
                    span(text=day)
            if is_first_new:
                with div("hp-day hp-fresh", role="separator"):
                    span(text=self._desk.texts.new)
            place = draw_message(self._desk, message, compact=compact, in_thread=self._in_thread)
        self._drawn[message.ts] = _Drawn(look, frame, frame if self._in_thread else place, None, Replies())
        self._show_replies(message, self._drawn[message.ts], replies)

    def _show_replies(self, message: Message, drawn: _Drawn, replies: Replies) -> None:
        """Draw anew only what stands below the message: the message itself may have charts."""
        if drawn.replies == replies:
            return
        foot = drawn.foot
        if foot is None:
            # Few messages have replies: only they have this element.
            with drawn.place:
                foot = div()
        foot.clear()
        with foot:
            if replies.count and not self._in_thread:
                draw_replies(self._desk, message, replies)
            elif replies.count:
                with div("hp-day", role="separator"):
                    span(text=self._desk.texts.count_replies(replies.count))
        self._drawn[message.ts] = drawn._replace(foot=foot, replies=replies)

    def _follows(self, before: Message, message: Message) -> bool:
        """Tell whether the message goes on where the one before ended."""
        near = float(message.ts) - float(before.ts) < _COMPACT_SECONDS
        return near and before.user_id == message.user_id and before.ephemeral_to == message.ephemeral_to

    def _look(self, message: Message) -> tuple[Any, ...]:
        """Return what decides how the message itself looks; unchanged blocks compare by identity, at once."""
        return (
            message.text,
            message.blocks,
            message.attachments,
            tuple(message.files),
            message.edited_ts,
            self._desk.reader.name_of(message.user_id),
        )
