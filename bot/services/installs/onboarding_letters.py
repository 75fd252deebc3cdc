"""What people read in a team's first hour, written when it is sent."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.services.homes.next_steps import state_of
from bot.services.installs import onboarding_news as news
from bot.services.sending.letters import Amendment, Composer, Occasion, TooEarly, Unneeded
from bot.services.sending.owing import owe_to
from bot.services.workspaces.scene import Scene
from messages import catalog
from messages.content import Message, Person
from messages.editing_content import Welcome
from messages.i18n import language_of
from messages.next_step import SetUpState
from storage import Session, delivered, hearing, members, teams
from storage.deliveries import Claimed
from storage.members import spoken_locale
from storage.tables import Team, Workspace

MENTIONS: Final = "mentions"  # how the bot listens where nobody has chosen
WorkspaceComposer = Callable[[Session, Workspace, Claimed], Message | Unneeded]


def _installed(session: Session, workspace: Workspace, claimed: Claimed) -> Message | Unneeded:
    if teams.of_workspace(session, workspace.id or 0):
        return Unneeded("there is a team already")
    reader = members.by_slack_id(session, workspace.id or 0, claimed.recipient)
    return catalog.installed(language=language_of(spoken_locale(reader) if reader else None))


def _first_hello(session: Session, workspace: Workspace, claimed: Claimed) -> Message | Unneeded:
    if teams.of_workspace(session, workspace.id or 0):
        return Unneeded("there is a team already")
    return catalog.hello(claimed.recipient, language=_language_of_most(session, workspace))


def _language_of_most(session: Session, workspace: Workspace) -> str:
    """Return the language for a channel without a team: that of the people whom Slack has described."""
    spoken = [language_of(spoken_locale(one)) for one in members.all_of(session, workspace.id or 0) if not one.is_bot]
    return max(sorted(set(spoken)), key=spoken.count) if spoken else language_of(None)


def _hello(occasion: Occasion) -> Message | Unneeded:
    team, channel = occasion.team, occasion.claimed.recipient
    mode = hearing.mode(occasion.session, team.workspace_id, channel) or MENTIONS
    return catalog.hello(channel, mode, _state(occasion).next_step, language=team.locale)


def _welcome(occasion: Occasion) -> Message | Unneeded:
    return _written(occasion, occasion.claimed.recipient, occasion.claimed.period)


def _moved(occasion: Occasion) -> Amendment | Unneeded | TooEarly:
    """Let the welcome tell the step that is next now."""
    welcome = delivered.last_sent(occasion.session, team_id=occasion.team.id or 0, kind=news.WELCOME)
    if welcome is None:
        return Unneeded("there is no welcome")
    if welcome.state != "sent":
        return TooEarly("the welcome is on its way")
    if welcome.channel_id is None or welcome.message_ts is None:
        return Unneeded("nobody knows where the welcome is")
    return Amendment(_written(occasion, welcome.recipient, welcome.period), welcome.channel_id, welcome.message_ts)


def _written(occasion: Occasion, recipient: str, about: str) -> Message:
    team = occasion.team
    set_up = members.get(occasion.session, team.workspace_id, int(about.split("-")[1]))
    by = Person(set_up.slack_user_id, set_up.name) if set_up else Person("")
    reader = members.by_slack_id(occasion.session, team.workspace_id, recipient)
    told = Welcome(
        team=team.name,
        by=by,
        channel=team.channel_id,
        reachable=reader is None,
        state=_state(occasion),
    )
    language = language_of(spoken_locale(reader), team.locale) if reader else team.locale
    return catalog.welcome(told, language=language)


def _hats_asked(occasion: Occasion) -> Message | Unneeded:
    team = occasion.team
    return catalog.hats_asked(team.name, str(team.id), language=team.locale)


def _state(occasion: Occasion) -> SetUpState:
    team = occasion.team
    scene = Scene(team.workspace_id, team.id or 0, team.name, team.directory_version, None, team.locale)
    return state_of(occasion.session, scene, now=occasion.now)


def _to_whoever_set_it_up(session: Session, team: Team, claimed: Claimed, now: datetime) -> None:
    """Tell the one who set the team up how to let me into the channel that I cannot write in."""
    by = members.get(session, team.workspace_id, int(claimed.period.split("-")[1]))
    if by is not None and by.slack_user_id != claimed.recipient:
        owe_to(session, team, news.WELCOME, by.slack_user_id, claimed.period, now=now)


COMPOSERS: Final[dict[str, Composer]] = {
    news.HELLO: _hello,
    news.WELCOME: _welcome,
    news.MOVED: _moved,
    news.HATS_ASKED: _hats_asked,
}
# Of what is owed where there is no team yet.
WORKSPACE_COMPOSERS: Final[dict[str, WorkspaceComposer]] = {news.INSTALLED: _installed, news.HELLO: _first_hello}
OTHER_WAYS: Final = {news.WELCOME: _to_whoever_set_it_up}
