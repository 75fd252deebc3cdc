"""What the API takes and gives: bodies read within a limit, numbers kept exactly, and their shapes."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Annotated, Any, Final, NoReturn

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, WithJsonSchema

from bot.services.readings.api_readings import LONGEST_NOTE, Given
from bot.web.api.problems import Problem, ProblemItem

MOST_BYTES: Final = 1_000_000
MOST_READINGS: Final = 1_000
_LONGEST_NAME: Final = 80
_MOST_ERRORS: Final = 50
_LARGEST: Final = 999_999_999_999_999

Number = Annotated[
    Decimal,
    WithJsonSchema({"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST, "examples": [4200, 12.5]}),
]


class ReadingIn(BaseModel):
    """One KPI's value for one week."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kpi: str = Field(min_length=1, max_length=_LONGEST_NAME, description="The KPI's slug.", examples=["visits"])
    week: str = Field(
        min_length=1,
        max_length=20,
        description="The ISO week.",
        examples=["2026-W48"],
        json_schema_extra={"pattern": "^[0-9]{4}-W[0-9]{2}$"},
    )
    value: Number = Field(description="At most 15 digits, six of them after the point.")
    note: str | None = Field(default=None, max_length=LONGEST_NOTE, description="Left out: an earlier note stays.")


class Stored(BaseModel):
    """What storing did; a correction keeps the earlier value."""

    readings: int
    new: int
    corrected: int
    same: int


class ReadingOut(BaseModel):
    """A stored reading. `source` is modal, import, api, pull, thread or demo."""

    week: str
    kpi: str
    value: float
    note: str
    source: str
    reported_at: str


class KpiOut(BaseModel):
    """A live KPI. One with a formula is computed, and cannot be reported."""

    kpi: str = Field(description="Its slug, by which readings name it.")
    name: str
    hat: str
    unit: str
    currency: str | None
    decimals: int
    direction: str
    goal: bool
    formula: str
    target: float | None


class KpisOut(BaseModel):
    """The team's live KPIs, in the chain's order."""

    kpis: list[KpiOut]


class ReadingsOut(BaseModel):
    """Readings by week and chain."""

    readings: list[ReadingOut]


REQUEST_BODY: Final[Mapping[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "oneOf": [
                    ReadingIn.model_json_schema(),
                    {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": MOST_READINGS,
                        "items": ReadingIn.model_json_schema(),
                    },
                ]
            }
        }
    },
}
_ROWS: Final = TypeAdapter(list[ReadingIn])


async def read_body(request: Request) -> bytes:
    """Read a JSON body, and never more of it than is allowed.

    Raises:
        Problem: 415 when it is not JSON, 413 when it is too long.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body as Content-Type: application/json.")
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > MOST_BYTES:
            # The connection ends with the answer: what still comes is not worth reading.
            raise Problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"A request has at most {MOST_BYTES} bytes; send the readings in several.",
                headers={"Connection": "close"},
            )
    return bytes(read)


def parse(body: bytes) -> list[Given]:
    """Read one reading or a list of them.

    Raises:
        Problem: 400 when it is not JSON, 422 with each bad row when it is something else.
    """
    try:
        content = json.loads(body.decode("utf-8"), parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)
    except (ValueError, InvalidOperation, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body is not JSON in UTF-8.") from None
    rows = content if isinstance(content, list) else [content]
    if not 0 < len(rows) <= MOST_READINGS:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"Send between 1 and {MOST_READINGS} readings.")
    try:
        read = _ROWS.validate_python(rows)
    except ValidationError as error:
        items = [_item(one) for one in error.errors(include_url=False, include_input=False)[:_MOST_ERRORS]]
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "Some readings cannot be taken; nothing was stored.", errors=items
        ) from None
    return [Given(row.kpi, row.week, row.value, row.note) for row in read]


def _item(error: Any) -> ProblemItem:
    place = [part for part in error["loc"] if part != "decimal"]
    index = place[0] if place and isinstance(place[0], int) else None
    field = ".".join(str(part) for part in place[1:])[:_LONGEST_NAME]
    return ProblemItem(index=index, field=_printable(field), detail=str(error["msg"]))


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
