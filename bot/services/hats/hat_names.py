"""The names of a hat: its slug, what else it is called, and the slugs that it had before."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.domain.spelling import MAX_SLUG, name_key, slugify
from bot.services.workspaces.editing import LONGEST_NAME, FieldProblem, FieldProblems, Problems, one_line
from bot.services.workspaces.scene import Scene
from storage import Session, team_state
from storage.tables import Alias, Hat

MOST_ALIASES: Final = 30
_BETWEEN_NAMES = re.compile(r"[,;\n]")


class NameReader:
    """Reads what was typed as a hat's names, and knows which ones other hats have.

    Names are compared without case, diacritics and punctuation. A hat that has been put away keeps its names.
    """

    def __init__(self, session: Session, team_id: int, hat: Hat | None) -> None:
        self._hats = {team_state.identity(one): one for one in team_state.hats(session, team_id)}
        own = hat.id if hat else None
        self._taken = {row.key: row.hat_id for row in team_state.aliases(session, team_id) if row.hat_id != own}
        for hat_id, one in self._hats.items():
            if hat_id != own:
                self._taken.setdefault(name_key(one.name), hat_id)
        self._own_name = name_key(hat.name) if hat else None
        self.problems: FieldProblems = {}

    @property
    def failed(self) -> Problems | None:
        """What is wrong, if anything is."""
        return Problems(self.problems) if self.problems else None

    def name(self, text: str) -> str:
        """Read the hat's name."""
        read = one_line(text, self.problems, "name")
        if "name" not in self.problems and name_key(read) != self._own_name:
            self._refuse_taken("name", read)
        return read

    def slug(self, text: str, name: str) -> str:
        """Read the slug in any spelling; an empty one is made from the name."""
        if not text.strip() and "name" in self.problems:
            return ""
        where = "slug" if text.strip() else "name"
        try:
            read = slugify(text if text.strip() else name)
        except ValueError:
            self.problems[where] = FieldProblem("name_empty")
            return ""
        if text.strip() and len(name_key(text)) > MAX_SLUG:
            self.problems[where] = FieldProblem("too_long", {"limit": MAX_SLUG})
        self._refuse_taken(where, read)
        return read

    def aliases(self, text: str, slug: str) -> list[str]:
        """Read the other names, each once; the slug is not among them."""
        read: dict[str, str] = {}
        for part in _BETWEEN_NAMES.split(text):
            if not part.strip():
                continue
            alias = one_line(part, self.problems, "aliases")
            key = name_key(alias)
            if "aliases" not in self.problems and key != name_key(slug):
                self._refuse_taken("aliases", alias)
                read.setdefault(key, alias)
        if len(read) > MOST_ALIASES:
            self.problems.setdefault("aliases", FieldProblem("too_many", {"limit": MOST_ALIASES}))
        return list(read.values())

    def is_free(self, text: str) -> bool:
        """Tell whether no other hat has this name."""
        return name_key(text) not in self._taken

    def free_slug(self, base: str) -> str:
        """Return the slug, with a number behind it when another hat has it."""
        slug, number = base, 2
        while name_key(slug) in self._taken:
            slug, number = f"{base[: MAX_SLUG - 5].rstrip('-')}-{number}", number + 1
        return slug

    def _refuse_taken(self, where: str, text: str) -> None:
        other = self._hats.get(self._taken.get(name_key(text), 0))
        if other is None or where in self.problems:
            return
        told = {"name": text, "hat": other.name, "slug": other.slug}
        self.problems[where] = FieldProblem("name_archived" if other.archived_at else "name_taken", told)


def new_hat(session: Session, scene: Scene, slug: str, columns: Mapping[str, str], *, now: datetime) -> Hat:
    """Add a hat; `columns` are name, side, position and ask_about. It is not found by any name yet."""
    hat = Hat(
        workspace_id=scene.workspace_id,
        team_id=scene.team_id,
        slug=slug,
        name=columns["name"],
        side=columns["side"],
        position=columns["position"],
        ask_about=columns["ask_about"],
        created_at=now,
    )
    session.add(hat)
    session.flush()
    return hat


def settle_names(session: Session, hat: Hat, slug: str, aliases: Sequence[str]) -> None:
    """Let the hat be found by a slug and aliases; the slug that it had until now is kept as a former one.

    A former slug that is among the aliases stays a former one; one that is not, is given up.
    """
    hat_id = team_state.identity(hat)
    rows = {row.key: row for row in team_state.aliases(session, hat.team_id) if row.hat_id == hat_id}
    former = {row.key for row in rows.values() if row.kind == "old_slug"}
    wanted: dict[str, tuple[str, str]] = {name_key(slug): ("slug", slug)}
    for alias in aliases:
        key = name_key(alias)
        wanted.setdefault(key, ("old_slug" if key in former and rows[key].text == alias else "alias", alias))
    for key, row in rows.items():
        if row.kind == "slug":
            wanted.setdefault(key, ("old_slug", row.text))
    team_state.drop(session, [row for key, row in rows.items() if key not in wanted])
    for key, (kind, text) in wanted.items():
        if key in rows:
            rows[key].kind, rows[key].text = kind, text
        else:
            session.add(Alias(team_id=hat.team_id, hat_id=hat_id, kind=kind, text=text[:LONGEST_NAME], key=key))
    hat.slug = slug
    session.flush()
