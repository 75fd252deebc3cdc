"""The App Home: published when it is opened, and again after what changes it."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Final

import structlog

from bot.domain.errors import Refused
from bot.listeners.binding import Deps, Turn
from bot.services.homes import homes
from bot.services.sending import pictures
from bot.services.workspaces.scene import Answer, Asker, spoken_to, team_at
from messages import catalog
from messages.content import Refusal
from messages.home_content import Home

log = structlog.get_logger()
MOST_REMEMBERED: Final = 5000
# Of a pitch that changes while it is drawn; after that it is told in words, until the Home is opened again.
MOST_DRAWINGS: Final = 3


@dataclass
class Looks:
    """What people last looked at in their Home: its state, by workspace and person; the latest of them."""

    _known: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, asker: Asker) -> str:
        """Return what somebody last looked at; '' when that is not known here."""
        with self._lock:
            return self._known.get((asker.workspace, asker.user), "")

    def keep(self, asker: Asker, state: str) -> None:
        """Remember it, and forget the oldest when there are too many."""
        with self._lock:
            self._known[asker.workspace, asker.user] = state
            self._known.move_to_end((asker.workspace, asker.user))
            while len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)


LOOKS = Looks()


def publish(deps: Deps, asker: Asker, *, state: str = "") -> str:
    """Publish a person's Home, at first without its picture when that is not there yet. Slow: it draws and uploads.

    Args:
        deps: What listeners work with.
        asker: Whose Home it is.
        state: The team and the hat that they look at, as the view keeps it; without it, what they last looked at.

    Returns:
        Why there is no Home to show, '' when there is.
    """
    place, _, hat = (state or LOOKS.of(asker)).partition(" ")
    asker = replace(asker, channel=None, team_id=team_at(place) or asker.team_id)
    try:
        answer = homes.home(deps.sessions, asker, now=deps.clock(), hat=hat)
    except Refused as refused:
        language = refused.language or spoken_to(deps.sessions, asker)
        _published(deps, asker, catalog.home_notice(Refusal(refused.name, refused.values), language=language))
        return refused.name
    LOOKS.keep(asker, answer.content.state)
    for _ in range(MOST_DRAWINGS):
        if _shown(deps, asker, answer) or not _draw(deps, asker, answer):
            return ""
        # While it was drawn, something may have been done: what is shown then is read again.
        answer = homes.home(deps.sessions, asker, now=deps.clock(), hat=hat)
    _shown(deps, asker, answer)
    return ""


def refresh(turn: Turn) -> None:
    """Publish the Home of whoever did something that it shows, if they have looked at it here: opening publishes it."""
    state = state_of(turn.body) or LOOKS.of(turn.asker)
    if state:
        publish(turn.deps, turn.asker, state=state)


def refresh_later(turn: Turn) -> None:
    """Do so on a worker."""
    turn.deps.later(lambda: refresh(turn))


def state_of(body: dict[str, Any]) -> str:
    """Return the state of the Home that something was done in; '' when it was done elsewhere."""
    view = body.get("view") or {}
    state = str(view.get("private_metadata") or "") if view.get("type") == "home" else ""
    return state if team_at(state.partition(" ")[0]) is not None else ""


def _shown(deps: Deps, asker: Asker, answer: Answer[Home]) -> bool:
    """Publish a Home; return whether the pitch is there as a picture, or there is none to draw."""
    pitch = answer.content.pitch
    if pitch is None or not pitch.shirts:
        _published(deps, asker, catalog.home(answer.content, language=answer.language))
        return True
    file_id = pictures.uploaded(Answer(answer.language, pitch), asker.workspace)
    if file_id is not None:
        view = catalog.home(answer.content, language=answer.language, file_id=file_id)
        if not _published(deps, asker, view):
            return True
    # In words as well where Slack does not show the file (any more).
    _published(deps, asker, catalog.home(answer.content, language=answer.language))
    return file_id is not None


def _draw(deps: Deps, asker: Asker, answer: Answer[Home]) -> bool:
    pitch = answer.content.pitch
    return (
        pitch is not None and pictures.upload(deps.slack, asker.workspace, Answer(answer.language, pitch)) is not None
    )


def _published(deps: Deps, asker: Asker, view: dict[str, Any]) -> str | None:
    error = deps.slack.publish_home(asker.workspace, asker.user, view)
    if error:
        log.warning("home_not_published", error=error, user=asker.user)
    return error
