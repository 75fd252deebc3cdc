"""A team's first hour: greeting who installed the app, a channel it comes to, and asking who wears which hats."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from bot.domain.errors import Refused
from bot.domain.spelling import name_key
from bot.domain.words import Position, Side
from bot.services.hats.hat_names import NameReader, new_hat, settle_names
from bot.services.hats.hats import names
from bot.services.installs import onboarding_news as news
from bot.services.people.joining import let_in
from bot.services.sending.owing import owe_to
from bot.services.workspaces.authority import can_own, is_described, the_team
from bot.services.workspaces.editing import FieldProblem, FieldProblems, Problems, note, one_line, playing, read_ids
from bot.services.workspaces.scene import Answer, Asker, Scene, in_language, locate, locate_team
from bot.slack.views import is_id
from messages.content import HatName
from messages.life_content import Done
from messages.next_step import TickForm
from storage import Session, Sessions, delivered, hats, members, team_state, teams, workspaces
from storage.tables import Member

_INSTALL: Final = "install"
_MOST_NAMED: Final = 20


def greet_installer(sessions: Sessions, workspace: str, installer: str, *, now: datetime) -> bool:
    """Owe the person who installed the app a greeting that says how to begin; return whether it is new.

    Nothing is owed where there is a team already: the app was installed once more. Both ids are Slack's.
    """
    with sessions.write() as session:
        workspace_id = team_state.identity(workspaces.ensure(session, workspace, now=now))
        return _greet(session, workspace_id, installer, now)


def greet_first(sessions: Sessions, asker: Asker, *, now: datetime) -> bool:
    """Take the first person who opens the Home or types a command for the installer; return whether they are.

    With a token from the settings nobody is known to have installed the app. Whoever comes first is most likely the
    one who did, and can set up a team in any case.
    """
    with sessions.write() as session:
        workspace_id = team_state.identity(workspaces.ensure(session, asker.workspace, now=now))
        # Held until the greeting is owed: of two who come at once, the second one sees it.
        workspaces.lock(session, workspace_id)
        if delivered.owed_without_team(session, workspace_id, news.INSTALLED):
            return False
        return _greet(session, workspace_id, asker.user, now)


def _greet(session: Session, workspace_id: int, person: str, now: datetime) -> bool:
    if teams.of_workspace(session, workspace_id):
        return False
    return news.owe_without_team(session, workspace_id, news.INSTALLED, person, _INSTALL, now=now)


def greet_channel(sessions: Sessions, asker: Asker, occasion: str, *, now: datetime) -> bool:
    """Owe a greeting to the channel that the asker has invited the bot to; return whether it is new.

    `occasion` is the `ts` of the invitation: it may be told of several times.
    """
    with sessions.write() as session:
        about, channel = f"{news.HELLO}-{occasion}"[:40], asker.channel or ""
        try:
            scene = locate(session, asker)
        except Refused as refused:
            if refused.name != "no_team":
                return False
            workspace = workspaces.ensure(session, asker.workspace, now=now)
            return news.owe_without_team(session, team_state.identity(workspace), news.HELLO, channel, about, now=now)
        return owe_to(session, the_team(session, scene), news.HELLO, channel, about, now=now)


def ask_for_hats(sessions: Sessions, asker: Asker, state: str, *, now: datetime) -> Answer[Done]:
    """Ask the team's channel who wears which hats, once a day at most. `state` is the team's id.

    Raises:
        Refused: `form_outdated`, `not_playing`, `no_channel`.
    """
    (team_id,) = read_ids(state, 1)
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            playing(session, scene, asker.user)
            team = the_team(session, scene)
            if not team.channel_id:
                raise Refused("no_channel", team=team.name)
            new = owe_to(session, team, news.HATS_ASKED, team.channel_id, f"hats-{now:%Y%m%d}", now=now)
            return Answer(scene.language, Done("hats_asked" if new else "hats_asked_already", {"team": team.name}))


def open_ticks(sessions: Sessions, asker: Asker, state: str) -> Answer[TickForm]:
    """Prepare the form in which the asker ticks the hats that they wear. `state` is the team's id.

    Raises:
        Refused: `form_outdated`, `cannot_wear` for bots and strangers from shared channels.
    """
    (team_id,) = read_ids(state, 1)
    with sessions.read() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            member = _wearing(session, scene, asker.user)
            worn = {hat.id for hat in hats.worn_by(session, team_id, member.id or 0)}
            rows = hats.all_of_team(session, team_id)
            listed = tuple((hat.id, HatName(hat.slug, hat.name), hat.id in worn) for hat in rows)
            return Answer(scene.language, TickForm(state, scene.team_name, listed))


def tick(
    sessions: Sessions, asker: Asker, state: str, typed: Mapping[str, str], *, now: datetime
) -> Answer[Done | Problems]:
    """Let the asker wear the hats that they ticked and no others, and one that they added. Twice changes nothing more.

    Who ticks plays in the team from now on. What an owner owns they go on wearing.

    Raises:
        Refused: `form_outdated`, `cannot_wear`, `cannot_join`.
    """
    (team_id,) = read_ids(state, 1)
    ticked = {
        int(hat) for name, held in typed.items() if name.startswith("hats_") for hat in held.split(",") if is_id(hat)
    }
    with sessions.write() as session:
        scene = locate_team(session, asker, team_id)
        with in_language(scene.language):
            member = _wearing(session, scene, asker.user)
            teams.lock(session, scene.workspace_id, scene.team_id)
            problems: FieldProblems = {}
            added = _add_missing(session, scene, asker, member, typed, problems, now)
            if problems:
                return Answer(scene.language, Problems(problems))
            let_in(session, scene, the_team(session, scene), member, now=now)
            worn = _wear(session, scene, member, ticked | ({added} if added else set()), now)
            if not worn:
                return Answer(scene.language, Done("hats_ticked_none"))
            return Answer(scene.language, Done("hats_ticked", {"hats": list(worn[:_MOST_NAMED])}))


def _wearing(session: Session, scene: Scene, slack_user_id: str) -> Member:
    member = members.by_slack_id(session, scene.workspace_id, slack_user_id)
    if member is None or member.deleted or member.is_bot or member.is_stranger:
        raise Refused("cannot_wear")
    if not is_described(member):
        raise Refused("slack_silent")
    return member


def _add_missing(
    session: Session,
    scene: Scene,
    asker: Asker,
    member: Member,
    typed: Mapping[str, str],
    problems: FieldProblems,
    now: datetime,
) -> int | None:
    """Add the hat that somebody missed; one that is there under that name is the one meant."""
    written = typed.get("name", "").strip()
    if not written:
        return None
    name = one_line(written, problems, "name")
    if problems:
        return None
    rows = hats.all_of_team(session, scene.team_id)
    there = next((hat for hat in rows if name_key(hat.name) == name_key(name)), None)
    if there is not None:
        return there.id
    if not can_own(member):
        raise Refused("cannot_join")
    place = _place(typed, problems)
    if problems:
        return None
    reader = NameReader(session, scene.team_id, None)
    slug = reader.slug("", reader.name(name))
    if reader.problems:
        problems["name"] = next(iter(reader.problems.values()))
        return None
    columns = {"name": name, **place, "ask_about": ""}
    hat = new_hat(session, scene, slug, columns, now=now)
    settle_names(session, hat, slug, ())
    note(session, scene, asker.user, "hat.added", slug, now=now, after={**columns, "aliases": []})
    teams.touch_directory(session, scene.team_id)
    return hat.id


def _place(typed: Mapping[str, str], problems: FieldProblems) -> dict[str, str]:
    """Read where the added hat plays, which nobody but the person knows: a field that was left empty is marked."""
    place = {"side": typed.get("side", ""), "position": typed.get("position", "")}
    for name, known in (("side", set(Side)), ("position", set(Position))):
        if not place[name]:
            problems[name] = FieldProblem("place_missing")
        elif place[name] not in known:
            raise Refused("form_outdated")
    return place


def _wear(
    session: Session, scene: Scene, member: Member, wanted: Collection[int], now: datetime
) -> tuple[HatName, ...]:
    member_id = member.id or 0
    worn = {hat.id for hat in hats.worn_by(session, scene.team_id, member_id)}
    kept = []
    for row in hats.all_of_team(session, scene.team_id):
        wears = {"wearer": member.name or member.slack_user_id}
        if row.id in wanted or (row.owner_id == member_id and row.id in worn):
            kept.append(row)
            if hats.start_wearing(session, hats.entity_by_id(session, scene.team_id, row.id), member_id, now=now):
                note(session, scene, member.slack_user_id, "hat.worn", row.slug, now=now, after=wears)
        elif row.id in worn:
            hats.stop_wearing(session, row.id, member_id, now=now)
            note(session, scene, member.slack_user_id, "hat.taken_off", row.slug, now=now, after=wears)
    return names(kept)
