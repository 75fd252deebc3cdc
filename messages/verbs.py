"""The verbs of `/hat`, in one table: what each is called, what stands behind it and what it does.

Help of every kind is rendered from it. English words stand here, those of other languages in their `language.toml`:
everybody may use any of them. What stands behind a verb is written once, with placeholders: filled with words such as
`hat` it is the usage, filled with the team's own names it is an example.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from messages.i18n import LANGUAGES, N_, language_of
from messages.languages import language as described

Group = Literal["hats", "questions", "owning", "numbers", "team", "admins"]

GROUPS: Final[dict[Group, str]] = {
    "hats": N_("Hats"),
    "questions": N_("Questions"),
    "owning": N_("Who owns what"),
    "numbers": N_("Numbers and the chain"),
    "team": N_("You and the team"),
    "admins": N_("For admins"),
}


@dataclass(frozen=True)
class Verb:
    """One command. The first of its `words` names it; `harmless`: it shows something or opens a form at most.

    `does` completes “`/hat …` …”; each of `behind` is one way of writing what stands behind the verb.
    """

    words: tuple[str, ...]
    group: Group
    does: str
    behind: tuple[str, ...] = ("",)
    harmless: bool = True

    @property
    def name(self) -> str:
        """The verb's name, whatever the language."""
        return self.words[0]


_HAT, _PERSON = "%(hat)s", "%(person)s"
_HAT_PERSON: Final = "%(hat)s %(person)s"
VERBS: Final = (
    Verb(("who",), "hats", N_("tells who has a hat; the hat's name alone does so too"), (_HAT,)),
    Verb(("list",), "hats", N_("shows all hats and their owners")),
    Verb(("mine",), "hats", N_("shows your own hats")),
    Verb(("of",), "hats", N_("shows the hats of a colleague"), (_PERSON,)),
    Verb(("pitch", "plan", "formation"), "hats", N_("draws the team as a football formation")),
    Verb(("wear",), "hats", N_("puts a hat on"), (_HAT,), harmless=False),
    Verb(("unwear",), "hats", N_("takes a hat off"), (_HAT,), harmless=False),
    Verb(("add",), "hats", N_("adds a hat")),
    Verb(("edit",), "hats", N_("changes a hat: its name, other names, place and what to ask about"), (_HAT,)),
    Verb(("evidence",), "hats", N_("shows who reaches for a hat"), (_HAT,)),
    Verb(("history",), "hats", N_("tells what happened to a hat"), (_HAT,)),
    Verb(
        ("ask",),
        "questions",
        N_("asks a hat's owner a question"),
        (N_("%(hat)s Who may send?"), _HAT),
        harmless=False,
    ),
    Verb(
        ("questions",),
        "questions",
        N_("lists what waits for whom; “Ask the hat's owner” in a message's menu asks about that message"),
    ),
    Verb(
        ("listen",),
        "questions",
        N_("sets whether I answer who-owns questions in this channel"),
        ("answer", "offer", "mentions"),
        harmless=False,
    ),
    Verb(("propose",), "owning", N_("offers somebody a hat"), (_HAT_PERSON, _HAT), harmless=False),
    Verb(("volunteer",), "owning", N_("offers you for a hat"), (_HAT,), harmless=False),
    Verb(("pass",), "owning", N_("passes your hat on"), (_HAT_PERSON, _HAT), harmless=False),
    Verb(("step-down",), "owning", N_("looks for somebody to take your hat over"), (_HAT,)),
    Verb(("withdraw",), "owning", N_("takes an offer back"), (_HAT,), harmless=False),
    Verb(
        ("deputy",),
        "owning",
        N_("names who stands in for a hat's owner"),
        (_HAT_PERSON, N_("%(hat)s none")),
        harmless=False,
    ),
    Verb(("away",), "owning", N_("lets your deputies stand in"), (N_("until Friday"), ""), harmless=False),
    Verb(("back",), "owning", N_("says that you are back"), harmless=False),
    Verb(("report",), "numbers", N_("opens the form for your weekly numbers"), ("", "2026-W48")),
    Verb(("kpis",), "numbers", N_("shows how your numbers go, or those of a hat"), ("", _HAT)),
    Verb(
        ("kpi",),
        "numbers",
        N_("shows the chain of KPIs, and changes it"),
        ("", N_("add %(hat)s"), N_("edit %(kpi)s"), N_("archive %(kpi)s: nobody looks at it")),
    ),
    Verb(("link",), "numbers", N_("says which KPI feeds which"), (N_("%(kpi)s → %(next_kpi)s"),)),
    Verb(("unlink",), "numbers", N_("takes such a link away"), (N_("%(kpi)s → %(next_kpi)s"),), harmless=False),
    Verb(
        ("chain",),
        "numbers",
        N_("draws the chain and tells which links hang together"),
        ("", N_("edit %(kpi)s → %(next_kpi)s")),
    ),
    Verb(("whatif", "what-if"), "numbers", N_("tells what to expect when a number changes"), ("%(kpi)s +10", "")),
    Verb(("digest",), "numbers", N_("shows the last digest, or any week's"), ("", "2026-W48")),
    Verb(("source",), "numbers", N_("lets me read a KPI from a Google Sheet or another address"), ("%(kpi)s",)),
    Verb(("setup",), "team", N_("sets a team up, and tells the next step of one that is there")),
    Verb(("join",), "team", N_("joins the team"), harmless=False),
    Verb(("leave",), "team", N_("leaves the team, after asking once more")),
    Verb(("check",), "team", N_("says which hats you wore this week"), ("", "on", "off")),
    Verb(("me",), "team", N_("shows what I keep of you, and deletes it")),
    Verb(
        ("settings",),
        "team",
        N_("sets how questions reach you and when I ask you; without “me”, the team's settings"),
        (N_("me"), ""),
    ),
    Verb(("health",), "team", N_("tells what could be better about the team's hats")),
    Verb(("help",), "team", N_("shows this, or how one command is written"), ("", N_("propose"))),
    Verb(("admin",), "admins", N_("makes somebody an admin"), (_PERSON,), harmless=False),
    Verb(("unadmin",), "admins", N_("ends somebody's task as an admin"), (_PERSON,), harmless=False),
    Verb(("remove",), "admins", N_("takes somebody out of the team"), (_PERSON,), harmless=False),
    Verb(
        ("force",),
        "admins",
        N_("decides who owns a hat, where people cannot agree"),
        (N_("%(hat)s %(person)s we need somebody now"), _HAT),
        harmless=False,
    ),
    Verb(("archive",), "admins", N_("puts a hat away, after asking once more"), (_HAT,)),
    Verb(("restore",), "admins", N_("brings a hat back"), (_HAT,), harmless=False),
    Verb(("audit",), "admins", N_("shows who changed what")),
    Verb(("tokens", "token"), "admins", N_("lets programs send numbers")),
)


def words_of(verb: Verb, language: str) -> tuple[str, ...]:
    """Return the words for a verb in one language, the one to show first; the English ones where it has none."""
    code = language_of(language)
    own = () if code == "en" else described(code).verbs.get(verb.name, ())
    return own or verb.words


def every_word() -> Iterator[tuple[str, Verb]]:
    """Give each word of each language, with its verb."""
    for verb in VERBS:
        words = dict.fromkeys(word for code in LANGUAGES for word in words_of(verb, code))
        yield from ((word, verb) for word in {**dict.fromkeys(verb.words), **words})


@cache
def by_word() -> dict[str, Verb]:
    """Give the verb of each word of any language, in small letters."""
    return dict(every_word())
