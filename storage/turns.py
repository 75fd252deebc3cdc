"""Taking turns: threads of one process go in one after the other, in the order in which they came."""

import threading
from collections import deque
from typing import Self


class Turns:
    """A lock that is handed on to whoever has waited longest; who has it may take it again.

    SQLite's own writers ask again and again with growing pauses, so that with many of them one can find the door closed
    each time for as long as the timeout, while others who came later go through.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False
        self._mine = threading.local()

    def __enter__(self) -> Self:
        depth = getattr(self._mine, "depth", 0)
        if not depth:
            self._take()
        self._mine.depth = depth + 1
        return self

    def __exit__(self, *_: object) -> None:
        self._mine.depth -= 1
        if not self._mine.depth:
            self._hand_on()

    def _take(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
