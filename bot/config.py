"""Settings, from the environment and a `.env` file in the working directory; secrets may lie in files of their own."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain.addresses import read_allowed
from bot.domain.errors import UserFacingError

SLACK_API = "https://slack.com/api/"


SHORTEST_DAYS = 380


def _long_enough(days: int) -> int:
    if days and days < SHORTEST_DAYS:
        raise ValueError(f"must be 0 (for good) or at least {SHORTEST_DAYS}")
    return days


_Days = Annotated[int, Field(ge=0, le=36_500), AfterValidator(_long_enough)]


class NamedFiles(PydanticBaseSettingsSource):
    """Reads `SLACK_BOT_TOKEN` from the file that `SLACK_BOT_TOKEN_FILE` names, as containers hand over secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return what the field's file holds, without white space around it; None when no file is named."""
        variable = f"{field.alias or field_name.upper()}_FILE"
        path = os.environ.get(variable)
        key = field.alias or field_name
        if not path:
            return None, key, False
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None, key, False
        except (OSError, UnicodeDecodeError) as error:
            raise UserFacingError(f"{variable} names a file that cannot be read.") from error

    def __call__(self) -> dict[str, Any]:
        """Return the values of all fields whose file is named."""
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {key: value for value, key, _ in found if value is not None}


class Settings(BaseSettings):
    """Everything that can be set from outside. docs/settings.md is this class in words."""

    # A variable that is set to nothing is not set: an empty signing secret would let anybody speak as Slack.
    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API
    # It may hold a password, which no `repr` shows.
    database_url: str = Field(default="sqlite:///hattrick.db", alias="HATTRICK_DATABASE_URL", repr=False)
    encryption_keys: SecretStr | None = Field(default=None, alias="HATTRICK_ENCRYPTION_KEYS")
    log_format: Literal["console", "json"] = Field(default="console", alias="HATTRICK_LOG_FORMAT")
    tick_seconds: float = Field(default=5.0, gt=0, le=30, alias="HATTRICK_TICK_SECONDS")
    send_workers: int = Field(default=32, ge=1, le=128, alias="HATTRICK_SEND_WORKERS")
    source_allow: str = Field(default="", alias="HATTRICK_SOURCE_ALLOW")
    erase_after_days: int = Field(default=30, ge=0, le=3650, alias="HATTRICK_ERASE_AFTER_DAYS")
    # 0 keeps for good. A number can be corrected for 52 weeks, and what was said about it is changed then.
    keep_deliveries_days: _Days = Field(default=400, alias="HATTRICK_KEEP_DELIVERIES_DAYS")
    keep_audit_days: int = Field(default=0, ge=0, le=36_500, alias="HATTRICK_KEEP_AUDIT_DAYS")
    keep_evidence_days: _Days = Field(default=400, alias="HATTRICK_KEEP_EVIDENCE_DAYS")
    keep_questions_days: int = Field(default=730, ge=0, le=36_500, alias="HATTRICK_KEEP_QUESTIONS_DAYS")
    keep_proposals_days: int = Field(default=730, ge=0, le=36_500, alias="HATTRICK_KEEP_PROPOSALS_DAYS")
    clock_url: str | None = Field(default=None, alias="HATTRICK_CLOCK_URL")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let a variable itself win over the file that `<VARIABLE>_FILE` names, and both over `.env`."""
        return init_settings, env_settings, NamedFiles(settings_cls), dotenv_settings, file_secret_settings

    @property
    def keep_days(self) -> dict[str, int]:
        """How many days what is kept, by the names that `bot.services.workspaces.keeping` knows."""
        return {
            "deliveries": self.keep_deliveries_days,
            "audit": self.keep_audit_days,
            "evidence": self.keep_evidence_days,
            "questions": self.keep_questions_days,
            "proposals": self.keep_proposals_days,
        }

    @field_validator("source_allow")
    @classmethod
    def _names_hosts_and_ports(cls, text: str) -> str:
        read_allowed(text)
        return text


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
