"""Every sentence is said in both languages."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from messages.environment import TEMPLATES
from messages.i18n import LANGUAGES, LOCALE_FOLDER, language_of, translations

PLACEHOLDER = re.compile(r"%\(\w+\)s")
METHODS = [("**.py", "python"), ("**.j2", "jinja2")]


@pytest.fixture(scope="module")
def said() -> set[str | tuple[str, str]]:
    options = {"**.j2": {"silent": "false", "encoding": "utf-8"}}
    found = extract_from_dir(
        TEMPLATES, METHODS, options, {**DEFAULT_KEYWORDS, "N_": None}, directory_filter=lambda _: True
    )
    return {tuple(message) if isinstance(message, tuple | list) else message for _, _, message, _, _ in found}  # type: ignore[misc]


@pytest.fixture(scope="module", params=[language for language in LANGUAGES if language != "en"])
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    with (LOCALE_FOLDER / request.param / "LC_MESSAGES" / "hattrick.po").open("rb") as file:
        return read_po(file, locale=request.param)


def forms(message: str | tuple[str, ...] | list[str]) -> list[str]:
    return [message] if isinstance(message, str) else list(message)


def pairs(catalogue: Catalog) -> Iterator[tuple[list[str], list[str]]]:
    for message in catalogue:
        if message.id:
            yield forms(message.id), forms(message.string)


def test_every_sentence_is_translated(said: set[str | tuple[str, str]], catalogue: Catalog) -> None:
    translated = {source[0] for source, target in pairs(catalogue) if all(target)}
    assert {forms(message)[0] for message in said} - translated == set()


def test_no_translation_is_left_of_a_sentence_that_is_gone(
    said: set[str | tuple[str, str]], catalogue: Catalog
) -> None:
    assert {source[0] for source, _ in pairs(catalogue)} - {forms(message)[0] for message in said} == set()
    assert list(catalogue.obsolete) == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_translations_have_the_placeholders_of_their_sentence(catalogue: Catalog) -> None:
    for source, target in pairs(catalogue):
        expected = {frozenset(PLACEHOLDER.findall(form)) for form in source}
        assert {frozenset(PLACEHOLDER.findall(form)) for form in target} == expected, source
        assert not re.search(r"%(?!\()", "".join(target)), source


def test_both_forms_of_a_plural_are_translated(catalogue: Catalog) -> None:
    assert all(len(source) == len(target) for source, target in pairs(catalogue))


@pytest.mark.parametrize(
    ("slack_locale", "default", "language"),
    [
        ("sv-SE", "en", "sv"),
        ("sv_SE", "en", "sv"),
        ("en-US", "sv", "en"),
        ("de-DE", "sv", "en"),
        (None, "sv", "sv"),
        (None, "sv-SE", "sv"),
        (None, "fi-FI", "en"),
        ("", "sv", "sv"),
    ],
)
def test_the_readers_locale_decides_the_language(slack_locale: str | None, default: str, language: str) -> None:
    assert language_of(slack_locale, default) == language


def test_swedish_is_read_in_time_for_the_first_reader() -> None:
    took = []
    for _ in range(3):
        translations.cache_clear()
        started = time.process_time()
        assert translations("sv").gettext("Owner") == "Ägare"
        took.append(time.process_time() - started)
    assert min(took) < 0.25  # a fifth of that on an idle machine


def test_importing_the_messages_reads_no_translations() -> None:
    script = "import sys, messages.catalog; sys.exit('babel.messages.pofile' in sys.modules)"
    root = Path(TEMPLATES).parent
    assert subprocess.run([sys.executable, "-c", script], cwd=root, check=False).returncode == 0
