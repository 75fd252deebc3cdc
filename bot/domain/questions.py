"""Recognising that somebody asks who owns something, in English and Swedish chat.

1. A message without a word that asks who is left alone at once.
2. Quotes, code and markup go; what is left is what the writer says.
3. At each ``who``, a form must match (``who is responsible for``), also with a typing error.
4. What stands before must leave it the writer's own question, and what it is about must be something in particular.

Being asked and staying silent costs a person a moment; answering what nobody asked makes a whole channel mute the bot.
So every doubt ends in silence. Whether the team has such a hat at all is for ``topics.TopicIndex`` to say.
"""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from bot.domain.own_words import MENTION, own_words
from bot.domain.question_context import is_answered, is_listed, leads_to_question
from bot.domain.question_topic import Topic, topic_of
from bot.domain.question_words import FORMS, MISTYPED, SPELT_SO, Form, Language
from bot.domain.spelling import normalise
from bot.domain.typos import Vocabulary, is_slip

__all__ = ["Form", "Language", "WhoQuestion", "recognise"]

_WHO = re.compile(r"\b(?:who|whos|whose|whom|hwo|vem|vems)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[?!\n…]+|\.+(?=\s|$)")
_WORD = re.compile(r"[^\W_]+")
_MOST_WHOS = 12  # in one message; a text with more is no question
_REACH = 400  # characters of a sentence that are read on each side of the word that asks
_FORM_WORDS = 14  # the longest form, with what may stand between its words
_RELATIVE: Final = frozenset({Form.OWNS, Form.DOES, Form.HELP, Form.IS})
_HELPFUL: Final = frozenset({Form.ASK, Form.HELP})
_VAGUE: Final = frozenset({Form.DOES, Form.IS})
# After "Anna, who owns the newsletter," these go on about Anna.
_TELLING: Final = frozenset({"is", "has", "was", "will", "can", "just", "would", "does", "did"})
_BARE_HEAD = re.compile(
    r"(?:(?:and|what about|how about|och|hur är det med|owner of|owner for|owner|ägare till|ägare av|ägare|ansvarig för"
    r"|the|our|hi|hey|hej|hello) )+",
    re.IGNORECASE,
)
_SWEDISH = re.compile(r"[åäö]|\boch\b|\bansvarig|(?:et|erna|arna|orna)\b", re.IGNORECASE)
_BARE_TAIL = re.compile(r"(?: (?:owner|ägare|please|pls|tack|thanks))+$", re.IGNORECASE)
_MOST_BARE = 5  # words
_NEAR = Vocabulary(MISTYPED)
_LONGEST_CONTEXT = 400


@dataclass(frozen=True, slots=True)
class WhoQuestion:
    """Somebody asks who owns something.

    Attributes:
        topic: the words that name it, as they were typed; empty when it is only pointed at (``who owns this?``).
        language: the language of the words that ask; of a bare topic a guess.
        form: how it is asked.
        deictic: it is only pointed at, so it stands in ``context``, or in the message that was answered.
        context: what the same message says before the question, at most 400 characters.
    """

    topic: str
    language: Language
    form: Form
    deictic: bool = False
    context: str = ""


class _Around(NamedTuple):
    """The sentence around a word that asks who."""

    before: str
    rest: str  # from that word on
    asked: bool  # it ends with a question mark
    following: str  # the sentence after it


class _Asked(NamedTuple):
    """A form that was found, and how many words it takes."""

    language: Language
    form: Form
    words: int


def recognise(text: str, *, addressed: bool = False) -> WhoQuestion | None:
    """Tell whether a chat message asks for an owner, and of what. Never raises; linear in the text's length.

    Args:
        text: the message as Slack sends it, markup and escapes included.
        addressed: the bot is spoken to (mentioned, or in a DM), so that ``newsletter?`` is a question to it.
    """
    if not _WHO.search(text):
        return _bare(text) if addressed else None
    said = own_words(text)
    for count, who in enumerate(_WHO.finditer(said)):
        if count == _MOST_WHOS:
            return None
        question = _question_at(said, who.start())
        if question:
            return question
    return None


def _question_at(said: str, start: int) -> WhoQuestion | None:
    around = _sentence_around(said, start)
    found = _form_at(around.rest)
    line_start = said[max(0, said.rfind("\n", 0, start) + 1, start - _REACH) : start]
    if found is None or (not around.asked and is_listed(line_start)):
        return None
    last_word = next(islice(_WORD.finditer(around.rest), found.words - 1, None))
    topic = topic_of(
        around.rest[last_word.end() :],
        found.language,
        one_of_many=found.form in _HELPFUL,
        around=found.form not in _VAGUE,
    )
    if topic is None or not _stands(found, topic, around) or is_answered(around.following):
        return None
    context = said[max(0, start - _LONGEST_CONTEXT) : start].strip()
    return WhoQuestion(topic.words, found.language, found.form, topic.deictic, context)


def _sentence_around(said: str, start: int) -> _Around:
    before = _SENTENCE_END.split(said[max(0, start - _REACH) : start])[-1]
    window = said[start : start + _REACH]
    end = _SENTENCE_END.search(window)
    if end is None:
        return _Around(before, window, asked=False, following="")
    after = start + end.end()
    following = _SENTENCE_END.split(said[after : after + _REACH], maxsplit=1)[0]
    return _Around(before, window[: end.start()], "?" in end[0], following)


def _form_at(rest: str) -> _Asked | None:
    words = [normalise(word[0]) for word in islice(_WORD.finditer(rest), _FORM_WORDS)]
    return _match(words) or _match([_corrected(word) for word in words])


def _match(words: list[str]) -> _Asked | None:
    joined = " ".join(words)
    for pattern in FORMS:
        match = pattern.pattern.match(joined)
        if match:
            return _Asked(pattern.language, pattern.form, match[0].count(" ") + 1)
    return None


def _corrected(word: str) -> str:
    if word in SPELT_SO or word.endswith("ed"):
        return word
    nearest = _NEAR.near(word)[:1]
    return next((near for near, errors in nearest if near[0] == word[0] and is_slip(word, near, errors)), word)


def _stands(found: _Asked, topic: Topic, around: _Around) -> bool:
    """Tell whether form, topic and surroundings together are a question of the writer's own."""
    if topic.deictic and found.form in _VAGUE:
        return False
    relative = found.language == "en" and found.form in _RELATIVE
    if relative and not around.asked and topic.followed.strip():
        described = around.before.rstrip().endswith(",")
        if described or normalise(topic.followed).split(" ", 1)[0] in _TELLING:
            return False
    return leads_to_question(around.before, asked=around.asked, relative=relative, pointing=topic.deictic)


def _bare(text: str) -> WhoQuestion | None:
    """Take a few words said to the bot as the name of what is asked about."""
    if len(text) > _REACH:
        return None
    said = " ".join(own_words(text).replace(MENTION, " ").split())
    topic = _BARE_TAIL.sub("", _BARE_HEAD.sub("", said.strip(" ?!.,:")))
    if not topic or len(topic.split()) > _MOST_BARE or _SENTENCE_END.search(topic):
        return None
    return WhoQuestion(topic, "sv" if _SWEDISH.search(said) else "en", Form.BARE)
