"""Tables (blocks/table-block, blocks/data-table-block)."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.playground.blockkit.charts import Number
from bot.playground.blockkit.composition import ABSENT, Filled, Id255, Strict
from bot.playground.blockkit.problems import Problem, refuse
from bot.playground.blockkit.rich_text import RichText


class RawText(Strict):
    """A cell of plain characters."""

    type: Literal["raw_text"]
    text: Filled


class RawNumber(Strict):
    """A cell that sorts as a number; its text is how the number is shown."""

    type: Literal["raw_number"]
    value: Number
    text: Filled = ABSENT


Cell = Annotated[RawText | RawNumber | RichText, Field(discriminator="type")]
Row = Annotated[list[Cell], Field(min_length=1, max_length=20)]


class ColumnSettings(Strict):
    """How one column of a table block looks."""

    align: Literal["left", "center", "right"] = ABSENT
    is_wrapped: bool = ABSENT


class Table(Strict):
    """table-block: 100 rows of 20 cells; null skips a column's settings."""

    type: Literal["table"]
    rows: Annotated[list[Row], Field(min_length=1, max_length=100)]
    column_settings: Annotated[list[ColumnSettings | None], Field(max_length=20)] = ABSENT
    block_id: Id255 = ABSENT


class DataTable(Strict):
    """data-table-block: a header row and 1 to 100 others, all of the same length."""

    type: Literal["data_table"]
    caption: Filled
    rows: Annotated[list[Row], Field(min_length=2, max_length=101)]
    page_size: Annotated[int, Field(ge=1, le=100)] = ABSENT
    row_header_column_index: Annotated[int, Field(ge=0)] = ABSENT
    block_id: Id255 = ABSENT

    @model_validator(mode="after")
    def _rows_agree(self) -> "DataTable":
        refuse(self._disagreements())
        return self

    def _disagreements(self) -> Iterator[Problem]:
        header = self.rows[0]
        for column, cell in enumerate(header):
            if cell.type == "rich_text":
                yield Problem("unsupported type: rich_text", ("rows", 0, column, "type"))
        for index, row in enumerate(self.rows):
            if len(row) != len(header):
                yield Problem(f"must have {len(header)} cells like the header row", ("rows", index))
        if self.has("row_header_column_index") and self.row_header_column_index >= len(header):
            yield Problem(f"must be at most {len(header) - 1}", ("row_header_column_index",))
