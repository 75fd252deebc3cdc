"""The modals and Home tabs on people's screens: open, push, update, publish, submit, close."""

import json

from bot.playground.checks import with_ids
from bot.playground.errors import ApiError
from bot.playground.inputs import initial_state
from bot.playground.model import Json, View, ViewKind
from bot.playground.state import Slack
from bot.playground.workspace import Workspace

MOST_MODALS = 3


class Screens:
    """Change what people see. The views have been checked before they come here."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def open(self, workspace: Workspace, user_id: str, content: Json) -> View:
        """Show a modal; whatever modal the person had open is gone."""
        with self._slack.lock:
            self._drop(workspace, workspace.modals.pop(user_id, []))
            view = self._new(workspace, user_id, content, "modal")
            workspace.modals[user_id] = [view]
        self._slack.changed("view", workspace.id, user_id=user_id)
        return view

    def push(self, workspace: Workspace, user_id: str, content: Json) -> View:
        """Lay a modal on top of the others. Raises `push_limit_reached` at the fourth."""
        with self._slack.lock:
            stack = workspace.modals.get(user_id, [])
            if not stack:
                raise ApiError("not_found")
            if len(stack) >= MOST_MODALS:
                raise ApiError("push_limit_reached")
            view = self._new(workspace, user_id, content, "modal")
            view.previous_view_id, view.root_view_id = stack[-1].id, stack[0].id
            stack.append(view)
        self._slack.changed("view", workspace.id, user_id=user_id)
        return view

    def update(self, workspace: Workspace, view: View, content: Json, *, given_hash: str | None = None) -> View:
        """Replace a view's content; what the person entered stays in inputs that stay. Raises `hash_conflict`."""
        with self._slack.lock:
            if given_hash and given_hash != view.hash:
                raise ApiError("hash_conflict")
            content = self._prepared(content)
            fresh = initial_state(content["blocks"])
            for block_id, actions in fresh.items():
                for action_id in actions:
                    kept = view.state.get(block_id, {}).get(action_id)
                    if kept and kept.get("type") == actions[action_id].get("type"):
                        actions[action_id] = kept
            view.content, view.state, view.errors = content, fresh, {}
            view.hash = self._hash()
            view.external_id = content.get("external_id", view.external_id)
        self._slack.changed(view.type if view.type == "home" else "view", workspace.id, user_id=view.user_id)
        return view

    def publish(self, workspace: Workspace, user_id: str, content: Json, *, given_hash: str | None = None) -> View:
        """Set the person's Home tab. Raises `hash_conflict`."""
        with self._slack.lock:
            old = workspace.homes.get(user_id)
            if given_hash and (old is None or old.hash != given_hash):
                raise ApiError("hash_conflict")
            if old is not None:
                workspace.views.pop(old.id, None)
            view = self._new(workspace, user_id, content, "home")
            if old is not None:
                # A Home tab keeps its id for life.
                del workspace.views[view.id]
                view.id = view.root_view_id = old.id
                workspace.views[view.id] = view
            workspace.homes[user_id] = view
        self._slack.changed("home", workspace.id, user_id=user_id)
        return view

    def close(self, workspace: Workspace, view: View, *, whole_stack: bool = False) -> list[View]:
        """Take the view off the screen (or all of them), with what lies on it; return what was taken, top first."""
        with self._slack.lock:
            stack = workspace.modals.get(view.user_id, [])
            start = 0 if whole_stack or view not in stack else stack.index(view)
            taken = stack[start:][::-1]
            del stack[start:]
            self._drop(workspace, taken)
        self._slack.changed("view", workspace.id, user_id=view.user_id)
        return taken

    def _new(self, workspace: Workspace, user_id: str, content: Json, kind: ViewKind) -> View:
        external_id = content.get("external_id", "")
        if external_id and any(v.external_id == external_id for v in workspace.views.values()):
            raise ApiError("duplicate_external_id")
        content = self._prepared(content)
        view = View(
            id=self._slack.ids.new("V"),
            team_id=workspace.id,
            user_id=user_id,
            type=kind,
            content=content,
            hash=self._hash(),
            external_id=external_id,
            state=initial_state(content["blocks"]),
        )
        view.root_view_id = view.id
        workspace.views[view.id] = view
        return view

    def _prepared(self, content: Json) -> Json:
        copied: Json = json.loads(json.dumps(content))
        copied["blocks"] = with_ids(copied.get("blocks", []), self._slack.ids)
        return copied

    def _hash(self) -> str:
        return f"{self._slack.epoch()}.{self._slack.ids.hexes(8)}"

    def _drop(self, workspace: Workspace, views: list[View]) -> None:
        for view in views:
            workspace.views.pop(view.id, None)
