"""Which request a change belongs to: what is owed because of it can be followed from its acknowledgement on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Request:
    """One request. `leaves_work` once something is owed, or still to be done, because of it.

    `elsewhere` names the team that it is answered for, where it came from a channel that is no team's. `language` is
    that of whoever made it, once it is known.
    """

    id: str
    leaves_work: bool = False
    elsewhere: str = ""
    language: str = ""


_CURRENT: ContextVar[Request | None] = ContextVar("request", default=None)


def current() -> Request | None:
    """Return the request that is being worked on here, if there is one."""
    return _CURRENT.get()


def owing() -> str | None:
    """Return the id to store with what becomes owed now, and remember that the request leaves work."""
    request = _CURRENT.get()
    if request is None:
        return None
    request.leaves_work = True
    return request.id


def answered_elsewhere(team: str) -> None:
    """Remember for which team the request is answered; the channel that it came from is no team's."""
    request = _CURRENT.get()
    if request is not None:
        request.elsewhere = team


def made_in(language: str) -> None:
    """Remember the language of whoever made the request: whom it is first looked up for."""
    request = _CURRENT.get()
    if request is not None and not request.language:
        request.language = language


def begin(request: Request) -> None:
    """Work on a request for the rest of this context, which is one that ends with it."""
    _CURRENT.set(request)


@contextmanager
def following(request: Request | None) -> Iterator[None]:
    """Work on a request, or on none, inside the block."""
    token = _CURRENT.set(request)
    try:
        yield
    finally:
        _CURRENT.reset(token)
