"""Installing the app in a browser, at `/slack/install` and `/slack/oauth_redirect`: Bolt's own flow on our tables."""

import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from http import HTTPStatus
from logging import getLogger
from typing import Any, Final

import structlog
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth import OAuthStateStore, OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation, InstallationStore

from bot.manifest import bot_scopes
from bot.services.installs import installing
from bot.services.installs.installing import Installed
from bot.slack.client import NETWORK_ERRORS, TIMEOUT_SECONDS
from bot.slack.oauth import authorize_url, let_into
from bot.slack.vault import Vault
from messages.install_words import install_page
from storage import Sessions

Clock = Callable[[], datetime]
log = structlog.get_logger()
# What Slack says when somebody does not allow the app; anything else is a failure that a second try may mend.
CANCELLED: Final = "access_denied"
_STYLE: Final = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1rem}"
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'"
_PAGE: Final = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1><p>{text}</p><p><a href="{address}">{label}</a></p></main></body></html>
"""


@dataclass(frozen=True)
class Credentials:
    """The app's own, as Slack gave them, and where its Web API is."""

    client_id: str
    client_secret: str = field(repr=False)
    api_url: str


def install_flow(
    sessions: Sessions, vault: Vault, credentials: Credentials, clock: Clock, *, installed: Callable[..., None]
) -> OAuthFlow:
    """Make the flow; `installed` is told the workspaces where the bot may speak from now on."""
    settings = OAuthSettings(
        client_id=credentials.client_id,
        client_secret=credentials.client_secret,
        scopes=bot_scopes(),
        authorization_url=authorize_url(credentials.api_url),
        install_page_rendering_enabled=False,
        installation_store=_Installations(sessions, vault, clock, credentials.api_url, installed),
        state_store=_States(sessions, clock),
        state_expiration_seconds=int(installing.STATE_LIFE.total_seconds()),
        callback_options=CallbackOptions(success=_done, failure=_failed),
        logger=getLogger("slack_bolt"),
    )
    # Not repeated when the connection breaks: a code is good for once.
    client = WebClient(base_url=credentials.api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    return _Flow(client=client, settings=settings, logger=getLogger("slack_bolt"))


class _Flow(OAuthFlow):
    """Bolt's flow, which has no answer where Slack cannot be asked whether the code is good."""

    def handle_callback(self, request: BoltRequest) -> BoltResponse:
        """Install, or say that it did not work and where to try again."""
        try:
            return super().handle_callback(request)
        except NETWORK_ERRORS as error:
            log.warning("install_failed", error=type(error).__name__)
            return _page(request, "unreachable", self.install_path, status=HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass
class _States(OAuthStateStore):
    sessions: Sessions
    clock: Clock

    def issue(self, *_args: Any, **_kwargs: Any) -> str:
        return installing.begin(self.sessions, now=self.clock())

    def consume(self, state: str) -> bool:
        return installing.take_up(self.sessions, state, now=self.clock())


@dataclass
class _Installations(InstallationStore):
    sessions: Sessions
    vault: Vault
    clock: Clock
    api_url: str
    installed: Callable[..., None]

    def save(self, installation: Installation) -> None:
        made = _made(installation, self.clock())
        let_in = let_into(made.token, base_url=self.api_url) if made.is_org else None
        names = installing.install(self.sessions, self.vault, made, now=self.clock(), let_in=let_in)
        self.installed(made.slack_id, *names)


def _made(installation: Installation, now: datetime) -> Installed:
    org = bool(installation.is_enterprise_install)
    slack_id = installation.enterprise_id if org else installation.team_id
    scopes = installation.bot_scopes or ()
    # The SDK has added Slack's `expires_in` to the machine's time; the bot's clock may be another.
    ends = installation.bot_token_expires_at
    expires_at = now + timedelta(seconds=ends - time.time()) if ends else None
    return Installed(
        slack_id=slack_id or "",
        is_org=org,
        enterprise_id=installation.enterprise_id,
        name=(installation.enterprise_name if org else installation.team_name) or "",
        bot_user_id=installation.bot_user_id or "",
        bot_id=installation.bot_id or "",
        installer_id=installation.user_id or "",
        scopes=scopes if isinstance(scopes, str) else ",".join(scopes),
        token=installation.bot_token or "",
        refresh_token=installation.bot_refresh_token,
        expires_at=expires_at,
    )


def _done(args: SuccessArgs) -> BoltResponse:
    installation = args.installation
    # Slack opens the app's messages in the workspace that it was installed in.
    address = f"https://slack.com/app_redirect?app={installation.app_id or ''}&team={installation.team_id or ''}"
    org = bool(installation.is_enterprise_install)
    where = (installation.enterprise_name if org else installation.team_name) or ""
    return _page(args.request, "installed_org" if org else "installed", address, status=200, where=where)


def _failed(args: FailureArgs) -> BoltResponse:
    outcome = {CANCELLED: "cancelled"}.get(args.reason, "failed")
    return _page(args.request, outcome, args.settings.install_path, status=args.suggested_status_code)


def _page(request: BoltRequest, outcome: str, address: str, *, status: int, where: str = "") -> BoltResponse:
    (told, *_) = request.headers.get("accept-language") or [""]
    page = install_page(outcome, accepted=told, where=where)
    parts = {"title": page.title, "text": page.text, "label": page.label, "address": address}
    body = _PAGE.format(language=page.language, style=_STYLE, **{name: escape(text) for name, text in parts.items()})
    # The state is used up either way.
    cookie = OAuthStateUtils().build_set_cookie_for_deletion()
    return BoltResponse(
        status=status,
        body=body,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": _POLICY,
            "Set-Cookie": [cookie],
        },
    )
