"""The pitch as Slack shows it: drawn once for what it shows, uploaded, and told in words where that fails."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from bot.services.hats.pitch import fingerprint
from bot.services.sending.drawing import draw
from bot.services.workspaces.scene import Answer
from bot.slack.port import Slack
from messages import catalog
from messages.catalog.pitch import pitch_picture
from messages.content import Message
from messages.pitch_content import Pitch

MOST_PICTURES = 500


@dataclass
class Pictures:
    """Slack's ids of pictures that were uploaded, by workspace and fingerprint; the latest of them."""

    _known: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, workspace: str, name: str) -> str | None:
        """Return the id of a picture that is there already."""
        with self._lock:
            return self._known.get((workspace, name))

    def keep(self, workspace: str, name: str, file_id: str) -> None:
        """Remember a picture, and forget the oldest when there are too many."""
        with self._lock:
            self._known[workspace, name] = file_id
            while len(self._known) > MOST_PICTURES:
                self._known.popitem(last=False)


PICTURES = Pictures()


def drawn(slack: Slack, workspace: str, answer: Answer[Pitch]) -> Message:
    """Render the pitch with its picture, or in words when Slack does not take it. Slow: it uploads."""
    file_id = uploaded(answer, workspace) or upload(slack, workspace, answer)
    return catalog.pitch(answer.content, language=answer.language, file_id=file_id or "")


def uploaded(answer: Answer[Pitch], workspace: str) -> str | None:
    """Return Slack's id of the pitch's picture, where it is there already."""
    return PICTURES.find(workspace, fingerprint(answer.content, answer.language))


def upload(slack: Slack, workspace: str, answer: Answer[Pitch]) -> str | None:
    """Draw the pitch and hand it to Slack; None when it cannot be drawn, or Slack does not take it. Slow."""
    shown, language = answer.content, answer.language
    if not shown.shirts:
        return None
    picture = draw(pitch_picture(shown, language=language))
    if picture is None:
        return None
    file_id = slack.upload(workspace, f"pitch-{shown.period}.png", picture, title=shown.team or "Hattrick")
    if file_id is not None:
        PICTURES.keep(workspace, fingerprint(shown, language), file_id)
    return file_id
