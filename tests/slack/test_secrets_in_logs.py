"""No token gets into a log, whichever way it is written there."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Literal

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import log
from bot.secrets import masked
from bot.services.installs.installing import Installed
from bot.services.installs.installs import Voice
from bot.slack.oauth import Renewed
from bot.web.install import Credentials

SECRETS = (
    "xoxb-123456789012-123456789013-AbCdEf0123456789AbCdEf01",
    "xoxp-1-2-3-abcdef",
    "xoxe.xoxb-1-MS0yLTE2ODMwNzE5NjU-abc",
    "xoxe-1-My0xLTE2ODMwNzE5NjU",
    "xapp-1-A0123456789-1234567890123-0123456789abcdef",
    "hat_" + "aB3-_" * 8 + "xyz",
)
WAYS: dict[str, Callable[[str], None]] = {
    "in the event": lambda s: structlog.get_logger().info(f"called with {s}"),
    "as a value": lambda s: structlog.get_logger().warning("called", token=s),
    "deep in a value": lambda s: structlog.get_logger().info("called", body={"a": [{"token": s}, (s,)]}),
    "in an exception": lambda s: _raising(s, structlog.get_logger().exception),
    "in another library's record": lambda s: logging.getLogger("somebody").warning("token %s refused", s),
    "in another library's exception": lambda s: _raising(s, logging.getLogger("somebody").exception),
    "in an address": lambda s: structlog.get_logger().info("got", url=f"https://x.example/?token={s}&a=1"),
    "in a header": lambda s: structlog.get_logger().info("got", headers={"Authorization": f"Bearer {s}"}),
    "uncaught": lambda s: log._crashed(ValueError, ValueError(f"bad {s}"), None),
}


def _raising(secret: str, tell: Callable[[str], None]) -> None:
    try:
        _call_with(secret)
    except ValueError:
        tell("it failed")


def _call_with(secret: str) -> None:
    raise ValueError(f"cannot use {secret!r}") from KeyError(secret)


@contextmanager
def logged(kind: Literal["console", "json"]) -> Iterator[io.StringIO]:
    """Log to a text; afterwards logs go where they went before."""
    root, written = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    with redirect_stderr(written):
        log.configure(kind)
    try:
        yield written
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()


@pytest.mark.parametrize("kind", ["console", "json"])
@pytest.mark.parametrize("way", WAYS)
def test_a_token_is_masked_however_it_is_logged(kind: Literal["console", "json"], way: str) -> None:
    with logged(kind) as written:
        for secret in SECRETS:
            WAYS[way](secret)
    text = written.getvalue()
    assert len(text.splitlines()) >= len(SECRETS)
    assert "***" in text
    for secret in SECRETS:
        assert secret not in text
        assert secret[-12:] not in text


def test_the_masked_line_is_still_json() -> None:
    with logged("json") as written:
        structlog.get_logger().info("called", headers={"Authorization": 'Basic "a:b"'}, token=SECRETS[0], text='x"y')
    (line,) = written.getvalue().splitlines()
    assert json.loads(line)["token"] == "xoxb-***"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.def",
        "authorization: Basic YWJjOmRlZg==",
        "{'Authorization': 'Bearer abc.def'}",
        '{"authorization": "abc.def"}',
        '{\\"Authorization\\": \\"Bearer abc.def\\"}',
        "client_secret=abc.def&code=1",
        "{'refresh_token': 'abc.def'}",
        "HATTRICK_ENCRYPTION_KEYS=a-newer-one,abc.def",
        "cannot connect to postgresql+psycopg://hattrick:abc.def@db:5432/hattrick",
    ],
)
def test_credentials_are_masked_by_their_name(text: str) -> None:
    assert "abc.def" not in masked(text)
    assert "YWJjOmRlZg" not in masked(text)
    assert "***" in masked(text)


@pytest.mark.parametrize(
    "text", ["The hat_slug is fine", "xox is no token", "delivery_sent kind=prompt", "Authorization"]
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert masked(text) == text


@given(before=st.text(max_size=20), after=st.text(max_size=20), secret=st.sampled_from(SECRETS))
def test_a_token_is_found_between_any_other_characters(before: str, after: str, secret: str) -> None:
    assert secret not in masked(f"{before} {secret} {after}")


@pytest.mark.parametrize("text", ["see https://example.org:8080/a@b", "mailto:a:b@c", "10:30 @anna", "a://b:@c"])
def test_an_address_without_a_password_is_left_alone(text: str) -> None:
    assert masked(text) == text


def test_what_holds_a_secret_does_not_show_it() -> None:
    between_us = "abc.def"
    facts = dict.fromkeys(("slack_id", "enterprise_id", "name", "bot_user_id", "bot_id", "installer_id", "scopes"), "x")
    held = (
        Voice(between_us, "U0BOT", "B1"),
        Renewed(between_us, between_us, 60),
        Credentials("1.2", between_us, "https://slack.com/api/"),
        Installed(**facts, is_org=False, token=between_us, refresh_token=between_us),
    )
    assert between_us not in repr(held)


def test_a_crash_that_nobody_catches_goes_through_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr("threading.excepthook", None)
    log.catch_crashes()
    with logged("json") as written:
        sys.excepthook(ValueError, ValueError(SECRETS[0]), None)
    assert json.loads(written.getvalue())["event"] == "crashed"


def test_a_tick_that_is_left_out_is_no_news_and_a_scheduler_that_fails_is() -> None:
    with logged("json") as written:
        scheduler = logging.getLogger("apscheduler.scheduler")
        scheduler.warning("Execution of job skipped: maximum number of running instances reached")
        scheduler.error("Error submitting job")
    assert "skipped" not in written.getvalue()
    assert "Error submitting job" in written.getvalue()
