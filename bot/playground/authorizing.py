"""The page on which a person allows the app: `/oauth/v2/authorize`, which sends the browser back with a code."""

from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.playground.model import Organisation, User
from bot.playground.playground import Playground
from bot.playground.state import Slack
from bot.playground.workspace import Workspace

REDIRECT_PATH: Final = "/slack/oauth_redirect"
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Allow {app}?</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem}}
button,select{{font:inherit;padding:.4rem .8rem}}</style></head><body><main>
<h1>{app} asks to be let into a workspace</h1><p>It may then: {scopes}.</p>
<form method="post">{hidden}
<p><label>Where, and as whom: <select name="who">{choices}</select></label></p>
<p><button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Cancel</button></p>
</form></main></body></html>
"""
_ASKED: Final = ("client_id", "scope", "state", "redirect_uri")


class Authorizing:
    """The two steps of the page. `request_url` of the app tells where the browser goes back to by default."""

    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    async def show(self, request: Request) -> Response:
        """Ask who installs the app and where; `team` in the address leaves one workspace to choose."""
        slack = self._playground.slack
        asked = {name: request.query_params.get(name, "") for name in _ASKED}
        wrong = self._problem(asked)
        if wrong:
            return PlainTextResponse(wrong, status_code=400)
        team = request.query_params.get("team", "")
        choices = [
            f'<option value="{place.id}/{one.id}">{escape(place.name)}: {escape(one.shown_name)}</option>'
            for place in slack.workspaces.values()
            if team in ("", place.id)
            for one in _installers(place)
        ]
        choices += [
            f'<option value="{one.id}/{admin.id}">All of {escape(one.name)}: {escape(admin.shown_name)}</option>'
            for one in slack.organisations.values()
            if team in ("", one.id)
            for admin in _admins(slack, one)
        ]
        hidden = [f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in asked.items()]
        scopes = escape(", ".join(asked["scope"].split(",")))
        parts = {"app": escape(slack.app.name), "scopes": scopes, "hidden": "".join(hidden)}
        return HTMLResponse(_PAGE.format(**parts, choices="".join(choices)))

    async def answer(self, request: Request) -> Response:
        """Send the browser back, with a code when the app was allowed."""
        slack = self._playground.slack
        form = dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
        wrong = self._problem(form)
        team_id, _, user_id = form.get("who", "").partition("/")
        place, organisation = slack.workspaces.get(team_id), slack.organisations.get(team_id)
        members = [*(place.users if place else ()), *(one.id for one in _admins(slack, organisation))]
        if wrong or user_id not in members:
            return PlainTextResponse(wrong or "there is no such member", status_code=400)
        told = {"state": form.get("state", "")}
        if form.get("answer") == "allow":
            told["code"] = slack.ids.hexes(32)
            slack.oauth_codes[told["code"]] = f"{team_id}/{user_id}"
        else:
            told["error"] = "access_denied"
        return RedirectResponse(f"{self._back(form)}?{urlencode(told)}", status_code=302)

    def _problem(self, asked: dict[str, str]) -> str:
        slack = self._playground.slack
        if asked.get("client_id") != slack.app.client_id:
            return "invalid_client_id"
        unknown = set(filter(None, asked.get("scope", "").split(","))) - slack.manifest.scopes
        if unknown:
            return f"invalid_scope: {', '.join(sorted(unknown))}"
        return "" if self._back(asked) else "bad_redirect_uri: the app has no request URL yet"

    def _back(self, asked: dict[str, str]) -> str:
        if asked.get("redirect_uri"):
            return asked["redirect_uri"]
        parts = urlsplit(self._playground.slack.app.request_url)
        return f"{parts.scheme}://{parts.netloc}{REDIRECT_PATH}" if parts.netloc else ""


def _admins(slack: Slack, organisation: Organisation | None) -> list[User]:
    """Return who may install the app in an organisation: the admins of its workspaces."""
    places = [slack.workspaces[name] for name in organisation.workspaces] if organisation else []
    return [one for place in places for one in place.people() if one.is_admin]


def _installers(place: Workspace) -> list[User]:
    return [one for one in place.people() if not one.is_restricted]
