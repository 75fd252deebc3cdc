"""Messages about hats: who has one, which ones there are, and what could not be found."""

from collections.abc import Iterator
from itertools import groupby

from messages import environment
from messages.catalog.onboarding import next_of
from messages.content import HatCard, HatLine, HatName, HatsOf, Message
from messages.i18n import language_of
from messages.next_step import NextStep
from messages.packing import pack
from messages.people import Naming

_POSITIONS = ("defender", "midfielder", "forward", "libero")
_BUTTONS = 10  # more choices than this are harder to read than the hat's name is to write
_LIST_ROOM = 10_500  # characters of all lines of a list, of the about 13,200 that Slack takes in one message


def hat_card(card: HatCard, *, language: str) -> Message:
    """Say who has a hat, what to ask them about, and how its KPIs stand."""
    return environment.message("hat_card", language, card=card)


def hat_choices(query: str, choices: tuple[HatName, ...], *, language: str) -> Message:
    """Ask which of several hats is meant. `choices` must not be empty; the first ten get a button."""
    shown, hidden = choices[:_BUTTONS], max(0, len(choices) - _BUTTONS)
    return environment.message("hat_choices", language, query=query, choices=shown, hidden=hidden)


def hat_not_found(query: str, nearest: tuple[HatName, ...], *, language: str) -> Message:
    """Say that no hat has this name, and offer the nearest ones."""
    return environment.message("hat_not_found", language, query=query, nearest=nearest[:_BUTTONS])


def hat_list(team: str, hats: tuple[HatLine, ...], *, language: str) -> Message:
    """List a team's hats in the order of the chain; what does not fit into one message is counted."""
    sections = tuple(_sections(hats, language))
    return environment.message("hat_list", language, team=team, hats=hats, sections=sections)


def hats_of(shown: HatsOf, next_step: NextStep | None = None, *, language: str) -> Message:
    """Say which hats a person owns and wears, and to the person themselves what their team does next."""
    sentences = environment.text("hats_of", language, shown=shown)
    told = next_of(next_step, language)
    return environment.message("hats_of", language, shown=shown, sentences=sentences, **told)


def _sections(hats: tuple[HatLine, ...], language: str) -> Iterator[str]:
    say, naming = environment.sayings(language), Naming(language_of(language))
    room, lines = _LIST_ROOM, _by_position(hats)
    for left, (position, played) in zip(range(len(lines), 0, -1), lines, strict=True):
        packed = pack((str(say.hat_line(hat)) for hat in played), room=room // left)
        room -= packed.characters
        hidden = len(played) - packed.lines
        rest = f"\n{say.more_hats(hidden)}" if hidden else ""
        texts = packed.texts or ("",)
        yield from (
            f"{f'*{naming.line(position)}*{chr(10)}' if first else ''}{text}{rest if last else ''}"
            for text, first, last in _with_ends(texts)
        )


def _with_ends(texts: tuple[str, ...]) -> Iterator[tuple[str, bool, bool]]:
    for index, text in enumerate(texts):
        yield text, index == 0, index == len(texts) - 1


def _by_position(hats: tuple[HatLine, ...]) -> list[tuple[str, list[HatLine]]]:
    """Group hats in the order of the chain, the smallest groups never squeezed out by the largest."""

    def place(hat: HatLine) -> int:
        return _POSITIONS.index(hat.position) if hat.position in _POSITIONS else len(_POSITIONS)

    ordered = sorted(hats, key=place)
    return [(group[0].position, group) for group in (list(found) for _, found in groupby(ordered, key=place))]
