"""The chain drawn as text: each KPI once, with what it feeds beneath it.

A KPI that several others feed is drawn where it is met first, and named again with an arrow up where they join. A link
that leads back to where it came from, the libero's loop, has an arrow that turns. Long branches go on in a row of their
own, so that no line gets longer than a phone can show without breaking most of them.
"""

from dataclasses import dataclass, field
from typing import Final

from messages.chain_content import ChainFacts, LinkFact
from messages.escaping import mrkdwn

_DEEPEST: Final = 5  # levels beneath a first link
_NAME: Final = 28  # characters
_JOIN, _LOOP, _ON = "⤴", "↺", "⤵"


@dataclass
class Drawing:
    """The drawing's lines, as mrkdwn inside a code block, and the links in the order of their numbers in it."""

    lines: list[str] = field(default_factory=list)
    links: list[LinkFact] = field(default_factory=list)


def draw(facts: ChainFacts, goal_word: str) -> Drawing:
    """Draw a chain.

    Args:
        facts: The chain; its KPIs in order.
        goal_word: What is put behind the goal's name.
    """
    return _Pen(facts, goal_word).drawn()


class _Pen:
    def __init__(self, facts: ChainFacts, goal_word: str) -> None:
        self._facts, self._goal_word = facts, goal_word
        self._out: dict[str, list[LinkFact]] = {}
        for link in facts.links:
            self._out.setdefault(link.source.slug, []).append(link)
        self._names = {kpi.slug: mrkdwn(kpi.name, _NAME) for kpi in facts.kpis}
        self._drawn: set[str] = set()
        self._put_off: list[str] = []
        self._drawing = Drawing()

    def drawn(self) -> Drawing:
        """Draw what begins the chain first, then what only a loop leads to."""
        fed = {link.target.slug for link in self._facts.links if link.target.slug != link.source.slug}
        starts = [kpi.slug for kpi in self._facts.kpis if kpi.slug not in fed and kpi.slug in self._out]
        for slug in [*starts, *(kpi.slug for kpi in self._facts.kpis if kpi.slug in self._out)]:
            self._start(slug)
        return self._drawing

    def _start(self, slug: str) -> None:
        if slug in self._drawn:
            return
        self._drawing.lines.append(self._name(slug))
        self._drawn.add(slug)
        self._beneath(slug, "", (slug,))
        while self._put_off:
            later = self._put_off.pop(0)
            self._drawing.lines.append(self._name(later))
            self._beneath(later, "", (later,))

    def _beneath(self, slug: str, indent: str, way: tuple[str, ...]) -> None:
        links = self._out.get(slug, [])
        for place, link in enumerate(links, start=1):
            is_last = place == len(links)
            self._drawing.links.append(link)
            number = f"{len(self._drawing.links):>2}"
            corner = "└" if is_last else "├"
            target = link.target.slug
            if target in way:
                self._drawing.lines.append(f"{indent}{corner}{number} {_LOOP} {self._name(target)}")
            elif target in self._drawn:
                self._drawing.lines.append(f"{indent}{corner}{number} → {self._name(target)} {_JOIN}")
            else:
                self._onwards(target, f"{indent}{corner}{number} → ", indent + ("     " if is_last else "│    "), way)

    def _onwards(self, target: str, lead: str, indent: str, way: tuple[str, ...]) -> None:
        self._drawn.add(target)
        goes_on = len(way) > _DEEPEST and target in self._out
        self._drawing.lines.append(f"{lead}{self._name(target)}{f' {_ON}' if goes_on else ''}")
        if goes_on:
            self._put_off.append(target)
        else:
            self._beneath(target, indent, (*way, target))

    def _name(self, slug: str) -> str:
        name = self._names.get(slug, mrkdwn(slug, _NAME))
        return f"{name} ({self._goal_word})" if slug == self._facts.goal else name
