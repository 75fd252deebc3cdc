"""The only room that talks SQL."""

from sqlmodel import Session

from storage.engine import Sessions, open_engine

__all__ = ["Session", "Sessions", "open_engine"]
