"""Asking a hat's owner. Where nobody owns it, the people who wear it are asked."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.spelling import name_key
from bot.services.directory import HatDirectory
from bot.services.hats import deputy_of, names, owner_of, the_one
from bot.services.scene import Answer, Asker, Scene, in_language, locate, scene_of
from bot.services.texts import storable
from messages.content import Person, QuestionAsked
from messages.i18n import language_of
from storage import Session, Sessions, hats, members, questions
from storage.hats import HatRow

MOST_RECIPIENTS = 3
MOST_CHARACTERS = 3000  # what Slack's field takes


@dataclass(frozen=True)
class Asked:
    """A stored question, and the language of each person whom it goes to, by Slack id."""

    question: QuestionAsked
    languages: dict[str, str]


def prepare(
    sessions: Sessions, directory: HatDirectory, asker: Asker, slug: str, *, now: datetime
) -> Answer[QuestionAsked]:
    """Find out whom a question about a hat would reach: its owner, or while they are away the deputy.

    Raises:
        Refused: `hat_not_found`; `ask_self`, when only the asker has the hat; `not_reachable`, when nobody has it.
    """
    with scene_of(sessions, asker) as (session, scene):
        hat = the_one(session, directory, scene, slug)
        return Answer(scene.language, _addressed(session, scene, hat, asker, text="", now=now))


def ask(
    sessions: Sessions,
    asker: Asker,
    slug: str,
    text: str,
    *,
    key: str,
    now: datetime,
) -> Answer[Asked | None]:
    """Store a question; None when this very submission (`key`) was stored before, so that nobody is asked twice.

    Raises:
        Refused: As for `prepare`, and `ask_empty`.
    """
    with sessions.write() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            said = storable(text.strip(), MOST_CHARACTERS)
            if not said:
                raise Refused("ask_empty")
            # Exactly the hat that the form named: a similar one would send the question to somebody else.
            hat = hats.by_key(session, scene.team_id, name_key(slug))
            if hat is None:
                raise Refused("hat_not_found", query=slug)
            question = _addressed(session, scene, hat, asker, text=said, now=now)
            new = questions.add(
                session,
                workspace_id=scene.workspace_id,
                hat_id=hat.id,
                asker_id=members.ensure(session, scene.workspace_id, asker.user).id or 0,
                text=said,
                channel_id=asker.channel,
                key=key,
                now=now,
            )
            return Answer(scene.language, Asked(question, _languages(session, scene, question)) if new else None)


def _languages(session: Session, scene: Scene, question: QuestionAsked) -> dict[str, str]:
    found = {
        one.slack_id: members.by_slack_id(session, scene.workspace_id, one.slack_id) for one in question.recipients
    }
    return {
        slack_id: language_of(member.locale if member else None, scene.language) for slack_id, member in found.items()
    }


def _addressed(session: Session, scene: Scene, hat: HatRow, asker: Asker, *, text: str, now: datetime) -> QuestionAsked:
    owner, deputy = owner_of(hat), deputy_of(hat)
    stands_in = deputy is not None and deputy.slack_id != asker.user and hat.owner_away_until(now) is not None
    wearers = [Person(row.slack_id, row.name) for row in hats.wearers(session, hat.id)]
    answering = deputy if stands_in else owner
    reached = (
        [answering] if answering else [person for person in wearers if person.slack_id != asker.user][:MOST_RECIPIENTS]
    )
    if owner and owner.slack_id == asker.user:
        raise Refused("ask_self", hat=hat.name)
    if not reached:
        raise Refused("not_reachable", hat=hat.name)
    member = members.by_slack_id(session, scene.workspace_id, asker.user)
    return QuestionAsked(
        hat=names([hat])[0],
        team=scene.team_name,
        asker=Person(asker.user, member.name if member else ""),
        text=text,
        channel_id=asker.channel,
        recipients=tuple(reached),
        vacant=owner is None,
        stands_in_for=owner if stands_in else None,
    )
