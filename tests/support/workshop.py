"""A team whose hats, KPIs and links are changed in Slack: what is typed into forms, and what is there afterwards."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel, select

from bot.services.chain import link_editing
from bot.services.hats import hat_editing
from bot.services.hats.hats import who
from bot.services.kpis import kpi_editing
from bot.services.workspaces.editing import Problems
from bot.services.workspaces.scene import Answer
from messages.content import HatCard
from messages.life_content import Done
from storage.tables import Alias, Hat, Kpi, Link, Member, Target
from tests.support.club import Club

HAT = {"name": "Hunting", "slug": "", "aliases": "", "side": "sales", "position": "midfielder", "ask_about": ""}
KPI = {"name": "Leads", "unit": "count", "direction": "higher", "decimals": "0", "after": "-", "target": ""}


@dataclass
class Workshop(Club):
    """The club, with forms. Anna is its admin, Oskar owns `Email`, Erik only plays."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.erik = self.joins("Erik")

    # Forms, submitted

    def save_hat(self, member: Member, hat: Hat | None = None, **typed: str) -> Done | Problems:
        """Submit a hat's form: a new one's, or with what a hat is already."""
        state = f"{self.team.id} {hat.id}" if hat else str(self.team.id)
        form = {**HAT, **typed}
        return hat_editing.save(self.sessions, self.asker(member), state, form, now=self.now).content

    def save_kpi(self, member: Member, hat: Hat, kpi: Kpi | None = None, **typed: str) -> Done | Problems:
        """Submit a KPI's form."""
        state = f"{self.team.id} {hat.id}" + (f" {kpi.id}" if kpi else "")
        form = {**KPI, **typed}
        return kpi_editing.save(self.sessions, self.asker(member), state, form, now=self.now).content

    def save_link(self, member: Member, **typed: str) -> Done | Problems:
        """Submit a link's form."""
        form = {"lag": "0", "rate": "", **typed}
        state = str(self.team.id)
        return link_editing.save(self.sessions, self.asker(member), state, form, now=self.now).content

    def adds(self, **typed: str) -> Hat:
        """Let Anna add a hat, and return it."""
        done = self.save_hat(self.anna, **typed)
        assert isinstance(done, Done), done
        return next(hat for hat in self.rows(Hat) if hat.slug == done.values["hat"].slug)

    # What is there

    def rows(self, table: type[SQLModel], **columns: Any) -> list[Any]:
        """Return the rows of a table, oldest first."""
        with self.sessions.read() as session:
            query = select(table).filter_by(**columns).order_by(table.id)  # type: ignore[attr-defined]
            return list(session.exec(query))

    def the(self, hat: Hat) -> Hat:
        """Return a hat as it is now."""
        (found,) = self.rows(Hat, id=hat.id)
        return found  # type: ignore[no-any-return]

    def kpi(self, name: str) -> Kpi:
        """Return the KPI of that name."""
        (found,) = self.rows(Kpi, name=name)
        return found  # type: ignore[no-any-return]

    def chain(self) -> list[str]:
        """Return the names of the live KPIs in the chain's order."""
        live = [kpi for kpi in self.rows(Kpi) if kpi.archived_at is None]
        return [kpi.name for kpi in sorted(live, key=lambda kpi: kpi.sequence)]

    def targets(self, kpi: Kpi) -> dict[str, str]:
        """Return a KPI's targets by the week from which on they hold."""
        return {row.valid_from: str(row.value) for row in self.rows(Target, kpi_id=kpi.id)}

    def links(self) -> list[tuple[str, str, int]]:
        """Return the links: upstream, downstream, weeks."""
        named = {kpi.id: kpi.name for kpi in self.rows(Kpi)}
        return [(named[row.upstream_id], named[row.downstream_id], row.lag_weeks) for row in self.rows(Link)]

    def names(self, hat: Hat) -> dict[str, str]:
        """Return a hat's names and what kind each is."""
        return {row.text: row.kind for row in self.rows(Alias, hat_id=hat.id)}

    def finds(self, query: str) -> str | None:
        """Return the name of the one hat that `/hat who` finds."""
        answer: Answer[Any] = who(self.sessions, self.directory, self.asker(self.anna), query, now=self.now)
        return answer.content.name if isinstance(answer.content, HatCard) else None


def problems(done: object) -> dict[str, str]:
    """Return what is wrong with which field."""
    assert isinstance(done, Problems), done
    return {name: problem.name for name, problem in done.by_field.items()}
