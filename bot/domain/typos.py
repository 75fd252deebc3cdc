"""Typing errors: letters dropped, added, changed or swapped, counted by optimal string alignment."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

_LOOSE: Final = 0.4  # errors per letter up to which a text is near enough to be offered
_MOST_NEAR: Final = 50
_ONE_ERROR_FROM, _TWO_ERRORS_FROM = 5, 9
_SWAP_FROM = 4  # letters from which a swap, which keeps every letter, is a typing error and not another word


def forgiven(letters: int) -> int:
    """Give how many typing errors a text of this length may have and still be answered."""
    if letters < _ONE_ERROR_FROM:
        return 0
    return 1 if letters < _TWO_ERRORS_FROM else 2


def is_slip(typed: str, meant: str, errors: int) -> bool:
    """Tell whether ``typed`` is ``meant`` with few enough errors; digits are never mistyped."""
    if [c for c in typed if c.isdigit()] != [c for c in meant if c.isdigit()]:
        return False
    swapped = errors == 1 and len(typed) >= _SWAP_FROM and sorted(typed) == sorted(meant)
    return swapped or errors <= forgiven(len(typed))


class Vocabulary:
    """Texts that can be asked which of them are near a mistyped one."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Keep the texts by length, since one error changes the length by one at most."""
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for text in texts:
            self._by_length[len(text)].append(text)

    def near(self, typed: str) -> list[tuple[str, int]]:
        """Give up to 50 texts with their number of errors, the nearest first."""
        limit = int(_LOOSE * len(typed))
        lengths = range(len(typed) - limit, len(typed) + limit + 1)
        choices = [text for length in lengths for text in self._by_length.get(length, ())]
        hits = process.extract(typed, choices, scorer=OSA.distance, score_cutoff=limit, limit=_MOST_NEAR)
        return [(text, int(errors)) for text, errors, _ in hits]
