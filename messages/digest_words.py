"""What the digest says in sentences: how the goal stands, the focus, what cannot be told, and what has changed.

Everything returned is mrkdwn, with people named and not pinged, unless it says otherwise; "" where there is nothing to
say. No sentence says that one number made another.
"""

from typing import Final

from messages import chain_words
from messages.content import HatName
from messages.digest_content import ChainStory, Change, Digest, DigestRow, FocusFact, Link, PassQuality, Untold
from messages.escaping import mrkdwn, plain
from messages.formats import Formats
from messages.i18n import N_, language_of, speech
from messages.origins import origin
from messages.people import Naming

_VERDICTS: Final = {
    "ahead": N_("better than the target"),
    "on_target": N_("target reached"),
    "near": N_("nearly there"),
    "behind": N_("target missed"),
}
_TO_TARGET: Final = {
    "up": N_("more than its target"),
    "down": N_("less than its target"),
    "as_usual": N_("about its target"),
}
_CONFIDENCES: Final = {"on_track": N_("on track"), "at_risk": N_("at risk"), "off_track": N_("off track")}
_SHOWN_FROM: Final = 0.05  # goals that round to less than 0.1 are not worth a word
_MOST_WEEKS: Final = 5
_LARGEST_SHARE: Final = 10**6


def headline(language: str, digest: Digest, bold: str = "*") -> str:
    """Say in one sentence how the goal stands."""
    spoken = language_of(language)
    gettext, _ = speech(spoken)
    formats = Formats(spoken)
    if not any(row.kpi.value is not None for row in digest.rows):
        if digest.is_preview:
            week = formats.weekname(digest.period)
            return gettext("No numbers for %(week)s yet; they come with the weekly reports.", week=week)
        return gettext(
            "No numbers for %(week)s yet. It happens; `/hat report` takes less than a minute and still counts.",
            week=formats.weekname(digest.period),
        )
    if digest.goal is None:
        return gettext("Here is how each link of the chain did.")
    name = mrkdwn(digest.goal.kpi.name, 100)
    if digest.goal.kpi.value is None:
        return gettext("%(goal)s is still to come; here is the rest of the chain.", goal=f"{bold}{name}{bold}")
    against = []
    if digest.goal.kpi.target is not None:
        against.append(gettext("target %(target)s", target=formats.target(digest.goal.kpi)))
    if digest.goal.change is not None:
        against.append(gettext("%(change)s on the week before", change=formats.delta(digest.goal.change)))
    verdict = gettext(_VERDICTS[digest.goal.status]) if digest.goal.status in _VERDICTS else ""
    said = ", ".join([f"{bold}{name}: {formats.value(digest.goal.kpi)}{bold}", *against])
    return f"{said}: {verdict}." if verdict else f"{said}."


def plan(language: str, story: ChainStory) -> str:
    """Say what the links' goals add up to, or why that cannot be told."""
    gettext, _ = speech(language_of(language))
    if story.total is None or story.plan is None or story.actual is None:
        why = chain_words.lack(language, story.lack)
        return gettext("What each link won or lost cannot be told: %(why)s.", why=why) if why else ""
    said = [
        gettext(
            "At usual rates and targets the chain gives %(plan)s; it became %(actual)s, which is %(total)s.",
            plan=chain_words.level(language, story.plan),
            actual=chain_words.level(language, story.actual),
            total=chain_words.goals(language, story.total),
        )
    ]
    if abs(story.earlier) >= _SHOWN_FROM:
        said.append(
            gettext("%(goals)s of it comes from earlier weeks.", goals=chain_words.goals(language, story.earlier))
        )
    if abs(story.unattributed) >= _SHOWN_FROM:
        goals = chain_words.goals(language, story.unattributed)
        said.append(gettext("%(goals)s of it cannot be told apart.", goals=goals))
    return " ".join(said)


def focus(language: str, fact: FocusFact | None) -> str:
    """Say what to look at, what it is worth and what that rests on; or why there is no focus."""
    spoken = language_of(language)
    gettext, _ = speech(spoken)
    if fact is None:
        return ""
    if fact.source is None or fact.target is None or fact.goal is None:
        return chain_words.no_focus(spoken, fact.why_none, fact.alike) if fact.why_none else ""
    where = _bold(fact.source) if fact.is_volume else f"*{chain_words.link_name(fact.source, fact.target)}*"
    said = [
        gettext(
            "*Focus:* %(link)s. Back at its usual level it is worth about %(goals)s %(goal)s a week%(between)s.",
            link=where,
            goals=f"*{chain_words.worth(spoken, fact.goals)}*",
            goal=mrkdwn(fact.goal.name, 60),
            between=_between(spoken, fact.ci),
        ),
        _since(spoken, fact),
        _evidence(spoken, fact),
        _owners(spoken, fact),
    ]
    return " ".join(part for part in said if part)


def discussion(language: str, fact: FocusFact | None, people: str, period: str) -> str:
    """Ask people about the week's focus; without one, everybody about the week. `people` are mentions."""
    spoken = language_of(language)
    gettext, _ = speech(spoken)
    week = Formats(spoken).weekname(period)
    if fact is None or fact.source is None or fact.target is None:
        return gettext("What do we make of %(week)s? Write it here.", week=week)
    link = f"*{chain_words.link_name(fact.source, fact.target)}*"
    if not people:
        return gettext("What do we make of %(link)s in %(week)s? Write it here.", link=link, week=week)
    return gettext("%(people)s, what do you make of %(link)s in %(week)s?", people=people, link=link, week=week)


def untold(language: str, one: Untold) -> str:
    """Say which weeks and links cannot be told apart, and why."""
    gettext, _ = speech(language_of(language))
    formats = Formats(language_of(language))
    labels = [formats.weekname(week) for week in one.weeks[:_MOST_WEEKS]]
    weeks = Naming(language_of(language)).together(labels, _MOST_WEEKS, len(one.weeks))
    why = chain_words.lack(language, one.lack) or gettext("cannot be told")
    if not one.links:
        return gettext("%(kpi)s, %(weeks)s: %(why)s", kpi=_bold(one.kpi), weeks=weeks, why=why)
    links = links_of(language, one.links)
    return gettext("%(kpi)s, %(weeks)s: %(why)s (%(links)s)", kpi=_bold(one.kpi), weeks=weeks, why=why, links=links)


def links_of(language: str, links: tuple[Link, ...], most: int = 4) -> str:
    """Name links by their ends."""
    names = [chain_words.link_name(source, target, 40) for source, target in links[:most]]
    return Naming(language_of(language)).together(names, most, len(links))


def conversion(language: str, row: DigestRow, room: int = 40) -> str:
    """Say in plain text what came through a link; ``–`` when that cannot be told."""
    spoken = language_of(language)
    gettext, _ = speech(spoken)
    formats = Formats(spoken)
    if row.conversion is None or not row.conversion.is_finite():
        return "–"
    if row.is_joined:
        share = formats.share(row.conversion) if abs(row.conversion) < _LARGEST_SHARE else formats.rate(row.conversion)
        return gettext("%(share)s of what was expected", share=share)
    if not row.upstream:
        return "–"
    upstream = plain(row.upstream, room)
    if row.conversion <= 1:
        return gettext("%(share)s of %(upstream)s", share=formats.share(row.conversion), upstream=upstream)
    return gettext("%(number)s per %(upstream)s", number=formats.rate(row.conversion), upstream=upstream)


def called(language: str, row: DigestRow, room: int = 40, *, briefly: bool = False) -> str:
    """Say a conversion with its call, where the interval allows one; plain text. Briefly, the call is an arrow."""
    said = conversion(language, row, room)
    if row.call not in {"up", "down", "as_usual"}:
        return said
    arrow = {"up": "↑", "down": "↓"}.get(row.call, "")
    gettext, _ = speech(language_of(language))
    word = arrow if briefly else gettext(_TO_TARGET[row.call]) if _is_held_to_target(row) else ""
    if not briefly and not word:
        word = chain_words.call(language, row.call)
    return " · ".join(part for part in ("" if said == "–" and word else said, word) if part)


def goals(language: str, row: DigestRow) -> str:
    """Say what a KPI won or lost in goals, for a cell."""
    return chain_words.goals(language, row.goals)


def detail(language: str, row: DigestRow) -> str:
    """Say all of a KPI's week that the table has no room for: its norm, the interval and the call."""
    gettext, _ = speech(language_of(language))
    said = [f"{_bold(HatName(row.kpi.slug, row.kpi.name))}  {mrkdwn(called(language, row, 60), 120)}"]
    if row.norm is not None and not row.is_joined and not _is_held_to_target(row):
        is_volume = row.upstream is None
        norm = chain_words.level(language, row.norm) if is_volume else chain_words.conversion(language, row.norm)
        said.append(gettext("usually %(norm)s", norm=norm))
    if row.ci is not None and row.conversion is not None:
        say = _share if row.is_joined else chain_words.conversion
        low, high = (say(language, end) for end in row.ci)
        said.append(gettext("between %(low)s and %(high)s", low=low, high=high))
    if row.goals is not None:
        said.append(gettext("%(goals)s in goals", goals=chain_words.goals(language, row.goals)))
    return "• " + " · ".join(said)


def remark(language: str, row: DigestRow, room: int = 300) -> str:
    """Say what an owner said about a number: how they see its target, and a note."""
    spoken = language_of(language)
    gettext, _ = speech(spoken)
    how = gettext(_CONFIDENCES[row.kpi.confidence]) if row.kpi.confidence in _CONFIDENCES else ""
    note = gettext("“%(note)s”", note=mrkdwn(row.kpi.note, room)) if row.kpi.note.strip() else ""
    if not how and not note:
        return ""
    who = f" ({Naming(spoken).named(row.owner, 40)})" if row.owner else ""
    said = ", ".join(part for part in (how, note) if part)
    return f"• {_bold(HatName(row.kpi.slug, row.kpi.name))}{who}: {said}"


def passes(language: str, rated: tuple[PassQuality, ...], most: int = 6) -> str:
    """Say how the passes over some links were rated, on one line."""
    names = [
        f"{chain_words.link_name(one.source, one.target, 30)} {score(language, one.score)}" for one in rated[:most]
    ]
    gettext, _ = speech(language_of(language))
    hidden = len(rated) - len(names)
    return " · ".join([*names, gettext("%(number)s more", number=hidden)] if hidden > 0 else names)


def rated(language: str, one: PassQuality) -> str:
    """Say how the passes over a link were rated, week by week."""
    weeks = " · ".join(
        f"{Formats(language_of(language)).weeklabel(week)}: {score(language, mean)}" for week, mean in one.weeks[-6:]
    )
    return f"• *{chain_words.link_name(one.source, one.target, 50)}*  {weeks or score(language, one.score)}"


def score(language: str, value: float) -> str:
    """Write a mean of ratings: one decimal unless it is whole."""
    exact = chain_words.exact(value)
    return "–" if exact is None else Formats(language_of(language)).number(round(exact, 1).normalize() + 0)


def change(language: str, one: Change) -> str:
    """Say what a value was and is, and who said so: ``Leads 120 → 130, by Johan``."""
    spoken = language_of(language)
    gettext, _ = speech(spoken)
    formats = Formats(spoken)
    after = formats.value(one.kpi)
    values = f"{formats.amount(one.before, one.kpi)} → {after}" if one.before is not None else after
    said = f"{_bold(HatName(one.kpi.slug, one.kpi.name))} {values}"
    if one.by is not None:
        return gettext("%(change)s, by %(person)s", change=said, person=Naming(spoken).named(one.by, 60))
    came = mrkdwn(origin(one.kpi, spoken), 80) if one.kpi.origin else ""
    return f"{said}, {came}" if came else said


def _is_held_to_target(row: DigestRow) -> bool:
    """Tell whether what is usual for a first link is its target."""
    is_first = row.upstream is None and not row.is_joined
    return is_first and row.norm is not None and row.kpi.target is not None and row.norm == float(row.kpi.target)


def _share(language: str, value: float | None) -> str:
    """Write a share of what was expected, also above 100 %."""
    number = None if value is None else chain_words.exact(value)
    if number is None or abs(number) >= _LARGEST_SHARE:
        return "–"
    return Formats(language_of(language)).share(number)


def _between(language: str, ci: tuple[float, float] | None) -> str:
    gettext, _ = speech(language)
    if ci is None:
        return ""
    low, high = (chain_words.worth(language, end) for end in ci)
    return " " + gettext("(between %(low)s and %(high)s)", low=low, high=high)


def _since(language: str, fact: FocusFact) -> str:
    gettext, _ = speech(language)
    if fact.rate_now is None or fact.norm is None:
        return ""
    say = chain_words.level if fact.is_volume else chain_words.conversion
    now, norm = say(language, fact.rate_now), say(language, fact.norm)
    if fact.is_joined:
        return gettext("The last 4 weeks gave %(now)s of what was expected.", now=now)
    return gettext("The last 4 weeks gave %(now)s, the 13 before them %(norm)s.", now=now, norm=norm)


def _evidence(language: str, fact: FocusFact) -> str:
    gettext, _ = speech(language)
    if fact.not_shown:
        links = links_of(language, fact.not_shown, 3)
        return gettext("It relies on links that are not shown to hang together yet: %(links)s.", links=links)
    if fact.evidence is None or fact.evidence.verdict != "holds_together":
        return ""
    link = fact.evidence
    said = chain_words.verdict(language, link.verdict, link.n, link.ci)
    return gettext("The link %(verdict)s.", verdict=said)


def _owners(language: str, fact: FocusFact) -> str:
    naming = Naming(language)
    gettext, _ = speech(language)
    owners = {one.slack_id: one for one in (fact.source_owner, fact.target_owner) if one is not None}
    if not owners:
        return ""
    people = naming.together([naming.named(one, 60) for one in owners.values()])
    return gettext("It concerns %(people)s.", people=people)


def _bold(kpi: HatName) -> str:
    return f"*{mrkdwn(kpi.name, 60)}*"
