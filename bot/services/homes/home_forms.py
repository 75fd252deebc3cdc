"""The forms behind the Home's buttons: they ask for what makes a command whole, and write it."""

from collections.abc import Callable, Mapping

from bot.domain.errors import Refused
from bot.domain.spelling import name_key
from bot.services.kpis.kpi_adding import the_kpi
from bot.services.workspaces.scene import Answer, Asker, Scene, scene_of, team_place
from messages.home_content import HomeForm
from storage import Session, Sessions, hats, kpis, team_state


def form(sessions: Sessions, asker: Asker, name: str, about: str) -> Answer[HomeForm]:
    """Prepare a form. `about` is the slug of the hat or KPI that it is about, '' where it is about none.

    Raises:
        Refused: `form_outdated` for a form that there is none of; `hat_not_found`, `kpi_not_found`, `no_team`.
    """
    with scene_of(sessions, asker) as (session, scene):
        if name not in COMMANDS:
            raise Refused("form_outdated")
        state = " ".join(filter(None, (team_place(scene.team_id), name, about)))
        choices = _OPTIONS.get(name)
        options = choices(session, scene) if choices else ()
        if choices and not options:
            raise Refused(_NOTHING_TO_CHOOSE[name])
        return Answer(scene.language, HomeForm(name, state, _called(session, scene, name, about), options))


def command(state: str, typed: Mapping[str, str]) -> str:
    """Write the command that a submitted form stands for.

    Raises:
        Refused: `form_outdated`, when the state names no form.
    """
    _, _, rest = state.partition(" ")
    name, _, about = rest.partition(" ")
    if name not in COMMANDS:
        raise Refused("form_outdated")
    return COMMANDS[name](about, {"person": "", **typed})


def _mention(person: str) -> str:
    return f"<@{person}>" if person else ""


# How each form writes its command, from what it is about and what was typed.
COMMANDS: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "away": lambda _, typed: f"away {typed.get('until', '')}",
    "deputy": lambda hat, typed: f"deputy {hat} {_mention(typed['person']) or 'none'}",
    "of": lambda _, typed: f"of {_mention(typed['person'])}",
    "people": lambda _, typed: f"{typed.get('what', '')} {_mention(typed['person'])}",
    "unlink": lambda _, typed: f"unlink {typed.get('link', '')}",
    "restore": lambda _, typed: f"restore {typed.get('hat', '')}",
    "archive-kpi": lambda kpi, typed: f"kpi archive {kpi}: {typed.get('reason', '')}",
    "listen": lambda _, typed: f"listen {typed.get('mode', '')}",
    "check": lambda _, typed: f"check team {typed.get('on', '')}",
}


def _links(session: Session, scene: Scene) -> tuple[tuple[str, str], ...]:
    known = {kpi.id: kpi for kpi in kpis.entities(session, scene.team_id)}
    pairs = ((known[link.upstream_id], known[link.downstream_id]) for link in kpis.links(session, scene.team_id))
    return tuple((f"{up.slug} → {down.slug}", f"{up.name[:34]} → {down.name[:34]}") for up, down in pairs)


def _archived(session: Session, scene: Scene) -> tuple[tuple[str, str], ...]:
    every = team_state.hats(session, scene.team_id)
    return tuple((hat.slug, hat.name) for hat in every if hat.archived_at is not None)


_OPTIONS: dict[str, Callable[[Session, Scene], tuple[tuple[str, str], ...]]] = {"unlink": _links, "restore": _archived}
_NOTHING_TO_CHOOSE = {"unlink": "nothing_linked", "restore": "nothing_archived"}


def _called(session: Session, scene: Scene, name: str, about: str) -> str:
    """Return what the hat or the KPI is called that a form is about."""
    if name == "deputy":
        hat = hats.by_key(session, scene.team_id, name_key(about))
        if hat is None:
            raise Refused("hat_not_found", query=about)
        return hat.name
    return the_kpi(session, scene.team_id, about).name if name == "archive-kpi" else ""
