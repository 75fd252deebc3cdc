"""The rules of a whole message or view (reference/block-kit/blocks, reference/views).

On top of each block's own shape: which block and element is allowed on which surface, how many there may
be, ids that must be unique, and budgets that several blocks share.
"""

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from bot.playground.blockkit.blocks import Block
from bot.playground.blockkit.composition import ABSENT, Id255, PlainText, Strict
from bot.playground.blockkit.problems import Problem, at_most, explain

Surface: TypeAlias = Literal["message", "modal", "home"]
Path: TypeAlias = tuple[str | int, ...]

_EVERYWHERE = frozenset({"message", "modal", "home"})
_MESSAGES = frozenset({"message"})
_NOT_MODALS = frozenset({"message", "home"})

# From the line "Available in surfaces" of every block's page.
_SURFACES: dict[str, frozenset[str]] = {
    "actions": _EVERYWHERE,
    "alert": frozenset({"modal"}),
    "card": _EVERYWHERE,
    "carousel": _NOT_MODALS,
    "container": _NOT_MODALS,
    "context": _EVERYWHERE,
    "context_actions": _MESSAGES,
    "data_table": _NOT_MODALS,
    "data_visualization": _MESSAGES,
    "divider": _EVERYWHERE,
    "file": _MESSAGES,
    "header": _EVERYWHERE,
    "image": _EVERYWHERE,
    "input": _EVERYWHERE,
    "markdown": _MESSAGES,
    "plan": _MESSAGES,
    "rich_text": _EVERYWHERE,
    "section": _EVERYWHERE,
    "table": _NOT_MODALS,
    "task_card": _MESSAGES,
    "video": _EVERYWHERE,
}
known_block_types = frozenset(_SURFACES)

_MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
_MOST_CHARTS = 2
_MARKDOWN_CHARACTERS = 12_000
_CELL_CHARACTERS = {"table": 10_000, "data_table": 20_000}
_MESSAGE_CHARACTERS = 13_200
_VIEW_BYTES = 250_000

_BLOCK: TypeAdapter[Any] = TypeAdapter(Block)


class _View(Strict):
    blocks: list[Any]
    private_metadata: Annotated[str, StringConstraints(max_length=3000)] = ABSENT
    callback_id: Annotated[str, StringConstraints(max_length=255)] = ABSENT
    external_id: Id255 = ABSENT


class _Home(_View):
    type: Literal["home"]


class _Modal(_View):
    type: Literal["modal"]
    title: Annotated[PlainText, at_most(24)]
    blocks: Annotated[list[Any], Field(min_length=1)]
    submit: Annotated[PlainText, at_most(24)] = ABSENT
    close: Annotated[PlainText, at_most(24)] = ABSENT
    clear_on_close: bool = ABSENT
    notify_on_close: bool = ABSENT
    submit_disabled: bool = ABSENT


_VIEW: TypeAdapter[Any] = TypeAdapter(Annotated[_Home | _Modal, Field(discriminator="type")])


class _Placed(NamedTuple):
    """A block or element of the payload and where it stands."""

    at: Path
    value: dict[str, Any]


def validate_blocks(blocks: Any, *, surface: Surface) -> list[str]:
    """Say everything that Slack would refuse in these blocks.

    Args:
        blocks: Parsed JSON; anything at all is answered, nothing raises.
        surface: Where the blocks are to be shown.

    Returns:
        Lines in Slack's own style, such as ``[ERROR] must be less than 3001 characters
        [json-pointer:/blocks/0/text/text]``; empty when all is well.
    """
    return [str(problem) for problem in _block_problems(blocks, surface, ("blocks",))]


def validate_view(view: Any) -> list[str]:
    """Say everything that Slack would refuse in a modal or a home tab.

    Args:
        view: Parsed JSON of the ``view`` argument; nothing raises.

    Returns:
        Lines as of `validate_blocks`, with pointers below ``/view``.
    """
    problems: list[Problem] = []
    try:
        _VIEW.validate_python(view)
    except ValidationError as error:
        problems += explain(error, view, ("view",))
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        surface: Surface = "home" if view.get("type") == "home" else "modal"
        problems += _block_problems(view["blocks"], surface, ("view", "blocks"))
        if surface == "modal" and "submit" not in view and _asks_for_input(view["blocks"]):
            problems.append(Problem("missing required field: submit", ("view",)))
    # Only a view of the right shape is sure to be serialisable.
    if not problems and len(json.dumps(view).encode()) > _VIEW_BYTES:
        problems.append(Problem("must be less than 250 kB", ("view",)))
    return [str(problem) for problem in problems]


def blocks_too_long(blocks: Any) -> bool:
    """Tell whether all texts together exceed what one message holds (``msg_blocks_too_long``).

    The limit of about 13,200 characters is measured by others, not documented. Cells of tables and charts
    have budgets of their own and do not count.
    """
    budgeted = {*_CELL_CHARACTERS, "data_visualization"}
    top = blocks if isinstance(blocks, list) else []
    counted = [b for b in top if isinstance(b, dict) and b.get("type") not in budgeted]
    return sum(len(text) for text in _texts(counted)) > _MESSAGE_CHARACTERS


def _block_problems(blocks: Any, surface: Surface, base: Path) -> Iterator[Problem]:
    if not isinstance(blocks, list):
        yield Problem("must provide an array", base)
        return
    limit = _MOST_BLOCKS[surface]
    if len(blocks) > limit:
        yield Problem(f"no more than {limit} items allowed", base)
    checked = blocks[:limit]
    for index, block in enumerate(checked):
        try:
            _BLOCK.validate_python(block)
        except ValidationError as error:
            yield from explain(error, block, (*base, index))
    placed = list(_walk(checked, base))
    yield from _misplaced(placed, surface)
    yield from _repeated_ids(placed)
    yield from _several_in_focus(placed)
    yield from _over_budget(placed, base, surface)


def _walk(blocks: list[Any], base: Path) -> Iterator[_Placed]:
    """Yield every block, also those inside containers and carousels (which do not nest further)."""
    nested = {"container": "child_blocks", "carousel": "elements"}
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        yield _Placed((*base, index), block)
        key = nested.get(_kind(block), "")
        children = block.get(key)
        for child_index, child in enumerate(children if isinstance(children, list) else []):
            if isinstance(child, dict):
                yield _Placed((*base, index, key, child_index), child)


def _elements(block: _Placed) -> Iterator[_Placed]:
    for key in ("accessory", "element", "elements", "actions"):
        held = block.value.get(key)
        if isinstance(held, dict):
            yield _Placed((*block.at, key), held)
        elif isinstance(held, list):
            for index, element in enumerate(held):
                if isinstance(element, dict):
                    yield _Placed((*block.at, key, index), element)


def _kind(value: dict[str, Any]) -> str:
    kind = value.get("type")
    return kind if isinstance(kind, str) else ""


def _misplaced(placed: list[_Placed], surface: Surface) -> Iterator[Problem]:
    for block in placed:
        kind = _kind(block.value)
        if surface not in _SURFACES.get(kind, _EVERYWHERE):
            yield Problem(f"unsupported type: {kind}", (*block.at, "type"))
        if kind == "input" and surface != "modal":
            for element in _elements(block):
                if _kind(element.value) == "file_input":
                    yield Problem("unsupported type: file_input", (*element.at, "type"))


def _repeated_ids(placed: list[_Placed]) -> Iterator[Problem]:
    block_ids: set[str] = set()
    for block in placed:
        block_id = block.value.get("block_id")
        if isinstance(block_id, str):
            if block_id in block_ids:
                yield Problem(f'`block_id` "{block_id}" already exists', (*block.at, "block_id"))
            block_ids.add(block_id)
        action_ids: set[str] = set()
        for element in _elements(block):
            action_id = element.value.get("action_id")
            if not isinstance(action_id, str):
                continue
            if action_id in action_ids:
                sentence = f'`action_id` "{action_id}" already exists in this block'
                yield Problem(sentence, (*element.at, "action_id"))
            action_ids.add(action_id)


def _several_in_focus(placed: list[_Placed]) -> Iterator[Problem]:
    focused = [e for block in placed for e in _elements(block) if e.value.get("focus_on_load") is True]
    for element in focused[1:]:
        yield Problem("only one element may be focused on load", (*element.at, "focus_on_load"))


def _over_budget(placed: list[_Placed], base: Path, surface: Surface) -> Iterator[Problem]:
    def length(kind: str, count: Callable[[dict[str, Any]], int]) -> int:
        return sum(count(block.value) for block in placed if _kind(block.value) == kind)

    if length("markdown", lambda block: len(str(block.get("text", "")))) > _MARKDOWN_CHARACTERS:
        yield Problem("markdown blocks must be less than 12001 characters in total", base)
    for kind, most in _CELL_CHARACTERS.items():
        if length(kind, _cell_characters) > most:
            yield Problem(f"{kind} cells must be less than {most + 1} characters in total", base)
    if surface != "message":
        return
    charts = [block for block in placed if _kind(block.value) == "data_visualization"]
    for chart in charts[_MOST_CHARTS:]:
        yield Problem("no more than 2 data_visualization blocks allowed", chart.at)
    tables = [block for block in placed if _kind(block.value) in _CELL_CHARACTERS]
    for table in tables[1:]:
        yield Problem("only_one_table_allowed", table.at)


def _cell_characters(table: dict[str, Any]) -> int:
    return sum(len(text) for text in _texts(table.get("rows")))


def _texts(value: Any) -> Iterator[str]:
    """Yield every string under a ``text`` key; iterative, as payloads nest as deeply as they like."""
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, dict):
            for key, inner in node.items():
                if key == "text" and isinstance(inner, str):
                    yield inner
                elif isinstance(inner, dict | list):
                    pending.append(inner)


def _asks_for_input(blocks: list[Any]) -> bool:
    return any(_kind(block.value) == "input" for block in _walk(blocks, ()))
