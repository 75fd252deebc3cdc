"""What the bot says when something cannot be done: tables by subject, name to sentence.

A new refusal is a line in one of them and its translation. A name may have several sentences: the first one is said
whose placeholders all have a value.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from messages.content import HatName, Person, Refusal
from messages.escaping import mrkdwn
from messages.i18n import language_of, translations
from messages.people import Naming
from messages.refusals import agreements, hats, numbers, people, questions

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")

REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
    **people.REFUSALS,
    **hats.REFUSALS,
    **agreements.REFUSALS,
    **questions.REFUSALS,
    **numbers.REFUSALS,
}


def sentence(refusal: Refusal, language: str) -> str:
    """Say a refusal in mrkdwn.

    Raises:
        KeyError: The table has no such refusal.
    """
    told = {key: _said(value, language_of(language)) for key, value in refusal.values.items()}
    told = {key: text for key, text in told.items() if text}
    fitting = (s for s in REFUSALS[refusal.name] if told.keys() >= set(_PLACEHOLDER.findall(s)))
    chosen = next(fitting, REFUSALS[refusal.name][-1])
    known = dict.fromkeys(_PLACEHOLDER.findall(chosen), "–") | told
    return translations(language).gettext(chosen) % known


def _said(value: Any, language: str) -> str:
    naming = Naming(language)
    if isinstance(value, Person):
        return naming.mention(value)
    if isinstance(value, HatName):
        return mrkdwn(value.name, 80)
    if isinstance(value, list | tuple):
        return naming.together(_said(each, language) for each in value)
    return "" if value is None or value == "" else mrkdwn(str(value), 80)
