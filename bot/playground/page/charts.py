"""data_visualization blocks as options of Apache ECharts."""

from typing import Any

from bot.playground.model import Json

PALETTE = ["#0b5d3b", "#e08a1e", "#2f6fb3", "#b5413f", "#6c5aa8", "#5f8f2f"]
_FITS_BESIDE = 40
_INK, _FAINT = "#4a5550", "#e3e8e5"


def chart_options(block: Json) -> dict[str, Any]:
    """Return the options of a line, bar, area or pie chart; the block's title stands outside the chart."""
    chart = block["chart"]
    common: dict[str, Any] = {
        "color": PALETTE,
        "animation": False,
        "textStyle": {"fontFamily": "inherit", "color": _INK},
        # As text, never as HTML: labels are people's words.
        "tooltip": {"trigger": "item" if chart["type"] == "pie" else "axis", "renderMode": "richText", "confine": True},
    }
    if chart["type"] == "pie":
        return common | _pie(chart)
    return common | _axes(block)


def chart_words(block: Json) -> str:
    """Return the chart as a sentence, for those who do not see it: every series with its values."""
    chart = block["chart"]
    if chart["type"] == "pie":
        parts = [", ".join(f"{part['label']} {part['value']:g}" for part in chart["segments"])]
    else:
        parts = [
            f"{series['name']}: " + ", ".join(f"{point['label']} {point['value']:g}" for point in series["data"])
            for series in chart["series"]
        ]
    return f"{block['title']}. " + ". ".join(parts)


def is_wordy(block: Json) -> bool:
    """Tell whether the bars have names that do not fit beside each other; not one may be left out."""
    chart = block["chart"]
    return chart["type"] == "bar" and sum(map(len, chart["axis_config"]["categories"])) > _FITS_BESIDE


def _pie(chart: Json) -> dict[str, Any]:
    # The value stands in the name, so that the legend shows it also where there is no room beside the pie.
    slices = [{"name": f"{part['label']}: {part['value']:g}", "value": part["value"]} for part in chart["segments"]]
    return {
        "legend": {"bottom": 0, "textStyle": {"color": _INK}, "icon": "circle"},
        "series": [
            {
                "type": "pie",
                "radius": ["40%", "72%"],
                "center": ["50%", "42%"],
                "data": slices,
                "label": {"show": False},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 2},
            }
        ],
    }


def _axes(block: Json) -> dict[str, Any]:
    chart = block["chart"]
    axis = chart["axis_config"]
    several = len(chart["series"]) > 1
    titled = {"nameTextStyle": {"color": _INK}, "axisLabel": {"color": _INK, "hideOverlap": True}}
    slanted = (
        {"axisLabel": {"color": _INK, "interval": 0, "rotate": 40, "width": 104, "overflow": "truncate"}}
        if is_wordy(block)
        else {}
    )
    return {
        "legend": {"show": several, "top": 0, "type": "scroll", "textStyle": {"color": _INK}},
        "grid": {
            "left": 28 if slanted else 12,
            "right": 16,
            "top": 34 + (24 if several and axis.get("y_label") else 0),
            "bottom": 30 if axis.get("x_label") else 8,
            "containLabel": True,
        },
        "xAxis": titled
        | slanted
        | {
            "type": "category",
            "data": list(axis["categories"]),
            "name": axis.get("x_label", ""),
            "nameLocation": "middle",
            "nameGap": 30,
            "boundaryGap": chart["type"] == "bar",
            "axisLine": {"lineStyle": {"color": "#aeb8b2"}},
        },
        "yAxis": titled
        | {
            "type": "value",
            "name": axis.get("y_label", ""),
            "nameTextStyle": {"color": _INK, "align": "left"},
            "splitLine": {"lineStyle": {"color": _FAINT}},
        },
        "series": [_series(chart["type"], series, axis["categories"]) for series in chart["series"]],
    }


def _series(kind: str, series: Json, categories: list[str]) -> dict[str, Any]:
    values = {point["label"]: point["value"] for point in series["data"]}
    look: dict[str, Any] = {
        "name": series["name"],
        "type": "bar" if kind == "bar" else "line",
        "data": [values.get(category) for category in categories],
    }
    if kind == "bar":
        return look | {"barMaxWidth": 36, "itemStyle": {"borderRadius": 2}}
    look |= {"symbolSize": 6, "lineStyle": {"width": 2.5}}
    return look | ({"areaStyle": {"opacity": 0.18}} if kind == "area" else {})
