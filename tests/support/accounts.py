"""The accounts after a soak: what is in Slack against what the database says, and what people were told."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.domain.backoff import LONGEST
from bot.domain.schedule import Kind
from bot.services.agreements import agreement_news
from bot.services.digests import digest_news
from bot.services.questions import question_news
from storage import Sessions
from storage.tables import Answer, Assignment, Delivery, Hat, Proposal, Question, Reading, ReadingVersion
from tests.support.database import opened
from tests.support.integrity import integrity
from tests.support.ledger import Ledger
from tests.support.world import World, spoken

Json = dict[str, Any]
# Kinds that change a message that is there already, and post none.
AMENDING = frozenset(
    {agreement_news.OFFER_CLOSED, question_news.AMENDED, digest_news.UPDATE, digest_news.DETAIL_UPDATE}
)
DONE = ("sent", "skipped")
# More than any pause before something is tried again.
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Accounts:
    """What was found; `figures` are counts, `problems` sentences. A run without problems lost and doubled nothing."""

    figures: dict[str, int]
    problems: list[str]


def open_deliveries(sessions: Sessions, now: datetime) -> int:
    """Return how many deliveries are claimed by somebody, due now, or due again after a pause."""
    with sessions.read() as session:
        rows = session.exec(select(Delivery.state, Delivery.not_before)).all()
    return sum(state == "claimed" or (state == "due" and not_before <= now + LONGEST) for state, not_before in rows)


def planned(sessions: Sessions, kind: Kind, period: str) -> bool:
    """Tell whether any replica has planned messages of a kind about a week."""
    with sessions.read() as session:
        return (
            session.exec(select(Delivery.id).where(Delivery.kind == kind, Delivery.period == period)).first()
            is not None
        )


def settle_up(
    world: World, ledger: Ledger, *, weeks: list[str], always: tuple[str, ...], before: Counter[int]
) -> Accounts:
    """Compare Slack, the database and the ledger, once nobody acts and no bot runs.

    Args:
        world: Where it happened.
        ledger: What people were told.
        weeks: Every week whose digest must have come.
        always: Slack's ids of those who owned hats with KPIs in all of them: they must have been asked.
        before: What `assigned` said when the run began.
    """
    posted = _posted(world)
    keys = Counter(m["metadata"]["event_payload"]["key"] for m in posted if m.get("metadata"))
    with opened(world.database_url) as sessions, sessions.read() as session:
        rows = session.exec(select(Delivery)).all()
        problems = [
            *_doubled(keys),
            *_lost(rows, keys, {(m["channel"], m["ts"]) for m in posted}),
            *_unfinished([row for row in rows if row.kind not in tuple(Kind) or row.period in weeks], world.now()),
            *_missing_weeks(rows, weeks, always),
            *_asked_too_often(rows, keys),
            *_readings(session, ledger),
            *_questions(session, ledger),
            *_answered_aloud(posted, ledger),
            *_assignments(session, posted, before),
            *integrity(session),
            *ledger.wrong,
        ]
        figures = {
            "deliveries": sum(row.state == "sent" for row in rows),
            "messages": sum(keys.values()),
            "doubled": sum(count - 1 for count in keys.values()),
            "lost": len(_lost(rows, keys, {(m["channel"], m["ts"]) for m in posted})),
            "there and recorded as skipped": sum(row.state == "skipped" and row.key in keys for row in rows),
            "found again": sum(row.attempts > 1 and row.state == "sent" for row in rows),
            "questions": len(session.exec(select(Question.id)).all()),
            "assignments": len(session.exec(select(Assignment.id)).all()),
            "hats passed on": (_assigned(session) - before).total(),
            "answered aloud": len(_replies(posted, ledger)),
            **ledger.counts,
        }
    return Accounts(figures, problems)


def _posted(world: World) -> list[Json]:
    """Return every message of the bot's that others than its reader alone could see."""
    workspace = world.playground.workspace()
    said = [m for c in workspace["channels"] for m in world.playground.messages(c["id"], ephemeral=False)]
    return [m for m in said if m["user"] == workspace["bot_user_id"]]


def _doubled(keys: Counter[str]) -> list[str]:
    return [f"the message {key} is there {count} times" for key, count in keys.items() if count > 1]


def _lost(rows: Any, keys: Counter[str], places: set[tuple[str, str]]) -> list[str]:
    lost = []
    for row in rows:
        known = (row.channel_id, row.message_ts) in places if row.kind in AMENDING else row.key in keys
        if row.state == "sent" and not known:
            lost.append(f"{row.kind} {row.period} to {row.recipient} is recorded as sent and is not there")
    return lost


def _unfinished(rows: Any, now: datetime) -> list[str]:
    return [
        f"{row.kind} {row.period} to {row.recipient} is {row.state}: {row.error}"
        for row in rows
        if row.state in {"claimed", "failed"}
        or (row.state == "due" and row.not_before <= now)
        or (row.state == "skipped" and "missed" in (row.error or ""))
    ]


def _missing_weeks(rows: Any, weeks: list[str], always: tuple[str, ...]) -> list[str]:
    done = {(row.kind, row.recipient, row.period): row.state for row in rows}
    missing = [
        f"{user} was not asked about {week}"
        for week in weeks
        for user in always
        if done.get((Kind.PROMPT, user, week)) not in DONE
    ]
    told = {row.period for row in rows if row.kind == Kind.DIGEST and row.state == "sent"}
    return missing + [f"there was no digest of {week}" for week in weeks if week not in told]


def _asked_too_often(rows: Any, keys: Counter[str]) -> list[str]:
    """Never more than two messages a week that ask one person about their week, counted in Slack."""
    asked: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row.slot is not None:
            asked[row.recipient, row.period] += keys.get(row.key, 0)
    return [f"{who} was asked {count} times about {week}" for (who, week), count in asked.items() if count > 2]


def _readings(session: Session, ledger: Ledger) -> list[str]:
    rows = {row.id: row for row in session.exec(select(Reading))}
    stored = {(row.kpi_id, row.period): int(row.value) for row in rows.values()}
    earlier = [(rows[one.reading_id], one.value) for one in session.exec(select(ReadingVersion))]
    known = {(row.kpi_id, row.period, int(value)) for row, value in earlier} | {(*key, v) for key, v in stored.items()}
    forgotten = [f"KPI {kpi} of {week} was {value}, and nothing tells" for kpi, week, value in ledger.taken - known]
    return forgotten + [
        f"KPI {key[0]} of {key[1]} is {stored.get(key)}, and people were told or sent {by_person}"
        for key, by_person in ledger.readings.items()
        if stored.get(key) not in {value for values in by_person.values() for value in values}
        and (key in stored or key in ledger.acknowledged)
    ]


def _questions(session: Session, ledger: Ledger) -> list[str]:
    asked = Counter(row.text for row in session.exec(select(Question)))
    answers = Counter(row.text for row in session.exec(select(Answer)))
    lost = [f"{said!r} was taken and is not there" for said in ledger.asked if not asked[said]]
    lost += [f"{said!r} was taken and is not there" for said in ledger.answered if not answers[said]]
    return lost + [f"{said!r} is there {n} times" for said, n in (asked + answers).items() if n > 1]


def _answered_aloud(posted: list[Json], ledger: Ledger) -> list[str]:
    return [f"{ts} was answered {count} times" for ts, count in _replies(posted, ledger).items() if count > 1]


def _replies(posted: list[Json], ledger: Ledger) -> Counter[str]:
    """Count the bot's messages under each one that asked in the channel who has a hat."""
    return Counter(m["thread_ts"] for m in posted if m.get("thread_ts") in ledger.aloud)


def assigned(sessions: Sessions) -> Counter[int]:
    """Return how often each hat has been assigned so far."""
    with sessions.read() as session:
        return _assigned(session)


def _assigned(session: Session) -> Counter[int]:
    return Counter(session.exec(select(Assignment.hat_id)).all())


def _assignments(session: Session, said: list[Json], before: Counter[int]) -> list[str]:
    """Each hat was assigned to those who said yes to it, in that order, and to all who read that it is theirs."""
    yes, owners = _by_hat(session, Proposal, "candidate_id"), _by_hat(session, Assignment, "member_id")
    agreed = Counter(
        hat.id
        for hat in session.exec(select(Hat))
        for message in said
        if all(part in spoken(message) for part in ("Agreed:", hat.name, "is yours."))
    )
    return [
        f"hat {hat}: {agreed[hat]} people read that it is theirs, {yes[hat]} accepted it, and then {owned} owned it"
        for hat in owners | yes
        if yes[hat] != (owned := owners[hat][before[hat] :]) or agreed[hat] > len(owned)
    ]


def _by_hat(session: Session, table: type[Proposal | Assignment], person: str) -> defaultdict[int, list[int]]:
    """Return who accepted, or owned, each hat, one after the other."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for row in session.exec(select(table).order_by(col(table.id))):
        if getattr(row, "state", "accepted") == "accepted":
            found[row.hat_id].append(getattr(row, person))
    return found
