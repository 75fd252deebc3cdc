"""A week in two minutes: steps that lead a newcomer through it, each with a button that goes there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.playground.model import User
from bot.playground.page.clockbar import jump
from bot.playground.page.desk import Desk
from bot.playground.page.moments import FRIDAY_13, MONDAY_8, MONDAY_10
from bot.playground.page.tags import Tag, button, div, span


@dataclass(frozen=True)
class Plan:
    """What the guide speaks of: a command, the team's channel, and who reports (a member's id or name)."""

    command: str = "/hat who email-nurturing"
    channel: str = "team-hattrick"
    reporter: str = "anna"


class Guide:
    """Draw the steps; a step that was taken is ticked in this tab."""

    def __init__(self, desk: Desk, plan: Plan) -> None:
        self._desk = desk
        self._plan = plan
        self._root = Tag("section", "hp-guide", aria_label=desk.texts.guide)
        self._open = True
        self._done: set[int] = set()
        self._reporter_id = ""
        self._draw()

    def refresh(self) -> None:
        """Draw anew when somebody else is to report."""
        if self._reporter().id != self._reporter_id:
            self._draw()

    def _draw(self) -> None:
        texts, plan = self._desk.texts, self._plan
        reporter = self._reporter()
        self._reporter_id = reporter.id
        name, app = reporter.shown_name.split()[0], self._desk.slack.app.name
        self._root.clear()
        with self._root:
            with div("hp-guide-head"):
                span("hp-guide-title", texts.guide)
                if self._open:
                    span("hp-faint", texts.guide_intro)
                button(texts.hide if self._open else texts.show, self._toggle, "hp-quiet")
            if not self._open:
                return
            with div("hp-steps"):
                self._step(1, texts.guide_ask.format(command=plan.command), texts.guide_ask_do, self._ask)
                self._step(2, texts.guide_friday, texts.guide_friday_do, lambda: jump(self._desk, FRIDAY_13))
                self._step(
                    3,
                    texts.guide_report.format(name=name, app=app),
                    texts.guide_report_do.format(name=name),
                    self._report,
                )
                self._step(4, texts.guide_reminder, texts.guide_reminder_do, lambda: jump(self._desk, MONDAY_8))
                self._step(5, texts.guide_digest.format(channel=plan.channel), texts.guide_digest_do, self._digest)

    def _step(self, number: int, text: str, label: str, do: Callable[[], Awaitable[None] | None]) -> None:
        async def take() -> None:
            self._done.add(number)
            mark.text = "✓"
            mark.classes("hp-done")
            result = do()
            if result is not None:
                await result

        with div("hp-step"):
            done = number in self._done
            mark = span("hp-step-mark" + (" hp-done" if done else ""), "✓" if done else str(number))
            span("hp-step-text", text)
            button(label, take, "hp-step-button")

    def _toggle(self) -> None:
        self._open = not self._open
        self._draw()

    def _team_channel(self) -> str:
        found = self._desk.workspace.channel_named(self._plan.channel)
        return found.id if found else self._desk.first_channel()

    async def _ask(self) -> None:
        self._desk.go(self._team_channel())
        await self._desk.say(self._plan.command)

    def _report(self) -> None:
        self._desk.become(self._reporter().id)
        self._desk.open_app("messages")

    def _digest(self) -> None:
        jump(self._desk, MONDAY_10)
        self._desk.go(self._team_channel())

    def _reporter(self) -> User:
        """Return the member of the plan, or else the first who has something to answer, or the first at all."""
        people, wanted = self._desk.workspace.people(), self._plan.reporter.casefold()
        for user in people:
            if wanted in (user.id.casefold(), user.name.casefold(), user.shown_name.casefold().split()[0]):
                return user
        waiting = self._desk.reads.waiting(self._desk.workspace)
        return next((user for user in people if waiting[user.id]), people[0])
