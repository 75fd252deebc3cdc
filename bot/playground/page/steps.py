"""Every step that the person at a browser tab takes, and what is said when it goes wrong."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.playground.acting import Acting, Outcome
from bot.playground.errors import NotPossibleError
from bot.playground.inputs import elements
from bot.playground.model import Json, Message, View
from bot.playground.page.stage import Values

if TYPE_CHECKING:
    from bot.playground.page.desk import Desk


class Steps:
    """Act as whoever sits at the desk now, and bring the desk up to date afterwards."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    @property
    def _acting(self) -> Acting:
        return self._desk.playground.acting

    async def say(self, text: str, *, thread_ts: str = "") -> bool:
        """Send what was typed: a command, or a message. Return whether it went."""
        if text.startswith("/"):
            return await self._command(text, in_thread=bool(thread_ts))
        desk, people = self._desk, self._desk.playground.people
        return self.attempt(
            lambda: people.post_message(
                desk.workspace, desk.user_id, desk.channel_id, text, thread_ts=thread_ts or None
            )
        )

    async def _command(self, text: str, *, in_thread: bool) -> bool:
        """Give a command to the app. Slack takes everything that begins with a slash for one."""
        desk, word = self._desk, text.split(maxsplit=1)[0]
        if all(word != command.name for command in desk.menu.commands):
            desk.tell(desk.texts.no_command.format(word=word))
            return False
        if in_thread:
            desk.tell(desk.texts.command_in_thread)
            return False
        await self._step(self._acting.run_command(desk.workspace, desk.user_id, desk.channel_id, text))
        return True

    async def act_on(self, message: Message, block: Json, element: Json, value: Any) -> None:
        """Press or choose something in a message."""
        await self._step(
            self._acting.click(
                self._desk.workspace,
                self._desk.user_id,
                element.get("action_id", ""),
                channel_id=message.channel_id,
                message_ts=message.ts,
                block_id=block.get("block_id"),
                value=value,
            )
        )

    async def act_in(self, view: View, block: Json, element: Json, value: Any, entered: Values) -> None:
        """Press or choose something in a modal or on the Home tab.

        The app may have sent the view anew since it was drawn, with other block ids where it gave none.
        """
        now_there = self._desk.workspace.views.get(view.id, view).blocks
        known = {shown.get("block_id") for shown, _ in elements(now_there)}
        block_id = block.get("block_id")
        await self._step(
            self._acting.click(
                self._desk.workspace,
                self._desk.user_id,
                element.get("action_id", ""),
                view_id=view.id,
                block_id=block_id if block_id in known else None,
                value=value,
                values={name: values for name, values in entered.items() if name in known},
            )
        )

    async def submit(self, view: View, entered: Values) -> None:
        """Submit a modal."""
        await self._step(self._acting.submit_view(self._desk.workspace, self._desk.user_id, entered, view_id=view.id))

    async def close(self, view: View, *, whole_stack: bool) -> None:
        """Close a modal."""
        await self._step(
            self._acting.close_view(self._desk.workspace, self._desk.user_id, view_id=view.id, whole_stack=whole_stack)
        )

    async def shortcut(self, callback_id: str, message: Message | None = None) -> None:
        """Start a shortcut, on a message or anywhere."""
        await self._step(
            self._acting.shortcut(
                self._desk.workspace,
                self._desk.user_id,
                callback_id,
                channel_id=message.channel_id if message else "",
                message_ts=message.ts if message else "",
            )
        )

    def attempt(self, step: Callable[[], Any]) -> bool:
        """Take a step that needs no answer of the app; say that it is not possible, and return whether it was."""
        self._desk.notice = ""
        try:
            step()
        except NotPossibleError:
            self._desk.notice = self._desk.texts.not_any_more
        self._desk.refresh()
        return not self._desk.notice

    async def _step(self, step: Awaitable[Outcome]) -> None:
        """Take a step with the app, and say what went wrong if something did."""
        self._desk.notice = ""
        try:
            outcome = await step
        except NotPossibleError:
            # The page offers only what is possible: somebody else has changed it since it was drawn.
            self._desk.notice = self._desk.texts.not_any_more
        else:
            self._desk.notice = self._sentence(outcome.error)
        self._desk.refresh()

    def _sentence(self, error: str) -> str:
        known = {"": "", "operation_timeout": self._desk.texts.late, "dispatch_failed": self._desk.texts.unreachable}
        if error in known:
            return known[error]
        return error if " " in error else self._desk.texts.refused.format(error=error)
