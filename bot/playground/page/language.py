"""What others than the page's own texts say on it, in the tab's language."""

import re
from copy import copy
from typing import Final, Literal

from nicegui import Client
from nicegui.translations import translations

_LIBRARY: Final[dict[str, Literal["en-US", "sv"]]] = {"en": "en-US", "sv": "sv"}
translations.setdefault(
    "sv",
    {
        "connection_lost": "Anslutningen bröts.",
        "trying_to_reconnect": "Försöker ansluta igen…",
        "message_too_long": "Meddelandet är för långt",
        "message_too_long_body": "Meddelandet är för stort för att skickas.",
    },
)
# What Slack's client refuses itself, as `bot.playground.inputs` says it; a number in it stands in the sentence too.
_REFUSALS: Final[dict[str, list[tuple[re.Pattern[str], str]]]] = {
    "sv": [
        (re.compile(r"Please complete this required field\."), "Fyll i det här fältet."),
        (re.compile(r"Please enter a valid number\."), "Skriv ett tal."),
        (re.compile(r"Please enter a number of at least (\S+)\."), r"Skriv ett tal som är minst \1."),
        (re.compile(r"Please enter a number of at most (\S+)\."), r"Skriv ett tal som är högst \1."),
        (re.compile(r"Please enter at least (\d+) characters\."), r"Skriv minst \1 tecken."),
        (re.compile(r"Please enter at most (\d+) characters\."), r"Skriv högst \1 tecken."),
    ]
}


def speak(client: Client, lang: str) -> None:
    """Let the page's library name its own parts in the tab's language: it knows one language for each address."""
    client.page = copy(client.page)
    client.page.language = _LIBRARY[lang]


def refusal(sentence: str, lang: str) -> str:
    """Return what stands at a field in the tab's language; the app's own sentences stay as they are."""
    for pattern, said in _REFUSALS.get(lang, []):
        found = pattern.fullmatch(sentence)
        if found:
            return found.expand(said)
    return sentence
