"""Slack's refusals."""

from typing import Any


class ApiError(Exception):
    """A call that Slack refuses: its error code, what else stands in the answer, and HTTP status and headers."""

    def __init__(
        self,
        code: str,
        *,
        messages: list[str] | None = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.more = more
        if messages:
            self.more["response_metadata"] = {"messages": messages}


class NotPossibleError(ValueError):
    """Something that Slack's client would not let this person do; the text is one sentence or Slack's code."""
