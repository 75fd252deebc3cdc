"""Where everything stands on the pitch, in units of the picture: x grows to the right, y downwards.

The team plays upwards: forwards at the top, the libero at the bottom. A line with more shirts than fit side by side
continues below. What is said of a shirt stands beneath it, so passes leave at the collar and arrive at a sleeve.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from messages.escaping import plain
from messages.pitch_content import Pass, Pitch, Shirt

WIDTH: Final = 1000.0
LINES: Final = ("forward", "midfielder", "defender", "libero")
MOST_BESIDE: Final = 4
MOST_SHIRTS: Final = 60
_TOP: Final = 190
_ROW: Final = 360
_FOOT: Final = 250
_SLEEVE: Final = 92  # from the middle of a shirt to beside its sleeve
_ARM: Final = 44  # from its collar down to there
_LABEL: Final = 0.3  # how far along a pass its goals are written
_CHARACTER: Final = 18.5  # a wide letter of a name's size
_NAME_LINES: Final = 2
_EDGE: Final = 40.0


@dataclass(frozen=True)
class Spot:
    """A shirt with the middle of its collar, how far `apart` its row's shirts stand, and its hat's name in lines.

    `letters` is how many fit beside each other there.
    """

    shirt: Shirt
    x: float
    y: float
    apart: float
    name: tuple[str, ...]
    letters: int


@dataclass(frozen=True)
class Stroke:
    """A pass as a cubic curve, and where its goals are written."""

    passed: Pass
    path: str
    label: tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """The whole picture; `rows` are the lines' names with their height, `hidden` the shirts that did not fit."""

    height: int
    spots: tuple[Spot, ...]
    strokes: tuple[Stroke, ...]
    rows: tuple[tuple[str, float], ...]
    hidden: int


def lay_out(pitch: Pitch) -> Layout:
    """Place every shirt and pass."""
    shown = sorted(pitch.shirts, key=lambda shirt: LINES.index(shirt.position))[:MOST_SHIRTS]
    spots: list[Spot] = []
    rows: list[tuple[str, float]] = []
    y = float(_TOP)
    for position in LINES:
        line = [shirt for shirt in shown if shirt.position == position]
        if line:
            rows.append((position, y))
        for beside in _in_rows(line):
            room = WIDTH / len(beside)
            spots += [_spot(shirt, room * (n + 0.5), y, room) for n, shirt in enumerate(beside)]
            y += _ROW
    at = {spot.shirt.hat.slug: spot for spot in spots}
    strokes = [
        _stroke(passed, at[passed.source], at[passed.target])
        for passed in _between_hats(pitch.passes)
        if passed.source in at and passed.target in at
    ]
    return Layout(
        height=int(y if spots else y + _ROW) + _FOOT - _ROW // 3,
        spots=tuple(spots),
        strokes=tuple(strokes),
        rows=tuple(rows),
        hidden=len(pitch.shirts) - len(shown),
    )


def _in_rows(line: Sequence[Shirt]) -> list[Sequence[Shirt]]:
    """Break a line into rows of nearly the same length."""
    if not line:
        return []
    number = -(-len(line) // MOST_BESIDE)
    size = -(-len(line) // number)
    return [line[start : start + size] for start in range(0, len(line), size)]


def _spot(shirt: Shirt, x: float, y: float, room: float) -> Spot:
    fitting = int((min(room, WIDTH / 2) - 20) / _CHARACTER)
    return Spot(shirt, round(x, 1), y, room, _broken(plain(shirt.hat.name, 80), fitting), fitting)


def _broken(name: str, fitting: int) -> tuple[str, ...]:
    """Break a name into at most two lines, the last one cut."""
    lines = [""]
    for word in name.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= fitting or not lines[-1] or len(lines) == _NAME_LINES:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(plain(line, fitting) for line in lines)


def _between_hats(passes: Sequence[Pass]) -> list[Pass]:
    """Make one pass of all between the same two hats: the goals add up, the weakest evidence counts."""
    order = ("opposite", "not_shown", "too_early", "holds_together")
    together: dict[tuple[str, str], Pass] = {}
    for one in passes:
        if one.source == one.target:
            continue
        before = together.get((one.source, one.target))
        if before is None:
            together[one.source, one.target] = one
            continue
        known = [each.goals for each in (before, one) if each.goals is not None]
        evidence = min(before.evidence, one.evidence, key=order.index)
        together[one.source, one.target] = Pass(one.source, one.target, evidence, sum(known) if known else None)
    return list(together.values())


def _stroke(passed: Pass, source: Spot, target: Spot) -> Stroke:
    """Draw a pass from the sender's collar to the receiver's sleeve, beside what is written under the shirts."""
    leftwards = source.x > target.x or (source.x == target.x and source.x > WIDTH / 2)
    side = 1 if leftwards else -1
    if target.y > source.y:  # back to the libero, along the touch-line
        edge = WIDTH - _EDGE if source.x + target.x >= WIDTH else _EDGE
        side = 1 if edge > source.x else -1
        start = (source.x + side * _SLEEVE, source.y + _ARM)
        first, second = (edge, source.y + _ARM), (edge, target.y + _ARM)
        side = 1 if edge > target.x else -1
    else:
        start = (source.x, source.y - 14)
        reach = min(target.apart / 2, 150.0)
        first = (source.x + (side * reach if source.x == target.x else 0), source.y - _ARM - 60)
        second = (target.x + side * (_SLEEVE + reach), target.y + _ARM)
    end = (target.x + side * _SLEEVE, target.y + _ARM)
    path = "M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}".format(*start, *first, *second, *end)
    return Stroke(passed, path, _along(_LABEL, start, first, second, end))


def _along(t: float, *points: tuple[float, float]) -> tuple[float, float]:
    """Give the place at `t` (0 to 1) of a cubic Bézier curve."""
    shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(share * point[axis] for share, point in zip(shares, points, strict=True)) for axis in (0, 1))
    return round(x, 1), round(y, 1)
