"""The App Home."""

from typing import Any

from messages import environment
from messages.content import Home

_MOST_CARDS = 40  # hats shown in full; with the blocks around them they keep Slack's limit of 100 blocks


def home(shown: Home, *, language: str) -> dict[str, Any]:
    """Show a person their hats, and what is still to report."""
    return environment.view("home", language, home=shown, most=_MOST_CARDS)
