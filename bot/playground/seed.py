"""The demo workspace: six colleagues, a guest, a colleague in New York, another bot, and their channels.

The ids are fixed, so that a team file and tests can name them.
"""

from dataclasses import dataclass
from typing import Literal

from bot.playground.model import User
from bot.playground.state import Slack
from bot.playground.workspace import Workspace

TEAM = "T0HATTRICK"
ANNA = "U0ANNALIND"
ERIK = "U0ERIKBERG"
MARIA = "U0MARIASAN"
JOHAN = "U0JOHANEK1"
SARA = "U0SARANYMA"
OSKAR = "U0OSKARHOL"
GRACE = "U0GRACELEE"
GUEST = "U0GUESTOLA"
OTHER_BOT = "U0OTHERBOT"

TEAM_CHANNEL = "C0HATTRICK"
GENERAL = "C0GENERAL1"
MARKETING = "C0MARKETIN"
RANDOM = "C0RANDOM01"


@dataclass(frozen=True)
class _Colleague:
    id: str
    name: str
    real_name: str
    title: dict[str, str]
    color: str


_TEAM = (
    _Colleague(ANNA, "anna", "Anna Lindqvist", {"en": "Online manager", "sv": "Onlineansvarig"}, "9f69e7"),
    _Colleague(ERIK, "erik", "Erik Berg", {"en": "Prospector", "sv": "Prospekterare"}, "4bbe2e"),
    _Colleague(MARIA, "maria", "Maria Sandström", {"en": "Hunter", "sv": "Jägare"}, "e7392d"),
    _Colleague(JOHAN, "johan", "Johan Ek", {"en": "Campaign manager", "sv": "Kampanjansvarig"}, "3c989f"),
    _Colleague(SARA, "sara", "Sara Nyman", {"en": "Salesperson", "sv": "Säljare"}, "e96699"),
    _Colleague(OSKAR, "oskar", "Oskar Holm", {"en": "Email manager", "sv": "Emailansvarig"}, "2b6836"),
)


def seed_demo(slack: Slack, *, language: Literal["en", "sv"] = "en") -> Workspace:
    """Make the demo workspace, or return the one that is there. `language` is its members' Slack locale."""
    if TEAM in slack.workspaces:
        return slack.workspaces[TEAM]
    workspace = slack.add_workspace("Hattrick FC", "hattrick-fc", team_id=TEAM)
    locale = "sv-SE" if language == "sv" else "en-US"
    for colleague in _TEAM:
        slack.add_user(
            workspace,
            User(
                id=colleague.id,
                team_id=TEAM,
                name=colleague.name,
                real_name=colleague.real_name,
                display_name=colleague.real_name.split()[0],
                title=colleague.title[language],
                locale=locale,
                color=colleague.color,
                is_admin=colleague.id == ANNA,
            ),
        )
    _add_others(slack, workspace, locale)
    _add_channels(slack, workspace)
    return workspace


def _add_others(slack: Slack, workspace: Workspace, locale: str) -> None:
    slack.add_user(
        workspace,
        User(GRACE, TEAM, "grace", "Grace Lee", "Grace", tz="America/New_York", color="674b1b"),
    )
    slack.add_user(
        workspace,
        User(GUEST, TEAM, "ola", "Ola Gäst", "Ola", locale=locale, is_restricted=True, color="a2a5dc"),
    )
    slack.add_user(
        workspace,
        User(OTHER_BOT, TEAM, "calendar", "Calendar", is_bot=True, bot_id="B0OTHERBOT", app_id="A0CALENDAR"),
    )


def _add_channels(slack: Slack, workspace: Workspace) -> None:
    team = [colleague.id for colleague in _TEAM]
    bot = workspace.bot_user_id
    general = slack.add_channel(workspace, "general", members=[*team, GRACE, OTHER_BOT], channel_id=GENERAL)
    general.is_general = True
    slack.add_channel(workspace, "team-hattrick", members=[*team, GRACE, bot], channel_id=TEAM_CHANNEL)
    slack.add_channel(workspace, "marketing", members=[ANNA, JOHAN, OSKAR, GUEST], channel_id=MARKETING)
    slack.add_channel(workspace, "random", kind="private", members=[ANNA, ERIK, SARA], channel_id=RANDOM)
