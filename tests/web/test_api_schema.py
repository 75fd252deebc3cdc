"""The API does what its OpenAPI document says, whatever is sent to it.

One check is left out: which KPIs a team has and which weeks are open is the team's, and no document can know it.
"""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from storage import Sessions
from tests.support.http_api import Api, an_api

EXAMPLES = 100  # for each operation and kind


@pytest.fixture
def api(sqlite_sessions: Sessions) -> Iterator[Api]:
    with an_api(sqlite_sessions) as opened:
        yield opened


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/readings"), ("GET", "/v1/readings"), ("GET", "/v1/kpis")])
def test_every_answer_is_one_that_the_document_promises(api: Api, method: str, path: str, mode: GenerationMode) -> None:
    operation = schemathesis.openapi.from_asgi("/api/openapi.json", api.web)[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Case) -> None:
        case.call_and_validate(headers=api.bearer(), excluded_checks=[positive_data_acceptance])

    holds()
