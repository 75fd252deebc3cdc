"""`hattrick doctor`: looks at everything that the bot needs, and says how to mend what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import system_clock
from bot.config import Settings, read_settings
from bot.manifest import bot_scopes
from bot.slack.client import NETWORK_ERRORS
from bot.slack.vault import Vault
from storage import imports, installs, open_engine, schema, teams, workspaces
from storage.engine import Sessions

MOST_SKEW_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `mend` is empty when it is well."""

    what: str
    seen: str
    mend: str = ""


def examine() -> bool:
    """Look at everything, print a table, and return whether all is well."""
    settings = read_settings()
    table = Table("", "what", "seen", "how to mend it", title="Hattrick's doctor")
    well = True
    for finding in findings(settings):
        well = well and not finding.mend
        mark = "[red]✗[/red]" if finding.mend else "[green]✓[/green]"
        table.add_row(mark, finding.what, finding.seen, finding.mend)
    Console().print(table)
    return well


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at settings, Slack, the database and the teams' channels, one after the other."""
    client = None
    if settings.slack_bot_token is None and _installs_itself(settings):
        yield Finding("SLACK_BOT_TOKEN", "not set; workspaces install the app in a browser")
    elif settings.slack_bot_token is None:
        yield Finding(
            "SLACK_BOT_TOKEN", "not set", "Slack app > OAuth & Permissions > Bot User OAuth Token; put it into .env"
        )
    else:
        client = WebClient(
            token=settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, timeout=10
        )
        yield from _slack(client)
    yield _app_token(settings)
    yield _signing_secret(settings)
    yield _keys(settings)
    yield from _database(settings, client)


def _slack(client: WebClient) -> Iterator[Finding]:
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        yield Finding("SLACK_BOT_TOKEN", str(error.response.get("error")), "install the app again and copy its token")
        return
    except NETWORK_ERRORS as error:
        yield Finding("Slack", f"cannot be reached: {error}", "check the network and SLACK_API_URL")
        return
    yield Finding("SLACK_BOT_TOKEN", f"{answer.get('user')} in {answer.get('team')} ({answer['team_id']})")
    yield _scopes(answer.headers)
    yield _skew(answer.headers)


def _scopes(headers: Any) -> Finding:
    granted = {scope.strip() for scope in _header(headers, "x-oauth-scopes").split(",") if scope.strip()}
    wanted = set(bot_scopes())
    lacking = sorted(wanted - granted)
    if not granted:
        return Finding("scopes", "Slack did not say")
    if lacking:
        return Finding(
            "scopes", f"missing: {', '.join(lacking)}", "update the app from app_manifest.yml and install it again"
        )
    return Finding("scopes", f"all {len(wanted)}")


def _skew(headers: Any) -> Finding:
    date = _header(headers, "date")
    if not date:
        return Finding("clock", "Slack did not say the time")
    seconds = abs((parsedate_to_datetime(date).astimezone(UTC) - system_clock()).total_seconds())
    if seconds > MOST_SKEW_SECONDS:
        return Finding("clock", f"{seconds:.0f} s away from Slack's", "let this machine keep time with NTP")
    return Finding("clock", f"within {max(seconds, 1):.0f} s of Slack's")


def _app_token(settings: Settings) -> Finding:
    what = "SLACK_APP_TOKEN"
    if settings.slack_app_token is None:
        return Finding(what, "not set", "needed for Socket Mode: Basic Information > App-Level Tokens")
    try:
        WebClient(base_url=settings.slack_api_url, timeout=10).apps_connections_open(
            app_token=settings.slack_app_token.get_secret_value()
        )
    except SlackApiError as error:
        return Finding(what, str(error.response.get("error")), "make an app-level token with connections:write")
    except NETWORK_ERRORS as error:
        return Finding(what, f"Slack cannot be reached: {error}", "check the network and SLACK_API_URL")
    return Finding(what, "opens a Socket Mode connection")


def _signing_secret(settings: Settings) -> Finding:
    if settings.slack_signing_secret is None:
        return Finding("SLACK_SIGNING_SECRET", "not set; only `--mode http` needs it")
    return Finding("SLACK_SIGNING_SECRET", "set")


def _keys(settings: Settings) -> Finding:
    what = "HATTRICK_ENCRYPTION_KEYS"
    if settings.encryption_keys is None and _installs_itself(settings) and settings.slack_bot_token is None:
        return Finding(what, "not set", "make a key: `hattrick keys generate`")
    if settings.encryption_keys is None:
        return Finding(what, "not set; only installs in several workspaces need it")
    try:
        Vault(settings.encryption_keys.get_secret_value())
    except ValueError as error:
        return Finding(what, "unreadable", str(error))
    return Finding(what, "set")


def _database(settings: Settings, client: WebClient | None) -> Iterator[Finding]:
    sessions = Sessions(open_engine(settings.database_url))
    try:
        if not sessions.answers():
            yield Finding("database", "does not answer", "check HATTRICK_DATABASE_URL and that the server runs")
            return
        revision = schema.current(sessions.engine)
        if revision != schema.HEAD:
            yield Finding("database", f"schema {revision or 'empty'}, not {schema.HEAD}", "run `hattrick db upgrade`")
            return
        yield Finding("database", f"{sessions.engine.dialect.name}, schema {revision}")
        yield from _installs(sessions, settings)
        yield from _teams(sessions, client)
    finally:
        sessions.close()


def _installs_itself(settings: Settings) -> bool:
    return bool(settings.slack_client_id and settings.slack_client_secret)


def _installs(sessions: Sessions, settings: Settings) -> Iterator[Finding]:
    keys = settings.encryption_keys
    try:
        vault = Vault(keys.get_secret_value()) if keys else None
    except ValueError:
        vault = None
    with sessions.read() as session:
        known = [(row.slack_id, row.bot_token_encrypted or "") for row in installs.sealed(session)]
        silent = imports.without_app(session)
    if silent:
        mend = "install the app there, or set its SLACK_BOT_TOKEN and start the bot; until then nothing is sent"
        yield Finding("installs", f"the app is not in {', '.join(silent)}, whose content is here", mend)
    closed = [slack_id for slack_id, sealed in known if vault is None or vault.open(sealed) is None]
    if closed:
        mend = "add the key of their tokens to HATTRICK_ENCRYPTION_KEYS, or install the app there again"
        yield Finding("installs", f"no key opens the tokens of {', '.join(closed)}", mend)
    elif known:
        yield Finding("installs", f"{len(known)}, all tokens can be read")


def _teams(sessions: Sessions, client: WebClient | None) -> Iterator[Finding]:
    with sessions.read() as session:
        known = [
            (team.slug, team.channel_id, team.channel_paused_for)
            for workspace in workspaces.live(session)
            for team in teams.of_workspace(session, workspace.id or 0)
        ]
    if not known:
        yield Finding("teams", "none yet", "make one: `hattrick team apply team.yml` (docs/team-file.md)")
    for slug, channel, paused in known:
        if paused:
            mend = "invite the bot there, unarchive it, or choose another channel with /hat settings"
            yield Finding(f"team {slug}", f"{channel} is paused: {paused}", mend)
        else:
            yield _channel(slug, channel, client)


def _channel(slug: str, channel: str | None, client: WebClient | None) -> Finding:
    what = f"team {slug}"
    if channel is None:
        return Finding(what, "no digest channel", "give it one in its team file: `channel:`")
    if client is None:
        return Finding(what, f"{channel}, not checked without SLACK_BOT_TOKEN")
    try:
        found = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        return Finding(
            what, f"{channel}: {error.response.get('error')}", f"invite the bot: /invite @hattrick in {channel}"
        )
    except NETWORK_ERRORS as error:
        return Finding(what, f"Slack cannot be reached: {error}", "check the network and SLACK_API_URL")
    if found.get("is_archived"):
        return Finding(what, f"#{found['name']} is archived", "give the team another channel")
    if not found.get("is_member"):
        return Finding(what, f"not in #{found['name']}", f"invite the bot: /invite @hattrick in #{found['name']}")
    return Finding(what, f"in #{found['name']}")


def _header(headers: Any, name: str) -> str:
    return next((str(value) for key, value in dict(headers).items() if key.lower() == name), "")
