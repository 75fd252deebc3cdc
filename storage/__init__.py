"""The only room that talks SQL."""

from sqlalchemy.exc import SQLAlchemyError as DatabaseFailed
from sqlmodel import Session

from storage.engine import Sessions, open_engine

__all__ = ["DatabaseFailed", "Session", "Sessions", "open_engine"]
