"""Logs: one event a line, as text for people or as JSON for machines. Tokens never get into one."""

import logging
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Literal

# structlog would load Rich, 4 MB for tracebacks with local variables, which must not get into a log. It is hidden for
# that moment; the commands that draw tables load it when they need it.
_IS_HIDDEN = "rich" not in sys.modules
if _IS_HIDDEN:
    sys.modules["rich"] = None  # type: ignore[assignment]  # how Python is told that a module is not to be imported
import structlog  # noqa: E402  # see above

if _IS_HIDDEN:
    del sys.modules["rich"]

from bot.secrets import masked  # noqa: E402  # structlog first, see above
from storage import requests  # noqa: E402  # same

_QUIET = {
    # A tick that sends for longer than the pause to the next one is no trouble: that one is left out.
    "apscheduler": logging.ERROR,
    **dict.fromkeys(("slack_bolt", "slack_sdk", "websocket", "uvicorn.access", "alembic"), logging.WARNING),
}


def configure(log_format: Literal["console", "json"] = "console", *, level: int = logging.INFO) -> None:
    """Send structlog's events and the standard library's records to stderr in one format."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        with_request,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if log_format == "json":
        last: list[Any] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        # Plain: a traceback with local variables would print tokens and what people wrote.
        plain = structlog.dev.plain_traceback
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, _mask],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)


def with_request(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Name the request that is being worked on in every line, also in those of other libraries."""
    request = requests.current()
    if request is not None:
        event.setdefault("request", request.id)
    return event


def catch_crashes() -> None:
    """Log what nobody catches; it would be printed past the log otherwise, with whatever stands in its message."""
    sys.excepthook = _crashed
    threading.excepthook = lambda failed: _crashed(failed.exc_type, failed.exc_value, failed.exc_traceback)


def _mask(_logger: object, _method: str, line: Any) -> str:
    """Mask the finished line: by then exceptions and other libraries' records are text as well."""
    return masked(line)


def _crashed(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt) or error is None:
        sys.__excepthook__(kind, error or kind(), traceback)
        return
    structlog.get_logger().critical("crashed", exc_info=(kind, error, traceback))
