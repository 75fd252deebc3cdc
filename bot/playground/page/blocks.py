"""Block Kit drawn as Slack would show it, in the page's own look."""

from collections.abc import Callable
from typing import Any

from nicegui import ui
from nicegui.element import Element

from bot.playground.model import Json
from bot.playground.page.charts import chart_options, chart_words, is_wordy
from bot.playground.page.elements import draw_element
from bot.playground.page.fields import draw_field, plain_text
from bot.playground.page.mrkdwn import markdown
from bot.playground.page.options import text_html
from bot.playground.page.pictures import draw_file, draw_image
from bot.playground.page.rich_text import rich_text
from bot.playground.page.stage import Stage
from bot.playground.page.tables import DataTable, draw_table
from bot.playground.page.tags import Tag, div, markup, span


def draw_blocks(stage: Stage, blocks: list[Json]) -> None:
    """Draw blocks into the element that is open now."""
    for block in blocks:
        draw = _DRAWERS.get(block.get("type", ""))
        if draw is None:
            div("hp-block hp-faint", stage.texts.unknown_block.format(kind=block.get("type")))
            continue
        with div(f"hp-block hp-b-{block['type'].replace('_', '-')}"):
            draw(stage, block)


def _header(stage: Stage, block: Json) -> None:
    del stage
    Tag("h3", "hp-header", plain_text(block["text"]))


def _section(stage: Stage, block: Json) -> None:
    with div("hp-section-text") as words:
        if block.get("text"):
            markup(text_html(block["text"], stage))
        if block.get("fields"):
            with div("hp-fields"):
                for field in block["fields"]:
                    markup(text_html(field, stage))
    if block.get("accessory"):
        with div("hp-accessory"):
            draw_element(stage, block, block["accessory"], about=words.html_id)


def _context(stage: Stage, block: Json) -> None:
    for element in block["elements"]:
        if element["type"] == "image":
            draw_image(element, "hp-tiny")
        else:
            markup(text_html(element, stage))


def _actions(stage: Stage, block: Json) -> None:
    for element in block["elements"]:
        draw_element(stage, block, element)


def _input(stage: Stage, block: Json) -> None:
    element, label = block["element"], plain_text(block["label"])
    dispatch = bool(block.get("dispatch_action"))
    typed = element["type"].endswith(("_text_input", "number_input", "rich_text_input"))

    async def changed(value: Any) -> None:
        stage.enter(block, element, value)
        on_each = "on_character_entered" in element.get("dispatch_action_config", {}).get("trigger_actions_on", [])
        if dispatch and (on_each or not typed):
            await stage.act(block, element, value)

    async def entered() -> None:
        if dispatch and typed:
            await stage.act(block, element, stage.current(block, element))
        elif stage.submit is not None:
            await stage.submit()

    with div("hp-label"):
        span(text=label)
        if block.get("optional"):
            span("hp-faint", f" {stage.texts.optional}")
    field: Element
    if element["type"] == "file_input":
        field = div("hp-faint", stage.texts.unknown_block.format(kind="file_input"))
    else:
        field = draw_field(stage, block, element, label=label, changed=changed, entered=entered)
    error = stage.errors[block["block_id"]] = div("hp-error", role="alert")
    described = [error.html_id]
    if block.get("hint"):
        described.append(div("hp-hint", plain_text(block["hint"])).html_id)
    field.props["aria-describedby"] = " ".join(described)


def _rich_text(stage: Stage, block: Json) -> None:
    markup(rich_text(block, stage.reader))


def _markdown(stage: Stage, block: Json) -> None:
    del stage
    markup(markdown(block["text"]), "hp-markdown")


def _chart(stage: Stage, block: Json) -> None:
    del stage
    div("hp-caption", block["title"])
    size = " hp-tall" if is_wordy(block) else ""
    chart = ui.echart(chart_options(block), renderer="svg").classes(f"hp-chart{size}")
    chart.props["role"] = "img"
    chart.props["aria-label"] = chart_words(block)


def _image(stage: Stage, block: Json) -> None:
    if block.get("title"):
        div("hp-caption", plain_text(block["title"]))
    if "slack_file" in block:
        draw_file(stage, str(block["slack_file"].get("id", "")), str(block["alt_text"]))
        return
    draw_image(block, "hp-image")


def _card(stage: Stage, block: Json) -> None:
    if block.get("hero_image"):
        draw_image(block["hero_image"], "hp-image")
    for part, classes in (("title", "hp-card-title"), ("subtitle", "hp-faint"), ("body", ""), ("subtext", "hp-faint")):
        if block.get(part):
            markup(text_html(block[part], stage), classes)
    if block.get("actions"):
        with div("hp-b-actions"):
            for element in block["actions"]:
                draw_element(stage, block, element)


def _container(stage: Stage, block: Json) -> None:
    if block.get("title"):
        div("hp-card-title", plain_text(block["title"]))
    if block.get("rich_text_title"):
        markup(rich_text(block["rich_text_title"], stage.reader), "hp-card-title")
    if block.get("subtitle"):
        markup(text_html(block["subtitle"], stage), "hp-faint")
    draw_blocks(stage, block["child_blocks"])


def _task(stage: Stage, block: Json) -> None:
    marks = {"complete": "✓", "in_progress": "…", "error": "!", "pending": "○"}
    with div("hp-task"):
        span("hp-task-mark", marks.get(str(block.get("status")), "○"))
        span(text=str(block["title"]))
    for part in ("details", "output"):
        if block.get(part):
            markup(rich_text(block[part], stage.reader), "hp-faint")


def _plan(stage: Stage, block: Json) -> None:
    div("hp-card-title", str(block["title"]))
    for task in block.get("tasks", []):
        _task(stage, task)


def _alert(stage: Stage, block: Json) -> None:
    with div(f"hp-alert hp-{block.get('level', 'default')}"):
        markup(text_html(block["text"], stage))


def _video(stage: Stage, block: Json) -> None:
    del stage
    div("hp-caption", f"▶ {plain_text(block['title'])}")
    draw_image({"image_url": block["thumbnail_url"], "alt_text": block["alt_text"]}, "hp-image")


def _file(stage: Stage, block: Json) -> None:
    div("hp-file", f"{stage.texts.file}: {block['external_id']}")


def _nothing(stage: Stage, block: Json) -> None:
    del stage, block


def _carousel(stage: Stage, block: Json) -> None:
    for card in block["elements"]:
        with div("hp-block hp-b-card"):
            _card(stage, card)


_DRAWERS: dict[str, Callable[[Stage, Json], Any]] = {
    "actions": _actions,
    "alert": _alert,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "context": _context,
    "context_actions": _actions,
    "data_table": DataTable,
    "data_visualization": _chart,
    "divider": _nothing,
    "file": _file,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "plan": _plan,
    "rich_text": _rich_text,
    "section": _section,
    "table": draw_table,
    "task_card": _task,
    "video": _video,
}
