"""What a team's questions tell, week by week: for the digest, the owners' homes and the health of its hats."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.period import Period
from bot.domain.question_learning import AskedQuestion, Lesson, lesson, lessons_by_hat
from bot.domain.working_time import WorkingWeek, working_hours_between
from bot.domain.zones import zone_of
from bot.services.questions.question_routes import working_week
from messages.content import HatName, HatQuestions, QuestionFigures
from storage import Session, question_lists
from storage.hats import HatRow
from storage.question_lists import AskedRow
from storage.tables import Team

WEEKS: Final = 4


def figures_of_week(session: Session, team: Team, period: Period) -> QuestionFigures | None:
    """Return what the questions of a week tell, in one query; None when there were none."""
    asked = _asked(session, team, period, period)
    return _figures(lesson(one for _, one in asked)) if asked else None


def figures_of_hats(session: Session, team: Team, hats: Sequence[HatRow], *, now: datetime) -> tuple[HatQuestions, ...]:
    """Return what the questions about some hats told in the last four weeks, this one included, latest first."""
    week = Period.of(now.astimezone(ZoneInfo(team.timezone)))
    by_week: dict[Period, list[AskedQuestion]] = defaultdict(list)
    for period, one in _asked(session, team, week.shift(1 - WEEKS), week, {hat.id for hat in hats}) if hats else ():
        by_week[period].append(one)
    lessons = {period: lessons_by_hat(asked) for period, asked in by_week.items()}
    latest = sorted(lessons, reverse=True)
    told = [
        (hat, tuple((str(week), _figures(lessons[week][hat.id])) for week in latest if hat.id in lessons[week]))
        for hat in hats
    ]
    return tuple(HatQuestions(HatName(hat.slug, hat.name), weeks) for hat, weeks in told if weeks)


def asked_lately(session: Session, team: Team, *, now: datetime) -> dict[int, int]:
    """Return how many questions there were about each hat in the last four weeks, this one included."""
    week = Period.of(now.astimezone(ZoneInfo(team.timezone)))
    return Counter(one.hat_id for _, one in _asked(session, team, week.shift(1 - WEEKS), week))


def _asked(
    session: Session, team: Team, first: Period, last: Period, hat_ids: Collection[int] | None = None
) -> list[tuple[Period, AskedQuestion]]:
    """Read the questions of some weeks on the team's clock, each with its week."""
    zone = ZoneInfo(team.timezone)
    since, until = (
        datetime.combine(period.monday, time(), tzinfo=zone).astimezone(UTC) for period in (first, last.shift(1))
    )
    rows = question_lists.asked_between(session, team.id or 0, since=since, until=until, hat_ids=hat_ids)
    week = working_week(team) if rows else None
    return [(Period.of(row.asked_at.astimezone(zone)), _question(row, team, week)) for row in rows if week]


def _question(row: AskedRow, team: Team, week: WorkingWeek) -> AskedQuestion:
    zone, answered = str(zone_of(row.timezone, team.timezone)), row.first_answered_at
    hours = working_hours_between(row.asked_at, answered, zone, week) if answered else None
    return AskedQuestion(row.hat_id, row.hops, hours)


def _figures(told: Lesson) -> QuestionFigures:
    return QuestionFigures(told.asked, told.answered, told.right_first, told.hours)
