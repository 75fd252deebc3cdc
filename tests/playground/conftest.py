"""A playground per test, and a real Bolt app for it."""

from collections.abc import Iterator

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from tests.support.bolt_app import bolt_app
from tests.support.playground import PlaygroundClient, start_playground


@pytest.fixture
def playground() -> Iterator[PlaygroundClient]:
    with start_playground() as started:
        yield started


@pytest.fixture
def app(playground: PlaygroundClient) -> App:
    return bolt_app(playground)


@pytest.fixture
def client(playground: PlaygroundClient) -> WebClient:
    return WebClient(playground.workspace()["bot_token"], base_url=playground.api_url, timeout=5)
