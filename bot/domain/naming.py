"""Finding a hat by what a person calls it.

1. The same name, however it is cased, accented, hyphenated or spaced.
2. The same words in another order.
3. Words that each begin a word of the hat: ``nurturing`` finds ``email-nurturing``.
4. Typing errors, word by word and over the whole name.

A step answers only when one hat stands out. Asking costs the person a moment; sending a question to the wrong
owner costs two people theirs.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final, NamedTuple

from bot.domain.spelling import MAX_SLUG, name_key, normalise, slugify, word_key
from bot.domain.typos import Vocabulary, forgiven, is_slip

__all__ = [
    "MAX_SLUG",
    "Found",
    "Match",
    "NameIndex",
    "NotFound",
    "Several",
    "name_key",
    "normalise",
    "slugify",
    "word_key",
]

MAX_SEVERAL: Final = 5
MAX_NEAREST: Final = 3
_CLEAR_LEAD = 2  # typing errors between the best hat and the next, for the best to be meant
_MORE = 2  # what it counts for the rank, in typing errors, that a hat has more words or letters than were typed
_PREFIX_FROM = 2  # letters from which a word may stand for a longer one
_FAR = 0.55  # errors per letter up to which a hat is offered as 'did you mean'
_MOST_WORDS = 8  # nobody calls a hat by more; a pasted page is not searched word by word
_LONGEST = 80  # letters, for the same reason
_MANY = 1_000  # hats that are compared at most; beyond that nobody can tell them apart by one word


@dataclass(frozen=True, slots=True)
class Found:
    """One hat is meant."""

    hat_id: int


@dataclass(frozen=True, slots=True)
class Several:
    """Any of these can be meant; the likeliest first, at most 5."""

    hat_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """No hat is meant; the nearest ones for 'did you mean', at most 3."""

    nearest: tuple[int, ...] = ()


Match = Found | Several | NotFound


class _Guess(NamedTuple):
    """A hat that may be meant: its errors, whether they are a forgivable slip, and where that ranks it."""

    hat_id: int
    errors: int
    slip: bool
    rank: int


class _Near(NamedTuple):
    """The same for one word of a hat."""

    errors: int
    slip: bool
    rank: int


class NameIndex:
    """The names of a team's hats, ready to be asked. Immutable; safe to share between threads."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        """Read pairs of a name and its hat's id; a hat may have several names."""
        self._exact: dict[str, list[int]] = {}
        self._compact: dict[str, list[int]] = {}
        self._sorted: dict[str, list[int]] = {}
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._word_counts: dict[int, set[int]] = defaultdict(set)
        self._spaces: dict[str, int] = {}
        self._shortest: dict[int, int] = {}
        for name, hat_id in names:
            words = normalise(name).split()
            if words:
                self._add(words, hat_id)
        self._words = sorted(self._by_word)
        self._names_near = Vocabulary(self._compact)
        self._words_near = Vocabulary(self._words)

    def _add(self, words: list[str], hat_id: int) -> None:
        compact = "".join(words)
        self._exact.setdefault(" ".join(words), []).append(hat_id)
        self._compact.setdefault(compact, []).append(hat_id)
        self._sorted.setdefault(" ".join(sorted(words)), []).append(hat_id)
        for word in words:
            self._by_word[word].append(hat_id)
        self._word_counts[hat_id].add(len(words))
        self._spaces[compact] = len(words)
        self._shortest[hat_id] = min(len(compact), self._shortest.get(hat_id, len(compact)))

    def find(self, query: str) -> Match:
        """Find the hat that a person means by ``query``. Never raises."""
        words = normalise(query).split()
        if not words:
            return NotFound()
        same = (
            self._exact.get(" ".join(words))
            or self._compact.get("".join(words))
            or self._sorted.get(" ".join(sorted(words)))
        )
        if same:
            return _one_or_several(list(dict.fromkeys(same)))
        if len(words) > _MOST_WORDS or sum(map(len, words)) > _LONGEST:
            return NotFound()
        return self._beginning(words) or self._mistyped(words)

    def _beginning(self, words: list[str]) -> Found | Several | None:
        """Find hats in which every word of the query begins a word; whole words and short names first."""
        hats = set.intersection(*(self._hats_beginning(word) for word in words))
        if not hats:
            return None
        whole = set.intersection(*(set(self._by_word.get(word, ())) for word in words))
        return _one_or_several(
            nsmallest(MAX_SEVERAL, hats, key=lambda hat: (hat not in whole, self._shortest[hat], hat))
        )

    def _hats_beginning(self, start: str) -> set[int]:
        if len(start) < _PREFIX_FROM:
            return set(self._by_word.get(start, ()))
        hats: set[int] = set()
        for index in range(bisect_left(self._words, start), len(self._words)):
            if not self._words[index].startswith(start):
                break
            hats.update(self._by_word[self._words[index]])
        return hats

    def _mistyped(self, words: list[str]) -> Match:
        """Rank hats by typing errors, and answer when one leads clearly."""
        letters = sum(map(len, words))
        guesses = [
            guess
            for guess in (*self._guesses_by_name(words), *self._guesses_by_word(words))
            if guess.errors <= letters * _FAR
        ]
        slips = [guess for guess in guesses if guess.slip and guess.errors <= forgiven(letters)]
        if not slips:
            return NotFound(self._best(guesses, MAX_NEAREST))
        lead = min(guess.rank for guess in slips)
        close = [guess for guess in slips if guess.rank < lead + _CLEAR_LEAD]
        return _one_or_several(self._best(close, MAX_SEVERAL))

    def _best(self, guesses: list[_Guess], most: int) -> tuple[int, ...]:
        ranked = sorted(guesses, key=lambda guess: (guess.rank, self._shortest[guess.hat_id], guess.hat_id))
        return tuple(dict.fromkeys(guess.hat_id for guess in ranked))[:most]

    def _guesses_by_name(self, words: list[str]) -> Iterator[_Guess]:
        """Compare whole names that are spaced otherwise; with equal spacing, words are the stricter judge."""
        typed = "".join(words)
        for name, errors in self._names_near.near(typed):
            slip = self._spaces[name] != len(words) and is_slip(typed, name, errors)
            for hat_id in self._compact[name]:
                yield _Guess(hat_id, errors, slip, errors)

    def _guesses_by_word(self, words: list[str]) -> Iterator[_Guess]:
        """Add up the errors of every word; a word that a hat lacks counts with all its letters."""
        per_word = [self._near_hats(word) for word in words]
        for hat_id in self._worth_comparing(per_word):
            near = [
                hats.get(hat_id) or _Near(len(word), slip=False, rank=len(word))
                for word, hats in zip(words, per_word, strict=True)
            ]
            extra = 0 if len(words) in self._word_counts[hat_id] else _MORE
            errors, rank = sum(word.errors for word in near), sum(word.rank for word in near)
            yield _Guess(hat_id, errors, all(word.slip for word in near), rank + extra)

    def _worth_comparing(self, per_word: list[dict[int, _Near]]) -> Iterable[int]:
        """Give the hats that have every word, or else any; of very many the shortest, or the rarest word's."""
        every = set(per_word[0]).intersection(*per_word[1:])
        known = [set(hats) for hats in per_word if hats]
        some = every or set().union(*known)
        if len(some) > _MANY and not every:
            some = min(known, key=len)
        return some if len(some) <= _MANY else nsmallest(_MANY, some, key=self._shortest.__getitem__)

    def _near_hats(self, word: str) -> dict[int, _Near]:
        """Give every hat that has this word, one that it begins, or one that it may be a slip of."""
        hats = dict.fromkeys(self._by_word.get(word, ()), _Near(0, slip=True, rank=0))
        for near, errors in self._words_near.near(word):
            judged = _Near(errors, is_slip(word, near, errors), errors)
            for hat_id in self._by_word[near]:
                hats.setdefault(hat_id, judged)
        begins = _Near(0, slip=True, rank=_MORE)
        for hat_id in self._hats_beginning(word):
            if not hats.setdefault(hat_id, begins).slip:
                hats[hat_id] = begins
        return hats


def _one_or_several(hats: list[int] | tuple[int, ...]) -> Found | Several:
    return Found(hats[0]) if len(hats) == 1 else Several(tuple(hats[:MAX_SEVERAL]))
