"""What a chain's numbers mean, in words. Nothing here says that one number makes another: they go together or not.

What is returned is plain text without people's names, or, where a function says so, mrkdwn. A verdict, remark, call,
lack or reason is named as in `bot.domain.chain.results`; an unknown one is not said ("").
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, Protocol

from messages.chain_content import LEAST_PAIRS, LinkFact, LookBackFacts, MoveFact, VanityFacts
from messages.content import HatName, KpiValue, Person
from messages.escaping import NOTHING, mrkdwn
from messages.formats import Formats, rounded
from messages.i18n import N_, language_of, speech
from messages.people import Naming

_FINEST: Final = 6  # further decimals that telling two numbers apart may take
REMARKS: Final[Mapping[str, str]] = {
    "few_pairs": "",  # the verdict says it
    "constant_source": N_("the first number hardly moved"),
    "constant_target": N_("the second number hardly moved"),
    "explained_by_itself": N_("each number's own course explains it, so that nothing is left to compare"),
    "gaps": N_("some weeks are missing"),
    "outliers": N_("one week lies far out and counts no more than any other"),
    "many_zeros": N_("many weeks are zero"),
    "short": N_("with few weeks only a very close link can be shown"),
    "rhythm": N_("a rhythm, such as a season, was taken out first"),
}
CALLS: Final[Mapping[str, str]] = {
    "up": N_("higher than usual"),
    "down": N_("lower than usual"),
    "as_usual": N_("as usual"),
    "cannot_tell": N_("cannot be told"),
}
LACKS: Final[Mapping[str, str]] = {
    "no_reading": N_("there is no number for the week"),
    "no_upstream": N_("what feeds it has no number for the week that counts"),
    "no_norm": N_("there is no target, and there are too few weeks to know what is usual"),
    "no_rate": N_("how much comes through is not known yet: too few complete weeks"),
    "nothing_came_in": N_("nothing came in"),
    "no_goal": N_("the chain has no goal yet"),
    "runaway_loop": N_("round its loop more comes back than goes in"),
    "no_way_to_goal": N_("no link leads from it to the goal"),
    "few_weeks": N_("there are too few weeks"),
}
NO_FOCUS: Final[Mapping[str, str]] = {
    "no_goal": N_("No clear focus this week: the chain has no goal yet."),
    "too_early": N_("No clear focus this week: there are too few weeks to know what is usual."),
    "nothing_below_norm": N_(
        "No clear focus this week: nothing is further below its usual level than chance explains."
    ),
    "only_refuted": N_(
        "No clear focus this week: what is below its usual level reaches the goal only over links that go the "
        "opposite way."
    ),
    "runaway_loop": N_("No clear focus this week: round a loop of the chain more comes back than goes in."),
    "several_alike": N_("No clear focus this week: several are worth about the same."),
}
_LARGEST: Final = 1e15  # more than this is written as it stands nowhere


def verdict(language: str, name: str, n: int, ci: tuple[float, float] | None = None) -> str:
    """Say whether a link hangs together, with the weeks it is told from and, where it helps, the interval."""
    gettext, ngettext = speech(language_of(language))
    between = span(language, ci)
    if name == "holds_together":
        said = ngettext("hangs together (%(num)s week)", "hangs together (%(num)s weeks)", n)
        return f"{said[:-1]}, {between})" if between else said
    if name == "opposite":
        said = ngettext("goes the opposite way (%(num)s week)", "goes the opposite way (%(num)s weeks)", n)
        return f"{said[:-1]}, {between})" if between else said
    if name == "not_shown":
        said = ngettext("not shown yet: %(num)s week", "not shown yet: %(num)s weeks", n)
        return f"{said}, {between}" if between else said
    if name == "too_early":
        return gettext("too early: %(number)s of %(least)s weeks", number=min(n, LEAST_PAIRS), least=LEAST_PAIRS)
    return ""


def short_verdict(language: str, name: str) -> str:
    """Say a verdict in two or three words, for a cell of a table."""
    gettext, _ = speech(language_of(language))
    words = {
        "holds_together": gettext("hangs together"),
        "opposite": gettext("the opposite way"),
        "not_shown": gettext("not shown yet"),
        "too_early": gettext("too early"),
    }
    return words.get(name, "")


def span(language: str, ci: tuple[float, float] | None) -> str:
    """Say a correlation's interval: ``between +0.41 and +0.83``; "" without one."""
    if ci is None:
        return ""
    gettext, _ = speech(language_of(language))
    return gettext("between %(low)s and %(high)s", low=signed(language, ci[0], 2), high=signed(language, ci[1], 2))


def remarks(language: str, names: tuple[str, ...]) -> str:
    """Say what weakens a link's statistics, with `; ` between; "" when nothing does."""
    return "; ".join(said for name in names if (said := _of(REMARKS, language, name)))


def call(language: str, name: str) -> str:
    """Say how a number stands against its norm."""
    return _of(CALLS, language, name)


def lack(language: str, name: str) -> str:
    """Say why something cannot be told."""
    return _of(LACKS, language, name)


def no_focus(language: str, name: str, alike: tuple[str, ...] = ()) -> str:
    """Say why there is no focus; mrkdwn. `alike` are the names of KPIs that are worth about the same."""
    gettext, _ = speech(language_of(language))
    if name == "several_alike" and alike:
        named = Naming(language_of(language)).together([mrkdwn(one, 60) for one in alike], 4)
        return gettext("No clear focus this week: %(kpis)s are worth about the same.", kpis=named)
    return _of(NO_FOCUS, language, name)


def lag(language: str, weeks: int, lag_from: str = "declared") -> str:
    """Say how long a link takes, and where that is known from when the team has not said it."""
    gettext, ngettext = speech(language_of(language))
    said = ngettext("%(num)s week later", "%(num)s weeks later", weeks) if weeks else gettext("the same week")
    if lag_from == "found":
        return gettext("%(lag)s, as the numbers show", lag=said)
    if lag_from == "assumed":
        return gettext("%(lag)s, until the numbers show more", lag=said)
    return said


def rate(language: str, link: LinkFact) -> str:
    """Say how much of one unit upstream comes out downstream, and whether that is the team's own or fitted."""
    gettext, _ = speech(language_of(language))
    if link.rate is None:
        return gettext("rate not known yet")
    said = conversion(language, link.rate)
    if not link.is_fitted:
        return gettext("%(rate)s (the team's own)", rate=said)
    if link.rate_ci is None:
        return gettext("%(rate)s (fitted)", rate=said)
    low, high = (conversion(language, end) for end in link.rate_ci)
    return gettext("%(rate)s (fitted, %(low)s to %(high)s)", rate=said, low=low, high=high)


def conversion(language: str, value: float, *, finer: int = 0) -> str:
    """Write how much comes through: a share up to 100 %, a number of each one above; `finer`: more decimals."""
    formats, number = Formats(language_of(language)), exact(value)
    if number is None:
        return NOTHING
    return formats.share(number, finer=finer) if 0 <= number <= 1 else formats.rate(number, finer=finer)


def goals(language: str, value: float | None) -> str:
    """Write a number of goals with its sign: ``+1.3``, ``−0.4``, ``±0``; ``–`` when it cannot be told."""
    return NOTHING if value is None else signed(language, value, 1)


def level(language: str, value: float | None, *, finer: int = 0) -> str:
    """Write a weekly level: one decimal below a hundred, none above; `finer`: that many more."""
    number = None if value is None else exact(value)
    if number is None:
        return NOTHING
    decimals = finer + (1 if abs(number) < 100 else 0)  # noqa: PLR2004 (a hundred, as said)
    return Formats(language_of(language)).number(rounded(number, decimals))


def worth(language: str, value: float) -> str:
    """Write what something is expected to bring, with its sign: two decimals below one, one decimal above."""
    return signed(language, value, 2 if abs(value) < 1 else 1)


def signed(language: str, value: float, digits: int) -> str:
    """Write a number with its sign, rounded."""
    number = exact(value)
    if number is None:
        return NOTHING
    near = rounded(number, digits)
    sign = "+" if near > 0 else "−" if near < 0 else "±"
    return sign + (Formats(language_of(language)).number(abs(near), digits) if near else "0")


def growth(language: str, value: float) -> str:
    """Write a growth, such as 0.25, as ``+25 %``."""
    return Formats(language_of(language)).delta(exact(value))


def change(language: str, value: float) -> str:
    """Write a change that somebody asked about, such as 0.025, as ``+2.5 %``: with all its decimals."""
    number = exact(round(value * 100, 6))
    if number is None:
        return NOTHING
    sign = "+" if number > 0 else "−" if number < 0 else "±"
    formats = Formats(language_of(language))
    return sign + formats.amount(abs(number), KpiValue(slug="", name="", unit="percent"))


def link_name(source: HatName, target: HatName, limit: int = 60) -> str:
    """Name a link by its two KPIs; mrkdwn."""
    return f"{mrkdwn(source.name, limit)} → {mrkdwn(target.name, limit)}"


def link_fact(language: str, link: LinkFact) -> str:
    """Say everything about a link but its name, on one line."""
    parts = [
        lag(language, link.lag, link.lag_from),
        rate(language, link),
        verdict(language, link.verdict, link.n, link.ci),
        remarks(language, link.remarks) if link.verdict != "holds_together" else "",
    ]
    return " · ".join(part for part in parts if part)


def passes(language: str, rated: tuple[tuple[str, float], ...], most: int = 4) -> str:
    """Say how the passes over a link were rated lately, as the end of a line; '' where they were not."""
    if not rated:
        return ""
    formats, (gettext, _) = Formats(language_of(language)), speech(language_of(language))
    weeks = ", ".join(
        f"{formats.weeklabel(week)}: {formats.number(round(exact(mean) or Decimal(0), 1).normalize() + 0)}"
        for week, mean in rated[-most:]
    )
    return " · " + gettext("passes %(weeks)s of 5", weeks=weeks)


def vanity(language: str, facts: VanityFacts) -> str:
    """Say that a KPI grew for weeks and what it feeds did not, and ask the owners of both about it; mrkdwn."""
    gettext, ngettext = speech(language_of(language))
    said = ngettext(
        "%(source)s has grown for %(num)s week (%(growth)s); %(target)s has not (%(other)s, counted %(lag)s).",
        "%(source)s has grown for %(num)s weeks (%(growth)s); %(target)s has not (%(other)s, counted %(lag)s).",
        facts.weeks,
        source=_bold(facts.source),
        target=_bold(facts.target),
        growth=growth(language, facts.source_growth),
        other=growth(language, facts.target_growth),
        lag=lag(language, facts.lag),
    )
    owners = _people(language, facts.source_owner, facts.target_owner)
    asked = gettext("Is it still the number to grow? That is for %(people)s to say.", people=owners) if owners else ""
    return f"{said} {asked}".strip()


def look_back(language: str, facts: LookBackFacts) -> str:
    """Say what has become of a focus: whether its link moved, and whether the goals did; mrkdwn."""
    spoken = language_of(language)
    gettext, ngettext = speech(spoken)
    opening = ngettext(
        "%(num)s week ago, in %(week)s, the focus was %(link)s.",
        "%(num)s weeks ago, in %(week)s, the focus was %(link)s.",
        facts.weeks,
        week=Formats(spoken).weekname(facts.made),
        link=_bold(facts.source) if facts.is_volume else f"*{link_name(facts.source, facts.target)}*",
    )
    link = _move(spoken, facts.link, level if facts.is_volume else conversion)
    if not facts.goals_are_due:
        told = gettext("Since then: %(link)s.", link=link)
        return f"{opening} {told} " + gettext("What comes of it has not had time to reach the goal yet.")
    told = gettext(
        "Since then: %(link)s; %(goal)s a week: %(goals)s.",
        link=link,
        goal=mrkdwn(facts.goal.name, 60),
        goals=_move(spoken, facts.goals, level),
    )
    return f"{opening} {told} " + gettext("Whether one made the other move cannot be told from this.")


class _Say(Protocol):
    """Writes a number of a look back: `finer` asks for that many more decimals."""

    def __call__(self, language: str, value: float, *, finer: int = 0) -> str: ...


def _move(language: str, move: MoveFact, say: _Say) -> str:
    gettext, _ = speech(language)
    if move.before is None or move.after is None:
        why = lack(language, move.lack or "")
        return gettext("cannot be told (%(why)s)", why=why) if why else call(language, "cannot_tell")
    written = _apart(language, move.before, move.after, say)
    if move.call == "up":
        return gettext("up from %(before)s to %(after)s", **written)
    if move.call == "down":
        return gettext("down from %(before)s to %(after)s", **written)
    return gettext("from %(before)s to %(after)s, no more than chance explains", **written)


def _apart(language: str, before: float, after: float, say: _Say) -> dict[str, str]:
    """Write two numbers with as many decimals as it takes to tell them apart, and from nothing: never "from 0 to 0"."""
    for finer in range(_FINEST):
        said = {number: say(language, number, finer=finer) for number in (before, after, 0.0)}
        if len(set(said.values())) == len(said):
            break
    return {"before": said[before], "after": said[after]}


def _people(language: str, *people: Person | None) -> str:
    naming = Naming(language_of(language))
    known = {person.slack_id: person for person in people if person is not None}
    return naming.together([naming.named(person, 60) for person in known.values()])


def _bold(kpi: HatName) -> str:
    return f"*{mrkdwn(kpi.name, 60)}*"


def _of(words: Mapping[str, str], language: str, name: str) -> str:
    sentence = words.get(name, "")
    return speech(language_of(language))[0](sentence) if sentence else ""


def exact(value: float) -> Decimal | None:
    """Give a number as an exact one; None when it is not finite, or too large to mean anything."""
    number = Decimal(repr(float(value)))
    return number if number.is_finite() and abs(number) < _LARGEST else None
