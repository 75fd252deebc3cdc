"""Numbers that somebody writes in a message: `visits 4200, leads 130`, or `4200 visits and 130 leads`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from bot.domain.spelling import normalise

LONGEST: Final = 2000  # characters; a longer message is a story
# Of 100, how alike a misspelt name must be, and how much more than the next one, to be taken for what is meant.
_ALIKE, _AHEAD, _NEAR = 82, 8, 60
_MOST_NEAREST: Final = 3
_UNITS = "%|procent|percent|tkr|mkr|kr|sek|nok|dkk|eur|euro|usd|gbp|mn|milj|st|min|tim|h|d|k|m|t|€|\\$|£"
_NUMBER = (
    r"(?P<number>(?:[-+\u2212]\s?)?(?:(?:kr|sek|eur|usd)\s?|[$€£]\s?)?[0-9](?:[0-9.,:'\u2019 \u00a0\u202f]*[0-9])?"
    rf"(?:[ \u00a0]?(?:{_UNITS})(?![^\W\d_])\.?(?:[ \u00a0]?[0-9]{{1,2}}[ \u00a0]?(?:min|m)(?![^\W\d_]))?)*)"
)
_IS = r"[ \t]*(?:[:=]|(?<!\w)(?:is|was|are|är|var|blev)(?!\w))?[ \t]*"
_BETWEEN = re.compile(r"(?:[\s,;.&•*+-]|and(?!\w)|och(?!\w))*(?=\S)|\s*$", re.IGNORECASE)
_END = re.compile(r"[\s.!,;]*\Z")
_ANY_NAME = r"[^\W\d_][^\n,;:=?!0-9]*?"
# Each of many would be tried as the name's, and as what stands on either side of the word between: for minutes.
_SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True)
class Pair:
    """A name and a number that stand beside each other, as they were written."""

    name: str
    number: str


def pairs(text: str, names: Iterable[str]) -> tuple[Pair, ...]:
    """Split a message into names with their numbers; none unless it consists of nothing else.

    Args:
        text: What was written.
        names: Names that are known: they are found even with digits and commas in them.
    """
    if len(text) > LONGEST or not any(character.isdigit() for character in text):
        return ()
    text = _SPACES.sub(" ", text)
    known = "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True) if name.strip())
    name = rf"(?P<name>{known}|{_ANY_NAME})" if known else rf"(?P<name>{_ANY_NAME})"
    ends = r"(?=\s*(?:[,;.\n]|and(?!\w)|och(?!\w)|\Z))"
    for pattern in (rf"{name}{_IS}{_NUMBER}(?!\w)", rf"{_NUMBER}[ \t]+{name}{ends}"):
        found = _all(text, re.compile(pattern, re.IGNORECASE))
        if found:
            return found
    return ()


def _all(text: str, pattern: re.Pattern[str]) -> tuple[Pair, ...]:
    found: list[Pair] = []
    place = 0
    while not _END.match(text, place):
        between = _BETWEEN.match(text, place)
        match = pattern.match(text, between.end() if between else place)
        if match is None or match.end() == place:
            return ()
        found.append(Pair(match["name"].strip(), match["number"].strip()))
        place = match.end()
    return tuple(found)


def meant(name: str, known: Mapping[int, tuple[str, ...]]) -> int | tuple[str, ...]:
    """Find what a written name means among known ones; else tell up to three names that it may mean.

    Args:
        name: What was written: a name, a slug, some of its words, or nearly that.
        known: The names of each thing, by its id; the first is what it is called.
    """
    written = normalise(name)
    keys = {thing: [normalise(each) for each in names] for thing, names in known.items()}
    exact = [thing for thing, theirs in keys.items() if written in theirs]
    if len(exact) == 1:
        return exact[0]
    words = set(written.split())
    parts = [thing for thing, theirs in keys.items() if any(words <= set(each.split()) for each in theirs)]
    if len(parts) == 1:
        return parts[0]
    scores = sorted(((max(fuzz.ratio(written, each) for each in theirs), thing) for thing, theirs in keys.items()))[
        ::-1
    ]
    if scores and not parts and scores[0][0] >= _ALIKE:
        next_best = scores[1][0] if len(scores) > 1 else 0
        if scores[0][0] - next_best >= _AHEAD:
            return scores[0][1]
    nearest = parts or [thing for score, thing in scores if score >= _NEAR]
    return tuple(known[thing][0] for thing in nearest[:_MOST_NEAREST])
