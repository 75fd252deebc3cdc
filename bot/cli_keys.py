"""`hattrick keys`: the keys that stored tokens are encrypted with."""

import typer

app = typer.Typer(help="Keys that stored tokens are encrypted with (docs/security.md).", no_args_is_help=True)


@app.command()
def generate() -> None:
    """Make a key and write it to standard output. It goes first in HATTRICK_ENCRYPTION_KEYS."""
    from bot.slack.vault import new_key

    typer.echo(new_key())


@app.command()
def rotate() -> None:
    """Encrypt every stored token with the newest key; a second time there is nothing to do."""
    from bot.config import read_settings
    from bot.context import open_context
    from bot.domain.errors import UserFacingError
    from bot.services.installs.installing import rotate_keys
    from bot.slack.vault import Vault

    keys = read_settings().encryption_keys
    if keys is None:
        raise UserFacingError("HATTRICK_ENCRYPTION_KEYS is not set; the newest key goes first, the old ones follow it.")
    try:
        vault = Vault(keys.get_secret_value())
    except ValueError as error:
        raise UserFacingError(str(error)) from error
    with open_context() as context:
        seen, anew, closed = rotate_keys(context.sessions, vault)
    typer.echo(f"{anew} of {seen} installs encrypted anew with the newest key.")
    if closed:
        raise UserFacingError(
            f"No key opens the tokens of {', '.join(closed)}: add the key that they were encrypted with, "
            "or install the app there again."
        )
