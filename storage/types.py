"""Column types that keep a promise of the design: instants are UTC, numbers are exact."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import DateTime, Numeric, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from typing_extensions import override

SMALLEST = Decimal("0.000001")
LIMIT = Decimal(10) ** 18 - SMALLEST / 2  # from here on it would round to a 19th digit


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only, stores UTC, hands back aware UTC.

    Raises:
        ValueError: When a naive datetime is bound: nobody can tell which zone it meant.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; instants are stored in UTC")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no zone; what was bound was UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_stored(value: Decimal) -> Decimal:
    """Round to the six decimals that are stored, half up as PostgreSQL does.

    Raises:
        ValueError: When the number is not finite or has more than 18 digits before the point.
    """
    if not value.is_finite() or abs(value) >= LIMIT:
        raise ValueError(f"{value} cannot be stored: a number has at most 18 digits before the point")
    return value.quantize(SMALLEST, ROUND_HALF_UP) + 0  # adding nothing turns -0 into 0


class ExactNumber(TypeDecorator[Decimal]):
    """A decimal number as a person wrote it: `NUMERIC` on PostgreSQL, text on SQLite (it has only floats).

    What is bound goes through `as_stored`, so that both engines hand back the same.
    """

    impl = Numeric(24, 6)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(Numeric(24, 6))

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        exact = as_stored(value)
        return format(exact, "f") if dialect.name == "sqlite" else exact

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        exact = Decimal(value)
        # 120.000000 and 120 are the same reading; both databases hand back the short form.
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()
