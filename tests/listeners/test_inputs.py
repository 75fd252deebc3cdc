"""Some hundreds of generated commands, clicks, forms, events and requests; `make soak` sends ten thousand."""

from hypothesis import HealthCheck, given, settings

from tests.support import inputs, inputs_of_programs
from tests.support.gauntlet import Gauntlet
from tests.support.inputs import Attempt
from tests.support.inputs_of_programs import Request

SOME = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SOME
@given(attempt=inputs.commands())
def test_a_command(gauntlet: Gauntlet, attempt: Attempt) -> None:
    gauntlet.attempt(attempt)


@SOME
@given(attempt=inputs.clicks())
def test_a_click(gauntlet: Gauntlet, attempt: Attempt) -> None:
    gauntlet.attempt(attempt)


@SOME
@given(attempt=inputs.forms())
def test_a_form(gauntlet: Gauntlet, attempt: Attempt) -> None:
    gauntlet.attempt(attempt)


@SOME
@given(attempt=inputs.shortcuts())
def test_a_shortcut(gauntlet: Gauntlet, attempt: Attempt) -> None:
    gauntlet.attempt(attempt)


@SOME
@given(attempt=inputs_of_programs.events())
def test_an_event(gauntlet: Gauntlet, attempt: Attempt) -> None:
    gauntlet.attempt(attempt)


@SOME
@given(request=inputs_of_programs.requests())
def test_a_request(gauntlet: Gauntlet, request: Request) -> None:
    gauntlet.ask(request)
