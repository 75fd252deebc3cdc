"""What is said of chains, of each kind."""

from dataclasses import replace

from messages.chain_content import ChainFacts, LinkFact, WhatIfFacts, WhatIfForm
from messages.content import HatName
from tests.messages.content import Content

VERDICTS = ("holds_together", "opposite", "not_shown", "too_early", "<!here")
REMARKS = ("gaps", "outliers", "many_zeros", "short", "rhythm", "constant_source", "<!here")


def named(content: Content, number: int) -> HatName:
    return HatName(f"kpi-{number}", content.text(f"Leads {number}"))


def link(content: Content, source: int, target: int, number: int = 0) -> LinkFact:
    strange = content.kind == "hostile"
    fact = LinkFact(
        named(content, source),
        named(content, target),
        lag=number % 9,
        lag_from=("declared", "found", "assumed", "<!here")[number % 4],
        rate=None if content.kind == "empty" else (0.031, 12.5, 1e300, float("nan"))[number % (4 if strange else 2)],
        is_fitted=number % 2 == 0,
        rate_ci=(0.02, 0.041) if number % 4 else None,
        verdict=VERDICTS[number % (5 if strange else 4)],
        n=number,
        r=0.5,
        ci=(-0.123, 0.9) if number % 3 else None,
        remarks=REMARKS[: number % 7],
        passes=(("2026-W47", 3.25), ("2026-W48", float("nan") if strange else 4.0)) if number % 5 == 1 else (),
    )
    return replace(fact, lag=10**9, n=10**9) if content.kind == "huge" else fact


def links(content: Content) -> tuple[LinkFact, ...]:
    """Give a chain with joins and a loop: 30 KPIs and 40 links when it is ordinary."""
    kpis = {"ordinary": 30, "empty": 2, "huge": 200, "hostile": 8}[content.kind]
    ends = [(one, one + 1) for one in range(kpis - 1)] + [(one, one + 2) for one in range(min(10, kpis - 2))]
    return tuple(link(content, *pair, number) for number, pair in enumerate([*ends, (min(5, kpis - 1), 1)]))


def all_chains(content: Content) -> list[ChainFacts]:
    known = links(content)
    names = {one.slug: one for fact in known for one in (fact.source, fact.target)}
    unlinked = tuple(HatName(f"more-{n}", content.text("Churn")) for n in content.some(2))
    full = ChainFacts(content.text("North"), "2026-W48", tuple(names.values()), unlinked, known, goal="kpi-1")
    return [
        full,
        replace(full, goal=None, unlinked=()),
        replace(full, links=()),
        ChainFacts(content.text("North"), "x"),
    ]


def what_ifs(content: Content) -> list[WhatIfFacts]:
    facts = WhatIfFacts(
        team=content.text("North"),
        period="2026-W48",
        kpi=named(content, 1),
        goal=named(content, 2),
        change=0.1,
        goals_now=8.6,
        per_week=tuple(week / 30 for week in range(20)),
        eventually=2 / 3,
        links=links(content)[:30],
        left_out=links(content)[:2],
    )
    return [
        facts,
        replace(facts, change=-0.025, eventually=-25.0, per_week=(-25.0,), left_out=()),
        replace(facts, eventually=0.0, per_week=(0.0,), goals_now=None),
        replace(facts, lack="runaway_loop", eventually=None, per_week=(), links=(), left_out=()),
        replace(facts, eventually=None, goal=None, links=(), left_out=(), change=float("inf")),
    ]


def what_if_forms(content: Content) -> list[WhatIfForm]:
    kpis = tuple(named(content, number) for number in content.some(3)) or (named(content, 0),)
    return [WhatIfForm(kpis), WhatIfForm(kpis, kpis[-1].slug, "+10")]
