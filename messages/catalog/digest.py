"""The Monday digest: in Slack's newest blocks, in older ones, and as text for a terminal."""

import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from messages import environment
from messages.catalog.question_lists import question_figures
from messages.content import Digest, DigestRow, Message
from messages.escaping import cut, plain
from messages.formats import Formats
from messages.i18n import language_of, translations
from messages.packing import pack
from messages.people import Naming

_TABLE_ROWS = 100
_CHART_POINTS = 13
_NAME, _OWNER, _CONVERSION = 0, 1, 5  # columns of the terminal's table that may be shortened
_NUMBERS = frozenset({2, 3, 4})
_SHORTEST = 12  # characters that a shortened column keeps
_GAP = 2
_LINES_ROOM = 7_500  # characters of the older blocks' lines


class _Room(NamedTuple):
    """Characters for each cell, so that all cells together hold at most 10,000."""

    name: int
    owner: int
    number: int
    upstream: int


_WIDE, _NARROW = _Room(60, 40, 22, 40), _Room(18, 15, 14, 10)
_NARROW_FROM = 40  # rows


def digest(shown: Digest, *, language: str) -> Message:
    """Tell a team how each link of its chain performed; people are named without a ping."""
    say = environment.sayings(language)
    rows = shown.rows if _reported(shown) else ()
    packed = pack((str(say.digest_line(row)) for row in rows), room=_LINES_ROOM)
    return environment.message(
        "digest",
        language,
        digest=shown,
        reported=bool(rows),
        headings=_headings(language),
        rows=rows[:_TABLE_ROWS],
        room=_WIDE if len(rows) <= _NARROW_FROM else _NARROW,
        history=_history(shown, language),
        sections=packed.texts,
        questions=question_figures(shown.questions, language=language) if shown.questions else "",
        hidden_rows=max(0, len(rows) - _TABLE_ROWS),
        hidden_lines=len(rows) - packed.lines,
    )


def digest_text(shown: Digest, *, language: str, width: int = 100) -> str:
    """Write the digest as aligned columns for a terminal of `width` characters; nothing in it is escaped."""
    spoken = language_of(language)
    formats, naming, say = Formats(spoken), Naming(spoken), environment.sayings(language)
    parts = [f"{say.plain_title(shown)} · {formats.daterange(shown.first_day, shown.last_day)}"]
    if not _reported(shown):
        parts.append(str(say.unreported(shown.period)))
    elif shown.goal and shown.goal.kpi.value is not None:
        goal = f"{plain(shown.goal.kpi.name, 100)}: {formats.value(shown.goal.kpi)}"
        parts.append(" · ".join(filter(None, (goal, str(say.against(shown.goal.kpi, shown.goal.change))))))
    if shown.rows:
        table = [_headings(language), *(_cells(row, formats, say) for row in shown.rows)]
        parts.append("\n".join(_aligned(table, width)))
    if shown.questions:
        said = question_figures(shown.questions, language=language)
        parts.append(f"{translations(language).gettext('Questions')}: {said}")
    parts += _owed(shown, naming, translations(language).gettext)
    return "\n\n".join(parts)


def _reported(shown: Digest) -> bool:
    return any(row.kpi.value is not None for row in shown.rows)


def _headings(language: str) -> list[str]:
    gettext = translations(language).gettext
    return [
        gettext("Link"),
        gettext("Owner"),
        gettext("Result"),
        gettext("Target"),
        gettext("Trend"),
        gettext("Conversion"),
    ]


def _history(shown: Digest, language: str) -> list[tuple[str, Decimal]]:
    """Give the goal's last weeks as the chart's points, each week once; none without a goal to name them by."""
    if shown.goal is None:
        return []
    formats = Formats(language_of(language))
    finite = [(week, value) for week, value in shown.history if value.is_finite()]
    points = {cut(plain(formats.weeklabel(week), 20), 20): value for week, value in finite[-_CHART_POINTS:]}
    return list(points.items())


def _cells(row: DigestRow, formats: Formats, say: Any) -> list[str]:
    return [
        plain(row.kpi.name, _WIDE.name),
        str(say.owner_cell(row, _WIDE.owner)),
        formats.value(row.kpi),
        formats.target(row.kpi),
        formats.delta(row.change),
        str(say.conversion(row, _WIDE.upstream)),
    ]


def _aligned(table: list[list[str]], width: int) -> list[str]:
    """Set rows in columns: texts to the left, numbers to the right; names give way when the lines are too long."""
    widths = [max(_columns(cell) for cell in column) for column in zip(*table, strict=True)]
    excess = sum(widths) + _GAP * (len(widths) - 1) - width
    for column in (_CONVERSION, _NAME, _OWNER):
        given = min(max(0, excess), max(0, widths[column] - _SHORTEST))
        widths[column] -= given
        excess -= given
    lines = (
        [_set(cell, room, column) for column, (cell, room) in enumerate(zip(row, widths, strict=True))] for row in table
    )
    return ["  ".join(line).rstrip() for line in lines]


def _set(cell: str, room: int, column: int) -> str:
    shown = cut(cell, room)
    padding = " " * (room - _columns(shown))
    return padding + shown if column in _NUMBERS else shown + padding


def _columns(text: str) -> int:
    """Count the terminal columns of a text: wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _owed(shown: Digest, naming: Naming, gettext: Callable[[str], str]) -> list[str]:
    owed = []
    awaited, vacant = gettext("Still to come"), gettext("Hats without an owner")
    if shown.missing:
        people = (_owing(naming.plainly(person), names) for person, names in shown.missing)
        owed.append(f"{awaited}: {', '.join(people)}")
    if shown.skipped:
        people = (_owing(naming.plainly(person), (why,) if why else ()) for person, why in shown.skipped)
        owed.append(f"{gettext('Nothing this week')}: {', '.join(people)}")
    if shown.vacant:
        owed.append(f"{vacant}: {', '.join(plain(hat.name, 60) for hat in shown.vacant)}")
    return owed


def _owing(person: str, names: tuple[str, ...]) -> str:
    return f"{person} ({', '.join(plain(name, 60) for name in names)})" if names else person
