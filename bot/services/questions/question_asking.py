"""Asking a hat's owner. Where nobody owns it, its natural owner, those who wear it, or the team's admins are asked."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.spelling import name_key
from bot.services.hats.hats import names, owner_of, the_one
from bot.services.people.directory import HatDirectory
from bot.services.questions.question_news import hand_to
from bot.services.questions.question_routes import Addressee, addressees, nudges
from bot.services.sending.texts import MOST_CHARACTERS, storable
from bot.services.workspaces.authority import the_team
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, scene_of
from messages.content import Person, QuestionAsked
from storage import Session, Sessions, hats, members, questions
from storage.hats import HatRow
from storage.tables import Member

MOST_WORDS_OF_A_NAME = 8


@dataclass(frozen=True)
class Place:
    """Where a question was asked: the thread for its answers (else the asker's DM), and a link to the message."""

    source: str = "command"
    thread_ts: str | None = None
    link: str | None = None


def prepare(
    sessions: Sessions, directory: HatDirectory, asker: Asker, query: str, *, now: datetime
) -> Answer[QuestionAsked]:
    """Find out whom a question about a hat would reach.

    Raises:
        Refused: `no_hat_named`, `hat_not_found`; `ask_self`, when the hat is the asker's; `not_reachable`, when there
            is nobody to ask.
    """
    with scene_of(sessions, asker) as (session, scene):
        if not query:
            raise Refused("no_hat_named")
        hat = the_one(session, directory, scene, query)
        member = members.by_slack_id(session, scene.workspace_id, asker.user)
        reached = _reached(session, scene, hat, member, now)
        return Answer(scene.language, _shown(scene, hat, Person(asker.user), "", asker.channel, reached))


def split(sessions: Sessions, asker: Asker, words: str) -> tuple[str, str]:
    """Read `<hat> <question>`: the hat's slug and the question; the words and '' when no hat begins them."""
    parts = words.split(" ")
    with scene_of(sessions, asker) as (session, scene):
        known = {name_key(name): hat_id for name, hat_id in hats.names(session, scene.team_id)}
        for number in range(min(len(parts), MOST_WORDS_OF_A_NAME), 0, -1):
            hat = known.get(name_key(" ".join(parts[:number])))
            row = hats.one(session, scene.team_id, hat) if hat is not None else None
            if row is not None:
                return row.slug, " ".join(parts[number:])
    return words, ""


def ask(
    sessions: Sessions, asker: Asker, hat_slug: str, text: str, *, key: str, now: datetime, place: Place | None = None
) -> Answer[QuestionAsked | None]:
    """Ask a question; None when this very submission (`key`, at most 40 characters) was asked before.

    Raises:
        Refused: As for `prepare`, and `ask_empty`.
    """
    place = place or Place()
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            said = storable(text.strip(), MOST_CHARACTERS)
            if not said:
                raise Refused("ask_empty")
            # Exactly the hat that was named: a similar one would send the question to somebody else.
            hat = the_one(session, None, scene, hat_slug)
            member = members.ensure(session, scene.workspace_id, asker.user)
            reached = _reached(session, scene, hat, member, now)
            team = the_team(session, scene)
            remind_at, escalate_at = nudges(team, reached[0].member, now)
            question_id = questions.add(
                session,
                workspace_id=scene.workspace_id,
                hat_id=hat.id,
                asker_id=member.id or 0,
                text=said,
                channel_id=asker.channel,
                key=key,
                now=now,
                thread_ts=place.thread_ts,
                source=place.source,
                link=place.link,
                remind_at=remind_at,
                escalate_at=escalate_at,
            )
            question = questions.get(session, scene.workspace_id, question_id) if question_id else None
            if question is None:
                return Answer(scene.language, None)
            hand_to(session, team, question, reached, hop=1, now=now)
            person = Person(member.slack_user_id, member.name)
            return Answer(scene.language, _shown(scene, hat, person, said, asker.channel, reached))


def ask_in_thread(
    sessions: Sessions,
    asker: Asker,
    hat_slug: str,
    text: str,
    *,
    channel_id: str,
    thread_ts: str,
    key: str,
    now: datetime,
    source: str = "channel",
    link: str | None = None,
) -> Answer[QuestionAsked | None]:
    """Ask a question whose answers belong under a message; who has it is said there, by a delivery. See `ask`.

    Args:
        sessions: The database.
        asker: Who asks; the team is the one that they mean in the asker's channel.
        hat_slug: The hat, by its slug or exact alias.
        text: The question as it was written.
        channel_id: Slack's id of the conversation.
        thread_ts: The message under which answers stand.
        key: What makes a repeated event ask once, at most 40 characters; unique over all workspaces.
        now: The present.
        source: channel or shortcut.
        link: A link to the message, where there is one.
    """
    there = Asker(asker.workspace, asker.user, channel_id)
    return ask(sessions, there, hat_slug, text, key=key, now=now, place=Place(source, thread_ts, link))


def _reached(
    session: Session, scene: Scene, hat: HatRow, member: Member | None, now: datetime
) -> tuple[Addressee, ...]:
    asker_id = (member.id if member else None) or 0
    if hat.owner_id is not None and hat.owner_id == asker_id:
        raise Refused("ask_self", hat=hat.name)
    reached = addressees(session, the_team(session, scene), hat, but={asker_id}, now=now)
    if not reached:
        raise Refused("not_reachable", hat=hat.name)
    return reached


def _shown(
    scene: Scene, hat: HatRow, asker: Person, text: str, channel_id: str | None, reached: tuple[Addressee, ...]
) -> QuestionAsked:
    owner = owner_of(hat)
    return QuestionAsked(
        hat=names([hat])[0],
        team=scene.team_name,
        asker=asker,
        text=text,
        channel_id=channel_id,
        recipients=tuple(Person(one.member.slack_user_id, one.member.name) for one in reached),
        vacant=owner is None,
        stands_in_for=owner if reached[0].role == "deputy" else None,
    )
