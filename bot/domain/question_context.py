"""What stands around the words that ask for an owner, and whether it leaves them a question of the writer's own.

The same words ask in ``does anyone know who owns the newsletter?`` and tell in ``I know who owns the newsletter``: what
comes before decides, and what comes after can still turn a question into a part of a longer sentence.
"""

import re

from bot.domain.own_words import MENTION
from bot.domain.spelling import normalise

_MOST_LEADING = 18  # words; whoever needs more before they ask says something else

_ANYONE = r"(?:anyone|anybody|someone|somebody|any one|any of you|one of you)"
_YOU = r"(?:you|u|we|you guys|you all)"
_HERE = (
    r"(?: (?:here|on here|in here|else|guys|folks|all|in this channel|on the team|in the team|happen to|by chance))*"
)
_KNOW = r"(?:knows?|remembers?|recalls?|ha(?:s|ve) (?:any|an) (?:idea|clue))"
_TELL = r"(?:tell|remind|point|enlighten)(?: (?:me|us|out))*(?: to)?"
_SAGA = r"(?:saga|beratta|tala om|paminna|svara pa|tipsa)(?: (?:mig|oss|for|om))*"
_NAGON = r"(?:nagon|nan|ngn|du|ni|vi|man)"
_NAGON_HAR = r"(?: (?:har inne|har|av er|av oss|annan|mojligtvis|handelsevis))*"
_ASKING = "|".join(
    (
        rf"(?:do|does|did|would) (?:{_ANYONE}|{_YOU}){_HERE} {_KNOW}",
        rf"(?:if )?{_ANYONE}{_HERE} {_KNOW}",
        rf"(?:can|could|would|will) (?:{_ANYONE}|{_YOU}){_HERE}(?: (?:please|pls|kindly|perhaps))? {_TELL}",
        r"(?:got )?any (?:idea|clue|ideas)",
        r"(?:please |pls )?(?:tell|remind) (?:me|us)",
        r"is there (?:anyone|anybody|someone|somebody)(?: here)? (?:who|that) knows",
        r"(?:i |we )?(?:(?:am|m|was|are|were|re) )?(?:just )?(?:wonder|wondering|curious)",
        r"(?:i |we )(?:just )?(?:d like to|would like to|want to|wanted to|need to|have to) (?:know|ask)",
        r"(?:i m |i am |we are |we re )?trying to (?:find out|figure out|understand|work out)",
        r"(?:may|can|could) i (?:just )?ask",
        rf"(?:vet|minns) {_NAGON}{_NAGON_HAR}",
        rf"kommer {_NAGON}{_NAGON_HAR} ihag",
        rf"(?:ar det )?(?:nagon|nan|ngn){_NAGON_HAR}(?: som)? (?:vet|minns|har koll(?: pa)?|kan (?:saga|svara pa))",
        rf"har {_NAGON}{_NAGON_HAR} (?:nagon |bra )?(?:koll|aning|ide)(?: pa| om)?",
        rf"(?:kan|skulle) {_NAGON}{_NAGON_HAR}(?: kunna)?(?: snalla)? {_SAGA}",
        r"(?:jag |vi )?undrar(?: (?:bara|lite|mest))?",
        r"(?:jag |vi )(?:undrade|skulle vilja veta|vill veta|ville fraga|behover veta|skulle behova veta)(?: bara)?",
        r"(?:far|kan|skulle) (?:jag|man|vi)(?: kunna)?(?: bara)?(?: fa)? fraga",
        r"nagon aning(?: om)?",
        r"jag forsoker (?:fa reda pa|lista ut|forsta)",
    )
)
_UNSURE = r"(?:(?:i m |im |i am |jag ar )?(?:not sure|unsure|osaker pa)|no (?:idea|clue)|ingen aning(?: om)?)"
_FILLER = (
    rf"(?:{MENTION}|hi|hey|hello|hiya|heya|yo|all|team|folks|everyone|everybody|guys|there|here|channel|good|morning"
    r"|afternoon|evening|so|ok|okay|well|and|but|also|then|again|just|oh|um|uh|hmm|hm|right|please|pls|plz|sorry|sry"
    r"|lol|haha|friends|people|gang|peeps|happy|monday|tuesday|wednesday|thursday|friday|q|question|quick|quickie"
    r"|stupid|silly|dumb|random|noob|one|more|last|thing|btw|by the way|excuse me|out of curiosity|i mean|thanks|thx"
    r"|hej|hejsan|halla|hallo|tja|tjena|tjo|hopp|god|godmorgon|morron|morgon|morrn|dag|kvall|alla|allihop|allihopa"
    r"|teamet|ganget|vanner|sa|okej|men|och|eller|forresten|forlat|ursakta|snalla|tack|igen|da|alltsa|bara|nu|fraga"
    r"|fragan|snabb|dum|liten|en|till|pa)"
)
_LEAD = re.compile(rf"(?:{_FILLER} )*(?:(?:{_ASKING}) )?(?:{_FILLER} )*")
_KNOWING = rf"{_YOU} know"
_UNSURE_LEAD = re.compile(rf"(?:{_FILLER} )*(?:{_UNSURE}|{_KNOWING}) ")
_TURN = re.compile(r".*\b(?:(but|so|men|sa|alltsa|mean|then|da)|and|or|och|eller) ")
_OPENING = re.compile(
    r"(?:hi|hey|hello|hiya|heya|yo|morning|good|hej|hejsan|halla|hallo|tja|tjena|god|godmorgon|sorry|sry|excuse|forlat"
    r"|ursakta|quick|re|about|regarding|angaende|om|if)\b"
)
_REPORTED = re.compile(
    r"\b(?:asks?|asked|asking|says?|said|writes?|wrote|wonders?|wondered|replied|like|typed?|try|fragar|fragade|sager|sa"
    r"|sade|skriver|skrev|undrade|svarade|testa|typ)\b"
)
_TITLE = re.compile(
    r"\b(?:agenda|topics?|title|heading|slides?|items?|docs?|articles?|read|see|blog|guide|quiz|joke|tip|workshop|idea"
    r"|session|chapter|faq|example|poll|dagordning|amne|rubrik(?:en)?|punkt(?:er)?|artikel|las|se|blogg|skamt|tips|ide"
    r"|kapitel|exempel|foredrag|podd(?:tips)?|inlagg|fragor|questions?|step|steg|asks?|asked|says?|said|writes?|wrote|wonders?|wondered|typed?"
    r"|fragar|fragade|sager|sa|sade|skriver|skrev|undrar|undrade)\b"
)
_BULLET = re.compile(r"[ \t]*(?:[-•*–◦·]|\d{1,2}[.)])[ \t]")
_BREAK = re.compile(r"[,:(—]|\s[-–]\s|\s-(?=\w)|\w-\s|^[-–]")
_PERSON_LAST = re.compile(
    rf"(?:{MENTION}|he|she|they|him|her|them|person|people|someone|somebody|anyone|everyone|one|guy|woman|man|colleague"
    r"|boss|manager|lead|owner|team|client|customer|friend|agency|those|all|everybody|nobody)"
)


def is_listed(line_start: str) -> bool:
    """Tell whether a line is an item of a list: what an agenda lists is not asked."""
    return _BULLET.match(line_start) is not None


def leads_to_question(before: str, *, asked: bool, relative: bool, pointing: bool) -> bool:
    """Tell whether what stands before the word that asks who leaves it the writer's own question.

    Args:
        before: the sentence up to that word.
        asked: the sentence ends with a question mark.
        relative: in this language and form the same words can describe a person (``Anna, who owns ...``).
        pointing: what is asked about is only pointed at (``that``), which no description does.
    """
    breaks = list(_BREAK.finditer(before))
    last = breaks[-1] if breaks else None
    lead = normalise(before[last.end() :] if last else before) + " "
    earlier = before[: last.start()].strip() if last else ""
    mark = last[0].strip() if last else ""
    sure = mark in {"", ":"}
    if not _is_lead(lead, asked=asked):
        turn = _TURN.match(lead)
        if not turn or not _is_lead(lead[turn.end() :], asked=asked):
            return False
        earlier, mark, sure = f"{earlier} {lead[: turn.end()]}", "", turn[1] is not None
        lead = lead[turn.end() :]
    if not earlier or _LEAD.fullmatch(normalise(earlier) + " "):
        return True
    return _earlier_allows(earlier, mark, asked=asked, certain=sure or pointing or not relative)


def _is_lead(lead: str, *, asked: bool) -> bool:
    if lead == " ":
        return True
    if lead.count(" ") > _MOST_LEADING:
        return False
    return _LEAD.fullmatch(lead) is not None or (asked and _UNSURE_LEAD.fullmatch(lead) is not None)


def _earlier_allows(earlier: str, mark: str, *, asked: bool, certain: bool) -> bool:
    words = normalise(earlier)
    if mark == ":":
        return _TITLE.search(words) is None
    last_words = words.split()[-3:]
    if _REPORTED.search(" ".join(last_words)):
        return False
    if certain or _OPENING.match(words):
        return True
    *_, last_typed = ["", *earlier.split()]
    named = last_typed[:1].isupper() and last_typed != earlier
    return asked and not named and not (last_words and _PERSON_LAST.fullmatch(last_words[-1]))


_ANSWERED = re.compile(
    r"\s*(?:(?:well|that|it|yes|ja|jo|det)?[ ,]*(?:is |s )?"
    r"(?:i do|i am|me|that s me|we do|nobody|no one|noone|jag|det gor jag|det ar jag|ingen|vi)"
    r"|[\w-]+(?: [\w-]+)? (?:does|is|gor det)|(?:det )?(?:gor|har|ar) [\w-]+)\s*"
)


def is_answered(following: str) -> bool:
    """Tell whether the sentence that follows is the writer's own answer, as in ``Who owns it? I do!``."""
    return _ANSWERED.fullmatch(normalise(following)) is not None
