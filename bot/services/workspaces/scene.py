"""Who is asking, in which team, and in which language to answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot.domain.errors import Refused
from messages.i18n import language_of
from storage import Session, Sessions, members, requests, teams

T = TypeVar("T")
_TEAM: Final = "team:"
_MOST_DIGITS: Final = 9


@dataclass(frozen=True)
class Asker:
    """A person who typed or clicked something. All are Slack's ids but `team_id`: the team whose Home it was in."""

    workspace: str
    user: str
    channel: str | None = None
    team_id: int | None = None

    @property
    def place(self) -> str:
        """Where they did it, in a word that forms and buttons carry; "" where that tells no team."""
        return self.channel or (team_place(self.team_id) if self.team_id else "")

    @property
    def is_in_channel(self) -> bool:
        """Whether they did it where others are: a channel can be a team's, a direct conversation cannot."""
        return (self.channel or "").startswith(("C", "G"))

    def at(self, place: str) -> "Asker":
        """Give the same person at a place; "" leaves them where they are."""
        team_id = team_at(place)
        if team_id is not None:
            return Asker(self.workspace, self.user, None, team_id)
        return Asker(self.workspace, self.user, place) if place else self


def team_place(team_id: int) -> str:
    """Name a team as the place where somebody does something."""
    return f"{_TEAM}{team_id}"


def team_at(place: str) -> int | None:
    """Return the team that a place is; None for another place, such as a channel."""
    number = place.removeprefix(_TEAM)
    is_team = place.startswith(_TEAM) and number.isdecimal() and len(number) <= _MOST_DIGITS
    return int(number) if is_team else None


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What a service found out, and the language of the person who asked."""

    language: str
    content: T


@dataclass(frozen=True)
class Scene:
    """The team that an asker means. `member_id` is None for somebody whom no row describes yet.

    `is_admin`: whether they look after the team.
    """

    workspace_id: int
    team_id: int
    team_name: str
    directory_version: int
    member_id: int | None
    language: str
    is_admin: bool = False


def locate(session: Session, asker: Asker) -> Scene:
    """Find the team that a person in a channel means.

    In a team's Home it is that team. Else the channel's own team wins; then the one team that the person plays in; then
    the workspace's only team. Of the last two the request remembers the name: its answer tells whose it is.

    Raises:
        Refused: `no_team` when there is none yet, `several_teams` when it could be more than one; `form_outdated` when
            the Home's team is gone.
    """
    if asker.team_id is not None:
        return locate_team(session, asker, asker.team_id)
    places = teams.places(session, workspace=asker.workspace, channel=asker.channel, user=asker.user)
    if not places:
        raise Refused("no_team")
    likeliest = [place for place in places if place.rank == places[0].rank]
    place = likeliest[0]
    language = language_of(place.member_locale, place.team_locale)
    if len(likeliest) > 1:
        refusal = Refused("several_teams", teams=[p.team_name for p in likeliest])
        refusal.language = language
        raise refusal
    if place.rank and asker.is_in_channel:
        requests.answered_elsewhere(place.team_name)
    return _scene(place, language)


def spoken_to(sessions: Sessions, asker: Asker) -> str:
    """Return the language of somebody who may mean no team: their own, else that of the likeliest team.

    In a team's Home it is that team's.
    """
    with sessions.read() as session:
        places = teams.places(
            session, workspace=asker.workspace, channel=asker.channel, user=asker.user, team_id=asker.team_id
        )
        if places:
            return language_of(places[0].member_locale, places[0].team_locale)
        workspace_id = teams.workspace_id(session, asker.workspace)
        member = members.by_slack_id(session, workspace_id, asker.user) if workspace_id else None
        return language_of(members.spoken_locale(member) if member else None)


@contextmanager
def scene_of(sessions: Sessions, asker: Asker) -> Iterator[tuple[Session, Scene]]:
    """Open a reading session in the asker's team; a refusal raised inside gets the asker's language."""
    with sessions.read() as session:
        scene = locate(session, asker)
        with in_language(scene.language):
            yield session, scene


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Give a refusal that is raised inside a language, unless it has one."""
    try:
        yield
    except Refused as refusal:
        refusal.language = refusal.language or language
        raise


def locate_team(session: Session, asker: Asker, team_id: int) -> Scene:
    """Find a team that a button or a modal names, if it is the asker's workspace's.

    Raises:
        Refused: `form_outdated` when there is no such team any more.
    """
    places = teams.places(session, workspace=asker.workspace, channel=None, user=asker.user, team_id=team_id)
    if not places:
        raise Refused("form_outdated")
    return _scene(places[0], language_of(places[0].member_locale, places[0].team_locale))


def _scene(place: teams.Place, language: str) -> Scene:
    requests.made_in(language)
    return Scene(
        workspace_id=place.workspace_id,
        team_id=place.team_id,
        team_name=place.team_name,
        directory_version=place.directory_version,
        member_id=place.member_id,
        language=language,
        is_admin=bool(place.is_admin),
    )
