"""How KPIs have gone, of each kind."""

from dataclasses import replace

from messages.course_content import Course, CoursePoint, Courses
from tests.messages.content import Content


def course(content: Content, number: int) -> Course:
    kpi = content.kpi(number)
    weeks = [f"2026-W{week}" for week in range(36, 49)] if content.kind != "hostile" else ["<!here>", "2026-W48"]
    points = tuple(CoursePoint(week, kpi.value, kpi.target, kpi.target) for week in weeks if kpi.value is not None)
    return Course(
        kpi=replace(kpi, comparator="between", upper=kpi.target),
        points=points,
        cadence=("weekly", "monthly", "<!never")[number % 3],
        shown_as=("value", "cumulative", "average", "<!here")[number % 4],
        formula=content.text("Deals / Meetings") if number % 2 else "",
        status=("ahead", "on_target", "near", "behind", None)[number % 5] if points else None,
        gap=kpi.value,
        streak=number,
        best=(weeks[number % len(weeks)], kpi.value) if kpi.value is not None else None,
    )


def all_courses(content: Content) -> list[Courses]:
    some = tuple(course(content, number) for number in content.some(3, huge=20))
    bare = tuple(replace(one, points=(), best=None, kpi=replace(one.kpi, value=None)) for one in some)
    shown = Courses(content.text("North"), some, content.hat, left_out=len(content.some(1)))
    return [shown, replace(shown, hat=None), replace(shown, courses=()), replace(shown, courses=bare)]
