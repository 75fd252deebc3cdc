"""A team as a file: the shape that `team apply` reads and `team export` writes."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.domain.spelling import slugify
from bot.domain.weekly import WeeklyTime
from bot.domain.words import Cadence, Direction, Position, Side, Unit
from bot.services.team_file_checks import contradictions
from bot.services.team_file_work import Work
from bot.services.team_file_yaml import Document, Loc, TeamFileError

__all__ = [
    "Directory",
    "HatEntry",
    "KpiEntry",
    "LinkEntry",
    "MemberEntry",
    "Schedule",
    "TeamEntry",
    "TeamFile",
    "TeamFileError",
    "load_team_file",
]

_MOST = Decimal(10) ** 15
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
NO_DIRECTORY: Final = "is a name: give the id that Slack shows, or set SLACK_BOT_TOKEN so that names can be looked up"


class Directory(Protocol):
    """What knows Slack's ids by name. Names come without their `#` or `@`."""

    def channel_id(self, name: str) -> str | None:
        """Return a channel's id."""

    def user_id(self, handle: str) -> str | None:
        """Return a member's id."""


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("must be one line of visible characters")
    return text


def _lines(text: str) -> str:
    if _CONTROL_BUT_LINES.search(text):
        raise ValueError("must be visible characters")
    return text


def _slug(text: str) -> str:
    try:
        proper = slugify(text)
    except ValueError:
        proper = ""
    if text != proper:
        example = f", such as {proper}" if proper else ""
        raise ValueError(f"must be small letters and digits with hyphens between words{example}")
    return text


def _channel(text: str) -> str:
    if text.startswith("#") or re.fullmatch(r"[CG][A-Z0-9]{1,19}", text):
        return text
    raise ValueError('must be a channel\'s id such as C0TEAMHAT1, or its "#name" in quotes')


def _person(text: str) -> str:
    if text.startswith("@") or re.fullmatch(r"[UW][A-Z0-9]{1,19}", text):
        return text
    raise ValueError('must be a member\'s id such as U0ANNA0001, or a "@handle" in quotes')


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone's name such as Europe/Stockholm") from None
    return name


def _weekly(text: str) -> str:
    if not text:
        return text
    try:
        return str(WeeklyTime.parse(text))
    except ValueError:
        raise ValueError('must be a weekday and a time such as Friday 13:00, or "" to switch it off') from None


def _number(value: Decimal) -> Decimal:
    if abs(value) >= _MOST:
        raise ValueError("is too large")
    if value != round(value, 6):
        raise ValueError("has more than six decimals")
    return value


_Name = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_one_line)]
_Slug = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_slug)]
_Channel = Annotated[str, AfterValidator(_channel)]
_Person = Annotated[str, AfterValidator(_person)]
_Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
_Weekly = Annotated[str, AfterValidator(_weekly)]
_Number = Annotated[Decimal, AfterValidator(_number)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, populate_by_name=True)


class Schedule(_Part):
    """When the team is prompted, reminded and told, in local time; an empty text switches one off."""

    prompt: _Weekly = "Friday 13:00"
    reminder: _Weekly = "Monday 08:00"
    digest: _Weekly = "Monday 10:00"


class TeamEntry(_Part):
    """The team itself. Whether everybody is asked for their hats stays as it is when it is left out."""

    slug: _Slug
    name: _Name
    channel: _Channel | None = None
    locale: Literal["en", "sv"] = "en"
    timezone: _Zone = "Europe/Stockholm"
    schedule: Schedule = Schedule()
    work: Work | None = None
    hat_check: bool | None = None


class MemberEntry(_Part):
    """Somebody who plays in the team. What Slack says of them wins over name, timezone and locale."""

    id: _Person
    name: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)] | None = None
    timezone: _Zone | None = None
    locale: Annotated[str, StringConstraints(min_length=2, max_length=10), AfterValidator(_one_line)] | None = None
    admin: bool = False


class KpiEntry(_Part):
    """A number that the hat's owner reports. A target that is left out stays as it was agreed."""

    slug: _Slug
    name: _Name
    unit: Unit = Unit.COUNT
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    direction: Direction = Direction.HIGHER
    cadence: Cadence = Cadence.WEEKLY
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    target: _Number | None = None


class HatEntry(_Part):
    """A hat, who wears it and who owns it."""

    slug: _Slug
    name: _Name
    aliases: tuple[_Name, ...] = ()
    side: Side
    position: Position
    ask_about: Annotated[str, StringConstraints(max_length=500), AfterValidator(_lines)] = ""
    owner: _Person | None = None
    wearers: tuple[_Person, ...] = ()
    kpis: tuple[KpiEntry, ...] = ()


class LinkEntry(_Part):
    """One KPI feeds another, `lag` weeks later. A rate of null is fitted from the readings."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    lag: Annotated[int, Field(ge=0, le=52)] = 0
    rate: Annotated[_Number, Field(ge=0)] | None = None


class TeamFile(_Part):
    """A whole team. `order` gives the chain's order where it is not the order of the hats' KPIs."""

    team: TeamEntry
    members: tuple[MemberEntry, ...] = ()
    hats: tuple[HatEntry, ...] = ()
    links: tuple[LinkEntry, ...] = ()
    goal: str | None = None
    order: tuple[str, ...] | None = None

    def kpis(self) -> list[tuple[HatEntry, KpiEntry]]:
        """Give every KPI with its hat, in the chain's order."""
        pairs = [(hat, kpi) for hat in self.hats for kpi in hat.kpis]
        if self.order is None:
            return pairs
        place = {slug: number for number, slug in enumerate(self.order)}
        return sorted(pairs, key=lambda pair: place[pair[1].slug])


def load_team_file(source: Path | str, directory: Directory | None = None) -> TeamFile:
    """Read and check a team's file, with every name replaced by Slack's id.

    Args:
        source: The file, or its text.
        directory: What looks names up; without one, names are refused.

    Raises:
        TeamFileError: With one problem per line, each naming its place in the file.
    """
    document = Document.read(source)
    try:
        file = TeamFile.model_validate(document.content)
    except ValidationError as error:
        raise TeamFileError([document.explain(problem) for problem in error.errors(include_url=False)]) from None
    file = _with_ids(file, directory, document)
    problems = [document.say(place, text) for place, text in contradictions(file.model_dump(by_alias=True))]
    if problems:
        raise TeamFileError(problems)
    return file


def _with_ids(file: TeamFile, directory: Directory | None, document: Document) -> TeamFile:
    content = file.model_dump(by_alias=True)
    ids: dict[str, str | None] = {}
    problems: list[str] = []
    for place, holder, field in _names(content):
        name = holder[field]
        if name not in ids:
            ids[name] = _look_up(name, directory)
        if ids[name] is None:
            problems.append(document.say(place, f"{name} {_unknown(name, directory)}"))
        holder[field] = ids[name]
    if problems:
        raise TeamFileError(problems)
    return TeamFile.model_validate(content) if ids else file


def _look_up(name: str, directory: Directory | None) -> str | None:
    if directory is None:
        return None
    return directory.channel_id(name[1:]) if name.startswith("#") else directory.user_id(name[1:])


def _unknown(name: str, directory: Directory | None) -> str:
    if directory is None:
        return NO_DIRECTORY
    return f"is no {'channel' if name.startswith('#') else 'member'} of this workspace"


def _names(content: Mapping[str, Any]) -> Iterator[tuple[Loc, Any, Any]]:
    """Find every `#name` and `@handle`: its place, what holds it, and under which key."""
    holders: list[tuple[Loc, Any, Any]] = [(("team", "channel"), content["team"], "channel")]
    holders += [(("members", n, "id"), member, "id") for n, member in enumerate(content["members"])]
    for n, hat in enumerate(content["hats"]):
        hat["wearers"] = list(hat["wearers"])
        holders.append((("hats", n, "owner"), hat, "owner"))
        holders += [(("hats", n, "wearers", i), hat["wearers"], i) for i in range(len(hat["wearers"]))]
    return (found for found in holders if str(found[1][found[2]] or "").startswith(("#", "@")))
