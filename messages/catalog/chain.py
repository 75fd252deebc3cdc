"""Messages about the chain: how its links hang together, and what may be expected of a change."""

from typing import Any, Final

from messages import chain_words, environment, ids
from messages.catalog.asking import notice
from messages.chain_content import ChainFacts, LinkFact, WhatIfFacts, WhatIfForm
from messages.chain_drawing import draw
from messages.content import HatName, Message
from messages.escaping import mrkdwn
from messages.forms import MOST_OPTIONS, Field, Option
from messages.i18n import language_of, speech
from messages.packing import SECTION, pack
from messages.people import Naming

_ROOM: Final = 11_000  # characters of drawing and links together, of the about 13,200 that Slack takes in one message
_FENCE: Final = "```"
_MANY: Final = 20  # links; with more their names are shorter
_MOST_POINTS: Final = 6  # weeks of a what-if that are told apart
_MOST_LINKS: Final = 12  # that a what-if names


def chain_report(facts: ChainFacts, *, language: str) -> Message:
    """Draw the chain and tell of each link whether it hangs together."""
    spoken = language_of(language)
    gettext, _ = speech(spoken)
    drawing = draw(facts, gettext("goal"))
    drawn = pack(drawing.lines, room=_ROOM // 3)
    width = 40 if len(drawing.links) <= _MANY else 26
    told = pack(
        (_numbered(spoken, number, link, width) for number, link in enumerate(drawing.links, start=1)),
        room=_ROOM - drawn.characters,
    )
    return environment.message(
        "chain_report",
        spoken,
        facts=facts,
        drawing=[f"{_FENCE}\n{text}\n{_FENCE}" for text in _lines_of(drawing.lines[: drawn.lines])],
        sections=told.texts,
        hidden=len(drawing.links) - told.lines,
        unlinked=_names(spoken, facts.unlinked),
    )


def what_if(facts: WhatIfFacts, *, language: str) -> Message:
    """Tell what may be expected of the goals when a KPI changes, and which links that relies on."""
    spoken = language_of(language)
    return environment.message("what_if", spoken, facts=facts, **_what_if(facts, spoken))


def what_if_notice(facts: WhatIfFacts, *, language: str) -> dict[str, Any]:
    """Give the same as a modal."""
    message = what_if(facts, language=language)
    return {**notice(message.text, _title(language), language=language), "blocks": message.blocks}


def what_if_wait(*, language: str) -> dict[str, Any]:
    """Give what a modal shows while a what-if is worked out."""
    gettext, _ = speech(language_of(language))
    sentence = gettext("A moment: I am working it out.")
    return notice(sentence, _title(language), language=language)


def what_if_form(form: WhatIfForm, state: str, *, language: str) -> dict[str, Any]:
    """Give the form in which a KPI and a percentage are chosen. `form.kpis` must not be empty."""
    gettext, _ = speech(language_of(language))
    options = tuple(Option(kpi.slug, kpi.name) for kpi in form.kpis[:MOST_OPTIONS])
    fields = (
        Field("kpi", gettext("If this KPI"), "menu", options=options, initial=form.chosen or options[0].value),
        Field(
            "percent",
            gettext("changed by so many per cent"),
            hint=gettext("For example +10 or −5."),
            initial=form.percent,
            longest=40,
        ),
    )
    return environment.view(
        "form",
        language,
        callback=ids.WHAT_IF_SUBMIT,
        state=state,
        title=_title(language),
        intro=[gettext("What may be expected of the goal, if the links hold. An expectation, not a promise.")],
        fields=fields,
        submit=gettext("Work it out"),
    )


def _title(language: str) -> str:
    gettext, _ = speech(language_of(language))
    return gettext("What if?")


def _what_if(facts: WhatIfFacts, language: str) -> dict[str, Any]:
    gettext, _ = speech(language)
    said = {"kpi": f"*{mrkdwn(facts.kpi.name, 80)}*", "change": chain_words.change(language, facts.change)}
    if facts.lack is not None or facts.eventually is None:
        why = chain_words.lack(language, facts.lack or "no_reading")
        sentence = gettext("What %(change)s on %(kpi)s would bring cannot be told: %(why)s.", **said, why=why)
        return {"sentence": sentence, "course": "", "links": [], "hidden": 0, "left_out": []}
    goal = mrkdwn(facts.goal.name, 80) if facts.goal else ""
    extra = f"*{chain_words.worth(language, facts.eventually)}*"
    if facts.eventually:
        sentence = gettext(
            "With %(change)s on %(kpi)s from now on, expect about %(extra)s %(goal)s a week once it has settled. "
            "It is %(level)s a week now.",
            **said,
            extra=extra,
            goal=goal,
            level=chain_words.level(language, facts.goals_now),
        )
    else:
        sentence = gettext("With %(change)s on %(kpi)s, no change of %(goal)s is to be expected.", **said, goal=goal)
    lines = [_relied_on(language, link) for link in facts.links[:_MOST_LINKS]]
    return {
        "sentence": sentence,
        "course": _course(language, facts.per_week, facts.eventually),
        "links": lines,
        "hidden": len(facts.links) - len(lines),
        "left_out": [_relied_on(language, link) for link in facts.left_out[:_MOST_LINKS]],
    }


def _course(language: str, per_week: tuple[float, ...], eventually: float) -> str:
    """Say the weeks in which the expectation changes, at most six of them."""
    gettext, ngettext = speech(language)
    points: list[tuple[int, str]] = []
    for weeks, change in enumerate((*per_week[:-1], eventually)):  # the last week has settled
        written = chain_words.worth(language, change)
        if not points or points[-1][1] != written:
            points.append((weeks, written))
    if len(points) > _MOST_POINTS:
        chosen = sorted({round(place * (len(points) - 1) / (_MOST_POINTS - 1)) for place in range(_MOST_POINTS)})
        points = [points[place] for place in chosen]
    when = [
        ngettext("after %(num)s week", "after %(num)s weeks", weeks) if weeks else gettext("at once")
        for weeks, _ in points
    ]
    said = [f"{one} {written}" for one, (_, written) in zip(when, points, strict=True)]
    return " · ".join(said) if len(said) > 1 else ""


def _relied_on(language: str, link: LinkFact) -> str:
    verdict = chain_words.verdict(language, link.verdict, link.n, link.ci)
    return f"• {chain_words.link_name(link.source, link.target, 50)} · {verdict}"


def _numbered(language: str, number: int, link: LinkFact, width: int) -> str:
    fact, passes = chain_words.link_fact(language, link), chain_words.passes(language, link.passes)
    return f"*{number}  {chain_words.link_name(link.source, link.target, width)}*\n{fact}{passes}"


def _names(language: str, kpis: tuple[HatName, ...]) -> str:
    return Naming(language).together([mrkdwn(kpi.name, 50) for kpi in kpis[:10]], 10, len(kpis))


def _lines_of(lines: list[str]) -> list[str]:
    """Put lines together in texts that fit a section with their fences."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + len(line) + 1 <= SECTION - 2 * len(_FENCE) - 2:
            texts[-1] = f"{texts[-1]}\n{line}"
        else:
            texts.append(line)
    return texts
