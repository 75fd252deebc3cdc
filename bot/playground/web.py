"""The playground's HTTP doors: the Web API, Socket Mode, response URLs, uploads, and the control API."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

from fastapi import FastAPI
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.playground.api import METHODS, Call, Method
from bot.playground.authorizing import Authorizing
from bot.playground.control import control_router
from bot.playground.control_acts import not_possible
from bot.playground.errors import ApiError, NotPossibleError
from bot.playground.faults import FaultRule
from bot.playground.model import ApiCall, Json
from bot.playground.playground import Playground

_JSON = "application/json; charset=utf-8"


def create_app(playground: Playground) -> FastAPI:
    """Return the whole server for one playground. Its `slack.url` must be where the server listens."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        reconnecting = asyncio.create_task(_ask_to_reconnect(playground))
        yield
        reconnecting.cancel()
        await playground.delivery.close()
        await playground.hub.drop()

    app = FastAPI(title="Hattrick's playground", lifespan=lifespan)
    doors, authorizing = _Doors(playground), Authorizing(playground)
    # Plain Starlette routes: the load runs go through here thousands of times a second.
    app.router.routes += [
        Route("/api/{method}", doors.api, methods=["GET", "POST"]),
        Route("/response/{team_id}/{key}", doors.response, methods=["POST"]),
        Route("/files/upload/{team_id}/{key}", doors.upload, methods=["POST"]),
        Route("/files/show/{team_id}/{file_id}", doors.show, methods=["GET"]),
        Route("/oauth/v2/authorize", authorizing.show, methods=["GET"]),
        Route("/oauth/v2/authorize", authorizing.answer, methods=["POST"]),
        WebSocketRoute("/link", doors.link),
    ]
    app.include_router(control_router(playground))
    app.add_exception_handler(NotPossibleError, not_possible)
    return app


class _Doors:
    def __init__(self, playground: Playground) -> None:
        self._playground = playground

    async def api(self, request: Request) -> Response:
        """Answer one call of the Web API, with the faults and the latency that were asked for."""
        started = time.perf_counter()
        name: str = request.path_params["method"]
        faults = self._playground.dice.faults
        if faults.latency_ms:
            await asyncio.sleep(faults.latency_ms / 1000)
        rule = self._playground.dice.strike(name)
        call = Call(self._playground, name, {})
        try:
            call.args = await _arguments(request)
            call.authorization = request.headers.get("authorization", "")
            call.token = call.authorization.removeprefix("Bearer ").strip() or str(call.args.pop("token", ""))
            _strike_before(rule)
            answer = {"ok": True, **_answer(self._playground, call)}
            status, headers = 200, _granted(call)
            _strike_after(rule)
        except ApiError as refused:
            answer = {"ok": False, "error": refused.code, **refused.more}
            status, headers = refused.status, refused.headers
        self._record(call, answer, status, started)
        if status == 504:
            await asyncio.sleep(faults.hold_seconds)
        if status >= 500:
            return PlainTextResponse(f"upstream {answer['error']}", status_code=status)
        return _json(answer, status, headers)

    async def response(self, request: Request) -> Response:
        """Take a post to a response_url."""
        try:
            said = json.loads(await request.body())
        except ValueError:
            said = None
        try:
            self._playground.answers.use_response_url(request.path_params["team_id"], request.path_params["key"], said)
        except ApiError as refused:
            return _json({"ok": False, "error": refused.code, **refused.more}, refused.status, {})
        return PlainTextResponse("ok")

    async def upload(self, request: Request) -> Response:
        """Take the bytes of a file, raw or as a form."""
        workspace = self._playground.slack.workspaces.get(request.path_params["team_id"])
        waiting = workspace.files.values() if workspace else ()
        file = next((f for f in waiting if f.upload_key == request.path_params["key"]), None)
        if file is None or file.content is not None:
            return PlainTextResponse("no such upload", status_code=404)
        content = await _bytes(request)
        if len(content) != file.length:
            return PlainTextResponse("the length is not the one announced", status_code=400)
        file.content = content
        return PlainTextResponse(f"OK - {file.length}")

    async def show(self, request: Request) -> Response:
        """Give a picture to the page."""
        workspace = self._playground.slack.workspaces.get(request.path_params["team_id"])
        file = workspace.files.get(request.path_params["file_id"]) if workspace else None
        if file is None or file.content is None or not file.mimetype.startswith("image/"):
            return PlainTextResponse("no such picture", status_code=404)
        return Response(file.content, media_type=file.mimetype)

    async def link(self, socket: WebSocket) -> None:
        """Run one Socket Mode connection."""
        await self._playground.hub.serve(socket)

    def _record(self, call: Call, answer: Json, status: int, started: float) -> None:
        slack = self._playground.slack
        slack.call_count += 1
        slack.recent_answers.append((slack.call_count, answer))
        channel = answer.get("channel", "")
        slack.calls.append(
            ApiCall(
                serial=slack.call_count,
                method=call.method,
                team_id=call.team_id,
                args=call.args,
                status=status,
                ok=answer["ok"],
                error=answer.get("error", ""),
                at=slack.clock.now().isoformat(),
                seconds=time.perf_counter() - started,
                ts=str(answer.get("ts", "")),
                channel=channel if isinstance(channel, str) else str(channel.get("id", "")),
            )
        )
        slack.changed("call", call.team_id)


def _answer(playground: Playground, call: Call) -> Json:
    known = METHODS.get(call.method)
    if known is None:
        raise ApiError("unknown_method", req_method=call.method)
    _authorize(playground, call, known)
    wait = playground.limiter.refuse_call(call.team_id, call.method, known.tier)
    if wait:
        raise ApiError("ratelimited", status=429, headers={"Retry-After": str(wait)})
    with playground.slack.lock:
        return known.handler(call)


def _granted(call: Call) -> dict[str, str]:
    """Return the header in which Slack lists the token's scopes."""
    return {"x-oauth-scopes": ",".join(sorted(call.bound.scopes))} if call.bound else {}


def _authorize(playground: Playground, call: Call, known: Method) -> None:
    if known.caller == "anyone":
        return
    slack = playground.slack
    if not call.token:
        raise ApiError("not_authed")
    call.bound = slack.tokens.get(call.token)
    if call.bound is None and call.token != slack.app.app_token:
        raise ApiError("invalid_auth")
    if (known.caller == "app") != (call.bound is None):
        raise ApiError("not_allowed_token_type")
    if call.bound is None:
        return
    if call.bound.revoked:
        whose = slack.organisations.get(call.bound.enterprise_id or "") or slack.workspaces[call.bound.team_id]
        current = whose.installation
        # The token of an app that was taken out belongs to a bot that is gone; any other one was revoked.
        raise ApiError("account_inactive" if current is call.bound else "token_revoked")
    if call.token in slack.expiries and slack.expiries[call.token] <= slack.clock.now():
        raise ApiError("token_expired")
    for scope in sorted(known.scopes):
        call.need(scope)


def _strike_before(rule: FaultRule | None) -> None:
    if rule is None or rule.kind == "timeout_after":
        return
    if rule.kind == "ratelimited":
        raise ApiError("ratelimited", status=429, headers={"Retry-After": str(rule.retry_after)})
    if rule.kind == "error":
        raise ApiError(rule.error)
    raise ApiError("internal_error", status=504 if rule.kind == "timeout_before" else 500)


def _strike_after(rule: FaultRule | None) -> None:
    if rule is not None and rule.kind == "timeout_after":
        raise ApiError("internal_error", status=504)


async def _arguments(request: Request) -> Json:
    """Return query and body as one mapping; the body may be JSON, a form, or empty whatever its type says."""
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        form = await request.form()
        return args | {key: value for key, value in form.items() if isinstance(value, str)}
    body = await request.body()
    if not body:
        return args
    if kind.startswith("application/json"):
        try:
            given: Any = json.loads(body)
        except ValueError:
            raise ApiError("invalid_json") from None
        if not isinstance(given, dict):
            raise ApiError("json_not_object")
        return args | given
    return args | dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


async def _bytes(request: Request) -> bytes:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form()
        for value in form.values():
            if isinstance(value, UploadFile):
                return await value.read()
        return b""
    return await request.body()


def _json(answer: Json, status: int, headers: dict[str, str]) -> Response:
    body = json.dumps(answer, separators=(",", ":")).encode()
    return Response(body, status_code=status, headers=headers, media_type=_JSON)


async def _ask_to_reconnect(playground: Playground) -> None:
    """Ask the Socket Mode clients to reconnect as often as the faults say."""
    last = time.monotonic()
    while True:
        await asyncio.sleep(0.1)
        every = playground.dice.faults.disconnect_every_seconds
        if every and time.monotonic() - last >= every:
            last = time.monotonic()
            await playground.hub.disconnect()
