"""`hattrick keys`, as somebody types it; and what the bot says when it has none to keep tokens with."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlmodel import select

from bot.services.installs.installing import Installed, install
from bot.slack.vault import Vault
from storage.tables import Install
from tests.support.bot_process import run_hattrick
from tests.support.builders import NOW
from tests.support.database import opened

TOKEN = "xoxb-1-secret"
OAUTH = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s3cret", "SLACK_SIGNING_SECRET": "s1gning"}


def an_install(url: str, vault: Vault) -> None:
    who = {"name": "North", "bot_user_id": "U0BOT", "bot_id": "B0BOT", "installer_id": "U1", "scopes": "commands"}
    made = Installed("T1", is_org=False, enterprise_id=None, token=TOKEN, **who)
    with opened(url) as sessions:
        install(sessions, vault, made, now=NOW)


def sealed(url: str) -> str:
    with opened(url) as sessions, sessions.read() as session:
        return session.exec(select(Install)).one().bot_token_encrypted or ""


def test_a_new_key_is_one_that_the_bot_takes_and_never_the_same(tmp_path: Path) -> None:
    keys = [run_hattrick("keys", "generate", settings={}, folder=tmp_path).stdout for _ in range(2)]
    assert keys[0] != keys[1]
    vault = Vault(",".join(keys))
    assert vault.open(vault.seal(TOKEN)) == TOKEN


def test_after_a_rotation_the_newest_key_alone_opens_the_tokens(database_url: str, tmp_path: Path) -> None:
    new, old = (Fernet.generate_key().decode() for _ in range(2))
    an_install(database_url, Vault(old))
    settings = {"HATTRICK_DATABASE_URL": database_url, "HATTRICK_ENCRYPTION_KEYS": f"{new},{old}"}
    first = run_hattrick("keys", "rotate", settings=settings, folder=tmp_path)
    assert (first.returncode, first.stdout) == (0, "1 of 1 installs encrypted anew with the newest key.\n")
    assert Vault(new).open(sealed(database_url)) == TOKEN
    after = sealed(database_url)
    again = run_hattrick("keys", "rotate", settings=settings, folder=tmp_path)
    assert again.stdout == "0 of 1 installs encrypted anew with the newest key.\n"
    assert sealed(database_url) == after


def test_a_token_whose_key_is_lost_is_named_and_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    an_install(sqlite_url, Vault(Fernet.generate_key().decode()))
    before = sealed(sqlite_url)
    settings = {"HATTRICK_DATABASE_URL": sqlite_url, "HATTRICK_ENCRYPTION_KEYS": Fernet.generate_key().decode()}
    told = run_hattrick("keys", "rotate", settings=settings, folder=tmp_path)
    assert told.returncode == 1
    assert "No key opens the tokens of T1" in told.stderr
    assert sealed(sqlite_url) == before
    examined = run_hattrick("doctor", settings=settings | OAUTH, folder=tmp_path).stdout
    assert "T1" in examined
    assert "install the app there" in " ".join(examined.replace("│", " ").split())


@pytest.mark.parametrize("keys", [{}, {"HATTRICK_ENCRYPTION_KEYS": "no key"}])
def test_without_a_key_there_is_nothing_to_rotate_with(keys: dict[str, str], sqlite_url: str, tmp_path: Path) -> None:
    told = run_hattrick("keys", "rotate", settings={"HATTRICK_DATABASE_URL": sqlite_url} | keys, folder=tmp_path)
    assert told.returncode == 1
    assert "HATTRICK_ENCRYPTION_KEYS" in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_the_bot_does_not_take_installs_without_a_key_for_their_tokens(sqlite_url: str, tmp_path: Path) -> None:
    settings = {"HATTRICK_DATABASE_URL": sqlite_url, **OAUTH}
    told = run_hattrick("run", "--mode", "http", "--port", "0", settings=settings, folder=tmp_path)
    assert told.returncode == 1
    assert "hattrick keys generate" in told.stderr
    assert "Traceback" not in told.stderr


def test_without_a_token_and_without_installs_it_says_what_is_missing(sqlite_url: str, tmp_path: Path) -> None:
    told = run_hattrick("run", settings={"HATTRICK_DATABASE_URL": sqlite_url}, folder=tmp_path)
    assert told.returncode == 1
    assert "SLACK_BOT_TOKEN is not set" in told.stderr
