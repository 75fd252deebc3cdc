from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlmodel import col

from storage import Sessions
from storage.tables import Target
from tests.support.builders import NOW, a_hat, a_kpi, a_target, a_team

# As many digits as `NUMERIC(24, 6)` holds.
NUMBERS = st.decimals(
    min_value=Decimal("-999999999999999999.999999"), max_value=Decimal("999999999999999999.999999"), places=6
)


def a_roundtrip(sessions: Sessions, target_id: int, value: Decimal) -> Decimal:
    with sessions.write() as session:
        session.get_one(Target, target_id).value = value
    with sessions.read() as session:
        stored: Decimal = session.execute(select(col(Target.value)).where(col(Target.id) == target_id)).scalar_one()
        return stored


@pytest.fixture
def target_id(sessions: Sessions) -> int:
    row = a_target(sessions, a_kpi(sessions, a_hat(sessions, a_team(sessions))), 1)
    assert row.id
    return row.id


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=NUMBERS)
def test_a_number_comes_back_exactly_as_it_was_stored(sessions: Sessions, target_id: int, value: Decimal) -> None:
    assert a_roundtrip(sessions, target_id, value) == value


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("120", "120"),
        ("120.000000", "120"),
        ("1.2E+2", "120"),
        ("0.10", "0.1"),
        ("-0", "0"),
        ("0.000001", "0.000001"),
        ("1E-6", "0.000001"),
        ("100000", "100000"),
    ],
)
def test_a_number_has_one_short_form_on_both_engines(
    sessions: Sessions, target_id: int, stored: str, shown: str
) -> None:
    assert f"{a_roundtrip(sessions, target_id, Decimal(stored)):f}" == shown


@pytest.mark.parametrize(
    ("stored", "rounded"), [("0.33333333333", "0.333333"), ("0.0000005", "0.000001"), ("-2.9999999", "-3")]
)
def test_more_than_six_decimals_are_rounded_alike_on_both_engines(
    sessions: Sessions, target_id: int, stored: str, rounded: str
) -> None:
    assert a_roundtrip(sessions, target_id, Decimal(stored)) == Decimal(rounded)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1E+18", "-1E+18", "1E+400"])
def test_what_is_no_number_or_too_large_is_refused_on_both_engines(
    sessions: Sessions, target_id: int, value: str
) -> None:
    with pytest.raises(StatementError, match="cannot be stored"):
        a_roundtrip(sessions, target_id, Decimal(value))
    with sessions.read() as session:
        assert session.get_one(Target, target_id).value == 1
        assert session.get_one(Target, target_id).agreed_at == NOW
