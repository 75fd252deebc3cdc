"""What an owner is asked for: the words after ``who owns``, up to where the sentence goes on about something else."""

import re
from typing import Final, NamedTuple

from bot.domain.question_words import Language, word_set

_MOST_WORDS = 10  # nobody needs more to say what they mean
_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"[,()—:;|]|\s[-–]+\s|\s/\s")
# From these words on, the sentence says why, when or what for.
_GOES_ON: Final[dict[Language, frozenset[str]]] = {
    "en": word_set(
        "because since that which who whom while when if as but though although unless where how what why"
        " whether i we it they he she lol"
    ),
    "sv": word_set("eftersom som när om medan då men fast fastän hur vad varför vem jag vi han hon de ni du så lol"),
}
_GOES_ON_AFTER: Final = (
    "så att",
    "för att",
    "för jag",
    "för vi",
    "so that",
    "so i",
    "so we",
    "do you",
    "vet du",
    "vet ni",
)
_JOINED: Final = frozenset({"and", "och", "or", "eller"})
_LEADING: Final = word_set(
    "the our my your their its vår vårt våra er ert era min mitt mina den det de själva all alla exactly"
    " egentligen actually currently here nu numera idag fortfarande då fan hos something anything något"
    " saker things"
)
_HEAD = re.compile(
    r"(?:(?:allt|frågan|frågor|frågorna|området|arbetet|jobbet|ansvaret|delen|allt det där|everything|anything"
    r"|questions|stuff|things) (?:om|kring|med|för|som rör|som har med|about|around|regarding|concerning|with"
    r"|to do with|related to) )"
)
_TRAILING: Final = word_set(
    "the now nowadays today currently please pls plz thanks thx here again then btw anymore actually"
    " really exactly tho though guys folks anyone anybody everyone team right tonight tomorrow these days"
    " is are at moment by way this week first först quarter month year for us on our side in nu numera"
    " idag egentligen tack snälla här igen då förresten hos oss i just dag teamet på alltså ju väl någon"
    " nån säg till med som vet ens of nufortiden år veckan den det nowdays atm lately still fortfarande"
    " alls en"
)
_POINTING: Final = word_set(
    "this that these those it them one thing things stuff kind sort of issue question topic hat here det"
    " den detta denna dessa de dom här där grejen saken hatten frågan sånt sådant"
)
_POINTS: Final = word_set("this that these those it them det den detta denna dessa dom sånt sådant")
_NOTHING_FIRST: Final = word_set(
    "a an any some who what which whose how ett en någon något vad vilka vilken vilket vem hur mest flest"
    " most more nothing everything allt inget none many few another one"
)
_NO_ONES: Final = word_set("a an any some en ett någon något")
_FINITE: Final = word_set(
    "is are was were will would has have had does did can could should matters depends isn doesn wasn är"
    " var blir blev har hade ska skulle kan kommer måste spelar beror"
)


class Topic(NamedTuple):
    """What is asked about: its words as they were typed, or that it is only pointed at."""

    words: str
    deictic: bool
    followed: str  # what comes after it in the sentence


def topic_of(rest: str, language: Language, *, one_of_many: bool, around: bool) -> Topic | None:
    """Give what is asked about, or None when it is nothing that could have an owner here.

    Args:
        rest: the sentence after the words that ask.
        language: theirs.
        one_of_many: ``a campaign`` can be meant, as in ``who can help me with a campaign``; nobody asks who owns it.
        around: ``questions about campaigns`` means campaigns, as in ``who handles questions about campaigns``, but
            not in ``who has questions about campaigns``.
    """
    end = _END.search(rest)
    phrase, followed = (rest[: end.start()], rest[end.end() :]) if end else (rest, "")
    phrase = " ".join(phrase.split())
    if is_about_nothing(phrase, one_of_many=one_of_many):
        return None
    head = _HEAD.match(phrase.casefold()) if around else None
    spans = _kept(phrase, language, start=head.end() if head else 0)
    words = [phrase[start:stop].casefold() for start, stop in spans]
    if not words or (set(words) <= _POINTING and set(words) & _POINTS):
        return Topic("", deictic=True, followed=followed)
    if len(words) > _MOST_WORDS or set(words) & _FINITE:
        return None
    return Topic(phrase[spans[0][0] : spans[-1][1]], deictic=False, followed=followed)


def is_about_nothing(phrase: str, *, one_of_many: bool) -> bool:
    """Tell whether a phrase names nothing in particular: ``a car``, ``what``, ``who is documented here``."""
    first = _WORD.search(phrase.casefold())
    if first is None or first[0] not in _NOTHING_FIRST:
        return False
    return not (one_of_many and first[0] in _NO_ONES)


def _kept(phrase: str, language: Language, *, start: int) -> list[tuple[int, int]]:
    """Give the spans of the words that name something: no article before, no ``nowadays`` after."""
    low = phrase.casefold()
    spans = [match.span() for match in _WORD.finditer(low, start)]
    words = [low[begin:end] for begin, end in spans]
    stop = _where_it_goes_on(words, language)
    start = 0
    pointed = set(words[:stop]) <= _POINTING | _TRAILING
    while not pointed and start < stop - 1 and words[start] in _LEADING | _POINTS | _NO_ONES | {"här", "där"}:
        start += 1
    least = start + 1 if start < stop and words[start] not in _TRAILING - _POINTING else start
    while stop > least and words[stop - 1] in (_TRAILING - _POINTS if pointed else _TRAILING):
        stop -= 1
    return spans[start:stop]


def _where_it_goes_on(words: list[str], language: Language) -> int:
    for index in range(len(words)):
        pair = " ".join(words[index : index + 2])
        goes_on = words[index] in _GOES_ON[language] and not (
            index == 0 and words[index] in _POINTS | {"de", "it", "that"}
        )
        if goes_on or pair in _GOES_ON_AFTER:
            return index - 1 if index and words[index - 1] in _JOINED else index
    return len(words)
