"""`/api/v1`: readings in, readings and KPIs out, for the team of a bearer token."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.domain.period import Period
from bot.services.readings import api_readings
from bot.services.readings.api_readings import Idempotency, KeyReusedError, RowsRefusedError
from bot.services.workspaces import api_looking, api_tokens
from bot.web.api.bodies import (
    REQUEST_BODY,
    KpiOut,
    KpisOut,
    ReadingOut,
    ReadingsOut,
    Stored,
    parse,
    read_body,
)
from bot.web.api.limits import RateLimiter
from bot.web.api.problems import Problem, ProblemItem, documented
from storage import Sessions
from storage.api import Bearer

LONGEST_KEY: Final = 100
_MOST_ERRORS: Final = 50
_MOST_ROWS: Final = 1_000
_HIGHEST_OFFSET: Final = 1_000_000
_scheme = HTTPBearer(auto_error=False, description="A token that an admin made with `/hat tokens`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]
Week = Annotated[str | None, Query(max_length=20, pattern="^[0-9]{4}-W[0-9]{2}$")]


def install(app: FastAPI, sessions: Sessions, clock: Callable[[], datetime], limiter: RateLimiter) -> None:
    """Serve `/v1` of an application."""

    def holder_of(credentials: Credentials) -> Bearer:
        holder = credentials and api_tokens.bearer_of(sessions, credentials.credentials, now=clock())
        if not holder:
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "Send a live token as Authorization: Bearer hat_…; an admin makes one with /hat tokens.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        seconds = limiter.wait(holder)
        if seconds:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"This token asks too often. Try again in {seconds} s.",
                headers={"Retry-After": str(seconds)},
            )
        return holder

    Holder = Annotated[Bearer, Depends(holder_of)]  # noqa: N806  # a type

    @app.post(
        "/v1/readings",
        summary="Store readings",
        response_model=Stored,
        responses=documented(400, 401, 413, 415, 422, 429),
        openapi_extra={"requestBody": dict(REQUEST_BODY)},
    )
    async def store(
        request: Request,
        response: Response,
        holder: Holder,
        idempotency_key: Annotated[
            str | None,
            Header(
                min_length=1,
                max_length=LONGEST_KEY,
                pattern=r"^[\x21-\x7e]+$",
                description="Sent again with the same body within a week, the request is stored once.",
            ),
        ] = None,
    ) -> Any:
        """Store one reading or a list of them, all or none; a correction keeps the earlier value.

        Weeks that have not begun, or lie further back than the team's numbers stay open, are refused.
        """
        body = await read_body(request)
        once = Idempotency(idempotency_key, sha256(body).hexdigest()) if idempotency_key else None
        taken = await run_in_threadpool(_take, sessions, holder, body, once, clock)
        if taken.replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return taken.answer

    @app.get(
        "/v1/kpis",
        summary="List the KPIs",
        response_model=KpisOut,
        responses=documented(401, 422, 429),
        dependencies=[Depends(_only_parameters())],
    )
    def kpis(holder: Holder) -> Any:
        """List the team's live KPIs in the chain's order."""
        return KpisOut(kpis=[_kpi(shown) for shown in api_looking.live_kpis(sessions, holder, now=clock())])

    @app.get(
        "/v1/readings",
        summary="List readings",
        response_model=ReadingsOut,
        responses=documented(401, 404, 422, 429),
        dependencies=[Depends(_only_parameters("kpi", "first", "last", "limit", "offset"))],
    )
    def readings(
        holder: Holder,
        kpi: Annotated[str | None, Query(min_length=1, max_length=80, description="Only this KPI's.")] = None,
        first: Week = None,
        last: Week = None,
        limit: Annotated[int, Query(ge=1, le=_MOST_ROWS)] = _MOST_ROWS,
        offset: Annotated[int, Query(ge=0, le=_HIGHEST_OFFSET)] = 0,
    ) -> Any:
        """List readings by week and chain; without weeks, those of the last 13."""
        try:
            found = api_looking.readings_of(
                sessions,
                holder,
                kpi=kpi,
                first=_week(first, "first"),
                last=_week(last, "last"),
                limit=limit,
                offset=offset,
                now=clock(),
            )
        except api_looking.UnknownKpiError:
            raise Problem(HTTPStatus.NOT_FOUND, "The team has no such KPI; GET /api/v1/kpis lists them.") from None
        return ReadingsOut(
            readings=[
                ReadingOut(
                    week=row.week,
                    kpi=row.kpi,
                    value=float(row.value),
                    note=row.note,
                    source=row.source,
                    reported_at=row.reported_at.isoformat(),
                )
                for row in found
            ]
        )


def _only_parameters(*known: str) -> Callable[[Request], None]:
    """Refuse a parameter that is not known: a misspelt one would seem to work."""

    def check(request: Request) -> None:
        unknown = sorted(set(request.query_params) - set(known))
        if unknown:
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "The request's parameters cannot be used.",
                errors=[ProblemItem(field=name[:80], detail="There is no such parameter.") for name in unknown[:10]],
            )

    return check


def _take(
    sessions: Sessions, holder: Bearer, body: bytes, once: Idempotency | None, clock: Callable[[], datetime]
) -> api_readings.Taken:
    try:
        return api_readings.take(sessions, holder, parse(body), once, now=clock())
    except RowsRefusedError as refused:
        items = [
            ProblemItem(index=one.index, field=one.field, detail=one.detail) for one in refused.problems[:_MOST_ERRORS]
        ]
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "Some readings cannot be taken; nothing was stored.", errors=items
        ) from None
    except KeyReusedError:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "This Idempotency-Key came with another body before; use a new one."
        ) from None


def _kpi(shown: api_looking.ShownKpi) -> KpiOut:
    kpi = shown.kpi
    return KpiOut(
        kpi=kpi.slug,
        name=kpi.name,
        hat=shown.hat,
        unit=kpi.unit,
        currency=kpi.currency,
        decimals=kpi.decimals,
        direction=kpi.direction,
        goal=kpi.is_goal,
        formula=kpi.formula,
        target=None if shown.target is None else float(shown.target),
    )


def _week(text: str | None, name: str) -> Period | None:
    if text is None:
        return None
    try:
        return Period.parse(text)
    except ValueError as reason:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The request's parameters cannot be used.",
            errors=[ProblemItem(field=name, detail=str(reason))],
        ) from None
