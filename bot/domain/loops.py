"""Loops in the chain: allowed, as long as going round takes time."""

from collections.abc import Hashable, Iterable
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

End = TypeVar("End", bound=Hashable)


def loop_at_once(links: Iterable[tuple[End, End, int]]) -> list[End] | None:
    """Find a loop that takes no time.

    Args:
        links: Upstream end, downstream end, and the weeks between them.

    Returns:
        The ends along the way, the first one again at the end; None when there is no such loop.
    """
    sorter: TopologicalSorter[End] = TopologicalSorter()
    for upstream, downstream, lag in links:
        if lag == 0:
            sorter.add(downstream, upstream)
    try:
        sorter.prepare()
    except CycleError as error:
        found: list[End] = error.args[1]
        return found
    return None
