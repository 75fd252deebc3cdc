"""Commands forgive: verbs of every language, with typing errors and without diacritics, and help for each of them."""

from typing import Any

import pytest

from bot.domain.spelling import normalise
from bot.listeners.actions.onboarding import run
from bot.listeners.binding import in_a_modal
from bot.listeners.commands.table import SUBCOMMANDS
from messages import ids
from messages.i18n import LANGUAGES
from messages.languages import language as described
from messages.verbs import GROUPS, VERBS, by_word, every_word, words_of
from storage import Sessions
from tests.support.club import Club
from tests.support.fake_slack import words
from tests.support.listening import Phone


@pytest.fixture
def club(sqlite_sessions: Sessions) -> Club:
    return Club(sqlite_sessions)


@pytest.fixture
def phone(club: Club) -> Phone:
    return Phone(club.sessions, club.clock, club.slack)


def buttons(said: dict[str, Any]) -> set[str]:
    """Return the values of a message's buttons."""
    return {one["value"] for block in said["blocks"] if block["type"] == "actions" for one in block["elements"]}


def test_every_word_of_a_command_is_in_the_table_and_none_twice() -> None:
    known = [normalise(word) for word, _ in every_word()]
    assert sorted(known) == sorted(set(known))
    assert {normalise(word) for word in SUBCOMMANDS} <= set(known)
    assert {verb.name for verb in VERBS} <= set(SUBCOMMANDS)
    assert {verb.group for verb in VERBS} == set(GROUPS)


def test_every_verb_has_a_word_in_every_language() -> None:
    names = {verb.name for verb in VERBS}
    for code in LANGUAGES[1:]:
        assert set(described(code).verbs) == names


def test_a_word_calls_what_its_verb_calls() -> None:
    # In Swedish one word is about the team and about a hat, and a question begins with `tänk om`.
    two_meanings = {"lämna", "lamna", "tänk", "tank"}
    for word, listener in SUBCOMMANDS.items():
        verb = next(verb for known, verb in every_word() if normalise(known) == normalise(word))
        assert word in two_meanings or SUBCOMMANDS[verb.name] is listener, word


@pytest.mark.parametrize("text", ["who email", "vem email", "VEM newsletter", "email", "Newsletter"])
def test_who_is_understood_in_both_languages_and_without_a_verb(club: Club, phone: Phone, text: str) -> None:
    assert "Oskar" in words(phone.types(club.asker(club.anna), text)["blocks"]) or club.oskar.slack_user_id in words(
        phone.seen[-1]["blocks"]
    )


@pytest.mark.parametrize("text", ["fraga email Hur går det?", "fråga email Hur går det?"])
def test_words_are_understood_without_diacritics(club: Club, phone: Phone, text: str) -> None:
    assert "Your question" in words(phone.types(club.asker(club.anna), text)["blocks"])


@pytest.mark.parametrize("word", [verb.name for verb in VERBS] + [words_of(verb, "sv")[0] for verb in VERBS])
@pytest.mark.parametrize("asked", ["help", "hjälp", "hjalp"])
def test_every_command_takes_help_and_does_nothing(club: Club, phone: Phone, word: str, asked: str) -> None:
    before = club.changes()
    said = words(phone.types(club.asker(club.anna), f"{word} {asked}")["blocks"])
    assert f"/hat {by_word()[word].name}" in said
    assert club.changes() == before


def test_help_speaks_of_the_teams_own_hats_in_groups(club: Club, phone: Phone) -> None:
    said = words(phone.types(club.asker(club.anna), "help")["blocks"])
    assert "`/hat propose email @Oskar`" in said
    assert all(title in said for title in GROUPS.values())


def test_help_is_in_the_readers_language_with_its_verbs(club: Club, phone: Phone) -> None:
    club.slack_says(club.anna, locale="sv-SE")
    said = words(phone.types(club.asker(club.anna), "hjälp")["blocks"])
    assert "`/hat föreslå email @Oskar`" in said
    assert "/hat propose" not in said
    assert "`/hat föreslå ‹hatt› @medlem`" in words(phone.types(club.asker(club.anna), "hjälp föreslå")["blocks"])


@pytest.mark.parametrize(("typed", "meant"), [("reprot", "report"), ("helth", "health"), ("rapotera", "rapportera")])
def test_an_unknown_verb_is_answered_with_the_nearest_one(club: Club, phone: Phone, typed: str, meant: str) -> None:
    if meant == "rapportera":
        club.slack_says(club.anna, locale="sv-SE")
    answer = phone.types(club.asker(club.anna), typed)
    assert f"`/hat {meant}`" in words(answer["blocks"])
    assert meant in buttons(answer)


def test_a_misspelt_verb_before_a_hat_is_not_taken_for_a_part_of_its_name(club: Club, phone: Phone) -> None:
    answer = phone.types(club.asker(club.anna), "propse email")
    assert "`/hat propose email`" in words(answer["blocks"])
    assert "propose email" not in buttons(answer), "nobody is asked by a slip"


def test_the_button_of_a_guess_does_what_the_command_does(club: Club, phone: Phone) -> None:
    asker = club.asker(club.anna)
    body = {
        "team": {"id": asker.workspace},
        "user": {"id": asker.user},
        "channel": {"id": asker.channel},
        "actions": [{"action_id": f"{ids.COMMAND_RUN}_1", "value": "list"}],
        "trigger_id": "t",
        "response_url": "https://hooks.invalid/1",
    }
    phone._call(run, in_a_modal, body)
    assert "Email" in words(phone.seen[-1]["blocks"])


def test_what_is_near_nothing_is_still_answered_as_a_hat(club: Club, phone: Phone) -> None:
    assert "I know no hat called “zzzzzz”" in words(phone.types(club.asker(club.anna), "zzzzzz")["blocks"])
