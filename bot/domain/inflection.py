"""Words without their endings, in English and Swedish: ``kampanjerna``, ``kampanjer`` and ``kampanj`` are one word.

No dictionary: each rule takes an ending off or puts another in its place, and two words are the same when they share a
form. That finds too much rather than too little, so whoever compares must ask that all the words of a topic are found.
"""

from functools import lru_cache
from itertools import product
from typing import Final

from bot.domain.spelling import normalise

_LEAST = 3  # letters that must be left
_MOST_TOPICS = 24
_MOST_WORDS = 8
# An ending, and what stands there in the word's other form. Definite and plural first: they are taken off in turn.
_RULES: Final = (
    ("klarna", "kel"), ("klar", "kel"), ("ierna", "ie"), ("ierna", "ium"), ("ier", "ie"), ("ier", "ium"),
    ("iet", "ie"), ("iet", "ium"), ("erna", ""), ("arna", ""), ("orna", "a"), ("en", ""), ("et", ""), ("er", ""),
    ("ar", ""), ("or", "a"), ("na", ""), ("an", "a"), ("n", ""), ("t", ""), ("a", ""),
    ("ies", "y"), ("es", ""), ("s", ""), ("e", ""),
)  # fmt: skip
_LEAST_LEFT: Final = {"s": 2, "n": 4, "t": 4, "a": 3, "e": 4, "en": 3, "et": 3, "ar": 4}
_DETERMINERS: Final = frozenset(
    {"the", "our", "my", "your", "a", "an", "den", "det", "de", "var", "vart", "vara", "en", "ett", "min", "er"}
)


@lru_cache(maxsize=4096)
def word_stems(word: str) -> tuple[str, ...]:
    """Give the forms that a normalised word may have without its endings; itself first, the shortest last."""
    found = {word}
    of_word = word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > _LEAST else word
    for form in {word, of_word}:
        for ending, other in _RULES:
            left = len(form) - len(ending)
            if form.endswith(ending) and left >= _LEAST_LEFT.get(ending, _LEAST) and not form.endswith("ss"):
                found.add(form[:left] + other)
    return tuple(sorted(found, key=lambda form: (form != word, -len(form), form)))


def stems(topic: str) -> tuple[str, ...]:
    """Give what a topic may be called in a list of names: ``nyhetsbrevet`` also as ``nyhetsbrev``.

    At most 24, the topic itself (normalised, without article) first.
    """
    words = normalise(topic).split()
    while len(words) > 1 and words[0] in _DETERMINERS:
        words = words[1:]
    if not words:
        return ()
    if len(words) > _MOST_WORDS:
        return (" ".join(words),)
    found: dict[str, None] = {}
    for combination in product(*(word_stems(word) for word in words)):
        found.setdefault(" ".join(combination))
        if len(found) == _MOST_TOPICS:
            break
    return tuple(found)
