"""What could be better about a team's hats, as the rules say it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.health import LEAST_CHECKS, MOST_OWNED, SHARED_FROM, Ailment, Finding, HatFacts, findings
from bot.domain.period import Period

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
WEEK = Period(2026, 48)
LONG_AGO = NOW - timedelta(weeks=30)
ANNA, BO = 1, 2


def a_hat(hat_id: int = 1, owner: int | None = None, **facts: Any) -> HatFacts:
    return HatFacts(hat_id, owner, **{"wearers": 0, "owned_since": LONG_AGO if owner else None, **facts})


def found(*facts: HatFacts, answered: int = LEAST_CHECKS) -> list[Finding]:
    return findings(facts, {ANNA: answered, BO: answered}, WEEK, NOW)


def ailments(*facts: HatFacts, answered: int = LEAST_CHECKS) -> list[Ailment]:
    return [finding.ailment for finding in found(*facts, answered=answered)]


def test_a_hat_whose_owner_wears_it_is_well() -> None:
    assert ailments(a_hat(owner=ANNA, wearers=5, last_worn=WEEK.shift(-1), review_at=NOW + timedelta(days=1))) == []


def test_a_vacant_hat_is_shared_from_three_wearers_on() -> None:
    assert ailments(a_hat(wearers=SHARED_FROM - 1)) == [Ailment.VACANT]
    assert found(a_hat(wearers=SHARED_FROM)) == [Finding(Ailment.SHARED, 1, number=SHARED_FROM)]


def test_an_owner_of_too_many_hats_is_named_once_with_the_hat_worn_least_lately() -> None:
    hats = [a_hat(number, ANNA, last_worn=WEEK.shift(-1)) for number in range(MOST_OWNED)]
    assert ailments(*hats) == []
    assert found(*hats, a_hat(9, ANNA, last_worn=WEEK.shift(-2))) == [
        Finding(Ailment.OVERLOADED, 9, ANNA, number=MOST_OWNED + 1)
    ]


def test_an_agreement_is_to_be_reviewed_from_its_date_on() -> None:
    assert ailments(a_hat(owner=ANNA, last_worn=WEEK, review_at=NOW)) == [Ailment.REVIEW]


def test_an_owner_who_answers_checks_without_the_hat_for_four_weeks_has_not_worn_it() -> None:
    assert ailments(a_hat(owner=ANNA, last_worn=WEEK.shift(-4))) == []
    assert found(a_hat(owner=ANNA, last_worn=WEEK.shift(-5))) == [Finding(Ailment.UNWORN, 1, ANNA, number=4)]


def test_who_answers_no_check_or_is_a_new_owner_is_not_said_to_leave_the_hat() -> None:
    assert ailments(a_hat(owner=ANNA), answered=LEAST_CHECKS - 1) == []
    assert ailments(a_hat(owner=ANNA, owned_since=NOW - timedelta(weeks=2))) == []


def test_the_most_pressing_comes_first() -> None:
    hats = [
        a_hat(1),
        a_hat(2, wearers=SHARED_FROM),
        a_hat(3, BO),
        a_hat(4, ANNA, last_worn=WEEK, review_at=LONG_AGO),
    ]
    assert ailments(*hats) == [Ailment.REVIEW, Ailment.SHARED, Ailment.VACANT, Ailment.UNWORN]
