"""Errors of the API, as `application/problem+json` (RFC 9457): JSON with a sentence that says how to mend it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

MEDIA_TYPE: Final = "application/problem+json"
_LONGEST: Final = 300
_NOTHING_HERE: Final[Mapping[int, str]] = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address; GET /api/docs shows what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address takes other methods; GET /api/docs shows which.",
}
log = structlog.get_logger()


class ProblemItem(BaseModel):
    """What is wrong with one field of one row; rows count from 0."""

    index: int | None = Field(default=None, description="The row, from 0; null where it is about the whole request.")
    field: str
    detail: str


class ProblemBody(BaseModel):
    """An error, as RFC 9457 writes them."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[ProblemItem] = Field(default_factory=list)


class Problem(Exception):  # noqa: N818  # it is what RFC 9457 calls it
    """A request that cannot be answered as wished."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[ProblemItem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, list(errors)
        self.headers = dict(headers or {})


def answer(problem: Problem) -> JSONResponse:
    """Write a problem."""
    body = ProblemBody(
        title=HTTPStatus(problem.status).phrase, status=problem.status, detail=problem.detail, errors=problem.errors
    )
    return JSONResponse(body.model_dump(), status_code=problem.status, headers=problem.headers, media_type=MEDIA_TYPE)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe errors in the OpenAPI document."""
    schema = {"$ref": "#/components/schemas/ProblemBody"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Let every error of an application be a problem, also those that the framework finds."""

    @app.exception_handler(Problem)
    def told(_request: Request, problem: Problem) -> JSONResponse:
        return answer(problem)

    @app.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> JSONResponse:
        detail = _NOTHING_HERE.get(error.status_code) or f"{error.detail}.".replace("..", ".")
        return answer(Problem(error.status_code, detail, headers=error.headers))

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        items = [
            ProblemItem(field=str(one["loc"][-1])[:80], detail=str(one["msg"])[:_LONGEST]) for one in error.errors()
        ]
        return answer(
            Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request's parameters cannot be used.", errors=items)
        )

    @app.exception_handler(Exception)
    def crashed(_request: Request, error: Exception) -> JSONResponse:
        reference = uuid4().hex[:8]
        log.error("api_crashed", reference=reference, exc_info=error)
        detail = f"Something went wrong here, and nothing was changed. Try again in a minute. (Reference: {reference})"
        return answer(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail))
