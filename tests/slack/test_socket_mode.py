"""What is heard through Socket Mode: decoded at once, and not lost where it is no text."""

from typing import Any

import pytest

from bot.slack.socket_mode import read_quickly


class Session:
    """Hears one message as soon as it runs, like `websocket.WebSocketApp`: as bytes if it is not to look at them."""

    def __init__(self, message: bytes) -> None:
        self.message = message
        self.heard: list[str] = []
        self.options: dict[str, Any] = {}
        self.on_message = lambda _, message: self.heard.append(message)

    def run_forever(self, *, skip_utf8_validation: bool = False, **options: Any) -> None:
        self.options = options
        self.on_message(self, self.message if skip_utf8_validation else self.message.decode())


@pytest.mark.parametrize(
    ("sent", "heard"), [("Åsa 👍".encode(), "Åsa 👍"), (b"\xc3\xa5\xff!", "å\ufffd!")], ids=["text", "broken"]
)
def test_what_slack_says_is_heard_as_text(sent: bytes, heard: str) -> None:
    session = Session(sent)
    read_quickly(session)
    session.run_forever(ping_interval=10)
    assert (session.heard, session.options) == ([heard], {"ping_interval": 10})


def test_a_session_that_runs_already_goes_on() -> None:
    session = Session("Åsa".encode())
    run = session.run_forever
    read_quickly(session)
    run()
    assert session.heard == ["Åsa"]
