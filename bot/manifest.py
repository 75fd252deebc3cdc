"""Where the app's manifest is: beside the packages in a checkout, inside them when installed."""

from pathlib import Path

import yaml

_HERE = Path(__file__).resolve().parent


def manifest_path() -> Path:
    """Return the path of `app_manifest.yml`."""
    installed = _HERE / "app_manifest.yml"
    return installed if installed.exists() else _HERE.parent / "app_manifest.yml"


def bot_scopes() -> list[str]:
    """Return the scopes that the app asks for."""
    scopes: list[str] = yaml.safe_load(manifest_path().read_text("utf-8"))["oauth_config"]["scopes"]["bot"]
    return scopes
