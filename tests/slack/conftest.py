"""What the tests of Slack's side start from."""

from tests.playground.conftest import playground  # noqa: F401  # a fixture of theirs
