"""Help with the team's own names, and what may have been meant by words that are no command."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from rapidfuzz import fuzz, process

from bot.domain.errors import Refused
from bot.domain.spelling import normalise
from bot.services.homes.next_steps import state_of
from bot.services.workspaces.scene import Answer, Asker, scene_of, spoken_to
from messages.content import HatName, Person
from messages.help_content import Names, Nearest
from messages.next_step import NextStep
from messages.verbs import VERBS, words_of
from storage import Sessions, hats, kpis, teams

_NEAR: Final = 60  # of 100: a verb that is offered
_SLIP: Final = 75  # a verb with a typing error
_LEAST_LETTERS: Final = 4  # shorter words are near to everything
_MOST: Final = 3


def help_for(sessions: Sessions, asker: Asker, *, now: datetime) -> Answer[tuple[Names, NextStep | None]]:
    """Give names for the examples in help and the team's next step; none where there is no team yet."""
    try:
        with scene_of(sessions, asker) as (session, scene):
            rows = hats.all_of_team(session, scene.team_id)
            measured = kpis.entities(session, scene.team_id)
            others = [one for one, _ in teams.members(session, scene.team_id) if one.slack_user_id != asker.user]
            own = [hat for hat in rows if hat.owner_slack_id == asker.user]
            names = Names(
                hat=(own or list(rows))[0].slug if rows else "",
                kpi=measured[0].slug if measured else "",
                next_kpi=measured[1].slug if len(measured) > 1 else "",
                person=Person(others[0].slack_user_id, others[0].name) if others else None,
            )
            return Answer(scene.language, (names, state_of(session, scene, now=now).next_step))
    except Refused as refused:
        return Answer(refused.language or spoken_to(sessions, asker), (Names(), None))


def nearest(text: str, hats_near: tuple[HatName, ...], language: str) -> Nearest:
    """Give the verbs and hats that come nearest to what was typed."""
    word, _, rest = text.partition(" ")
    return Nearest(text, rest, _verbs_near(word, language, _NEAR), hats_near)


def slipped(text: str, language: str) -> Nearest | None:
    """Give the verb that the first of several words is with a typing error; None for none."""
    word, _, rest = text.partition(" ")
    found = _verbs_near(word, language, _SLIP)
    return Nearest(text, rest, found) if found and rest else None


def _verbs_near(word: str, language: str, least: int) -> tuple[str, ...]:
    """Give verbs by the name that they have in the table, the nearest first."""
    if len(word) < _LEAST_LETTERS:
        return ()
    known = _words(language)
    found = process.extract(normalise(word), known.keys(), scorer=fuzz.ratio, score_cutoff=least, limit=2 * _MOST)
    return tuple(dict.fromkeys(known[said] for said, _, _ in found))[:_MOST]


def _words(language: str) -> Mapping[str, str]:
    return {normalise(word): verb.name for verb in VERBS for word in {*words_of(verb, language), *verb.words}}
