"""The playground put together: state, what people do, delivery, limits and faults."""

from bot.playground.acting import Acting
from bot.playground.answers import Answers
from bot.playground.delivery import Delivery
from bot.playground.events import Events
from bot.playground.faults import FaultDice, Faults
from bot.playground.limits import Limits, RateLimiter
from bot.playground.organisations import Organisations
from bot.playground.people import People
from bot.playground.screens import Screens
from bot.playground.sockets import SocketHub
from bot.playground.state import Slack


class Playground:
    """One local Slack with everything that acts on it.

    `slack` is the state, `people` and `acting` are what a person does, `hub` and `delivery` reach the app.
    """

    def __init__(self, slack: Slack, *, faults: Faults | None = None, limits: Limits | None = None) -> None:
        self.slack = slack
        self.dice = FaultDice(faults or Faults())
        self.limiter = RateLimiter(limits or Limits())
        self.hub = SocketHub(slack)
        self.delivery = Delivery(slack, self.hub, self.dice)
        self.events = Events(slack, self.delivery)
        self.screens = Screens(slack)
        self.answers = Answers(slack, self.events, self.screens, self.dice)
        self.people = People(slack, self.events)
        self.organisations = Organisations(slack, self.events)
        self.acting = Acting(slack, self.people, self.delivery, self.events, self.screens, self.answers)

    def set_faults(self, faults: Faults) -> None:
        """Let other things go wrong from now on."""
        self.dice.change(faults)

    def set_limits(self, limits: Limits) -> None:
        """Count calls against other limits from now on, starting afresh."""
        self.limiter.change(limits)
