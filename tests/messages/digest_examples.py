"""Digests of every kind and in every state, and what follows them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from messages import catalog
from messages.chain_content import LinkFact, LookBackFacts, MoveFact, VanityFacts
from messages.content import HatName, Message, QuestionFigures
from messages.digest_content import (
    ChainStory,
    Change,
    Digest,
    DigestChanges,
    DigestRow,
    Discussion,
    FocusFact,
    PassQuality,
    Untold,
)
from tests.messages.content import Content

CALLS = ("up", "down", "as_usual", "cannot_tell")


def kpi_name(c: Content, name: str) -> HatName:
    return HatName(name.lower(), c.text(name))


def link(c: Content) -> tuple[HatName, HatName]:
    return kpi_name(c, "Visits"), kpi_name(c, "Leads")


def rows_of(c: Content) -> tuple[DigestRow, ...]:
    return tuple(
        DigestRow(
            kpi=replace(c.kpi(i), note=c.text("A fair"), confidence="off_track" if i % 3 == 0 else "on_track"),
            hat=c.hat,
            owner=c.person if i % 2 else None,
            status="ahead",
            change=Decimal("0.12") if c.kind == "ordinary" else Decimal("1E+20"),
            conversion=Decimal("0.0312") if i % 2 else Decimal("1E+30"),
            upstream=c.text("Visits"),
            is_joined=i % 5 == 4,
            call=CALLS[i % 4],
            norm=0.04 if i % 2 else 1e30,
            ci=(0.02, 0.05) if i % 2 else (-1e30, 1e30),
            goals=None if i % 7 == 6 else (-1) ** i * 1.3 * (1 if c.kind == "ordinary" else 1e12),
        )
        for i in c.some(5)
    )


def focus_of(c: Content) -> FocusFact:
    source, target = link(c)
    known: dict[str, Any] = {"is_fitted": True, "rate_ci": (0.03, 0.05), "verdict": "holds_together", "n": 26, "r": 0.6}
    fact = LinkFact(source, target, 2, "found", 0.04, ci=(0.3, 0.8), **known)
    return FocusFact(
        source=source,
        target=target,
        goal=kpi_name(c, "Deals"),
        goals=1.3,
        ci=(0.2, 2.4),
        rate_now=0.03,
        norm=0.04,
        evidence=fact,
        not_shown=(link(c),) * (len(c.some(1)) if c.kind != "ordinary" else 0),
        source_owner=c.person,
        target_owner=c.people(2)[1] if c.kind != "empty" else None,
    )


def story_of(c: Content) -> ChainStory:
    source, target = link(c)
    vanity = VanityFacts(source, target, 2, 6, 0.25, -0.01, c.person, None)
    moved = MoveFact(0.03, 0.04, "up")
    focus = focus_of(c)
    return ChainStory(
        goal=kpi_name(c, "Deals"),
        actual=11.0,
        plan=9.6,
        total=1.4,
        earlier=0.2,
        unattributed=-0.1,
        focus=focus,
        untold=tuple(Untold(target, ("2026-W45", "2026-W46"), (link(c),), "no_reading") for _ in c.some(2)),
        vanity=tuple(vanity for _ in c.some(1)),
        looked_back=LookBackFacts("2026-W44", 4, source, target, kpi_name(c, "Deals"), moved, moved),
        links=tuple(focus.evidence for _ in c.some(2) if focus.evidence),
    )


def digest_of(c: Content) -> Digest:
    rows = rows_of(c)
    return Digest(
        team=c.text("North"),
        period=c.period,
        first_day=date(2026, 11, 23),
        last_day=date(2026, 11, 29),
        rows=rows,
        goal=replace(rows[-1], is_goal=True) if rows else None,
        history=tuple((f"2026-W{i % 50 + 1:02}", Decimal(i)) for i in c.some(13)),
        missing=tuple((c.person, (c.text("Leads"), c.text("Deals"))) for _ in c.some(2)),
        vacant=c.hats(),
        skipped=tuple((c.person, c.text("Trade fair")) for _ in c.some(1)),
        late=c.kind != "ordinary",
        questions=None if c.kind == "empty" else QuestionFigures(7, 6, 5, 2.4),
        reported=tuple(c.person for _ in c.some(3)),
        away=tuple(c.person for _ in c.some(1)),
        story=None if c.kind == "empty" else story_of(c),
        passes=tuple(PassQuality(*link(c), 3.5, 2, (("2026-W47", 4.0), ("2026-W48", 3.5))) for _ in c.some(2)),
        discuss="1:2026-W48",
    )


def states_of(c: Content) -> dict[str, Digest]:
    """Give a digest in every state that it can be in."""
    usual = digest_of(c)
    story = usual.story or story_of(c)
    unread = tuple(replace(row, kpi=replace(row.kpi, value=None), goals=None, call="") for row in usual.rows)
    untold = replace(
        story, total=None, plan=None, actual=None, lack="no_reading", focus=FocusFact(why_none="too_early")
    )
    alike = FocusFact(why_none="several_alike", alike=(c.text("Visits"), c.text("Leads")))
    volume = replace(focus_of(c), is_volume=True, rate_now=3200.0, norm=4100.0, evidence=None)
    return {
        "usual": usual,
        "one week": replace(usual, history=usual.history[:1], story=untold),
        "all missing": replace(usual, rows=unread, goal=unread[-1] if unread else None, reported=(), story=untold),
        "all reached": replace(usual, missing=(), skipped=(), away=(), vacant=()),
        "no focus": replace(usual, story=replace(story, focus=alike)),
        "volume": replace(usual, story=replace(story, focus=volume)),
        "updated": replace(usual, updated_at=c.digest_at),
        "preview": replace(usual, is_preview=True, discuss="", again="1 2026 48 1"),
    }


def changes_of(c: Content) -> DigestChanges:
    found = tuple(Change(c.kpi(i), Decimal(120) if i % 2 else None, c.person if i % 3 else None) for i in c.some(2))
    return DigestChanges(c.period, found, c.text("North"))


def digests(c: Content, language: str) -> list[Message]:
    return [catalog.digest(shown, language=language) for shown in states_of(c).values()]


def discussions(c: Content, language: str) -> list[Message]:
    people = c.people(2)
    shown = (Discussion(c.period, people, focus_of(c)), Discussion(c.period, (), focus_of(c)), Discussion(c.period))
    return [catalog.digest_discussion(one, language=language) for one in shown]
