"""Slack's Block Kit validator: shapes, lengths and limits, as strict as Slack is.

Pure functions over parsed JSON: no network and nothing else of the project. Field names and limits are
those of docs.slack.dev under ``reference/block-kit/blocks``, ``reference/block-kit/block-elements``,
``reference/block-kit/composition-objects`` and ``reference/views``. Where two states of a page differ
(charts held 6 series and later 12, data tables 101 rows and later 201) the lower number stands, so that
what passes here passes in every workspace.
"""

from bot.playground.blockkit.surfaces import (
    Surface,
    blocks_too_long,
    known_block_types,
    validate_blocks,
    validate_view,
)

__all__ = ["Surface", "blocks_too_long", "known_block_types", "validate_blocks", "validate_view"]
