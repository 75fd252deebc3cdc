"""The API for programs, and the page that explains it."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from bot.web.api import docs, problems, routes
from bot.web.api.headers import SecurityHeaders
from bot.web.api.limits import PER_MINUTE, RateLimiter
from storage import Sessions

__all__ = ["PER_MINUTE", "create_api"]


def create_api(
    sessions: Sessions, clock: Callable[[], datetime], *, per_minute: int = PER_MINUTE, version: str = "1"
) -> SecurityHeaders:
    """Make the application to mount at `/api`."""
    app = FastAPI(
        title="Hattrick",
        version=version,
        description="Readings of a team's KPIs, from and for programs. Errors are `application/problem+json`.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
    )
    problems.install(app)
    routes.install(app, sessions, clock, RateLimiter(sessions, clock, per_minute=per_minute))
    docs.install(app)
    _describe_problems(app)
    return SecurityHeaders(app)


def _describe_problems(app: FastAPI) -> None:
    """Put the shape of errors into the document, in place of the framework's own."""
    made = app.openapi()
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["ProblemBody"] = problems.ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["ProblemBody"].pop("$defs", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
