"""Settings, from the environment and a `.env` file in the working directory."""

from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.domain.errors import UserFacingError

SLACK_API = "https://slack.com/api/"


class Settings(BaseSettings):
    """Everything that can be set from outside. README's table of settings is this class in words."""

    # A variable that is set to nothing is not set: an empty signing secret would let anybody speak as Slack.
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API
    database_url: str = Field(default="sqlite:///hattrick.db", alias="HATTRICK_DATABASE_URL")
    encryption_keys: SecretStr | None = Field(default=None, alias="HATTRICK_ENCRYPTION_KEYS")
    log_format: Literal["console", "json"] = Field(default="console", alias="HATTRICK_LOG_FORMAT")
    tick_seconds: float = Field(default=5.0, gt=0, le=30, alias="HATTRICK_TICK_SECONDS")
    send_workers: int = Field(default=32, ge=1, le=128, alias="HATTRICK_SEND_WORKERS")
    clock_url: str | None = Field(default=None, alias="HATTRICK_CLOCK_URL")


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        UserFacingError: When one of them cannot be used; the sentence names each, and never shows its value.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
        raise UserFacingError(f"These settings cannot be used: {'; '.join(wrong)}.") from error
