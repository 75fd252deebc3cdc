"""Which workspaces have the app, and with which token the bot speaks in each."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from storage import Session, Sessions, installs, workspaces
from storage.installs import Speaker

# A token that was stored is looked up again this long after: another replica may have heard of an uninstall.
REMEMBERED_SECONDS: Final = 2.0
_NEVER: Final = (float("-inf"), None)


@dataclass(frozen=True)
class Voice:
    """As whom the bot speaks in a workspace."""

    token: str = field(repr=False)
    bot_user_id: str
    bot_id: str


@dataclass
class Installs:
    """Finds with which token the bot speaks: the one from the settings in its own workspace, else the stored one.

    `open_sealed` decrypts a stored token; None when no key fits. `seconds` counts real time.
    """

    sessions: Sessions
    open_sealed: Callable[[str], str | None]
    seconds: Callable[[], float] = time.monotonic
    _own: dict[str, Voice] = field(default_factory=dict)
    _stored: dict[str, tuple[float, Voice | None]] = field(default_factory=dict)

    def own(self, workspace: str, token: str, *, bot_user_id: str, name: str, now: datetime, bot_id: str = "") -> None:
        """Remember the workspace that the token in the settings belongs to."""
        with self.sessions.write() as session:
            row = workspaces.ensure(session, workspace, now=now)
            row.name, row.bot_user_id, row.uninstalled_at = name[:200], bot_user_id, None
        self._own[workspace] = Voice(token, bot_user_id, bot_id)

    def voice(self, workspace: str, enterprise: str | None = None, *, now: datetime | None = None) -> Voice | None:
        """Tell as whom the bot speaks in a workspace or for an organisation; None where the app is not installed.

        With `enterprise` and `now` a workspace that is new gets the install of its organisation, if there is one.
        """
        known = self._own.get(workspace)
        if known:
            return known
        moment, voice = self._stored.get(workspace, _NEVER)
        if voice is not None and self.seconds() - moment < REMEMBERED_SECONDS:
            return voice
        voice = self._look_up(workspace)
        if voice is None and enterprise and now and self._let_in(workspace, enterprise, now):
            voice = self._look_up(workspace)
        self._stored[workspace] = (self.seconds(), voice)
        return voice

    def look_up(self, session: Session, workspaces: Collection[str]) -> None:
        """Look up at once as whom the bot speaks in many workspaces where that is not known now."""
        since = self.seconds() - REMEMBERED_SECONDS
        unknown = [one for one in workspaces if one not in self._own and self._stored.get(one, _NEVER)[0] <= since]
        if unknown:
            for workspace, speaker in installs.speakers(session, unknown).items():
                self._stored[workspace] = (self.seconds(), self._voice_of(speaker))

    def token_of(self, workspace: str) -> str | None:
        """Return a workspace's bot token; None when the app is not installed there."""
        voice = self.voice(workspace)
        return voice.token if voice else None

    def forget(self, *slack_ids: str) -> None:
        """Drop what is remembered of workspaces, after an uninstall or a new install."""
        for slack_id in slack_ids:
            self._own.pop(slack_id, None)
            self._stored.pop(slack_id, None)

    def look_again(self, workspace: str) -> None:
        """Have a stored token looked up before it is used again: another replica may have stored a new one."""
        self._stored.pop(workspace, None)

    def _look_up(self, workspace: str) -> Voice | None:
        with self.sessions.read() as session:
            own = installs.speakers(session, [workspace]).get(workspace)
            speaker = own or installs.speaker_of_org(session, workspace)
        return self._voice_of(speaker) if speaker else None

    def _voice_of(self, speaker: Speaker) -> Voice | None:
        token = self.open_sealed(speaker.token)
        return Voice(token, speaker.bot_user_id, speaker.bot_id) if token else None

    def _let_in(self, workspace: str, enterprise: str, now: datetime) -> bool:
        """Take a workspace in whose organisation has the app; one that lost access stays out."""
        with self.sessions.read() as session:
            if not _is_live(session, enterprise):
                return False
        with self.sessions.write() as session:
            row = workspaces.ensure(session, workspace, now=now)
            row.enterprise_id = enterprise
            return row.uninstalled_at is None


def _is_live(session: Session, enterprise: str) -> bool:
    found = installs.named(session, enterprise)
    return found is not None and found.is_org and found.ended_at is None
