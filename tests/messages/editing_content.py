"""Content about changing hats, KPIs, links and teams, of each kind."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from messages.editing_content import (
    Archived,
    ArchiveQuestion,
    Chain,
    ChainedKpi,
    HatForm,
    KpiForm,
    LinkForm,
    TeamForm,
    Welcome,
)
from messages.settings_content import WorkingTime
from tests.messages import onboarding_content as onboarding
from tests.messages.content import Content


def slugs(content: Content) -> tuple[tuple[str, str], ...]:
    return tuple((f"kpi-{i}", content.text(f"Leads {i}")) for i in content.some(4))


def hat_forms(content: Content) -> list[HatForm]:
    blank = HatForm("1", content.text("North"))
    names = tuple(content.text(f"mail {i}") for i in content.some(3, huge=40))
    known = replace(
        blank, is_new=False, name=content.text("Email"), slug="email", aliases=names, ask_about=content.text("Flows")
    )
    return [blank, known, replace(known, side="<!side", position="<!place")]


def kpi_forms(content: Content) -> list[KpiForm]:
    blank = KpiForm("1 2", content.hat, replace(content.kpi(), name="", target=None), chain=slugs(content))
    owner = content.person
    known = replace(blank, is_new=False, kpi=content.kpi(1), after="kpi-1", may_set_goal=True, is_goal=True)
    weeks = ("2026-W53", "2027-W01")
    known = replace(known, formula=content.text("Deals / Meetings"), cadence="monthly", shown_as="average", weeks=weeks)
    strange = replace(
        known, cadence="<!daily", shown_as="<!here", kpi=replace(content.kpi(4), upper=content.kpi().value)
    )
    return [blank, replace(blank, asked=owner), known, strange, replace(known, may_define=False, asked=owner)]


def link_forms(content: Content) -> list[LinkForm]:
    ends = slugs(content) or (("leads", content.text("Leads")),)
    blank = LinkForm("1", ends)
    return [blank, replace(blank, upstream=ends[0][0], downstream=ends[-1][0], lag=52, rate=Decimal("0.125"))]


def team_forms(content: Content) -> list[TeamForm]:
    channel = {"hostile": "<!channel>", "empty": ""}.get(content.kind, "C0TEAM0001")
    zone = content.text("Europe/Stockholm")
    blank = TeamForm("", timezone=zone, channel=channel, prompt="Friday 13:00", reminder="", digest="Monday 10:00")
    changed = replace(blank, state="1", name=content.text("North"), locale="sv", prompt=content.text("x"))
    shut_out = replace(blank, shut_out=True)
    return [
        blank,
        shut_out,
        changed,
        replace(changed, working=WorkingTime("16", "09:00", "15:30", content.text("SE"), 4)),
    ]


def archive_question(content: Content) -> ArchiveQuestion:
    owner = None if content.kind == "empty" else content.person
    named = tuple(content.text(f"Leads {i}") for i in content.some(2))
    return ArchiveQuestion(content.hat, "1 2", owner, len(content.some(3)), named, has_offer=content.kind != "empty")


def archived(content: Content) -> Archived:
    return Archived(content.hat, "1 2")


def chain(content: Content) -> Chain:
    rate = None if content.kind == "empty" else Decimal("0.03")
    links = tuple(
        ChainedKpi(
            content.kpi(i),
            content.text("Campaigns"),
            is_goal=i == 0,
            read_from=content.text("docs.google.com") if i == 1 else "",
            formula=content.text("Deals / Meetings") if i else "",
            cadence=("weekly", "biweekly", "monthly")[i % 3],
            feeds=tuple((content.text("Deals"), lag, rate) for lag in content.some(2)),
        )
        for i in content.some(3)
    )
    return Chain(content.text("North"), links)


def welcomes(content: Content) -> list[Welcome]:
    channel = {"hostile": "<!channel>", "empty": None}.get(content.kind, "C0TEAM0001")
    states = onboarding.set_up_states(content)
    told = Welcome(content.text("North"), content.person, channel, state=states[0])
    moved = [replace(told, state=state) for state in states[1:]]
    return [told, *moved, replace(told, reachable=False), replace(told, reachable=False, channel=None, state=None)]


def told_at_fields(content: Content) -> dict[str, Any]:
    return {
        "name": content.text("Sales"),
        "hat": content.text("Salesperson"),
        "slug": content.text("sales"),
        "owner": content.person,
        "loop": content.text("Leads → Deals → Leads"),
        "text": content.text("Atlantis"),
        "team": content.text("North"),
        "example": "Friday 13:00",
        "limit": 80,
        "part": content.text("Ghosts"),
    }
