"""A week in two minutes: a tour of one step at a time, which can be left and taken up again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice

from bot.playground.model import User
from bot.playground.page.clockbar import jump
from bot.playground.page.desk import Desk
from bot.playground.page.moments import FRIDAY_13, MONDAY_8, MONDAY_10
from bot.playground.page.tags import Tag, button, div, span

_AWAY = "off"
# How many of the last payloads may hold the report that the tour waits for.
_LOOKED_BACK = 30


@dataclass(frozen=True)
class Plan:
    """What the guide speaks of: a command, the team's channel, and who reports (a member's id or name).

    `begin` is what begins a team in the channel `empty`, which has none.
    """

    command: str = "/hat who email-nurturing"
    channel: str = "team-hattrick"
    reporter: str = "anna"
    begin: str = "/hat setup"
    empty: str = "marketing"


@dataclass(frozen=True)
class _Step:
    text: str
    label: str
    do: Callable[[], Awaitable[None] | None]
    # Where another act than the button's ends the step.
    waits: bool = False


class Guide:
    """Show the step that is next, the way so far, and the way out.

    `desk.tour` holds what was done, as digits, and `off` behind them while the tour is left; it is part of the tab's
    address, so that a reload takes the tour up where it was.
    """

    def __init__(self, desk: Desk, plan: Plan) -> None:
        self._desk = desk
        self._plan = plan
        self._root = Tag("section", "hp-guide", aria_label=desk.texts.guide)
        self._steps: list[_Step] = []
        self._shown: int | None = None
        self._reports = self._last_report()
        self._key: object = None

    def refresh(self) -> None:
        """Draw anew when a step was taken or somebody else is to report."""
        if self._steps and self._current() == self._waiting_step() and self._last_report() > self._reports:
            self._tick(self._waiting_step())
        reporter = self._reporter()
        key = (self._desk.tour, self._shown, reporter.id, reporter.shown_name)
        if key != self._key:
            self._key = key
            self._steps = self._plan_steps(reporter)
            self._root.clear()
            with self._root:
                self._draw()

    @property
    def _done(self) -> set[int]:
        return {int(mark) for mark in self._desk.tour if mark.isdecimal()}

    @property
    def _left(self) -> bool:
        return self._desk.tour.endswith(_AWAY)

    def _current(self) -> int:
        """Return the number of the step on show, from 1; one more than there are when all is done."""
        if self._shown is not None:
            return self._shown
        return next((n for n in range(1, len(self._steps) + 1) if n not in self._done), len(self._steps) + 1)

    def _waiting_step(self) -> int:
        return next((n for n, step in enumerate(self._steps, 1) if step.waits), 0)

    def _plan_steps(self, reporter: User) -> list[_Step]:
        texts, plan, desk = self._desk.texts, self._plan, self._desk
        name, app = reporter.shown_name.split()[0], desk.slack.app.name
        return [
            _Step(texts.guide_ask.format(command=plan.command), texts.guide_ask_do, self._ask),
            _Step(texts.guide_friday, texts.guide_friday_do, partial(jump, desk, FRIDAY_13)),
            _Step(texts.guide_report.format(name=name, app=app), texts.guide_report_do.format(name=name), self._report),
            _Step(texts.guide_save, texts.guide_save_do, self._point, waits=True),
            _Step(texts.guide_reminder, texts.guide_reminder_do, partial(jump, desk, MONDAY_8)),
            _Step(texts.guide_digest.format(channel=plan.channel), texts.guide_digest_do, self._digest),
        ]

    def _draw(self) -> None:
        texts, now = self._desk.texts, self._current()
        span("hp-guide-title", texts.guide)
        if self._left:
            button(texts.show, self._come_back, "hp-quiet")
            return
        self._draw_dots(now)
        finished = now > len(self._steps)
        with div("hp-guide-step"):
            span("hp-guide-text", texts.guide_end if finished else self._steps[now - 1].text)
            if finished:
                button(texts.guide_again, self._again, "hp-quiet")
            else:
                step = self._steps[now - 1]
                button(step.label, partial(self._take, now), "hp-primary hp-guide-do")
                if step.waits:
                    button(texts.skip, partial(self._skip, now), "hp-quiet")
        if self._empty_channel() and (finished or not self._done):
            button(texts.guide_begin, self._begin, "hp-quiet hp-guide-begin")
        button(texts.hide, self._leave, "hp-quiet hp-guide-leave")

    def _draw_dots(self, now: int) -> None:
        with div("hp-guide-dots", role="group", aria_label=self._desk.texts.steps):
            for number, step in enumerate(self._steps, 1):
                done = number in self._done
                dot = Tag(
                    "button", "hp-dot" + (" hp-done" if done else ""), "✓" if done else str(number), type="button"
                )
                dot.props["aria-label"] = self._desk.texts.step.format(n=number, total=len(self._steps))
                dot.props["title"] = step.text
                dot.props["aria-current"] = "step" if number == now else "false"
                dot.press(partial(self._show_step, number))

    async def _take(self, number: int) -> None:
        if not self._steps[number - 1].waits:
            self._tick(number)
        result = self._steps[number - 1].do()
        if result is not None:
            await result
        self._desk.refresh()

    def _tick(self, number: int) -> None:
        self._shown = None
        self._keep("".join(map(str, sorted(self._done | {number}))))
        self._reports = self._last_report()

    def _skip(self, number: int) -> None:
        self._tick(number)
        self.refresh()

    def _show_step(self, number: int) -> None:
        self._shown = number
        self.refresh()

    def _leave(self) -> None:
        self._keep(self._desk.tour + _AWAY)
        self.refresh()

    def _come_back(self) -> None:
        self._keep(self._desk.tour.removesuffix(_AWAY))
        self.refresh()

    def _again(self) -> None:
        self._shown = None
        self._keep("")
        self.refresh()

    def _keep(self, tour: str) -> None:
        self._desk.tour = tour
        self._desk.remember()

    # What the steps do

    def _team_channel(self) -> str:
        found = self._desk.workspace.channel_named(self._plan.channel)
        return found.id if found else self._desk.first_channel()

    def _empty_channel(self) -> str:
        found = self._desk.workspace.channel_named(self._plan.empty)
        return found.id if found else ""

    async def _begin(self) -> None:
        """Leave the tour, and begin a team where there is none."""
        if not self._left:
            self._leave()
        self._desk.go(self._empty_channel())
        await self._desk.steps.say(self._plan.begin)

    async def _ask(self) -> None:
        self._desk.go(self._team_channel())
        await self._desk.steps.say(self._plan.command)

    def _report(self) -> None:
        self._desk.become(self._reporter().id)
        self._desk.open_app("messages")

    def _point(self) -> None:
        self._report()
        self._desk.point(".hp-main .hp-message .hp-b-actions .hp-primary")

    def _digest(self) -> None:
        jump(self._desk, MONDAY_10)
        self._desk.go(self._team_channel())

    def _last_report(self) -> int:
        """Return the number of the payload with the last modal that the app took, or 0."""
        slack = self._desk.slack
        with slack.lock:
            last = list(islice(reversed(slack.deliveries), _LOOKED_BACK))
        sent = [d for d in last if d.payload.get("type") == "view_submission" and d.outcome == "acked"]
        return max((d.serial for d in sent), default=0)

    def _reporter(self) -> User:
        """Return the member of the plan, or else the first who has something to answer, or the first at all."""
        people, wanted = self._desk.workspace.people(), self._plan.reporter.casefold()
        for user in people:
            if wanted in (user.id.casefold(), user.name.casefold(), user.shown_name.casefold().split()[0]):
                return user
        waiting = self._desk.reads.waiting(self._desk.workspace)
        return next((user for user in people if waiting[user.id]), people[0])
