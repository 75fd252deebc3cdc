"""Where the app is installed, with which tokens; and installs that have begun in a browser and are not done yet."""

from sqlmodel import Field, SQLModel

from storage.tables.columns import datetime, instant, instant_or_none


class Install(SQLModel, table=True):
    """The app in one workspace, or with `is_org` in a whole organisation of Enterprise Grid.

    `slack_id` is the workspace's `T…` or the organisation's `E…`. Tokens are stored encrypted only. `expires_at` and
    the refresh token are there where the app rotates its tokens; until `refreshing_until` one replica is at it.
    `ended_at` is when the app was taken out; its tokens are gone then.
    """

    __tablename__ = "install"

    id: int | None = Field(default=None, primary_key=True)
    slack_id: str = Field(max_length=20, unique=True)
    is_org: bool
    enterprise_id: str | None = Field(default=None, max_length=20)
    bot_user_id: str = Field(max_length=20)
    bot_id: str = Field(max_length=20)
    installer_id: str = Field(max_length=20)
    scopes: str = Field(default="", max_length=2000)
    bot_token_encrypted: str | None = Field(default=None, max_length=2000)
    refresh_token_encrypted: str | None = Field(default=None, max_length=2000)
    expires_at: datetime | None = instant_or_none()
    refreshing_until: datetime | None = instant_or_none()
    installed_at: datetime = instant()
    ended_at: datetime | None = instant_or_none()


class InstallState(SQLModel, table=True):
    """What a browser that began an install must bring back, as a SHA-256; deleted by its one use."""

    __tablename__ = "install_state"

    state_hash: str = Field(max_length=64, primary_key=True)
    expires_at: datetime = instant(index=True)
