"""What is said of a team's next step, and of the four steps of setting it up."""

from typing import Final

from messages.escaping import mrkdwn
from messages.i18n import N_, language_of, translations
from messages.next_step import NextStep, SetUpState
from messages.people import Naming

_SAID: Final = {
    "hats": N_("Which hats are there? Take the football team's six, or ask everybody what they do today."),
    "tick": N_("Who wears which hat today? Everybody ticks theirs: it takes ten seconds."),
    "chain": N_("What does a hat produce? Give %(hat)s its first KPI."),
    "links": N_("Which number leads to which? Link two KPIs, such as leads to deals."),
    "propose": N_("Agree on the first owner: who do people go to about %(hat)s?"),
    "propose_to": N_("Agree on the first owner: %(person)s is the one to ask about %(hat)s."),
    "propose_own": N_("Agree on the first owner: that could be you, for %(hat)s."),
    "answer": N_("%(hat)s is offered to %(person)s. It has its owner as soon as they say yes."),
    "answer_own": N_("%(hat)s is offered to you: my direct message has the buttons."),
    "more": N_("The next hat without an owner: who do people go to about %(hat)s?"),
    "more_to": N_("The next hat without an owner: %(person)s is the one to ask about %(hat)s."),
    "more_own": N_("The next hat without an owner is %(hat)s: that could be you."),
}


def next_sentence(step: NextStep, language: str) -> str:
    """Say what comes next, in mrkdwn. Nobody is pinged by it."""
    gettext, naming = translations(language).gettext, Naming(language_of(language))
    name: str = step.step
    if name in {"propose", "more"} and step.person:
        name += "_own" if step.own else "_to"
    elif name == "answer" and step.own:
        name += "_own"
    said = {
        "hat": f"*{mrkdwn(step.hat.name, 80)}*" if step.hat else "",
        "person": naming.named(step.person) if step.person else gettext("a colleague"),
    }
    title = gettext("Next step")
    return f"*{title}:* {gettext(_SAID[name]) % said}"


def step_lines(state: SetUpState, language: str) -> list[str]:
    """Say of each of the four steps whether it is done, comes now or later."""
    speech = translations(language)
    done = state.next_step.part if state.next_step else 4
    counts = (
        speech.gettext("the channel and the times are set"),
        ", ".join(
            (
                speech.ngettext("%(num)s hat", "%(num)s hats", state.hats) % {"num": state.hats},
                speech.ngettext("worn by %(num)s person", "worn by %(num)s people", state.wearers)
                % {"num": state.wearers},
            )
        ),
        ", ".join(
            (
                speech.ngettext("%(num)s KPI", "%(num)s KPIs", state.kpis) % {"num": state.kpis},
                speech.ngettext("%(num)s link", "%(num)s links", state.links) % {"num": state.links},
            )
        ),
        speech.ngettext("%(num)s hat has an owner", "%(num)s hats have an owner", state.owned) % {"num": state.owned},
    )
    titles = (
        speech.gettext("Channel and schedule"),
        speech.gettext("Hats"),
        speech.gettext("The chain"),
        speech.gettext("The first agreement"),
    )
    marks = [":white_check_mark:" if n < done else ":arrow_right:" if n == done else ":white_circle:" for n in range(4)]
    lines = zip(marks, titles, counts, strict=True)
    return [f"{mark} *{n}. {title}*: {said}" for n, (mark, title, said) in enumerate(lines, 1)]
