"""Languages: which one a reader gets, and its translations.

English sentences are the msgids; `locale/<language>/LC_MESSAGES/hattrick.po` is the only source of the others. It
is read when the language is first spoken, so there is nothing to compile and nothing to forget to compile.
Which languages there are is found in `messages.languages`.
"""

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from messages.languages import DEFAULT_LANGUAGE, LANGUAGES, LOCALE_FOLDER, translations_file


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for it)
    """Mark a sentence for extraction where it stands in a table; it is translated when it is said."""
    return message


def language_of(slack_locale: str | None, default: str = DEFAULT_LANGUAGE) -> str:
    """Give the language for a Slack locale: ``sv-SE`` is ``sv``, any other ``en``.

    Args:
        slack_locale: What `users.info` tells, such as ``en-GB``; None when Slack has not told it.
        default: The language, or the locale, for readers whose own is not known.
    """
    told = slack_locale or default
    language = told.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


@cache
def translations(locale: str) -> NullTranslations:
    """Give the translations for a language or locale; English, which needs none, for one that is not spoken."""
    language = language_of(locale)
    source = translations_file(language)
    if not source.exists():
        return NullTranslations()
    # Imported here: a process that speaks English only need not load them.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def speech(language: str) -> tuple[Callable[..., str], Callable[..., str]]:
    """Give a language's ``gettext`` and ``ngettext``, which also fill a sentence's placeholders.

    ``gettext(message, **values)`` and ``ngettext(singular, plural, num, **values)``; a sentence without values is
    said as it stands.
    """
    catalogue = translations(language)

    def gettext(message: str, **values: object) -> str:
        said = catalogue.gettext(message)
        return said % values if values else said

    def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
        return catalogue.ngettext(singular, plural, num) % {"num": num, **values}

    return gettext, ngettext


__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "LOCALE_FOLDER",
    "N_",
    "language_of",
    "speech",
    "translations",
]
