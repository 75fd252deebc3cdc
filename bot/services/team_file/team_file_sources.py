"""The part of a team's file that says from where a KPI's values are pulled."""

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, StringConstraints, model_validator

from bot.domain.source_links import LONGEST_ADDRESS, csv_address, host_of
from bot.services.sources.fetching import SourceFailed, read_address
from bot.services.sources.source_reading import JSON, LONGEST_EXPRESSION, check_expression
from bot.services.team_file.team_file_fields import Part, one_line
from storage.tables import Source

_WEEK: Final = "week"
_UNFIT: Final = {
    "address_unreadable": "url must be an address such as https://example.org/weeks.csv",
    "address_scheme": "url must begin with https:// or http://",
    "address_secret": "url must hold no name and password: whoever reads the file would see them",
    "expression_unreadable": "“{text}” is not an expression that is understood",
    "expression_too_powerful": "“{text}” can do more than finding values",
}

_Line = Annotated[str, StringConstraints(max_length=LONGEST_EXPRESSION)]


class SourceEntry(Part):
    """Where a KPI's values are pulled from; one without an address takes away what was there.

    `values` and `weeks` are columns of a CSV file, or JMESPath expressions for JSON. Without weeks there is one value,
    the present week's.
    """

    url: Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)] = ""
    format: Literal["csv", "json"] = "csv"
    values: _Line = ""
    weeks: _Line = _WEEK

    @model_validator(mode="before")
    @classmethod
    def _of_a_sheet(cls, written: Any) -> Any:
        """Take a Google Sheet's link for the address of its CSV, as the form in Slack does."""
        if isinstance(written, dict) and isinstance(written.get("url"), str):
            sheet = csv_address(written["url"])
            return written if sheet is None else written | {"url": sheet}
        return written

    @model_validator(mode="after")
    def _readable(self) -> "SourceEntry":
        for text in (self.url, self.values, self.weeks):
            one_line(text)
        if not self.url and self != SourceEntry.model_construct():
            raise ValueError("url is missing")
        if not self.url:
            return self
        if not self.values:
            raise ValueError("values is missing: say where the values stand")
        try:
            read_address(self.url)
            for expression in (self.values, self.weeks):
                if self.format == JSON and expression:
                    check_expression(expression)
        except SourceFailed as failed:
            raise ValueError(_UNFIT[failed.name].format(**failed.values)) from None
        return self

    def __str__(self) -> str:
        """Say it without what may open it: an address's path and query are often secret."""
        if not self.url:
            return "none"
        weeks = f", weeks in “{self.weeks}”" if self.weeks else ""
        return f"{host_of(self.url)} ({self.format}, values in “{self.values}”{weeks})"

    @classmethod
    def of(cls, source: Source | None) -> "SourceEntry":
        """Return what is stored."""
        if source is None:
            return cls()
        return cls(url=source.address, format=source.format, values=source.expression, weeks=source.week_expression)


def _switched_off(written: Any) -> Any:
    """Take an empty text for no source."""
    return {} if written == "" else written


KpiSource = Annotated[SourceEntry, BeforeValidator(_switched_off)]
