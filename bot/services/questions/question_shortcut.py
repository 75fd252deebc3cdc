"""Asking a hat's owner about a message that stands anywhere in Slack.

The hat is guessed from the message, where it surely means one. Answers land under the message; where the bot does not
read along they come to the asker as a direct message, because it can neither write nor notice an answer there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refused
from bot.domain.naming import Found
from bot.domain.questions import recognise
from bot.services.questions import question_asking
from bot.services.questions.question_asking import Place
from bot.services.questions.topics import TopicDirectory
from bot.services.sending.texts import MOST_CHARACTERS, storable
from bot.services.workspaces.editing import FieldProblem, Problems
from bot.services.workspaces.scene import Answer, Asker, Scene, scene_of
from bot.slack.written import as_typed, people_in
from messages.content import HatName, QuestionAsked
from messages.forms import MOST_OPTIONS
from messages.question_content import MessageQuestion
from storage import Session, Sessions, hats, members
from storage.hats import HatRow

_STATE = re.compile(r"([A-Z][A-Z0-9]{1,19}) ([0-9]+\.[0-9]+) ([0-9]+\.[0-9]+) (in|out)(?: ([a-z0-9.-]{1,80}))?")


@dataclass(frozen=True)
class Spot:
    """Where a message stands: Slack's ids, the thread's first message, and the workspace's domain ('' if unknown).

    `reachable` when the bot reads along there.
    """

    channel: str
    ts: str
    root: str
    domain: str
    reachable: bool

    @property
    def link(self) -> str | None:
        """The link to the message, as Slack's own client copies it; none where the domain is not known."""
        if not self.domain:
            return None
        link = f"https://{self.domain}.slack.com/archives/{self.channel}/p{self.ts.replace('.', '')}"
        return link if self.root == self.ts else f"{link}?thread_ts={self.root}&cid={self.channel}"

    @property
    def state(self) -> str:
        """The spot as a form carries it; `read_spot` reads it."""
        return f"{self.channel} {self.ts} {self.root} {'in' if self.reachable else 'out'} {self.domain}".rstrip()


def read_spot(state: str) -> Spot:
    """Read where a form's message stands.

    Raises:
        Refused: `form_outdated`.
    """
    found = _STATE.fullmatch(state)
    if found is None:
        raise Refused("form_outdated")
    channel, ts, root, reachable, domain = found.groups()
    return Spot(channel, ts, root, domain or "", reachable == "in")


def prepare(sessions: Sessions, topics: TopicDirectory, asker: Asker, spot: Spot, text: str) -> Answer[MessageQuestion]:
    """Prepare the form: the hats that the asker can ask about, the one that is meant, and the message's words.

    Raises:
        Refused: `ask_no_hats`, when there is none but the asker's own.
    """
    with scene_of(sessions, asker) as (session, scene):
        others = [row for row in hats.all_of_team(session, scene.team_id) if not _is_askers(row, scene)]
        if not others:
            raise Refused("ask_no_hats", team=scene.team_name)
        meant = _meant(session, topics, scene, text)
        names = members.names(session, scene.workspace_id, people_in(text))
        return Answer(
            scene.language,
            MessageQuestion(
                state=spot.state,
                link=spot.link,
                reachable=spot.reachable,
                text=storable(as_typed(text, names), MOST_CHARACTERS) or "",
                hats=tuple(HatName(row.slug, row.name) for row in others) if len(others) <= MOST_OPTIONS else (),
                meant=next((HatName(row.slug, row.name) for row in others if row.id == meant), None),
            ),
        )


def ask(
    sessions: Sessions, asker: Asker, state: str, typed: Mapping[str, str], *, key: str, now: datetime
) -> Answer[QuestionAsked | Problems | None]:
    """Ask about a message; None when this very submission was asked before.

    Raises:
        Refused: As for `question_asking.ask`, and `form_outdated`.
    """
    spot = read_spot(state)
    there = Asker(asker.workspace, asker.user, spot.channel)
    slug = typed.get("hat", "")
    try:
        answer = question_asking.ask(
            sessions,
            there,
            slug,
            typed.get("question", ""),
            key=key,
            now=now,
            place=Place("shortcut", spot.root if spot.reachable else None, spot.link),
        )
    except Refused as refused:
        if refused.name != "hat_not_found":
            raise
        return Answer(refused.language or "en", Problems({"hat": FieldProblem("hat_unknown", {"name": slug})}))
    return Answer(answer.language, answer.content)


def _is_askers(row: HatRow, scene: Scene) -> bool:
    return row.owner_id is not None and row.owner_id == scene.member_id


def _meant(session: Session, topics: TopicDirectory, scene: Scene, text: str) -> int | None:
    """Return the hat that a message surely is about: it asks for its owner, or names it and no other."""
    index = topics.of(session, scene.team_id, scene.directory_version)
    question = recognise(text, addressed=True)
    asked = index.find_asked(question) if question else None
    match = asked if isinstance(asked, Found) else index.mentioned(as_typed(text, {}))
    return match.hat_id if isinstance(match, Found) else None
