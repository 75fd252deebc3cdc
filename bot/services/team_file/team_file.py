"""A team as a file: the shape that `team apply` reads and `team export` writes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Protocol

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from bot.domain.words import Position, Side
from bot.services.team_file.team_file_checks import contradictions
from bot.services.team_file.team_file_fields import (
    Channel,
    Name,
    Number,
    Part,
    Person,
    Slug,
    Weekly,
    Zone,
    lines,
    one_line,
    spoken,
)
from bot.services.team_file.team_file_kpis import KpiEntry, WeekEntry
from bot.services.team_file.team_file_work import Quiet, Work
from bot.services.team_file.team_file_yaml import Document, Loc, TeamFileError
from bot.services.teams.working_settings import MOST_WEEKS

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
    "WeekEntry",
    "load_team_file",
]

NO_DIRECTORY: Final = "is a name: give the id that Slack shows, or set SLACK_BOT_TOKEN so that names can be looked up"


class Directory(Protocol):
    """What knows Slack's ids by name. Names come without their `#` or `@`."""

    def channel_id(self, name: str) -> str | None:
        """Return a channel's id."""

    def user_id(self, handle: str) -> str | None:
        """Return a member's id."""


class Schedule(Part):
    """When the team is prompted, reminded and told, in local time; an empty text switches one off."""

    prompt: Weekly = "Friday 13:00"
    reminder: Weekly = "Monday 08:00"
    digest: Weekly = "Monday 10:00"


class TeamEntry(Part):
    """The team itself. What is None stays as it is."""

    slug: Slug
    name: Name
    channel: Channel | None = None
    locale: Annotated[str, AfterValidator(spoken)] = "en"
    timezone: Zone = "Europe/Stockholm"
    schedule: Schedule = Schedule()
    work: Work | None = None
    quiet: Quiet | None = None
    edit_weeks: Annotated[int, Field(ge=0, le=MOST_WEEKS)] | None = None
    review_months: Annotated[int, Field(ge=1, le=36)] | None = None
    hat_check: bool | None = None


class MemberEntry(Part):
    """Somebody who plays in the team. What Slack says of them wins over name, timezone and locale."""

    id: Person
    name: Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(one_line)] | None = None
    timezone: Zone | None = None
    locale: Annotated[str, StringConstraints(min_length=2, max_length=10), AfterValidator(one_line)] | None = None
    admin: bool = False


class HatEntry(Part):
    """A hat, who wears it and who owns it."""

    slug: Slug
    name: Name
    aliases: tuple[Name, ...] = ()
    side: Side
    position: Position
    ask_about: Annotated[str, StringConstraints(max_length=500), AfterValidator(lines)] = ""
    owner: Person | None = None
    wearers: tuple[Person, ...] = ()
    kpis: tuple[KpiEntry, ...] = ()


class LinkEntry(Part):
    """One KPI feeds another, `lag` weeks later. A rate of null is fitted from the readings.

    Where nobody knows the lag (`lag_known: false`), `lag` counts until the readings show one.
    """

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    lag: Annotated[int, Field(ge=0, le=52)] = 0
    lag_known: bool = True
    rate: Annotated[Number, Field(ge=0)] | None = None


class TeamFile(Part):
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
    if name.startswith("#"):
        return "is no channel of this workspace"
    return "is no member of this workspace, or what several are called: give the handle, or the id that Slack shows"


def _names(content: Mapping[str, Any]) -> Iterator[tuple[Loc, Any, Any]]:
    """Find every `#name` and `@handle`: its place, what holds it, and under which key."""
    holders: list[tuple[Loc, Any, Any]] = [(("team", "channel"), content["team"], "channel")]
    holders += [(("members", n, "id"), member, "id") for n, member in enumerate(content["members"])]
    for n, hat in enumerate(content["hats"]):
        hat["wearers"] = list(hat["wearers"])
        holders.append((("hats", n, "owner"), hat, "owner"))
        holders += [(("hats", n, "wearers", i), hat["wearers"], i) for i in range(len(hat["wearers"]))]
    return (found for found in holders if str(found[1][found[2]] or "").startswith(("#", "@")))
