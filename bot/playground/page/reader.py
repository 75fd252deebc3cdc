"""Who looks at the page: names, times and dates as this person reads them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time

from bot.playground.answers import SLACKBOT
from bot.playground.model import User
from bot.playground.workspace import Workspace

_DATE_TOKENS = {
    "{date_num}": "yyyy-MM-dd",
    "{date}": "d MMMM y",
    "{date_short}": "d MMM y",
    "{date_long}": "EEEE d MMMM y",
    "{time}": "HH:mm",
    "{time_secs}": "HH:mm:ss",
}


@dataclass(frozen=True)
class Reader:
    """A member of a workspace with the language of the page (`en` or `sv`)."""

    workspace: Workspace
    user_id: str
    lang: str = "en"

    @property
    def user(self) -> User:
        """The member who reads."""
        return self.workspace.users[self.user_id]

    @property
    def zone(self) -> ZoneInfo:
        """The reader's time zone."""
        return ZoneInfo(self.user.tz)

    def name_of(self, user_id: str) -> str:
        """Return a member's name, or the id of somebody unknown."""
        if user_id == SLACKBOT:
            return "Slackbot"
        user = self.workspace.users.get(user_id)
        return user.shown_name if user else user_id

    def channel_name(self, channel_id: str) -> str:
        """Return a conversation's name without `#`, or the id of one that is unknown."""
        channel = self.workspace.channels.get(channel_id)
        return self.workspace.title_of(channel, self.user_id).removeprefix("#") if channel else channel_id

    def clock_time(self, ts: str) -> str:
        """Return the time of a message as `HH:mm` in the reader's zone."""
        return str(format_time(self._local(ts), "HH:mm", tzinfo=self.zone, locale=self.lang))

    def second(self, instant: str) -> str:
        """Return an instant in ISO 8601 as `HH:mm:ss` in the reader's zone."""
        return datetime.fromisoformat(instant).astimezone(self.zone).strftime("%H:%M:%S")

    def day(self, ts: str) -> str:
        """Return the day of a message, such as `Friday 27 November`."""
        return _sentence_case(str(format_date(self._local(ts).date(), "EEEE d MMMM", locale=self.lang)))

    def moment(self, instant: datetime, zone: str) -> str:
        """Return an instant as a clock shows it in `zone`, such as `Fri 27 Nov 13:00`."""
        shown = format_datetime(instant, "EEE d MMM HH:mm", tzinfo=ZoneInfo(zone), locale=self.lang)
        return _sentence_case(str(shown).replace(".", ""))

    def date(self, seconds: int, form: str) -> str:
        """Fill in Slack's date tokens, such as `{date_short} {time}`, for a UNIX time."""
        try:
            local = datetime.fromtimestamp(seconds, self.zone)
        except (OverflowError, OSError, ValueError):
            return str(seconds)
        text = form.replace("_pretty}", "}")
        for token, pattern in _DATE_TOKENS.items():
            text = text.replace(token, str(format_datetime(local, pattern, tzinfo=self.zone, locale=self.lang)))
        return text

    def _local(self, ts: str) -> datetime:
        return datetime.fromtimestamp(float(ts), UTC).astimezone(self.zone)


def _sentence_case(text: str) -> str:
    """Raise the first letter: Swedish writes its days small, and they stand at the beginning here."""
    return text[:1].upper() + text[1:]
