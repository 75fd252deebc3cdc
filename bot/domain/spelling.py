"""How names are compared: one spelling for keys, one for slugs."""

import re
import unicodedata
from typing import Final

MAX_SLUG: Final = 60
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"})
_BETWEEN = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """Give the text case-folded, without diacritics, and with single spaces for everything but letters and digits."""
    if text.isascii():
        plain = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
        marked = unicodedata.normalize("NFKD", decomposed.translate(_LETTERS))
        plain = unicodedata.normalize("NFC", "".join(c for c in marked if not unicodedata.combining(c)))
    return _BETWEEN.sub(" ", plain).strip()


def name_key(text: str) -> str:
    """Give the key under which a slug or alias is unique in its team: ``Email_NURTURING`` is ``email nurturing``."""
    return normalise(text)


def word_key(text: str) -> str:
    """Give the words in alphabetical order, so that ``nurturing email`` is ``email nurturing``."""
    return " ".join(sorted(normalise(text).split()))


def slugify(name: str) -> str:
    """Give the name as a slug of at most 60 characters: ``Försäljning Norr`` is ``forsaljning-norr``.

    Raises:
        ValueError: the name has no letter or digit. The text is a sentence for a person.
    """
    slug = normalise(name).replace(" ", "-")
    if not slug:
        raise ValueError("A hat's name needs at least one letter or digit.")
    if len(slug) <= MAX_SLUG:
        return slug
    whole_words = slug[: MAX_SLUG + 1].rpartition("-")[0]
    return whole_words or slug[:MAX_SLUG]
