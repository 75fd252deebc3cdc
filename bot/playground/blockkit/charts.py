"""The data_visualization block (blocks/data-visualization-block)."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from bot.playground.blockkit.composition import ABSENT, Id255, Strict
from bot.playground.blockkit.problems import Problem, refuse

Label20 = Annotated[str, StringConstraints(min_length=1, max_length=20)]
Label50 = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Segment(Strict):
    """One slice of a pie; its value is above 0."""

    label: Label20
    value: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Pie(Strict):
    """A pie of 1 to 6 segments."""

    type: Literal["pie"]
    segments: Annotated[list[Segment], Field(min_length=1, max_length=6)]


class Point(Strict):
    """A value over one of the categories; it may be negative."""

    label: Label20
    value: Number


class Series(Strict):
    """A named series of 1 to 20 points."""

    name: Label20
    data: Annotated[list[Point], Field(min_length=1, max_length=20)]


class Axes(Strict):
    """The categories from left to right, and what the axes are called."""

    categories: Annotated[list[Label20], Field(min_length=1, max_length=20)]
    x_label: Label50 = ABSENT
    y_label: Label50 = ABSENT


class SeriesChart(Strict):
    """A line, bar or area chart of 1 to 6 series."""

    type: Literal["line", "bar", "area"]
    series: Annotated[list[Series], Field(min_length=1, max_length=6)]
    axis_config: Axes

    @model_validator(mode="after")
    def _labels_agree(self) -> "SeriesChart":
        refuse(self._disagreements())
        return self

    def _disagreements(self) -> Iterator[Problem]:
        categories = self.axis_config.categories
        if len(set(categories)) < len(categories):
            yield Problem("must be unique", ("axis_config", "categories"))
        names: set[str] = set()
        for index, series in enumerate(self.series):
            if series.name in names:
                yield Problem("must be unique within the chart", ("series", index, "name"))
            names.add(series.name)
            if sorted(point.label for point in series.data) != sorted(categories):
                sentence = "must contain exactly one entry for every label in axis_config.categories"
                yield Problem(sentence, ("series", index, "data"))


class DataVisualization(Strict):
    """data-visualization-block; at most two of them in a message."""

    type: Literal["data_visualization"]
    title: Label50
    chart: Annotated[Pie | SeriesChart, Field(discriminator="type")]
    block_id: Id255 = ABSENT
