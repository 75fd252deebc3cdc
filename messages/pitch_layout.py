"""Where everything stands on the pitch, in units of the picture: x grows to the right, y downwards.

The team plays upwards: forwards at the top, the libero at the bottom. A line with more shirts than fit side by side
continues below. What is said of a shirt stands beneath it, so passes leave at the collar and arrive at a sleeve. Goals
are written where along their pass they cover least of shirts, names and each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from messages.escaping import plain
from messages.pitch_content import Pass, Pitch, Shirt
from messages.pitch_letters import fitted, width_of

WIDTH: Final = 1000.0
LINES: Final = ("forward", "midfielder", "defender", "libero")
MOST_BESIDE: Final = 4
MOST_SHIRTS: Final = 60
_TOP: Final = 190
_ROW: Final = 360
_FOOT: Final = 250
_SLEEVE: Final = 92  # from the middle of a shirt to beside its sleeve
_ARM: Final = 44  # from its collar down to there
_LABELS: Final = (0.3, 0.4, 0.22, 0.5, 0.15, 0.6, 0.7, 0.8)  # how far along a pass its goals may be written
_LABEL: Final = (58.0, 27.0)  # half of what they take, with a little air
_BESIDE_EDGE: Final = 62.0
_NAME: Final = 34  # the size of letters
_OWNER: Final = 30
_NAME_LINES: Final = 2
_EDGE: Final = 18.0
_AIR: Final = 24  # between what is said of neighbours

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Spot:
    """A shirt with the middle of its collar, how far `apart` its row's shirts stand, and its hat's name in lines.

    `room` is how wide what is said of it may be.
    """

    shirt: Shirt
    x: float
    y: float
    apart: float
    name: tuple[str, ...]
    room: float


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
    curves = [
        (passed, _curve(at[passed.source], at[passed.target]))
        for passed in _between_hats(pitch.passes)
        if passed.source in at and passed.target in at
    ]
    return Layout(
        height=int(y if spots else y + _ROW) + _FOOT - _ROW // 3,
        spots=tuple(spots),
        strokes=tuple(_strokes(curves, spots)),
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
    said = min(room, WIDTH / 2) - _AIR
    return Spot(shirt, round(x, 1), y, room, _broken(plain(shirt.hat.name, 80), said), said)


def _broken(name: str, room: float) -> tuple[str, ...]:
    """Break a name into at most two lines, the last one cut."""
    lines = [""]
    for word in name.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, _NAME) <= room or not lines[-1] or len(lines) == _NAME_LINES:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(fitted(line, _NAME, room) for line in lines)


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


def _strokes(curves: Sequence[tuple[Pass, Curve]], spots: Sequence[Spot]) -> list[Stroke]:
    taken = [box for spot in spots for box in _boxes(spot)]
    strokes = []
    for passed, curve in curves:
        places = [_along(t, curve) for t in _LABELS]
        place = min(places, key=lambda place: sum(_overlap(_label_box(place), box) for box in taken))
        if passed.goals is not None:
            taken.append(_label_box(place))
        path = "M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}".format(
            *(one for point in curve for one in point)
        )
        strokes.append(Stroke(passed, path, place))
    return strokes


def _boxes(spot: Spot) -> tuple[Box, Box]:
    """Give the places that a shirt takes and what is said beneath it."""
    name = max(width_of(line, _NAME) for line in spot.name)
    owner = min(spot.room, width_of(spot.shirt.owner.name, _OWNER)) if spot.shirt.owner else 0
    half = max(name, owner, 2 * _SLEEVE) / 2
    return (
        (spot.x - _SLEEVE, spot.y, spot.x + _SLEEVE, spot.y + 130),
        (spot.x - half, spot.y + 140, spot.x + half, spot.y + 215 + 38 * len(spot.name)),
    )


def _label_box(place: Point) -> Box:
    return place[0] - _LABEL[0], place[1] - _LABEL[1], place[0] + _LABEL[0], place[1] + _LABEL[1]


def _overlap(one: Box, other: Box) -> float:
    """Give the area that two boxes share."""
    wide, high = (min(one[n + 2], other[n + 2]) - max(one[n], other[n]) for n in (0, 1))
    return max(0.0, wide) * max(0.0, high)


def _curve(source: Spot, target: Spot) -> Curve:
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
        aside = min(max(target.x + side * (_SLEEVE + reach), _EDGE), WIDTH - _EDGE)
        second = (aside, target.y + _ARM)
    return start, first, second, (target.x + side * _SLEEVE, target.y + _ARM)


def _along(t: float, points: Curve) -> Point:
    """Give the place at `t` (0 to 1) of a cubic Bézier curve, kept within the picture."""
    shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(share * point[axis] for share, point in zip(shares, points, strict=True)) for axis in (0, 1))
    return round(min(max(x, _BESIDE_EDGE), WIDTH - _BESIDE_EDGE), 1), round(y, 1)
