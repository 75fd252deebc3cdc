"""Content about the life of a team, of four kinds. See `tests.messages.content`."""

from datetime import date

from messages.done import SENTENCES
from messages.life_content import (
    AuditLine,
    AuditLog,
    AwayState,
    Departure,
    Done,
    Health,
    HealthLine,
    History,
    HistoryEntry,
    LeaveQuestion,
)
from tests.messages.content import MONDAY_10, Content

DAY = date(2026, 12, 24)
ENDINGS = ("handed_over", "stepped_down", "forced", "left", "archived", "applied", "")
RESULTS = ("accepted", "declined", "withdrawn", "expired", "offered")


def every_done(content: Content) -> list[Done]:
    """Give each sentence with values for all that it may speak of."""
    values = {
        "deputy": content.person,
        "owner": content.person,
        "person": content.person,
        "hat": content.hat,
        "hats": list(content.hats()),
        "day": DAY,
        "team": content.text("North"),
        "kpi": content.hat,
        "upstream": content.hat,
        "downstream": content.hat,
        "num": 6,
        "phrase": content.text("the news"),
        "token": content.hat,
        "host": content.text("docs.google.com"),
        "people": [content.person],
    }
    return [Done(name, values) for name in SENTENCES]


def away_states(content: Content) -> list[AwayState]:
    hats = tuple((hat, content.person if index % 2 else None) for index, hat in enumerate(content.hats()))
    return [AwayState(None, hats), AwayState(DAY, hats), AwayState(DAY, hats, new=True)]


def departures(content: Content) -> list[Departure]:
    return [
        Departure(content.text("North"), content.person, how, content.hats())
        for how in ("left", "removed", "deactivated", "guest")
    ]


def leave_questions(content: Content) -> list[LeaveQuestion]:
    return [LeaveQuestion(content.text("North"), "1", content.hats(), who) for who in (None, content.person)]


def history(content: Content) -> History:
    person, reason = content.person, content.text("She knows it best")
    entries = [
        *(HistoryEntry("owned", DAY, DAY, person, how=how, reason=reason) for how in ENDINGS),
        HistoryEntry("owned", DAY, None, person),
        HistoryEntry("vacant", DAY, DAY),
        *(HistoryEntry("proposal", DAY, person=person, other=person, how=how) for how in RESULTS),
        HistoryEntry("terms", DAY, person=None, other=None, how="accepted"),
        *(
            HistoryEntry("target", DAY, kpi=content.text("Leads"), before=before, after=content.kpi(1), week=week)
            for before, week in ((None, content.period), (content.kpi(1), ""))
        ),
    ]
    shown = entries * len(content.some(1, huge=20))
    return History(content.hat, tuple(shown), "email-nurturing:1" if shown else "")


def health(content: Content) -> Health:
    kinds = {
        "review": "review_ask",
        "shared": "volunteers_ask",
        "vacant": "propose_open",
        "overloaded": "hat_ask",
        "unworn": "propose_open",
    }
    lines = [
        HealthLine(kind, action, "email-nurturing", content.hat, content.person, 4, on, asked=0 if on else 3)
        for kind, action in kinds.items()
        for on in (DAY, None)
    ]
    return Health(content.text("North"), tuple(lines * len(content.some(1, huge=30))))


def audit_log(content: Content) -> AuditLog:
    text = content.text("Email nurturing")
    changes = tuple((text, text, text) for _ in content.some(2, huge=40))
    lines = [AuditLine(MONDAY_10, content.person, text, text, changes, text) for _ in content.some(3, huge=30)]
    return AuditLog(content.text("North"), tuple(lines), "1" if lines else "")
