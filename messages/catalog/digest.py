"""The Monday digest: in Slack's newest blocks, in older ones, and what follows it."""

from decimal import Decimal
from typing import Any, Final, NamedTuple

from messages import chain_words, digest_words, environment
from messages.catalog.question_lists import question_figures
from messages.content import Message
from messages.digest_content import ChainStory, Digest, DigestChanges, DigestRow, Discussion
from messages.escaping import cut, mrkdwn, plain
from messages.formats import Formats
from messages.i18n import language_of, speech, translations
from messages.packing import pack
from messages.people import Naming
from messages.sparkline import sparkline

_TABLE_ROWS = 100
_CHART_POINTS = 13
_BARS: Final = 20
_LABEL: Final = 20  # characters of a chart's label
_LINES_ROOM = 4_500  # characters of the older blocks' lines
_DETAIL_ROOM = 10_000  # characters of everything in the thread
_MOST_UNTOLD, _MOST_REMARKS, _MOST_VANITY, _MOST_CHANGES = 3, 3, 2, 10
_NO_BAR: Final = 0.005  # goals; less is no bar
_SHOUTED: Final = "off_track"


class _Room(NamedTuple):
    """Characters for each cell, so that all cells together hold at most 10,000."""

    name: int
    owner: int
    number: int
    upstream: int
    is_brief: bool


_WIDE, _NARROW = _Room(50, 30, 18, 24, is_brief=False), _Room(18, 12, 12, 10, is_brief=True)
_NARROW_FROM = 40  # rows


def digest(shown: Digest, *, language: str) -> Message:
    """Tell a team how each link of its chain performed; people are named without a ping."""
    spoken = language_of(language)
    rows = shown.rows if is_reported(shown) else ()
    packed = pack((_line(row, spoken) for row in rows), room=_LINES_ROOM)
    room = _WIDE if len(rows) <= _NARROW_FROM else _NARROW
    return environment.message(
        "digest",
        language,
        digest=shown,
        reported=bool(rows),
        headline=digest_words.headline(spoken, shown),
        headline_text=digest_words.headline(spoken, shown, bold=""),
        headings=headings_of(language),
        rows=rows[:_TABLE_ROWS],
        room=room,
        called=lambda row: digest_words.called(spoken, row, room.upstream, briefly=room.is_brief),
        won=lambda row: digest_words.goals(spoken, row),
        history=_history(shown, language),
        bars=_bars(shown, spoken) if rows else [],
        bars_title=_bars_title(shown, spoken),
        sections=packed.texts,
        drawn=_drawn(shown, spoken) if rows else "",
        questions=question_figures(shown.questions, language=language) if shown.questions else "",
        hidden_rows=max(0, len(rows) - _TABLE_ROWS),
        hidden_lines=len(rows) - packed.lines,
        **sentences(shown, spoken, reported=bool(rows)),
    )


def digest_detail(shown: Digest, *, language: str) -> Message:
    """Tell in the digest's thread what has no room in it: norms, intervals, verdicts, notes and ratings."""
    spoken = language_of(language)
    story = shown.story or ChainStory()
    judged = [row for row in shown.rows if row.kpi.value is not None and (row.call or row.conversion is not None)]
    parts = {
        "numbers": [digest_words.detail(spoken, row) for row in judged],
        "links": [
            f"• {chain_words.link_name(link.source, link.target, 50)} · {chain_words.link_fact(spoken, link)}"
            for link in story.links
        ],
        "untold": [f"• {digest_words.untold(spoken, one)}" for one in story.untold],
        "remarks": [said for row in shown.rows if (said := digest_words.remark(spoken, row))],
        "passes": [digest_words.rated(spoken, one) for one in shown.passes],
    }
    room, packed, hidden = _DETAIL_ROOM, {}, 0
    for name, lines in parts.items():
        fitted = pack(lines, room=room)
        room -= fitted.characters
        hidden += len(lines) - fitted.lines
        packed[name] = list(fitted.texts)
    return environment.message("digest_detail", language, digest=shown, hidden=hidden, **packed)


def digest_change(changes: DigestChanges, *, language: str) -> Message:
    """Tell in the digest's thread which values are others than it said."""
    return environment.message("digest_change", language, period=changes.period, said=_changed(changes, language))


def digest_moved(changes: DigestChanges, *, language: str) -> Message:
    """Tell which values of a week have changed, where its digest cannot be brought up to date any more."""
    return environment.message("digest_moved", language, changes=changes, said=_changed(changes, language))


def digest_discussion(shown: Discussion, *, language: str) -> Message:
    """Begin a week's discussion; the people whom its focus concerns are mentioned."""
    spoken = language_of(language)
    naming = Naming(spoken)
    people = naming.together([naming.mention(person) for person in shown.people])
    asked = digest_words.discussion(spoken, shown.focus, people, shown.period)
    focus = digest_words.focus(spoken, shown.focus)
    return environment.message("digest_discussion", language, asked=asked, focus=focus)


def discussion_there(period: str, link: str, *, language: str) -> Message:
    """Tell who would begin a week's discussion that there is one; `link` leads to it ("" when it is not known)."""
    return environment.message("discussion_there", language, period=period, link=link)


def sentences(shown: Digest, language: str, *, reported: bool) -> dict[str, Any]:
    """Give the sentences about the week; a week without numbers has none."""
    story = shown.story if reported else None
    marked = [row for row in shown.rows if row.kpi.confidence == _SHOUTED]
    remarks = [digest_words.remark(language, row, 150) for row in marked]
    return {
        "plan": digest_words.plan(language, story) if story else "",
        "focus": digest_words.focus(language, story.focus) if story else "",
        "vanity": [chain_words.vanity(language, one) for one in story.vanity[:_MOST_VANITY]] if story else [],
        "looked_back": chain_words.look_back(language, story.looked_back) if story and story.looked_back else "",
        "untold": [digest_words.untold(language, one) for one in story.untold[:_MOST_UNTOLD]] if story else [],
        "more_untold": max(0, len(story.untold) - _MOST_UNTOLD) if story else 0,
        "remarks": remarks[:_MOST_REMARKS],
        "passes": digest_words.passes(language, shown.passes),
    }


def _line(row: DigestRow, language: str) -> str:
    """Write a row of the table as a line of the older blocks."""
    formats, naming = Formats(language), Naming(language)
    gettext, _ = speech(language)
    said = [f"• *{mrkdwn(row.kpi.name, 80)}*  {environment.sayings(language).result(row)}"]
    if row.kpi.target is not None:
        said.append(gettext("target %(target)s", target=formats.target(row.kpi)))
    if row.change is not None:
        said.append(formats.delta(row.change))
    if (through := digest_words.called(language, row)) != "–":
        said.append(mrkdwn(through, 120))
    if row.goals is not None:
        said.append(gettext("%(goals)s in goals", goals=digest_words.goals(language, row)))
    if row.owner is not None:
        away = f" ({gettext('away')})" if row.away else ""
        said.append(naming.named(row.owner, 60) + away)
    return " · ".join(said)


def _bars(shown: Digest, language: str) -> list[tuple[str, float]]:
    """Give what each link won or lost as the chart's bars, each name once; past 20 the least ones are one bar."""
    gettext, _ = speech(language)
    story = shown.story
    if story is None or story.total is None:
        return []
    told = [(row.kpi.name, row.goals) for row in shown.rows if row.goals is not None]
    rest = [(gettext("Earlier weeks"), story.earlier), (gettext("Not told apart"), story.unattributed)]
    ends = [(name, goals) for name, goals in rest if abs(goals) >= _NO_BAR]
    room = _BARS - len(ends)
    if len(told) > room:
        kept = set(sorted(range(len(told)), key=lambda place: -abs(told[place][1]))[: room - 1])
        others = sum(goals for place, (_, goals) in enumerate(told) if place not in kept)
        told = [one for place, one in enumerate(told) if place in kept]
        ends.insert(0, (gettext("All others"), others))
    bars: dict[str, float] = {}
    for name, goals in [*told, *ends]:
        bars[_unused(plain(name, _LABEL), bars)] = round(goals, 2) + 0.0
    return list(bars.items())


def _unused(label: str, taken: dict[str, float]) -> str:
    number, found = 2, label
    while found in taken:
        found = f"{cut(label, _LABEL - 3)} {number}"
        number += 1
    return found


def _bars_title(shown: Digest, language: str) -> str:
    gettext, _ = speech(language)
    goal = shown.story.goal.name if shown.story and shown.story.goal else ""
    return cut(gettext("%(goal)s won or lost by each link", goal=plain(goal, 24)), 50)


def _changed(changes: DigestChanges, language: str) -> str:
    gettext, _ = speech(language_of(language))
    said = [digest_words.change(language, one) for one in changes.changes[:_MOST_CHANGES]]
    hidden = len(changes.changes) - len(said)
    return " · ".join([*said, gettext("%(number)s more", number=hidden)] if hidden > 0 else said)


def is_reported(shown: Digest) -> bool:
    """Tell whether a week has any number."""
    return any(row.kpi.value is not None for row in shown.rows)


def headings_of(language: str) -> list[str]:
    """Give what the columns of the digest are called."""
    gettext = translations(language).gettext
    return [
        gettext("Link"),
        gettext("Owner"),
        gettext("Result"),
        gettext("Target"),
        gettext("Trend"),
        gettext("Conversion"),
        gettext("Won or lost"),
    ]


def _history(shown: Digest, language: str) -> list[tuple[str, Decimal]]:
    """Give the goal's last weeks as the chart's points, each week once; none without a goal to name them by."""
    if shown.goal is None:
        return []
    formats = Formats(language_of(language))
    finite = [(week, value) for week, value in shown.history if value.is_finite()]
    points = {cut(plain(formats.weeklabel(week), 20), 20): value for week, value in finite[-_CHART_POINTS:]}
    return list(points.items())


def _drawn(shown: Digest, language: str) -> str:
    """Draw the goal's weeks with characters, for the older blocks."""
    course = sparkline([value for _, value in shown.history[-_CHART_POINTS:]])
    goal = shown.goal
    if not course or goal is None:
        return ""
    formats = Formats(language)
    first, last = (formats.weeklabel(shown.history[-_CHART_POINTS:][place][0]) for place in (0, -1))
    return f"{mrkdwn(goal.kpi.name, 60)}  {first} {course} {last}"
