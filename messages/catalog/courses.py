"""How KPIs have gone over a quarter: a chart each, the last value, and what is worth being glad of."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from messages import environment
from messages.content import Message
from messages.course_content import Course, Courses
from messages.escaping import cut, mrkdwn, plain
from messages.formats import Formats
from messages.i18n import N_, language_of, translations
from messages.sparkline import sparkline

MOST_CHARTS: Final = 2  # Slack takes no more in one message
_FEWEST_POINTS = 2
_STREAK_FROM = 2
_IN_A_ROW: Final = {
    2: N_("Second week in a row at target."),
    3: N_("Third week in a row at target."),
    4: N_("Fourth week in a row at target."),
    5: N_("Fifth week in a row at target."),
    6: N_("Sixth week in a row at target."),
}
_SHOWN_AS: Final = {
    "cumulative": N_("added up since the year began"),
    "average": N_("average of 13 weeks"),
}
Points = list[tuple[str, Decimal]]


@dataclass(frozen=True)
class _Line:
    """One KPI as it is laid out; `chart` are the series by name, `drawn` the same in characters."""

    slug: str
    title: str
    text: str
    drawn: str
    weeks: list[str]
    chart: list[tuple[str, Points]]
    offers_chart: bool


def kpi_courses(shown: Courses, *, language: str) -> Message:
    """Show how KPIs go: the first ones with their charts, the others with a button that shows theirs."""
    spoken = language_of(language)
    lines, charts = [], 0
    for course in shown.courses:
        line = _line(course, spoken, charted=charts < MOST_CHARTS)
        charts += bool(line.chart)
        lines.append(line)
    sentence = environment.text("kpi_courses", spoken, shown=shown)
    return environment.message("kpi_courses", spoken, shown=shown, sentence=sentence, lines=lines)


def _line(course: Course, language: str, *, charted: bool) -> _Line:
    formats, gettext = Formats(language), translations(language).gettext
    points = {cut(plain(formats.weeklabel(point.week), 20), 20): point for point in course.points}
    enough = len(points) >= _FEWEST_POINTS
    seen_as = gettext(_SHOWN_AS[course.shown_as]) if course.shown_as in _SHOWN_AS else ""
    title = plain(course.kpi.name, 30) + (f" · {seen_as}" if seen_as else "")
    bars = sparkline([point.value for point in course.points])
    weeks = f"{next(iter(points))} – {list(points)[-1]}" if enough else ""
    return _Line(
        slug=course.kpi.slug,
        title=cut(title, 50),
        text=_told(course, formats, language),
        drawn=mrkdwn(f"{bars}  {weeks}" + (f" · {seen_as}" if seen_as else ""), 150) if bars else "",
        weeks=list(points),
        chart=_series(course, list(points), language) if enough and charted else [],
        offers_chart=enough and not charted,
    )


def _series(course: Course, named: list[str], language: str) -> list[tuple[str, Points]]:
    gettext = translations(language).gettext
    points = course.points[-len(named) :]
    ranged = any(point.upper is not None for point in points)
    series: list[tuple[str, Points]] = [(gettext("Result"), [(n, p.value) for n, p in zip(named, points, strict=True)])]
    # Slack wants a value for every week: a line is left out when there was no target in one of them.
    for name, ends in (
        (gettext("Target from") if ranged else gettext("Target"), [point.target for point in points]),
        (gettext("Target to"), [point.upper for point in points]),
    ):
        line = [(label, end) for label, end in zip(named, ends, strict=True) if end is not None]
        if len(line) == len(named):
            series.append((name, line))
    return series


def _told(course: Course, formats: Formats, language: str) -> str:
    """Say a KPI's last value, how it stands, and what is worth being glad of."""
    gettext, kpi = translations(language).gettext, course.kpi
    name = f"*{mrkdwn(kpi.name, 100)}*"
    if kpi.value is None or not kpi.period:
        target = "" if kpi.target is None else " · " + gettext("target %(target)s") % {"target": formats.target(kpi)}
        return f"{name}  {gettext('no number yet')}{target}{_computed(course, language)}"
    parts = [f"{name}  {formats.value(kpi)}", mrkdwn(formats.weekname(kpi.period), 40)]
    if kpi.target is not None:
        parts.append(gettext("target %(target)s") % {"target": formats.target(kpi)})
        parts.append(_standing(course, formats, language))
    glad = " ".join(filter(None, (_streak(course, language), _best(course, formats, language))))
    return " · ".join(filter(None, parts)) + _computed(course, language) + (f"\n{glad}" if glad else "")


def _standing(course: Course, formats: Formats, language: str) -> str:
    gettext = translations(language).gettext
    if course.status == "ahead":
        return gettext("ahead of it ✓")
    if course.status == "on_target":
        return gettext("reached ✓")
    if course.gap is None or not course.gap.is_finite():
        return ""
    away = formats.amount(course.gap, course.kpi)
    sentence = gettext("close: %(gap)s from it") if course.status == "near" else gettext("%(gap)s from it")
    return sentence % {"gap": away}


def _streak(course: Course, language: str) -> str:
    spoken, count = translations(language), course.streak
    if count < _STREAK_FROM:
        return ""
    if course.cadence == "weekly" and count in _IN_A_ROW:
        return spoken.gettext(_IN_A_ROW[count])
    if course.cadence == "weekly":
        return spoken.gettext("%(num)s weeks in a row at target.") % {"num": count}
    return spoken.gettext("%(num)s times in a row at target.") % {"num": count}


def _best(course: Course, formats: Formats, language: str) -> str:
    gettext = translations(language).gettext
    if course.best is None:
        return ""
    week, value = course.best
    if week == course.kpi.period:
        return gettext("This is the best so far!")
    best = {"value": formats.amount(value, course.kpi), "week": mrkdwn(formats.weekname(week), 40)}
    return gettext("Best so far: %(value)s in %(week)s.") % best


def _computed(course: Course, language: str) -> str:
    if not course.formula:
        return ""
    said = translations(language).gettext("computed: %(formula)s") % {"formula": mrkdwn(course.formula, 200)}
    return f" · {said}"
