"""Slack's list of a workspace's people, as far as looking somebody up reads it."""

from dataclasses import dataclass, field
from typing import Any

TEAM = "T1"


@dataclass
class Listing:
    """Stands in for the SDK's client."""

    members: list[dict[str, Any]] = field(default_factory=list)

    def has(self, user: str, handle: str, name: str = "", **facts: Any) -> None:
        """Add a person; `name` is what they have chosen to be called."""
        self.members.append({"id": user, "name": handle, "profile": {"display_name": name}, "team_id": TEAM, **facts})

    def auth_test(self) -> dict[str, Any]:
        """Tell which workspace it is."""
        return {"ok": True, "team_id": TEAM}

    def users_list(self, **_page: Any) -> dict[str, Any]:
        """Tell everybody at once."""
        return {"ok": True, "members": self.members}
