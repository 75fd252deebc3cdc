"""Content of a team's first hour, of four kinds. See `tests.messages.content`."""

from bot.services.sending.texts import storable
from messages.help_content import Names, Nearest
from messages.next_step import NextStep, SetUpState, TickForm
from messages.verbs import VERBS
from tests.messages.content import Content


def names(content: Content) -> Names:
    if content.kind == "empty":
        return Names()
    return Names("email-nurturing", "leads", "deals", content.person)


def steps(content: Content) -> list[NextStep]:
    """Give each step, with a person, with the reader as that person, and without one."""
    hat = content.hat
    return [
        NextStep("hats", "1"),
        NextStep("tick", "1"),
        NextStep("chain", "1", hat),
        NextStep("links", "1"),
        *(
            NextStep(step, "1", hat, person, own=own)
            for step in ("propose", "answer", "more")
            for person in (content.person, None)
            for own in (True, False)
            if person or not own
        ),
    ]


def nearest_ones(content: Content) -> list[Nearest]:
    typed = storable(content.text("reprot email"), 10_000)  # as commands are read
    verbs = tuple(verb.name for verb in VERBS[:3])
    return [
        Nearest(typed, typed, verbs, content.hats()[:5]),
        Nearest(typed, typed, verbs),
        Nearest(typed, "", ("wear",)),
        Nearest(typed, "", (), content.hats()[:5]),
    ]


def set_up_states(content: Content) -> list[SetUpState]:
    states = [SetUpState(content.text("North"), "1", step, 6, 1, 1, 5, 0) for step in steps(content)]
    return [*states, SetUpState(content.text("North"), "1", None, 1, 3, 6, 5, 6, "C0TEAM0001")]


def tick_forms(content: Content) -> list[TickForm]:
    listed = tuple((number, hat, number % 2 == 0) for number, hat in enumerate(content.hats(), 1))
    return [TickForm("1", content.text("North"), listed), TickForm("1", content.text("North"))]
