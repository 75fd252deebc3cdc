"""Finding the hat that a question is about: by its names, and by what its owner is to be asked about.

Every word of a topic must find its place before a hat is answered for a phrase that is said of much else
(``who has the newsletter``); where an owner is surely wanted (``who owns the newsletter footer``) a whole name among
the words is enough. A name goes before what the owner is to be asked about, and more words go before fewer.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from bot.domain.inflection import word_stems
from bot.domain.naming import MAX_NEAREST, MAX_SEVERAL, Found, Match, NotFound, Several
from bot.domain.question_words import Form, word_set
from bot.domain.questions import WhoQuestion
from bot.domain.spelling import normalise
from bot.domain.typos import Vocabulary, is_slip

_STRICT: Final = frozenset({Form.DOES, Form.IS, Form.BARE})
_MOST_WORDS = 8
_TYPO_FROM = 5  # letters from which a word may be mistyped
_TYPO_AMONG_OTHERS_FROM = 7  # and among other words: hunger is no typing error of hunter
_TWO_SLIPS_FROM = 11  # a projector is no prospector
_COMPOUND_FROM = 6  # letters of a word that may be a part of a longer one: nyhetsbrev in nyhetsbrevsmallen
_MOST_CONTEXT = 80  # words
_PHRASE_END = re.compile(r"[,;/]|\s(?:and|och|or|eller|samt)\s")
_PREPOSITION = re.compile(r"\s(?:for|in|to|of|on|at|with|from|to|till|för|i|på|med|hos|av|åt|från|via|about|om)\s")
_ARTICLES: Final = word_set("the our my your a an den det de en ett var vart this that")
# Words that tell nothing about which hat is meant.
_SILENT: Final = _ARTICLES | word_set(
    "and och or eller samt for in to of on at with from till i pa med hos av fran via about om som that"
    " were may but again it what who which where there vad vem vilka dar ta take takes decide decides fit"
    " fits use come kan kravs passar oss us we vi att are is be how hur vems whose whom galler bestammer"
    " something some nagot change update get fix add put edit have send want need make do andra ha gora fa"
    " lagga se first forst forsta"
)
# Words that may stand beside a name without making it another thing.
_BESIDE: Final = word_set(
    "team process hat new company whole general teamet hatten hatt ny nya nytt hela ansvarig ansvarige"
    " owner manager lead email mejl online"
)
# And those that may where an owner is surely wanted; who has questions about a thing is somebody else.
_GENERIC: Final = _BESIDE | word_set(
    "stuff thing things work part area topic side questions question issue issues channel task tasks"
    " fragor fragan arbetet jobbet delen omradet"
)
_OF_ROLE = re.compile(r"s?(?:ansvarig[ae]?|agare|agaren)$")
_ROLES: Final = word_set("manager owner ansvarig lead leads person")


@dataclass(frozen=True, slots=True)
class HatTopics:
    """What a hat can be asked about under: its names and aliases, and phrases with commas or semicolons between."""

    hat_id: int
    names: tuple[str, ...]
    ask_about: str = ""


class _Phrase(NamedTuple):
    hat_id: int
    words: tuple[str, ...]  # in order
    head: str  # the word that may stand for the whole: nurturing for email nurturing
    is_name: bool


class _Word(NamedTuple):
    """A word of a topic, and the words of the hats that it may be."""

    typed: str
    means: frozenset[str]
    whole: bool  # not just a part of a compound


class TopicIndex:
    """The hats of a team, ready to be asked which of them a question is about. Immutable; shared between threads."""

    def __init__(self, hats: Iterable[HatTopics]) -> None:
        """Read the hats; the order of equally good ones is theirs."""
        self._phrases: list[_Phrase] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_stem: dict[str, set[str]] = defaultdict(set)
        self._compact: dict[str, list[int]] = defaultdict(list)
        for hat in hats:
            for name in hat.names:
                self._add(hat.hat_id, name, is_name=True)
            for phrase in _PHRASE_END.split(hat.ask_about):
                self._add(hat.hat_id, phrase, is_name=False)
        self._stems = Vocabulary(self._by_stem)
        self._long_words = sorted(
            (word for word in self._by_word if len(word) >= _COMPOUND_FROM), key=len, reverse=True
        )

    def _add(self, hat_id: int, text: str, *, is_name: bool) -> None:
        words = tuple(word for word in normalise(text).split() if word not in _SILENT)
        if not words:
            return
        main = [
            word for word in normalise(_PREPOSITION.split(f"{text} ", maxsplit=1)[0]).split() if word not in _SILENT
        ]
        head = (main or words)[-1]
        for word in words:
            self._by_word[word].append(len(self._phrases))
            for stem in word_stems(word):
                self._by_stem[stem].add(word)
        self._phrases.append(_Phrase(hat_id, words, head, is_name))
        if is_name:
            self._compact["".join(words)].append(hat_id)

    def find(self, topic: str, *, strict: bool = False) -> Match:
        """Find the hat that a topic is about; ``strict`` when nothing may be left over of it. Never raises."""
        words = normalise(topic).split()
        telling = [word for word in words if word not in _SILENT]
        told = [self._word(word, alone=len(telling) == 1) for word in telling]
        if not told or len(told) > _MOST_WORDS or (strict and _is_cut_off(words)):
            return NotFound()
        joined = self._joined([word.typed for word in told])
        if joined:
            return _answer(joined)
        for tier in self._tiers(told, topic, strict=strict):
            if tier:
                return _answer(tier)
        return NotFound(self._nearest(told))

    def find_asked(self, question: WhoQuestion) -> Match:
        """Find the hat that a question is about: by its topic, or by what the message named before it pointed."""
        if question.deictic:
            return self.mentioned(question.context)
        return self.find(question.topic, strict=question.form in _STRICT)

    def mentioned(self, text: str) -> Match:
        """Find the hats that a text names in full; of a long text only the last 80 words count."""
        words = normalise(text).split()[-_MOST_CONTEXT:]
        means = [self._same(word) for word in words]
        hats: dict[int, int] = {}
        for index, possible in enumerate(means):
            for number in {number for word in possible for number in self._by_word[word]}:
                phrase = self._phrases[number]
                here = means[index : index + len(phrase.words)]
                if phrase.is_name and len(here) == len(phrase.words) and _follow(phrase.words, here):
                    hats[phrase.hat_id] = max(hats.get(phrase.hat_id, 0), len(phrase.words))
        return _answer(list(hats)) if hats else NotFound()

    def _joined(self, typed: list[str]) -> list[int]:
        """Find a name that is spaced otherwise: landingpages, e-mail nurturing, web site."""
        return [hat for stem in word_stems("".join(typed)) for hat in self._compact.get(stem, ())]

    def _same(self, word: str) -> frozenset[str]:
        if word in _SILENT:
            return frozenset()
        return frozenset(known for stem in word_stems(word) for known in self._by_stem.get(stem, ()))

    def _word(self, word: str, *, alone: bool) -> _Word:
        """Give what a word may mean: the same word, else a typing error of one, else a compound with one in it."""
        same = self._same(word) or self._same(_OF_ROLE.sub("", word))
        if same:
            return _Word(word, same, whole=True)
        slips = self._slips(word, least=_TYPO_FROM if alone else _TYPO_AMONG_OTHERS_FROM)
        return _Word(word, slips, whole=True) if slips else _Word(word, self._part(word), whole=False)

    def _slips(self, word: str, *, least: int) -> frozenset[str]:
        """Give the words of which this is a typing error; of a short word only when it stands alone."""
        if len(word) < least:
            return frozenset()
        slips = [
            (errors, stem)
            for form in word_stems(word)
            if len(form) >= _TYPO_FROM
            for stem, errors in self._stems.near(form)
            if form[0] == stem[0] and errors <= _most_slips(form) and is_slip(form, stem, errors)
        ]
        fewest = min(slips, default=(0, ""))[0]
        return frozenset(known for errors, stem in slips if errors == fewest for known in self._by_stem[stem])

    def _part(self, word: str) -> frozenset[str]:
        for known in self._long_words:
            for stem in (form for form in word_stems(known) if len(form) >= _COMPOUND_FROM):
                if word.startswith(stem) or any(form.endswith(stem) for form in word_stems(word)):
                    return frozenset(other for other in self._by_stem[stem])
        return frozenset()

    def _tiers(self, told: list[_Word], topic: str, *, strict: bool) -> Iterable[list[int]]:
        """Give the hats that a topic may be about, the surest way of finding them first."""
        phrases = self._phrases_of(told)
        all_known = all(word.means for word in told)
        names = [phrase for phrase in phrases if phrase.is_name]
        others = [phrase for phrase in phrases if not phrase.is_name]
        beside = _BESIDE if strict else _GENERIC
        for wanted in (told, [word for word in told if word.typed not in beside]):
            whole = all(word.whole for word in wanted)
            for group in (names, others) if whole or not strict else ():
                yield [phrase.hat_id for phrase in group if _is_said(phrase, wanted) and _is_all(wanted, phrase)]
        if strict:
            return
        contained = [
            phrase for phrase in phrases if _is_said(phrase, told) and not _is_verb(phrase, normalise(topic).split())
        ]
        yield _longest([phrase for phrase in contained if phrase.is_name])
        yield [p.hat_id for p in names if all_known and _is_all(told, p) and _is_head(told, p)]
        main = {known for word in told if word.typed in _main_words(topic) for known in word.means}
        yield _longest([phrase for phrase in contained if not phrase.is_name and main & set(phrase.words)])
        yield [phrase.hat_id for phrase in others if all_known and _is_all(told, phrase)]
        shared = list(dict.fromkeys(phrase.hat_id for phrase in names if all_known and _is_all(told, phrase)))
        yield shared if len(shared) > 1 else []

    def _phrases_of(self, told: list[_Word]) -> list[_Phrase]:
        numbers = {number for word in told for known in word.means for number in self._by_word[known]}
        return [self._phrases[number] for number in sorted(numbers)]

    def _nearest(self, told: list[_Word]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(phrase.hat_id for phrase in self._phrases_of(told)))[:MAX_NEAREST]


def _most_slips(word: str) -> int:
    return 1 if len(word) < _TWO_SLIPS_FROM else 2


def _main_words(text: str) -> list[str]:
    """Give the telling words before the first preposition: what a phrase is about, and not where or whose it is."""
    before = _PREPOSITION.split(f"{text} ", maxsplit=1)[0]
    return [word for word in normalise(before).split() if word not in _SILENT]


def _is_cut_off(words: list[str]) -> bool:
    """Tell whether a topic ends in a word that wants another: ``who is the article about``."""
    return words[-1] in _SILENT or words[0] in _SILENT - _ARTICLES


def _follow(words: tuple[str, ...], means: list[frozenset[str]]) -> bool:
    return all(word in possible for word, possible in zip(words, means, strict=True))


def _is_said(phrase: _Phrase, told: list[_Word]) -> bool:
    """Tell whether every word of a phrase is among the words of a topic."""
    return all(any(word in said.means for said in told) for word in phrase.words)


def _is_all(told: list[_Word], phrase: _Phrase) -> bool:
    """Tell whether every word of a topic is among those of a phrase."""
    return bool(told) and all(said.means & set(phrase.words) for said in told)


def _is_head(told: list[_Word], phrase: _Phrase) -> bool:
    if len(told) > 1:
        return True
    return phrase.head in told[0].means and phrase.head not in _ROLES


def _is_verb(phrase: _Phrase, typed: list[str]) -> bool:
    """Tell whether a name is used as a verb: ``closing the office`` is not about closing deals."""
    last = phrase.words[-1]
    after = next((typed[index + 1 :] for index, word in enumerate(typed) if last in word_stems(word)), [])
    return bool(after) and after[0] in _ARTICLES


def _longest(phrases: list[_Phrase]) -> list[int]:
    most = max((len(phrase.words) for phrase in phrases), default=0)
    return [phrase.hat_id for phrase in phrases if len(phrase.words) == most]


def _answer(hats: list[int]) -> Found | Several:
    some = tuple(dict.fromkeys(hats))
    return Found(some[0]) if len(some) == 1 else Several(some[:MAX_SEVERAL])
