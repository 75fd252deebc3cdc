"""Where settings come from, and what is said when they cannot be used."""

from pathlib import Path

import pytest

from bot.config import Settings, read_settings
from bot.domain.errors import UserFacingError


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("SLACK_BOT_TOKEN", "HATTRICK_DATABASE_URL", "HATTRICK_TICK_SECONDS"):
        monkeypatch.delenv(variable, raising=False)


def token(settings: Settings) -> str | None:
    return settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None


def test_a_secret_may_lie_in_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-from-file\n")
    (tmp_path / "database").write_text("sqlite:///elsewhere.db\n")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    monkeypatch.setenv("HATTRICK_DATABASE_URL_FILE", str(tmp_path / "database"))
    settings = read_settings()
    assert (token(settings), settings.database_url) == ("xoxb-from-file", "sqlite:///elsewhere.db")


def test_the_variable_wins_over_its_file_and_the_file_over_the_env_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-env\n")
    assert token(read_settings()) == "xoxb-env"
    (tmp_path / "token").write_text("xoxb-from-file")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert token(read_settings()) == "xoxb-from-file"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-set")
    assert token(read_settings()) == "xoxb-set"


def test_an_empty_file_sets_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("  \n")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert token(read_settings()) is None


def test_a_file_that_is_not_there_is_named_and_nothing_of_it_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path / "missing"))
    with pytest.raises(UserFacingError, match="SLACK_BOT_TOKEN_FILE names a file that cannot be read"):
        read_settings()


def test_a_setting_that_cannot_be_used_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATTRICK_TICK_SECONDS", "often-secret")
    with pytest.raises(UserFacingError, match="HATTRICK_TICK_SECONDS") as refused:
        read_settings()
    assert "often-secret" not in str(refused.value)


def test_no_secret_is_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HATTRICK_DATABASE_URL", "postgresql://hattrick:between-us@db/hattrick")
    for variable in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "HATTRICK_ENCRYPTION_KEYS"):
        monkeypatch.setenv(variable, "between-us")
    assert "between-us" not in f"{read_settings()!r} {read_settings()}"
