"""The Monday digest as text for a terminal."""

import html
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from messages import digest_words, environment
from messages.catalog.digest import headings_of, is_reported, sentences
from messages.catalog.question_lists import question_figures
from messages.digest_content import Digest, DigestRow
from messages.escaping import cut, plain
from messages.formats import Formats
from messages.i18n import language_of, translations
from messages.people import Naming

_NAME, _OWNER, _CONVERSION = 0, 1, 5  # columns that may be shortened
_NUMBERS = frozenset({2, 3, 4, 6})
_SHORTEST = 12  # characters that a shortened column keeps
_GAP = 2
_NAMED: Final = 50  # characters of a name
_UPSTREAM: Final = 24


def digest_text(shown: Digest, *, language: str, width: int = 100) -> str:
    """Write the digest as aligned columns for a terminal of `width` characters; nothing in it is escaped."""
    spoken = language_of(language)
    formats, naming, say = Formats(spoken), Naming(spoken), environment.sayings(language)
    parts = [f"{say.plain_title(shown)} · {formats.daterange(shown.first_day, shown.last_day)}"]
    if not is_reported(shown):
        parts.append(digest_words.headline(spoken, shown))
    elif shown.goal and shown.goal.kpi.value is not None:
        goal = f"{plain(shown.goal.kpi.name, 100)}: {formats.value(shown.goal.kpi)}"
        parts.append(" · ".join(filter(None, (goal, str(say.against(shown.goal.kpi, shown.goal.change))))))
    if shown.rows:
        table = [headings_of(language), *(_cells(row, formats, say) for row in shown.rows)]
        parts.append("\n".join(_aligned(table, width)))
    parts += _plainly(shown, spoken)
    if shown.questions:
        said = question_figures(shown.questions, language=language)
        parts.append(f"{translations(language).gettext('Questions')}: {said}")
    parts += _owed(shown, naming, translations(language).gettext)
    return "\n\n".join(parts)


def _cells(row: DigestRow, formats: Formats, say: Any) -> list[str]:
    return [
        plain(row.kpi.name, _NAMED),
        str(say.owner_cell(row, _NAMED)),
        formats.value(row.kpi),
        formats.target(row.kpi),
        formats.delta(row.change),
        digest_words.called(formats.language, row, _UPSTREAM, briefly=True),
        digest_words.goals(formats.language, row),
    ]


def _plainly(shown: Digest, language: str) -> list[str]:
    """Give the sentences about the chain without their marks."""
    told = sentences(shown, language, reported=is_reported(shown))
    said = [told["plan"], told["focus"], *told["vanity"], told["looked_back"], *told["untold"], *told["remarks"]]
    return [plain(html.unescape(one.replace("*", "")), 2000) for one in said if one]


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
