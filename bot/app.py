"""The composition root: puts the bot together from its parts, starts it and stops it."""

import ctypes
import gc
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import structlog
from slack_bolt import App
from slack_bolt.oauth import OAuthFlow
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.config import Settings
from bot.domain.addresses import read_allowed
from bot.domain.errors import UserFacingError
from bot.jobs.beside import Beside
from bot.jobs.pulling import SourcePuller
from bot.jobs.ticker import Chore, Ticker
from bot.listeners.binding import Deps
from bot.listeners.register import register
from bot.listeners.speaking import authorizer, before_authorize
from bot.services.agreements.agreement_chores import look_after_agreements
from bot.services.chain.chain_chores import ChainComputer
from bot.services.installs.installing import TokenRenewal, forget_old_states
from bot.services.installs.installs import Installs
from bot.services.installs.uninstalling import Eraser, let_in_unheard
from bot.services.people.directory import HatDirectory
from bot.services.questions.listening import forget_old_events
from bot.services.questions.question_chores import look_after_questions
from bot.services.readings.api_readings import forget_old_keys
from bot.services.sources.fetching import Fetcher
from bot.services.workspaces.keeping import Keeper
from bot.slack.client import NETWORK_ERRORS, SlackClient
from bot.slack.oauth import let_into, renewer
from bot.slack.refusals import is_passing
from bot.slack.tls import share_certificates
from bot.slack.vault import Vault
from bot.web.install import Credentials, install_flow
from messages import environment
from storage import Sessions, open_engine, schema

AFTERWARDS_WORKERS = 8
PAUSES_AT_START = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds, when Slack throttles or has troubles of its own
# What time brings about beside the weekly messages.
CHORES: tuple[Chore, ...] = (
    look_after_agreements,
    look_after_questions,
    forget_old_events,
    forget_old_keys,
    forget_old_states,
)
log = structlog.get_logger()


@dataclass(frozen=True)
class Identity:
    """Who the bot is in the workspace of the token in the settings."""

    workspace: str
    workspace_name: str
    user_id: str
    bot_id: str


@dataclass
class Bot:
    """A bot that is put together and not started yet."""

    settings: Settings
    sessions: Sessions
    slack: SlackClient
    bolt: App
    ticker: Ticker
    puller: SourcePuller
    beside: tuple[Beside, ...]
    deps: Deps
    identity: Identity | None
    installing: OAuthFlow | None
    at_start: Callable[[], object] = lambda: None

    def start(self) -> None:
        """Begin to plan and send."""
        self.ticker.start()
        self.deps.later(self.at_start)
        self.deps.later(self.ticker.refresh_people)
        self.deps.later(_warm_up)

    def stop(self) -> None:
        """Finish what is under way and close everything."""
        self.ticker.stop()
        self.puller.close()
        for chore in self.beside:
            chore.close()
        self.deps.workers.shutdown(wait=True)
        self.sessions.close()


def _warm_up() -> None:
    """Compile every template, then give back to the system what starting and compiling no longer need."""
    environment.warm()
    gc.collect()
    # What has been imported and compiled stays: to look through it again and again stops every thread for 0.1 s.
    gc.freeze()
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):  # glibc's; it is 4 MB
        libc.malloc_trim(0)


def open_sessions(settings: Settings) -> Sessions:
    """Open the database and bring its schema up to date."""
    engine = open_engine(settings.database_url, pool_size=settings.send_workers + AFTERWARDS_WORKERS + 10)
    if schema.upgrade(engine):
        log.info("database_upgraded", revision=schema.HEAD)
    return Sessions(engine)


def build(settings: Settings, clock: Clock, *, more_chores: tuple[Chore, ...] = ()) -> Bot:
    """Put a bot together; `more_chores` come beside its own.

    Raises:
        UserFacingError: When a token is missing or Slack does not accept it; the sentence says how to mend it.
    """
    vault, credentials = _vault(settings), _credentials(settings)
    share_certificates()
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    identity = _identify(token, settings.slack_api_url) if token else None
    sessions = open_sessions(settings)
    installs = Installs(sessions, vault.open if vault else lambda _: None)
    if identity and token:
        who = {"bot_user_id": identity.user_id, "bot_id": identity.bot_id, "name": identity.workspace_name}
        installs.own(identity.workspace, token, **who, now=clock())
    slack = SlackClient(installs.token_of, base_url=settings.slack_api_url)
    fetcher = Fetcher(read_allowed(settings.source_allow))
    # The ticker does not exist yet when its chore is made, and is there when the chore runs.
    puller = SourcePuller(fetcher, clock, wake=lambda: ticker.wake())  # noqa: PLW0108  # same
    beside = (Beside(ChainComputer()), *_renewal(settings, vault, installs))
    ticker = Ticker(
        sessions,
        slack,
        clock,
        seconds=settings.tick_seconds,
        workers=settings.send_workers,
        chores=(
            *CHORES,
            Eraser(settings.erase_after_days),
            *beside,
            Keeper(settings.keep_days),
            puller,
            *more_chores,
        ),
        prepared=installs.look_up,
        doubted=installs.look_again,
        silenced=installs.forget,
    )
    deps = Deps(
        sessions=sessions,
        directory=HatDirectory(),
        slack=slack,
        clock=clock,
        workers=ThreadPoolExecutor(AFTERWARDS_WORKERS, thread_name_prefix="afterwards"),
        wake=ticker.wake,
        fetcher=fetcher,
        forget_installs=installs.forget,
    )
    bolt = _bolt(settings, installs, clock)
    register(bolt, deps)
    installing = None
    if credentials and vault:
        installing = install_flow(sessions, vault, credentials, clock, installed=_installed(installs, ticker))
    at_start = partial(_let_in_unheard, sessions, vault, settings.slack_api_url) if vault else lambda: None
    return Bot(settings, sessions, slack, bolt, ticker, puller, beside, deps, identity, installing, at_start)


def _credentials(settings: Settings) -> Credentials | None:
    """Return with what people can install the app through OAuth; None where the settings do not ask for that.

    Raises:
        UserFacingError: When nothing could work: no token, and no OAuth or no keys for the tokens that it brings.
    """
    asked = settings.slack_client_id and settings.slack_client_secret
    if not asked and settings.slack_bot_token is None:
        raise UserFacingError("SLACK_BOT_TOKEN is not set. See README, 'Connect a Slack workspace'.")
    if asked and settings.encryption_keys is None:
        if settings.slack_bot_token is None:
            raise UserFacingError(
                "HATTRICK_ENCRYPTION_KEYS is not set: without it tokens of workspaces would lie open in the database. "
                "Make one with `hattrick keys generate`; or set SLACK_BOT_TOKEN, for one workspace alone."
            )
        # One workspace, whose app's credentials are set as well.
        log.info("installs_off", reason="HATTRICK_ENCRYPTION_KEYS is not set")
        return None
    if not (settings.slack_client_id and settings.slack_client_secret):
        return None
    return Credentials(
        settings.slack_client_id, settings.slack_client_secret.get_secret_value(), settings.slack_api_url
    )


def _vault(settings: Settings) -> Vault | None:
    if settings.encryption_keys is None:
        return None
    try:
        return Vault(settings.encryption_keys.get_secret_value())
    except ValueError as error:
        raise UserFacingError(str(error)) from error


def _renewal(settings: Settings, vault: Vault | None, installs: Installs) -> tuple[Beside, ...]:
    """Renew tokens beside the ticks, where the settings let people install the app: each takes Slack up to seconds."""
    if vault is None or settings.slack_client_id is None or settings.slack_client_secret is None:
        return ()
    secret = settings.slack_client_secret.get_secret_value()
    renew = renewer(settings.slack_client_id, secret, base_url=settings.slack_api_url)
    return (Beside(TokenRenewal(vault, renew, installs.forget)),)


def _let_in_unheard(sessions: Sessions, vault: Vault, base_url: str) -> None:
    let_in_unheard(sessions, vault.open, partial(let_into, base_url=base_url))


def _installed(installs: Installs, ticker: Ticker) -> Callable[..., None]:
    def installed(*workspaces: str) -> None:
        installs.forget(*workspaces)
        ticker.wake()

    return installed


def _bolt(settings: Settings, installs: Installs, clock: Clock) -> App:
    secret = settings.slack_signing_secret
    return App(
        before_authorize=before_authorize,
        authorize=authorizer(installs, clock),  # type: ignore[arg-type]  # Bolt itself answers None with 'please install'
        signing_secret=secret.get_secret_value() if secret else "unused in Socket Mode",
        client=WebClient(base_url=settings.slack_api_url),
        # Answers go out with the acknowledgement, without Bolt's polling for it; slow work goes to `Deps.later`.
        process_before_response=True,
        logger=logging.getLogger("slack_bolt"),
    )


def _identify(token: str, base_url: str) -> Identity:
    client = WebClient(token=token, base_url=base_url, timeout=10)
    pauses = list(PAUSES_AT_START)
    while True:
        try:
            answer = client.auth_test()
            break
        except SlackApiError as error:
            code = error.response.get("error")
            if not is_passing(error):
                reason = f"Slack does not accept SLACK_BOT_TOKEN: {code}. Run `hattrick doctor`."
                raise UserFacingError(reason) from error
            if not pauses:
                raise UserFacingError(f"Slack has troubles of its own: {code}. Try again in a minute.") from error
            log.warning("waiting_for_slack", error=code, seconds=pauses[0])
            time.sleep(pauses.pop(0))
        except NETWORK_ERRORS as error:
            raise UserFacingError(f"Slack cannot be reached at {base_url}: {error}") from error
    return Identity(answer["team_id"], answer.get("team") or "", answer["user_id"], answer.get("bot_id") or "")
