"""The team's vocabulary: the closed sets of words that tables, forms and messages share."""

from enum import StrEnum


class Direction(StrEnum):
    """Which way a KPI should go."""

    HIGHER = "higher"
    LOWER = "lower"
    WITHIN = "within"


class Comparator(StrEnum):
    """How a value is held against a target."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    BETWEEN = "between"


class Unit(StrEnum):
    """What a KPI counts in."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"
    DURATION = "duration"


class Cadence(StrEnum):
    """How often a KPI is reported."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"


class ShownAs(StrEnum):
    """How a KPI's course is looked at."""

    VALUE = "value"
    CUMULATIVE = "cumulative"
    AVERAGE = "average"


class Side(StrEnum):
    """Which half of the team wears a hat."""

    SALES = "sales"
    MARKETING = "marketing"


class Position(StrEnum):
    """Where on the pitch a hat plays."""

    DEFENDER = "defender"
    MIDFIELDER = "midfielder"
    FORWARD = "forward"
    LIBERO = "libero"
