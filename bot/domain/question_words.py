"""The words people ask for an owner with, in English and Swedish.

Everything is compared as ``normalise`` gives it: lower case, no diacritics, single spaces, so ``who's`` is ``who s``
and ``äger`` is ``ager``. Patterns are matched against at most a few dozen words.
"""

import re
from enum import StrEnum
from typing import Final, Literal, NamedTuple

Language = Literal["en", "sv"]


class Form(StrEnum):
    """How the owner is asked for. Some forms say more surely than others that an owner is wanted."""

    OWNS = "owns"  # who owns X, who is responsible for X
    ASK = "ask"  # who do I ask about X
    HELP = "help"  # who can help me with X
    WHOSE = "whose"  # whose hat is X
    DOES = "does"  # who has X, who runs X: said of much else too
    IS = "is"  # who is our campaign manager
    BARE = "bare"  # X?, said to the bot


class FormPattern(NamedTuple):
    """A form in one language, matched at the word that asks who."""

    language: Language
    form: Form
    pattern: re.Pattern[str]


def _form(language: Language, form: Form, *patterns: str) -> FormPattern:
    return FormPattern(language, form, re.compile(rf"(?:{'|'.join(patterns)})(?= |$)"))


def word_set(words: str) -> frozenset[str]:
    """Give the words of a text as a set; a long list of short words reads best as running text."""
    return frozenset(words.split())


_IS = r"(?:who is|who are|who s|whos|who re|who)"
_NOW = (
    r"(?: (?:currently|now|actually|usually|normally|generally|really|exactly|still|here|right now|(?:is )?it that))*"
)
_AMONG = r"(?: (?:in|on|from|of|at) (?:the |our |your )?(?!charge)\w+(?: team)?)?"
_SPEAK = (
    r"(?:ask|asking|talk to|talk with|talking to|speak to|speak with|chat to|chat with|ping|contact|reach out to|reach"
    r"|message|dm|mail|e mail|email|write to|turn to|go to|approach|poke|tell|bug|check with|bother|get in touch with)"
)
_ABOUT = (
    r"(?: (?:about|regarding|concerning|re|on|for|with|for help with|when it comes to|with regards? to"
    r"|if (?:i|we|you|one|someone) (?:wants?|needs?|have|has|d like|would like)(?: to)?|to))?"
)
_TASK = r"(?:hat|job|responsibility|area|domain|remit|task|desk|plate|baby|business|department|table|court|turf)"
_ROLE = r"(?:owner|contact|point of contact|poc|go to|go to person|go to guy|right person|person|one|lead|responsible)"
_BEING = r"(?:looking after|taking care of|handling|managing|owning|dealing with|overseeing)"

_AV = r"(?: (?:i|pa|hos|av|fran|inom) (?:vart |var |det |den |er |ert )?\w+)?"
_NU = r"(?: (?:nu|numera|egentligen|just nu|idag|fortfarande|har|nufortiden))*"
_VEM = rf"vem(?: (?:ar det|det ar))?{_AV}(?: som)?{_NU}"
_OM = (
    r"(?: (?:om (?:jag|man|vi) (?:vill|behover|ska|har)|med fragor (?:om|kring)|om|angaende|for|kring|gallande"
    r"|nar det galler|vad galler|rorande|med|for att))?"
)
_JAG = r"(?:jag|man|vi|en)"
_SIG = r"(?: (?:mig|sig|oss))?"
_BORD = r"(?:bord|ansvar|hatt|omrade|ansvarsomrade|jobb|uppgift|grej|sak|lott|avdelning)"

FORMS: Final = (
    _form(
        "en",
        Form.OWNS,
        rf"(?:who|hwo){_AMONG}{_NOW} (?:owns?|handles?|manages?|takes? care of|looks? after|deals? with|oversees?"
        r"|has (?:the )?(?:ownership|responsibility) (?:of|for|over))",
        rf"{_IS}{_AMONG}{_NOW} (?:in charge(?: of| for)?|(?:the )?(?:one )?responsible(?: for| of)?|accountable for"
        rf"|(?:the )?(?:one|person|guy|colleague) (?:in charge of|responsible for)|{_BEING}"
        rf"|(?:the |our |your )?(?:main |best |right )?{_ROLE} (?:of|for|on))",
    ),
    _form(
        "en",
        Form.ASK,
        r"(?:who|whom) (?:do|should|can|could|would|shall|must|might|may) (?:i|we|one|you|u|they|people)"
        rf"(?: (?:need to|have to|best|rather|be|go and|just))* {_SPEAK}{_ABOUT}",
        rf"{_IS} (?:the )?(?:best|right) (?:person |one |guy |people )?to {_SPEAK}{_ABOUT}",
        rf"who to {_SPEAK}{_ABOUT}",
        r"who (?:would |might )?knows? (?:(?:something|anything|most|more|a lot|stuff) )?about",
    ),
    _form(
        "en",
        Form.HELP,
        r"who (?:can|could|might|would|is able to|s able to) help(?: (?:me|us|out|someone|a customer))*(?: with| on)",
        r"who helps(?: (?:me|us|out|people))*(?: with)",
    ),
    _form("en", Form.WHOSE, rf"(?:whose|who s|whos) {_TASK} (?:is|are|does)", r"whose (?:is|are)(?= (?:the|our) )"),
    _form(
        "en",
        Form.DOES,
        rf"(?:who|hwo){_NOW} (?:has|have|runs?|does|leads?|drives?|covers?|works on)",
        rf"{_IS}{_NOW} (?:on|running|doing|driving|working on|behind)",
    ),
    _form("en", Form.IS, r"(?:who is|who s|whos) (?:the|our|your)"),
    _form(
        "sv",
        Form.OWNS,
        rf"{_VEM} (?:ager|agar|aeger|ownar|har hand om|har (?:huvud)?ansvar(?:et)? (?:for|over)|har hatten for"
        r"|har agarskapet (?:for|over|av|till)|ansvarar(?: for| over)?|skoter(?: om)?|haller i|tar hand om|hanterar"
        r"|tar ansvar(?:et)? for)",
        rf"{_VEM}(?: ar)? (?:huvud)?ansvarig[ea]?(?: for| over)?(?= |$)",
        rf"{_VEM}(?: ar)? (?:den )?(?:agare|agaren|kontaktperson|kontaktpersonen)(?: till| av| for)",
        r"vem ar ratt person(?: att \w+(?: med)?)?(?: om| for)",
    ),
    _form(
        "sv",
        Form.ASK,
        rf"vem (?:ska|kan|bor|far|maste|borde|skall|skulle|behover) {_JAG}(?: (?:helst|kunna|da))?"
        r" (?:fraga|prata med|snacka med|tala med|kontakta|vanda (?:mig|sig|oss)(?: till)?|pinga|saga till"
        r"|hora av (?:mig|sig|oss)(?: till)?|mejla|maila|skriva till|ringa|ga till|stamma av med|hora med|kolla med"
        rf"|bolla med){_OM}",
        rf"vem {_JAG} (?:ska|kan|bor|far) (?:fraga|prata med|kontakta|vanda (?:mig|sig|oss) till){_OM}",
        rf"vem {_JAG} (?:fragar|pratar med|snackar med|kontaktar|pingar|vander (?:mig|sig|oss) till){_OM}",
        rf"vem (?:fragar|pratar|snackar|talar|kontaktar|vander|pingar|hor|mejlar|mailar|skriver|ringer|gar|kollar"
        rf"|bollar) {_JAG}{_SIG}(?: av)?{_SIG}(?: (?:med|till))?{_OM}",
        r"vem (?:som )?(?:kan|vet) (?:(?:nagot|nat|mest|mer|bast|allt) )?om",
    ),
    _form(
        "sv",
        Form.HELP,
        r"vem (?:som )?kan (?:hjalpa|bista)(?: (?:mig|oss|till|en|en kund))*(?: med| att)",
        r"vem (?:som )?hjalper(?: (?:mig|oss|till|en))*(?: med)",
        r"vem (?:som )?(?:kan svara|svarar) pa(?: fragor)?(?: om| kring)?",
    ),
    _form("sv", Form.WHOSE, rf"vems {_BORD} (?:ar|ligger|hamnar)", r"vems ar(?= \w+(?:et|en|na)\b)"),
    _form(
        "sv",
        Form.DOES,
        rf"{_VEM} (?:har (?:bast |bra )?koll pa|har|driver|kor|fixar|leder|styr|basar over|jobbar med|arbetar med"
        r"|haller pa med)",
    ),
    _form("sv", Form.IS, r"vem ar (?:var|vart|er|ert)", r"vem ar"),
)

# Verbs and nouns that are long enough to be recognised in spite of a typing error.
MISTYPED: Final = (
    "owns", "handles", "manages", "takes", "looks", "charge", "responsible", "accountable", "owner", "should",
    "contact", "about", "regarding", "ansvarar", "ansvarig", "skoter", "haller", "hanterar", "agare", "prata",
    "kontakta", "fragar", "hjalpa", "angaende", "ager", "kontaktar",
)  # fmt: skip
# Words that are near one of those and mean something else.
SPELT_SO: Final = frozenset({"owned", "managed", "handled", "looked", "books", "makes", "manager", "fragor", "ager"})
