"""The KPIs of a team's file: what they measure, their targets, and those of single weeks."""

from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Annotated

from pydantic import AfterValidator, Field, PlainValidator, StringConstraints, ValidationInfo, field_validator

from bot.domain.amounts import parse_amount
from bot.domain.formula import LONGEST
from bot.domain.period import Period
from bot.domain.targets import Bounds, TargetProblem, parse_target
from bot.domain.words import Cadence, Direction, ShownAs, Unit
from bot.services.team_file.team_file_fields import Name, Part, Slug, lines, number, one_line
from bot.services.team_file.team_file_sources import KpiSource
from messages.formats import known_currency

_KNOWN_BY_THEN = {"unit", "decimals", "direction"}  # what says how a target is read
_NO_TARGET = "must be a number, or a text such as at most 5, under 3 days or 10–20"
_UNFIT = {
    TargetProblem.RANGE_NEEDED: "must be a range such as 10–20: the direction is within",
    TargetProblem.NO_RANGE: "is a range, which goes with the direction within",
    TargetProblem.WRONG_WAY: "says the opposite of the direction",
}


def _week(text: str) -> str:
    return str(Period.parse(text))


def _currency(code: str) -> str:
    if not known_currency(code):
        raise ValueError("must be a currency's code such as SEK")
    return code


def _as_number(text: str) -> Decimal | str:
    try:
        written = Decimal(text)
    except InvalidOperation:
        return text
    return number(written) if written.is_finite() else text


def _target(value: object) -> Decimal | str:
    """Take a number as one, and a text as it is: how it is read depends on the KPI."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return number(Decimal(str(value)))
    if isinstance(value, str) and value.strip():
        return _as_number(value.strip())
    raise ValueError(_NO_TARGET)


def aim_of(target: Decimal | str, unit: str, decimals: int, direction: str) -> Bounds:
    """Read a target as a team's file has it.

    Raises:
        ValueError: It does not go with the direction, or is no target at all. The text says which.
    """
    if isinstance(target, Decimal):
        if direction == Direction.WITHIN:
            raise ValueError(_UNFIT[TargetProblem.RANGE_NEEDED])
        return Bounds.of(None, target, None, direction)
    read = parse_target(target, direction, lambda text: parse_amount(text, unit=unit, decimals=decimals, language="en"))
    if isinstance(read, Bounds):
        return read
    if isinstance(read, TargetProblem):
        raise ValueError(_UNFIT[read])  # noqa: TRY004  # what the file says is wrong
    raise ValueError(_NO_TARGET)


_Week = Annotated[str, AfterValidator(_week)]
_Target = Annotated[Decimal | str, PlainValidator(_target)]


class WeekEntry(Part):
    """What was agreed for one week only."""

    week: _Week
    target: _Target
    reason: Annotated[str, StringConstraints(max_length=500), AfterValidator(lines)] = ""


class KpiEntry(Part):
    """A number that the hat's owner reports, or one with a `formula`.

    What is left out of targets stays as agreed, and a source that is left out stays as it is.
    """

    slug: Slug
    name: Name
    unit: Unit = Unit.COUNT
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(_currency)] | None = None
    direction: Direction = Direction.HIGHER
    cadence: Cadence = Cadence.WEEKLY
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    formula: Annotated[str, StringConstraints(max_length=LONGEST), AfterValidator(one_line)] = ""
    shown_as: ShownAs = ShownAs.VALUE
    target: _Target | None = None
    weeks: tuple[WeekEntry, ...] = ()
    source: KpiSource | None = None

    @field_validator("target")
    @classmethod
    def _fits(cls, target: Decimal | str | None, info: ValidationInfo) -> Decimal | str | None:
        if target is not None and info.data.keys() >= _KNOWN_BY_THEN:
            aim_of(target, **{name: info.data[name] for name in _KNOWN_BY_THEN})
        return target

    @field_validator("weeks")
    @classmethod
    def _all_fit(cls, weeks: tuple[WeekEntry, ...], info: ValidationInfo) -> tuple[WeekEntry, ...]:
        if len({entry.week for entry in weeks}) < len(weeks):
            raise ValueError("has a week twice")
        if info.data.keys() >= _KNOWN_BY_THEN:
            for entry in weeks:
                aim_of(entry.target, **{name: info.data[name] for name in _KNOWN_BY_THEN})
        return weeks

    @field_validator("source")
    @classmethod
    def _reported(cls, source: KpiSource | None, info: ValidationInfo) -> KpiSource | None:
        if source is not None and source.url and info.data.get("formula", "").strip():
            raise ValueError("does not go with a formula: what is computed is not read from anywhere")
        return source

    def aim(self, target: Decimal | str) -> Bounds:
        """Give one of its targets as what a value is held against."""
        return aim_of(target, self.unit, self.decimals, self.direction)
