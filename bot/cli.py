"""The command line, `hattrick`. Exit codes: 0 done, 1 refused or failed with one line on stderr, 2 wrong usage."""

import errno
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot import cli_chain, cli_db, cli_digest, cli_keys, cli_readings, cli_team, cli_token, cli_workspace
from bot.domain.errors import Refused, UserFacingError
from bot.slack.port import LookupFailed

app = typer.Typer(
    help="Hattrick: who owns which hat, and how each link of the chain performed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(cli_team.app, name="team")
app.add_typer(cli_readings.app, name="readings")
app.add_typer(cli_digest.app, name="digest")
app.add_typer(cli_token.app, name="token")
app.add_typer(cli_chain.app, name="chain")
app.add_typer(cli_keys.app, name="keys")
app.add_typer(cli_db.app, name="db")
cli_workspace.register(app)

HTTP_PORT = 3000
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")]


@app.command()
def run(
    mode: Annotated[Literal["socket", "http"], typer.Option(help="How Slack reaches the bot.")] = "socket",
    host: Host = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            help="Port of the API, and of Slack's requests (3000 then); 0 takes a free one.", show_default=False
        ),
    ] = None,
) -> None:
    """Run the bot until it is stopped. In Socket Mode the API is served where a port is given."""
    from bot import log
    from bot.app import build
    from bot.clock import clock_of
    from bot.config import read_settings
    from bot.run import run_http, run_socket, stop_on_signals

    settings = read_settings()
    log.configure(settings.log_format)
    log.catch_crashes()
    stop = stop_on_signals()
    bot = build(settings, clock_of(settings.clock_url))
    if mode == "http":
        run_http(bot, stop, host=host, port=HTTP_PORT if port is None else port)
    else:
        run_socket(bot, stop, web=None if port is None else (host, port))


@app.command()
def demo(
    port: Port = 8080,
    language: Annotated[Literal["en", "sv"], typer.Option(help="The team's language.")] = "en",
    host: Host = "127.0.0.1",
) -> None:
    """Run the playground with the bot in it and a seeded team."""
    from bot.demo.run import run_demo

    run_demo(host=host, port=port, language=language)


@app.command()
def playground(
    port: Port = 8080,
    host: Host = "127.0.0.1",
    latency: Annotated[int, typer.Option(help="Milliseconds that every call takes.", min=0)] = 0,
    faults: Annotated[Path | None, typer.Option(help="A file of faults to make.", exists=True)] = None,
) -> None:
    """Run the local Slack alone, for tests and load."""
    from bot.manifest import manifest_path
    from bot.playground.server import serve

    serve(host=host, port=port, manifest=manifest_path(), latency_ms=latency, faults_file=faults)


@app.command()
def doctor() -> None:
    """Check tokens, scopes, database, channels and clock, and say how to mend each."""
    from bot.doctor import examine

    if not examine():
        raise typer.Exit(1)


@app.command()
def bench(
    only: Annotated[str | None, typer.Option(help="Run one of the benchmarks.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write the figures as JSON to this file too.")] = None,
) -> None:
    """Measure the product against its bars, as a table and JSON."""
    from bot.bench.run import run_benchmarks

    if not run_benchmarks(only=only, output=output):
        raise typer.Exit(1)


def main() -> None:
    """Run a command; a reason for a refusal is one line on stderr."""
    try:
        app()
    except Refused as refused:
        from messages import catalog
        from messages.content import Refusal

        _fail(catalog.refusal_text(Refusal(refused.name, refused.values), language="en"))
    except UserFacingError as error:
        _fail(error.sentence)
    except LookupFailed as failure:
        _fail(f"Slack could not be asked: {failure.error}. `hattrick doctor` says how to mend it.")
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            _fail("Another program listens there already. Choose another port: --port, or make demo PORT=9000.")
        _fail(str(error))


def _fail(sentence: str) -> None:
    sys.stderr.write(f"hattrick: {' '.join(sentence.split())}\n")
    raise SystemExit(1)


if __name__ == "__main__":
    main()
