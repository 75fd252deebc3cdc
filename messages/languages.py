"""Which languages there are: English, and every folder of `locale/` with translations in it.

Beside the translations a folder has `language.toml`: what the language is called, which of Babel's locales writes its
numbers, dates and money, and the words with which commands are typed in it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

LOCALE_FOLDER: Final = Path(__file__).parent / "locale"
DEFAULT_LANGUAGE: Final = "en"
# As long as the database has room for, and as Slack's locales begin.
_CODE_LETTERS: Final = 2


@dataclass(frozen=True)
class Language:
    """One language. `verbs` gives the words for a command's English verb, the one that is shown first."""

    code: str
    name: str
    locale: str
    verbs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# British English: its dates cannot be mistaken for others, as 3/4 can.
_ENGLISH: Final = Language(DEFAULT_LANGUAGE, "English", "en_GB")


def translations_file(code: str) -> Path:
    """Return where a language's translations are."""
    return LOCALE_FOLDER / code / "LC_MESSAGES" / "hattrick.po"


def _codes() -> tuple[str, ...]:
    folders = sorted(folder.name for folder in LOCALE_FOLDER.iterdir() if len(folder.name) == _CODE_LETTERS)
    return (DEFAULT_LANGUAGE, *(code for code in folders if translations_file(code).exists()))


LANGUAGES: Final = _codes()


@cache
def language(code: str) -> Language:
    """Describe one of `LANGUAGES`.

    Raises:
        FileNotFoundError: The language's folder has no `language.toml`.
        KeyError: `language.toml` lacks `name` or `locale`.
    """
    if code == DEFAULT_LANGUAGE:
        return _ENGLISH
    told = tomllib.loads((LOCALE_FOLDER / code / "language.toml").read_text(encoding="utf-8"))
    verbs = {verb: tuple(words) for verb, words in told.get("verbs", {}).items()}
    return Language(code, told["name"], told["locale"], verbs)
