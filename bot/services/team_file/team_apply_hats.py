"""The hats of a team's file: their names, wearers and owners."""

from bot.domain.spelling import name_key
from bot.services.agreements.agreement_news import call_off
from bot.services.agreements.ownership import renew
from bot.services.hats.hat_archiving import put_away
from bot.services.team_file.team_apply_audit import ACTOR
from bot.services.team_file.team_file import HatEntry
from bot.services.teams.team_changes import Applying, Verb, in_words, name_of
from storage import assignments, hats, proposals, team_state
from storage.tables import Alias, Hat, Member


def settle_hats(applying: Applying) -> None:
    """Make the team's hats what the file says; those that it lacks are archived."""
    team_id = team_state.identity(applying.team)
    stored = {hat.slug: hat for hat in team_state.hats(applying.session, team_id)}
    entries = {entry.slug: entry for entry in applying.file.hats}
    owners, wearers = team_state.owners(applying.session, team_id), team_state.wearers(applying.session, team_id)
    for slug, hat in stored.items():
        if slug not in entries and hat.archived_at is None:
            _archive(applying, hat)
    new = {slug for slug in entries if slug not in stored}
    for slug, entry in entries.items():
        stored[slug] = _settle_hat(applying, entry, stored.get(slug))
    applying.session.flush()
    _settle_names(applying, stored, new)
    for slug, entry in entries.items():
        hat_id = team_state.identity(stored[slug])
        _settle_wearers(applying, entry, stored[slug], wearers.get(hat_id, []), is_new=slug in new)
        _settle_owner(applying, entry, stored[slug], owners.get(hat_id), is_new=slug in new)


def _archive(applying: Applying, hat: Hat) -> None:
    put_away(applying.session, applying.team, hat, actor=ACTOR, now=applying.now)
    applying.note(Verb.ARCHIVED, f"hat {hat.slug}", "its history stays")


def _settle_hat(applying: Applying, entry: HatEntry, hat: Hat | None) -> Hat:
    subject = f"hat {entry.slug}"
    if hat is None:
        hat = Hat(
            workspace_id=applying.team.workspace_id,
            team_id=team_state.identity(applying.team),
            slug=entry.slug,
            name=entry.name,
            side=entry.side.value,
            position=entry.position.value,
            ask_about=entry.ask_about,
            created_at=applying.now,
        )
        applying.session.add(hat)
        owner = applying.members[entry.owner] if entry.owner else None
        worn = in_words([name_of(applying.members[wearer]) for wearer in _wearers_of(entry)])
        note = f"{entry.name}, {entry.side.value} {entry.position.value}, owner {name_of(owner)}, worn by {worn}"
        applying.note(Verb.ADDED, subject, note + (f", also called {in_words(entry.aliases)}" if entry.aliases else ""))
        return hat
    if hat.archived_at is not None:
        hat.archived_at = None
        applying.note(Verb.RESTORED, subject)
    applying.settle(
        subject,
        hat,
        name=entry.name,
        side=entry.side.value,
        position=entry.position.value,
        ask_about=entry.ask_about,
    )
    return hat


def _settle_names(applying: Applying, stored: dict[str, Hat], new: set[str]) -> None:
    """Give every hat of the file its slug and aliases. A name that an archived hat holds is taken from it."""
    session, team_id = applying.session, team_state.identity(applying.team)
    wanted: dict[str, tuple[int, str, str]] = {}
    for entry in applying.file.hats:
        hat_id = team_state.identity(stored[entry.slug])
        wanted[name_key(entry.slug)] = (hat_id, "slug", entry.slug)
        wanted.update({name_key(alias): (hat_id, "alias", alias) for alias in entry.aliases})
    of_file = {team_state.identity(stored[entry.slug]) for entry in applying.file.hats}
    rows = team_state.aliases(session, team_id)
    stale = [
        row
        for row in rows
        if (row.key in wanted and wanted[row.key] != (row.hat_id, row.kind, row.text))
        or (row.key not in wanted and row.hat_id in of_file and row.kind != "old_slug")
    ]
    before: dict[int, list[str]] = {hat_id: [] for hat_id in of_file}
    for row in rows:
        if row.kind == "alias" and row.hat_id in of_file:
            before[row.hat_id].append(row.text)
    for entry in applying.file.hats:
        hat_id = team_state.identity(stored[entry.slug])
        if entry.slug not in new and set(before[hat_id]) != set(entry.aliases):
            applying.changed(f"hat {entry.slug}", "aliases", before[hat_id], list(entry.aliases))
    team_state.drop(session, stale)
    kept = {row.key for row in rows} - {row.key for row in stale}
    for key, (hat_id, kind, text) in wanted.items():
        if key not in kept:
            session.add(Alias(team_id=team_id, hat_id=hat_id, kind=kind, text=text, key=key))


def _wearers_of(entry: HatEntry) -> list[str]:
    """Give who wears a hat: its owner does, too."""
    return list(dict.fromkeys([*([entry.owner] if entry.owner else []), *entry.wearers]))


def _settle_wearers(applying: Applying, entry: HatEntry, hat: Hat, before: list[Member], *, is_new: bool) -> None:
    wanted = [applying.members[slack_id] for slack_id in _wearers_of(entry)]
    ids_before = {team_state.identity(member) for member in before}
    ids_wanted = {team_state.identity(member) for member in wanted}
    hat_id = team_state.identity(hat)
    for member_id in ids_before - ids_wanted:
        hats.stop_wearing(applying.session, hat_id, member_id, now=applying.now)
    for member in wanted:
        if team_state.identity(member) not in ids_before:
            hats.start_wearing(applying.session, hat, team_state.identity(member), now=applying.now)
    if not is_new and ids_before != ids_wanted:
        names_before, names_wanted = sorted(map(name_of, before)), sorted(map(name_of, wanted))
        applying.changed(f"hat {entry.slug}", "wearers", names_before, names_wanted)


def _settle_owner(applying: Applying, entry: HatEntry, hat: Hat, before: Member | None, *, is_new: bool) -> None:
    wanted = applying.members[entry.owner] if entry.owner else None
    if before is wanted:
        return
    member_id = team_state.identity(wanted) if wanted else None
    live = proposals.live_of_hat(applying.session, hat.team_id, hat.id or 0)
    if live is not None:
        call_off(applying.session, live, now=applying.now)
    assignments.assign(applying.session, hat, member_id, ending="applied", now=applying.now)
    renew(applying.session, applying.team, hat, now=applying.now)
    if not is_new:
        applying.changed(f"hat {entry.slug}", "owner", name_of(before), name_of(wanted))
