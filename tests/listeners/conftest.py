"""What the tests of generated input start from."""

from tests.support.gauntlet import gauntlet, response_urls  # noqa: F401  # fixtures of theirs
