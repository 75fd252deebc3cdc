"""Texts that are typed by mistake, by machines and by hostile hands: numbers, times, names, and what breaks parsers."""

from typing import Any, Final

from hypothesis import strategies as st

from bot.listeners.commands.table import SUBCOMMANDS
from messages.verbs import every_word

# The reported week of the two workspaces of `tests.support.gauntlet`.
WEEK: Final = "2026-W47"


def _words(text: str) -> list[str]:
    return text.split()


NASTY: Final = [
    "",
    " ",
    "\x00",
    "nul\x00nul",
    "\ud83d",
    "0",
    "-1",
    "999",
    "9" * 19,
    "9" * 40,
    "9" * 1900,
    "²",
    "٣",
    "1:2026-W48",
    "1:1900-W01",
    "2:2026-W48",
    "99999999999:2026-W48",
    "1:2026-W48:1.2.3",
    "1:2026-W48:99999999999999999999",
    "1:2026-W48:" + ".".join(["77"] * 300),
    "email-manager",
    "email-manager C0NORTH",
    "email-manager " + "C" * 100,
    "email-manager \x00",
    "email-manager:99999999999999999999",
    "secret-hat",
    "secret-hat C0RIVALS",
    "hunter",
    "hunter U0NOBODY",
    "999999999999.1",
    "1.999999999999",
    "1." + "9" * 400,
    "x" * 2000,
    "å" * 3000,
    "../../etc/passwd",
    "' OR 1=1 --",
    "%s %(x)s {{ 7 * 7 }}",
    "<!channel> <@U0NOBODY> <#C1|x>",
    "\u202eevil",
    "\n\n\t",
]
ODD_NUMBERS: Final = _words(
    """12 1 234,5 1,234.5 1e309 -0 1_000 0x10 ½ ٣٤ １２ 12% −5 +7 NaN inf 00012 1.2.3 1,,2 12k 0.0000001
    99999999999999999999 +10 -10% kr5 5kr $5 3:4 1/0"""
)
ODD_TIMES: Final = _words(
    """2026-W48 2026-W54 2026-W00 w47 v47 47 0 9999-W01 2026-02-30 2026-11-30 25:99 fri fredag until till i tomorrow
    imorgon always 31/12 -3 weeks veckor"""
)
NAMES: Final = _words(
    """Hunter hunter HUNTER Given given-up leads deals Leads Deals theirs anna @anna <@U1> <@U1|anna> <@U2> <@U0NOBODY>
    <@U0GUEST> <@U0GONE> <@U0STRANGER> <@U0BOT> <#C1|north> <!channel> <!subteam^S1|all> <https://example.com|x>
    <mailto:a@example.com|a> 🎩 👩‍👩‍👧‍👦 שלום مرحبا"""
)
GLUE: Final = _words("-> → > = , : ; | & + ? ! add edit archive none me my on off answer offer mentions preview as to")

TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.characters().map(lambda one: one * 2999),
    st.sampled_from([*ODD_NUMBERS, *ODD_TIMES, *NAMES]),
)
NOT_TEXT: Any = st.sampled_from([0, -1, True, 1.5, [], ["x"], {}, {"value": "x"}, 10**30])
ANYTHING: Any = st.one_of(st.none(), TEXTS, NOT_TEXT)
_VERBS = st.sampled_from([*dict.fromkeys([*SUBCOMMANDS, *(word for word, _ in every_word())]), "WHO", "nope", "hjälp"])
BEHIND = st.lists(
    st.one_of(st.sampled_from(NAMES), st.sampled_from(GLUE), st.sampled_from(ODD_NUMBERS + ODD_TIMES), TEXTS),
    max_size=4,
).map(" ".join)
_COMMAND = st.builds("{} {}".format, _VERBS, BEHIND)
COMMANDS = st.one_of(st.none(), TEXTS, _COMMAND, _COMMAND)

# Ids of rows, of both workspaces (which have theirs from 1 and from 1000 on), and of none.
ROWS = st.one_of(st.integers(1, 12), st.integers(1000, 1012), st.integers(1, 60), st.sampled_from([0, 9999, 10**18]))
_SHAPES = st.sampled_from(
    [
        "{0}",
        "{0} {1}",
        "{0} {1} {2}",
        "2 5 {2}",
        "2 {1}",
        "2 5 7",
        "2",
        "team:2",
        "team:{0}",
        "2:" + WEEK,
        "2:" + WEEK + ":5.6",
        "{0}:" + WEEK,
        "2:2026-W99",
        "2:" + WEEK + ":{1}.{2}",
        "hunter",
        "hunter C1",
        "hunter team:{0}",
        "{0} team:2",
        "{0} U1",
        "{0}.{1}",
        "C1",
        "2 U2",
    ]
)
_VALUE = st.builds(str.format, _SHAPES, ROWS, ROWS, ROWS)
VALUES = st.one_of(_VALUE, _VALUE, TEXTS)
