"""Tokens over time: those that rotate are renewed once, and the keys that encrypt them are replaced."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from bot import app
from bot.config import Settings
from bot.services.installs.installing import TokenRenewal, install, rotate_keys
from bot.services.installs.installs import Installs
from bot.slack.oauth import NotRenewed, Renewed
from bot.slack.vault import Vault
from storage import Sessions
from tests.support.builders import NOW
from tests.support.installed import FIRST, KEY, OLD_KEY, VAULT, made, token_of


def rotating(sessions: Sessions, *, hours: float, vault: Vault = VAULT) -> None:
    ends = NOW + timedelta(hours=hours)
    install(sessions, vault, made(refresh_token="xoxe-1", expires_at=ends), now=NOW)


class Slack:
    """Counts what it is asked, and takes its time."""

    def __init__(self, answer: Renewed | NotRenewed, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.asked: list[str] = []
        self.answer, self.meanwhile = answer, meanwhile

    def __call__(self, refresh_token: str) -> Renewed | NotRenewed:
        self.asked.append(refresh_token)
        self.meanwhile()
        return self.answer


def test_a_token_is_renewed_before_it_ends_and_only_then(sessions: Sessions) -> None:
    rotating(sessions, hours=12)
    slack, told = Slack(Renewed("xoxb-second", "xoxe-2", 43200)), list[str]()
    renewal = TokenRenewal(VAULT, slack, lambda *names: told.extend(names))
    renewal(sessions, NOW + timedelta(hours=9))
    assert slack.asked == []
    renewal(sessions, NOW + timedelta(hours=10, minutes=1))
    renewal(sessions, NOW + timedelta(hours=10, minutes=2))
    assert slack.asked == ["xoxe-1"]
    assert (token_of(sessions), told) == ("xoxb-second", ["T1"])
    renewal(sessions, NOW + timedelta(hours=21))
    assert slack.asked == ["xoxe-1", "xoxe-2"]


def test_of_many_replicas_one_renews(sessions: Sessions) -> None:
    rotating(sessions, hours=1)
    slack = Slack(Renewed("xoxb-second", "xoxe-2", 43200))
    with ThreadPoolExecutor(8) as replicas:
        renewal = TokenRenewal(VAULT, slack, lambda *_: None)
        list(replicas.map(lambda _: renewal(sessions, NOW), range(8)))
    assert slack.asked == ["xoxe-1"]


def test_a_renewal_that_failed_is_tried_again_after_its_lease(sessions: Sessions) -> None:
    rotating(sessions, hours=1)
    slack = Slack(NotRenewed("TimeoutError"))
    renewal = TokenRenewal(VAULT, slack, lambda *_: None)
    renewal(sessions, NOW)
    renewal(sessions, NOW + timedelta(seconds=59))
    assert len(slack.asked) == 1
    renewal(sessions, NOW + timedelta(seconds=60))
    assert len(slack.asked) == 2
    assert token_of(sessions) == "xoxb-first"


def test_a_renewal_that_slack_refuses_is_tried_again_after_a_while(sessions: Sessions) -> None:
    rotating(sessions, hours=1)
    slack = Slack(NotRenewed("invalid_refresh_token", is_final=True))
    renewal = TokenRenewal(VAULT, slack, lambda *_: None)
    for minutes in range(15):
        renewal(sessions, NOW + timedelta(minutes=minutes))
    assert len(slack.asked) == 1
    slack.answer = Renewed("xoxb-second", "xoxe-2", 43200)
    renewal(sessions, NOW + timedelta(minutes=15))
    assert token_of(sessions) == "xoxb-second"


def test_a_slack_that_takes_long_for_a_token_keeps_no_tick_waiting(
    sqlite_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotating(sqlite_sessions, hours=1)
    may_answer = Event()
    slack = Slack(Renewed("xoxb-second", "xoxe-2", 43200), lambda: may_answer.wait(10) and None)
    monkeypatch.setattr(app, "renewer", lambda *_, **__: slack)
    settings = Settings(_env_file=None, slack_client_id="1.2", slack_client_secret="secret")
    (renewal,) = app._renewal(settings, VAULT, Installs(sqlite_sessions, VAULT.open))
    renewal(sqlite_sessions, NOW)
    assert token_of(sqlite_sessions) == FIRST
    may_answer.set()
    renewal.close()
    assert token_of(sqlite_sessions) == "xoxb-second"


def test_an_install_while_a_token_is_renewed_wins(sessions: Sessions) -> None:
    rotating(sessions, hours=1)
    anew = made(token="xoxb-anew", refresh_token="xoxe-anew", expires_at=NOW + timedelta(hours=12))
    slack = Slack(Renewed("xoxb-late", "xoxe-late", 43200), lambda: install(sessions, VAULT, anew, now=NOW) and None)
    TokenRenewal(VAULT, slack, lambda *_: None)(sessions, NOW)
    assert token_of(sessions) == "xoxb-anew"


# Keys


def test_keys_are_rotated_once_and_the_old_one_can_go(sessions: Sessions) -> None:
    rotating(sessions, hours=12, vault=Vault(OLD_KEY))
    install(sessions, VAULT, made("T2", "xoxb-new"), now=NOW)
    both = Vault(f"{KEY},{OLD_KEY}")
    assert rotate_keys(sessions, both) == (2, 1, [])
    assert rotate_keys(sessions, both) == (2, 0, [])
    assert (token_of(sessions), token_of(sessions, "T2")) == ("xoxb-first", "xoxb-new")


def test_tokens_that_no_key_opens_are_named_and_left_alone(sessions: Sessions) -> None:
    rotating(sessions, hours=12, vault=Vault(OLD_KEY))
    assert rotate_keys(sessions, VAULT) == (1, 0, ["T1"])
    assert token_of(sessions, vault=Vault(OLD_KEY)) == "xoxb-first"
