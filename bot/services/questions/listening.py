"""Listening: who-owns questions in channels, mentions and direct messages find their answer.

1. `recognise` decides from the words alone whether somebody asks. Nearly every message ends here, without a query.
2. The channel's mode decides who sees an answer: everybody in the thread, the asker only, or nobody unless mentioned.
3. A question about no hat of the team is nobody's business, unless the bot was addressed. What is only pointed at is
   looked for in the message that the thread began with.
4. An answer is owed as a delivery named after the message, so it is given once however often Slack tells of it.
5. What only the asker sees is no delivery, for nobody could look it up afterwards. The message is held while it is
   said, and what was not said in time, because the process ended, is for whoever hears of the message next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.errors import Refused
from bot.domain.naming import Found, Match, Several
from bot.domain.own_words import own_words
from bot.domain.questions import WhoQuestion, recognise
from bot.services.hats.hats import Choices, Unknown, card, names
from bot.services.questions.heard import OLDEST, Heard, take_up
from bot.services.questions.topics import TopicDirectory
from bot.services.sending.letters import Composer, Occasion, Reply, Unneeded
from bot.services.workspaces import authority
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate
from messages import catalog
from messages.content import HatCard, Message
from storage import Session, Sessions, audits, deliveries, hats, hearing, members
from storage.hearing import Hold

THREAD_ANSWER: Final = "thread_answer"
REMEMBERED: Final = timedelta(days=1)
MOST_CHOICES: Final = 3
LONGEST_ABOUT: Final = 40


Parent = Callable[[], str | None]


class Mode(StrEnum):
    """How the bot listens in a channel."""

    ANSWER = "answer"
    OFFER = "offer"
    MENTIONS = "mentions"


@dataclass(frozen=True)
class Whisper:
    """An answer for the asker's eyes only; `finished` is to be told once it is said."""

    content: HatCard | Choices | Unknown


def hear(
    sessions: Sessions, topics: TopicDirectory, heard: Heard, *, now: datetime, parent: Parent = lambda: None
) -> Answer[Whisper | None] | None:
    """Answer a who-owns question.

    Args:
        sessions: The database.
        topics: What each team's hats can be asked about.
        heard: The message.
        now: The present.
        parent: Asks Slack for the message that the thread began with; called only when a question in a thread points
            at something (`who owns this?`), before anything is locked.

    Returns:
        None when it was none, or not for the bot; an answer to whisper; or an answer of None, when one is owed to the
        thread.

    Raises:
        StillBusyError: When somebody is whispering it just now.
    """
    question = recognise(heard.text, addressed=heard.addressed)
    if question is None or _is_old(heard.ts, now):
        return None
    pointed = parent() or "" if question.deictic and heard.thread_ts not in (None, heard.ts) else ""
    try:
        with sessions.write() as session:
            return _answer(session, topics, heard, question, own_words(pointed), now)
    except Refused:
        # No team, or several: nobody asked for a lecture about that in the middle of a conversation.
        return None


def how(sessions: Sessions, asker: Asker) -> Answer[Mode]:
    """Tell how the bot listens in the asker's channel."""
    with sessions.read() as session:
        scene = locate(session, asker)
        return Answer(scene.language, _mode(session, scene, asker.channel or ""))


def listen(sessions: Sessions, asker: Asker, mode: Mode, *, now: datetime) -> Answer[Mode]:
    """Set how the bot listens in the asker's channel.

    Raises:
        Refused: `not_a_member`, for somebody who does not play in the team.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            authority.player(session, scene, asker.user)
            channel = asker.channel or ""
            before = _mode(session, scene, channel)
            hearing.set_mode(session, scene.workspace_id, scene.team_id, channel, mode, now=now)
            audits.add(
                session,
                workspace_id=scene.workspace_id,
                team_id=scene.team_id,
                actor=asker.user,
                action="channel.listening",
                subject=channel,
                now=now,
                before={"mode": before},
                after={"mode": mode},
            )
            return Answer(scene.language, mode)


def forget_old_events(sessions: Sessions, now: datetime) -> None:
    """Forget events that Slack will not send again: a chore."""
    with sessions.read() as session:
        if not hearing.has_seen(session, before=now - REMEMBERED):
            return
    with sessions.write() as session:
        hearing.forget_seen(session, before=now - REMEMBERED)


def _answer(
    session: Session, topics: TopicDirectory, heard: Heard, question: WhoQuestion, pointed: str, now: datetime
) -> Answer[Whisper | None] | None:
    scene = locate(session, heard.asker)
    mode = Mode.ANSWER if heard.direct else _mode(session, scene, heard.asker.channel or "")
    member = members.by_slack_id(session, scene.workspace_id, heard.asker.user)
    if (mode is Mode.MENTIONS and not heard.addressed) or (member and (member.is_bot or member.is_stranger)):
        return None
    index = topics.of(session, scene.team_id, scene.directory_version)
    ids = _meant(index.find_asked(question)) or (_meant(index.mentioned(pointed)) if pointed else ())
    if ids and (heard.direct or mode is Mode.ANSWER or (heard.mentioned and mode is Mode.MENTIONS)):
        _owe(session, scene, heard, ids, now)
        return Answer(scene.language, None)
    if not ids and not heard.addressed:
        return None
    content = _content(session, scene, ids, question.topic, now)
    if content is None or take_up(session, scene.workspace_id, heard, now=now) is Hold.DONE:
        return None
    return Answer(scene.language, Whisper(content))


def _owe(session: Session, scene: Scene, heard: Heard, ids: tuple[int, ...], now: datetime) -> None:
    deliveries.owe_news(
        session,
        workspace_id=scene.workspace_id,
        team_id=scene.team_id,
        kind=THREAD_ANSWER,
        recipient=heard.asker.channel or "",
        about=_about(heard, ids),
        now=now,
    )


def _about(heard: Heard, ids: tuple[int, ...]) -> str:
    """Name an answer: the message, its thread's first one and the hats that are meant, in at most 40 characters."""
    asked, root = (_packed(ts) for ts in (heard.ts, heard.thread_ts or heard.ts))
    while len(ids) > 1 and len(f"{asked} {root} {'+'.join(map(str, ids))}") > LONGEST_ABOUT:
        ids = ids[:-1]
    return f"{asked} {root} {'+'.join(map(str, ids))}"


def _packed(ts: str) -> str:
    return format(int(ts.replace(".", "")), "x")


def _unpacked(packed: str) -> str:
    digits = str(int(packed, 16))
    return f"{digits[:-6]}.{digits[-6:]}"


def _content(
    session: Session, scene: Scene, ids: tuple[int, ...], topic: str, now: datetime
) -> HatCard | Choices | Unknown | None:
    rows = [row for row in (hats.one(session, scene.team_id, hat_id) for hat_id in ids) if row]
    if len(rows) == 1:
        return card(session, scene, rows[0], on=now.date(), now=now)
    if rows:
        return Choices(topic, names(rows))
    return Unknown(topic, ()) if topic else None


def _meant(match: Match) -> tuple[int, ...]:
    if isinstance(match, Found):
        return (match.hat_id,)
    return match.hat_ids[:MOST_CHOICES] if isinstance(match, Several) else ()


def _mode(session: Session, scene: Scene, channel: str) -> Mode:
    return Mode(hearing.mode(session, scene.workspace_id, channel) or Mode.MENTIONS)


def _is_old(ts: str, now: datetime) -> bool:
    try:
        return now.timestamp() - float(ts) > OLDEST.total_seconds()
    except ValueError:
        return True


def _thread_answer(occasion: Occasion) -> Message | Reply | Unneeded:
    _, root, ids = occasion.claimed.period.split(" ")
    team = occasion.team
    scene = Scene(team.workspace_id, team.id or 0, team.name, team.directory_version, None, team.locale)
    meant = tuple(int(hat_id) for hat_id in ids.split("+"))
    content = _content(occasion.session, scene, meant, "", occasion.now)
    if content is None or isinstance(content, Unknown):
        return Unneeded("the hat is gone")
    message = (
        catalog.hat_card(content, language=team.locale)
        if isinstance(content, HatCard)
        else catalog.hat_choices(content.query, content.hats, language=team.locale)
    )
    return message if occasion.claimed.recipient.startswith("D") else Reply(message, _unpacked(root))


COMPOSERS: dict[str, Composer] = {THREAD_ANSWER: _thread_answer}
