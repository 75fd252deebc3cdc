"""The app's manifest as Slack reads it: which scopes, commands and events the app asked for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Manifest:
    """The parts of `app_manifest.yml` that decide what Slack delivers and allows."""

    name: str
    bot_name: str
    scopes: frozenset[str]
    commands: frozenset[str]
    events: frozenset[str]
    shortcuts: dict[str, str]
    home_tab: bool
    messages_tab: bool
    escaped_commands: frozenset[str]
    token_rotation: bool

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """Read a manifest file in YAML (or JSON, which is YAML too)."""
        return cls.parse(yaml.safe_load(path.read_text(encoding="utf-8")))

    @classmethod
    def parse(cls, manifest: dict[str, Any]) -> "Manifest":
        """Take the manifest's mapping. What is missing counts as not asked for."""
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        commands = features.get("slash_commands", [])
        name = manifest.get("display_information", {}).get("name", "App")
        return cls(
            name=name,
            bot_name=features.get("bot_user", {}).get("display_name", name.lower()),
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            commands=frozenset(command["command"] for command in commands),
            escaped_commands=frozenset(c["command"] for c in commands if c.get("should_escape")),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
            shortcuts={s["callback_id"]: s["type"] for s in features.get("shortcuts", [])},
            home_tab=bool(features.get("app_home", {}).get("home_tab_enabled")),
            token_rotation=bool(settings.get("token_rotation_enabled")),
            messages_tab=bool(features.get("app_home", {}).get("messages_tab_enabled", True)),
        )
