"""Help: what there is, how one command is written, and what may have been meant."""

from messages import environment
from messages.catalog.onboarding import next_of
from messages.content import Message
from messages.escaping import mrkdwn
from messages.help_content import Names, Nearest
from messages.i18n import language_of, translations
from messages.next_step import NextStep
from messages.verbs import GROUPS, VERBS, Verb, by_word, words_of

_MOST_MEANT = 3  # verbs that are offered
_LONGEST_NAME, _LONGEST_REST = 60, 200


def help(  # noqa: A001 (it is called as catalog.help)
    command: str = "/hat", names: Names | None = None, next_step: NextStep | None = None, *, language: str
) -> Message:
    """Say what the bot can do, in groups, with examples from the team's own hats, and what its next step is."""
    gettext = translations(language).gettext
    said = [
        (
            gettext(title),
            "\n".join(_line(verb, command, names or Names(), language) for verb in VERBS if verb.group == group),
        )
        for group, title in GROUPS.items()
    ]
    return environment.message("help", language, command=command, groups=said, **next_of(next_step, language))


def verb_help(verb: str, command: str = "/hat", names: Names | None = None, *, language: str) -> Message:
    """Say how one command is written, with examples. `verb` is its name or any of its words.

    Raises:
        KeyError: There is no such verb.
    """
    found = by_word()[verb]
    word, *others = words_of(found, language)
    return environment.message(
        "verb_help",
        language,
        does=translations(language).gettext(found.does),
        word=f"{command} {word}",
        usages=[_written(found, behind, command, _placeholders(language), language) for behind in found.behind],
        examples=[_example(found, behind, command, names or Names(), language) for behind in found.behind],
        others=[other for other in (*others, *found.words) if other != word],
    )


def did_you_mean(nearest: Nearest, command: str = "/hat", *, language: str) -> Message:
    """Offer the commands and hats that come nearest to what was typed, with buttons where nothing can go wrong.

    What mentions somebody gets no button: the mention would not survive it.
    """
    verbs = [by_word()[name] for name in nearest.verbs[:_MOST_MEANT]]
    rest = nearest.rest[:_LONGEST_REST]
    meant = [f"{words_of(verb, language)[0]} {rest if any(verb.behind) else ''}".strip() for verb in verbs]
    return environment.message(
        "did_you_mean",
        language,
        query=nearest.query,
        meant=[f"`{mrkdwn(f'{command} {each}', 100)}`" for each in meant],
        buttons=[
            (each, f"{command} {each}")
            for verb, each in zip(verbs, meant, strict=True)
            if verb.harmless and "<" not in each
        ],
        hats=nearest.hats,
    )


def _line(verb: Verb, command: str, names: Names, language: str) -> str:
    does = translations(language).gettext(verb.does)
    return f"`{_example(verb, verb.behind[0], command, names, language)}` {does}"


def _example(verb: Verb, behind: str, command: str, names: Names, language: str) -> str:
    """Write a command with the team's own names, and with the usual ones where it has none."""
    usual = _usual(language)
    person = names.person.name if names.person else ""
    own = {
        "hat": names.hat,
        "kpi": names.kpi,
        "next_kpi": names.next_kpi,
        "person": f"@{mrkdwn(person, _LONGEST_NAME)}" if person.strip() else "",
    }
    filled = {name: value or usual[name] for name, value in own.items()}
    if not (names.kpi and names.next_kpi):
        filled["kpi"], filled["next_kpi"] = names.kpi or usual["kpi"], usual["next_kpi"]
    return _written(verb, behind, command, filled, language)


def _written(verb: Verb, behind: str, command: str, filled: dict[str, str], language: str) -> str:
    gettext = translations(language).gettext
    said = gettext(behind) % filled if behind else ""
    return f"{command} {words_of(verb, language)[0]} {said}".strip()


def _placeholders(language: str) -> dict[str, str]:
    """Give what stands for names where it is said how a command is written."""
    gettext = translations(language_of(language)).gettext
    said = {"hat": gettext("hat"), "kpi": gettext("KPI"), "next_kpi": gettext("next KPI")}
    return {**{name: f"‹{word}›" for name, word in said.items()}, "person": _somebody(language)}


def _usual(language: str) -> dict[str, str]:
    gettext = translations(language_of(language)).gettext
    return {
        "hat": gettext("email-nurturing"),
        "kpi": gettext("visits"),
        "next_kpi": gettext("leads"),
        "person": _somebody(language),
    }


def _somebody(language: str) -> str:
    return "@" + translations(language_of(language)).gettext("member")
