"""What the app's manifest offers to a person: commands with their hints, and shortcuts by name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.playground.manifest import Manifest


@dataclass(frozen=True)
class Command:
    """A slash command as the composer offers it."""

    name: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    """A shortcut; `kind` is `message` or `global`."""

    callback_id: str
    name: str
    kind: str


@dataclass(frozen=True)
class Menu:
    """Everything that a person can start."""

    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Menu":
        """Read a manifest file in YAML or JSON."""
        return cls.parse(yaml.safe_load(path.read_text(encoding="utf-8")))

    @classmethod
    def parse(cls, manifest: dict[str, Any]) -> "Menu":
        """Take the manifest's mapping."""
        features = manifest.get("features", {})
        return cls(
            commands=tuple(
                Command(c["command"], c.get("description", ""), c.get("usage_hint", ""))
                for c in features.get("slash_commands", [])
            ),
            shortcuts=tuple(
                Shortcut(s["callback_id"], s.get("name", s["callback_id"]), s["type"])
                for s in features.get("shortcuts", [])
            ),
        )

    @classmethod
    def of(cls, manifest: Manifest) -> "Menu":
        """Take what the playground knows: names without hints."""
        return cls(
            commands=tuple(Command(name) for name in sorted(manifest.commands)),
            shortcuts=tuple(Shortcut(key, key.replace("_", " "), kind) for key, kind in manifest.shortcuts.items()),
        )

    def matching(self, typed: str) -> list[Command]:
        """Return the commands that `typed` may become or already is."""
        word, space, _ = typed.partition(" ")
        return [c for c in self.commands if (c.name == word if space else c.name.startswith(word))]

    def on_messages(self) -> list[Shortcut]:
        """Return the shortcuts of a message's menu."""
        return [shortcut for shortcut in self.shortcuts if shortcut.kind == "message"]
