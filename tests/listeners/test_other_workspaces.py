"""Whoever presses a button or sends a form with another workspace's ids changes nothing there, and sees nothing of it.

The values are made of every id of the other workspace, in each shape in which buttons and forms carry ids, also mixed
with ids of one's own team. All tables count alike: one number is a team, a hat, a question and whatever else a button
may mean by it. A button or a form that is new is tried from its first day.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.listeners.register import ACTIONS, VIEWS
from messages import ids
from messages.verbs import VERBS
from storage import Sessions, exports
from storage.tables import metadata
from tests.support.builders import NOW, WEEK, a_member
from tests.support.database import PutBack, copy_sqlite, opened, put_back
from tests.support.doors import Answer, Doors, Json, ResponseUrls, open_doors
from tests.support.replica import StandingClock
from tests.support.two_workspaces import OTHERS_FROM, a_side

OURS, THEIRS = "T-ours", "T-theirs"
ADMIN = "U1"
# Who may not decide what an admin decides, and what Slack says of them; None: nothing is known.
WITHOUT_THE_RIGHT: dict[str, dict[str, Any] | None] = {
    "U7": {},
    "U0GUEST": {"is_restricted": True},
    "U0STRANGER": {"is_stranger": True},
    "U0GONE": {"deleted": True},
    "U9": None,
}
ACTION_IDS = [key if isinstance(key, str) else f"{ids.HAT_CHOOSE}_1" for table in ACTIONS for key in table]
CALLBACKS = [key for table in VIEWS for key in table]
BLOCKS = sorted(getattr(ids, name) for name in dir(ids) if name.endswith("_BLOCK"))
INPUTS = sorted(getattr(ids, name) for name in dir(ids) if name.endswith("_INPUT"))


@dataclass
class Neighbours:
    """Two workspaces with one of everything each, and doors to both."""

    sessions: Sessions
    doors: Doors
    ours: dict[str, Any]
    theirs: dict[str, Any]

    def stored(self, side: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Return everything that a workspace has."""
        with self.sessions.read() as session:
            return exports.everything(session, side["workspace_id"])

    def reaching_over(self) -> list[str]:
        """Return our rows that point to one of theirs."""
        theirs = {name: {row.get("id") for row in rows} for name, rows in self.stored(self.theirs).items()}
        ours = self.stored(self.ours)
        return [
            f"{name}: {row}"
            for name, rows in ours.items()
            for key in metadata.tables[name].foreign_keys
            for row in rows
            if row.get(key.parent.name) in theirs.get(key.column.table.name, set()) and key.column.name == "id"
        ]


@pytest.fixture(scope="module")
def both(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, response_urls: ResponseUrls
) -> Iterator[tuple[Neighbours, PutBack]]:
    """Two workspaces, built once, and what puts them back as they were."""
    url = copy_sqlite(sqlite_template, tmp_path_factory.mktemp("neighbours") / "hattrick.db")
    with opened(url) as sessions:
        ours, theirs = a_side(sessions, 1, "ours", alike=True), a_side(sessions, OTHERS_FROM, "theirs", alike=True)
        for user, columns in WITHOUT_THE_RIGHT.items():
            if columns is not None:
                a_member(sessions, ours["team"], f"{user} ours", slack_user_id=user, refreshed_at=NOW, **columns)
        with (
            open_doors(sessions, StandingClock(NOW), response_urls, OURS, THEIRS) as doors,
            put_back(sessions) as back,
        ):
            yield Neighbours(sessions, doors, ours, theirs), back


@pytest.fixture
def neighbours(both: tuple[Neighbours, PutBack]) -> Neighbours:
    built, back = both
    back()
    return built


def numbers(side: dict[str, Any]) -> list[int]:
    """Return every id of a side, the most telling first."""
    single = [value for name, value in side.items() if name.endswith("_id") and isinstance(value, int)]
    return list(dict.fromkeys(single))


def values(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """Return their ids in every shape that a button's value or a form's state has."""
    team, hat, kpi = theirs["team_id"], theirs["hat_id"], theirs["kpi_id"]
    home, own_hat = ours["team_id"], ours["hat_id"]
    shapes = [f"{team} {hat} {kpi}", f"{home} {hat} {kpi}", f"{home} {own_hat} {kpi}", f"team:{team}", f"{team}:{WEEK}"]
    shapes += [f"{home}:{WEEK}:{hat}.{kpi}", f"{team}:{WEEK}:{hat}", f"{home}:{WEEK}", "hunter", "hunter C1"]
    for number in numbers(theirs):
        shapes += [f"{number}", f"{team} {number}", f"{home} {number}", f"{number}:{WEEK}"]
    return list(dict.fromkeys(shapes))


def filled(side: dict[str, Any]) -> Json:
    """Fill in every field that there is, with a side's ids wherever one can be chosen."""
    number = str(side["kpi_id"])
    field = {
        "value": "12",
        "selected_option": {"value": number},
        "selected_options": [{"value": number}],
        "selected_user": ADMIN,
        "selected_conversation": "C1",
        "selected_channel": "C1",
    }
    fields = dict.fromkeys(INPUTS, field)
    return {"values": dict.fromkeys([*BLOCKS, *(f"{block}{number}" for block in BLOCKS)], fields)}


def clicks(doors: Doors, workspace: str, user: str, action_id: str, value: str, state: Json) -> list[Answer]:
    """Click in a message, and in a modal that was opened with the same ids."""
    action = {"action_id": action_id, "value": value, "selected_option": {"value": value}}
    view = {"id": "V1", "type": "modal", "private_metadata": value, "state": state}
    modal = {"view": view, "channel": None, "response_url": None, "container": {"type": "view", "view_id": "V1"}}
    return [doors.click(workspace, user, action), doors.click(workspace, user, action, **modal)]


def calm(answer: Answer, after: str) -> None:
    assert not answer.log, f"{after}: {answer.log[0]}"
    assert answer.status == 200, after
    assert "theirs" not in answer.words, f"{after} tells of another workspace: {answer.words}"


@pytest.mark.parametrize("action_id", ACTION_IDS)
def test_a_button_with_another_workspaces_ids_changes_and_tells_nothing(neighbours: Neighbours, action_id: str) -> None:
    before = neighbours.stored(neighbours.theirs)
    for value in values(neighbours.ours, neighbours.theirs):
        for answer in clicks(neighbours.doors, OURS, ADMIN, action_id, value, filled(neighbours.theirs)):
            calm(answer, f"{action_id} {value}")
    assert neighbours.stored(neighbours.theirs) == before
    assert neighbours.reaching_over() == []


@pytest.mark.parametrize("callback", CALLBACKS)
def test_a_form_with_another_workspaces_ids_changes_and_tells_nothing(neighbours: Neighbours, callback: str) -> None:
    before = neighbours.stored(neighbours.theirs)
    for state in values(neighbours.ours, neighbours.theirs):
        for content in ({"values": {}}, filled(neighbours.theirs)):
            view = {"callback_id": callback, "private_metadata": state, "state": content}
            calm(neighbours.doors.submit(OURS, ADMIN, view), f"{callback} {state}")
    assert neighbours.stored(neighbours.theirs) == before
    assert neighbours.reaching_over() == []


def test_the_same_ids_at_home_do_something(neighbours: Neighbours) -> None:
    """Without this the tests above would be content with values that no button understands."""
    before, shown, changed = neighbours.stored(neighbours.theirs), set[str](), set[str]()
    for action_id in ACTION_IDS:
        for value in values(neighbours.theirs, neighbours.theirs):
            answers = clicks(neighbours.doors, THEIRS, ADMIN, action_id, value, filled(neighbours.theirs))
            if any("theirs" in answer.words for answer in answers):
                shown.add(action_id)
        changed |= {name for name, rows in neighbours.stored(neighbours.theirs).items() if rows != before[name]}
        if len(shown) >= 5 and {"delivery", "proposal", "assignment"} <= changed:
            return
    pytest.fail(f"shown by {shown}, changed {changed}")


# What a team's admin decides about: tables, and the columns of which others may change something.
DECIDED_BY_ADMINS: dict[str, set[str]] = {"team": {"directory_version"}, "api_token": {"last_used_at"}, "source": set()}
ADMINS_VERBS = [verb.name for verb in VERBS if verb.group == "admins"]
BEHIND = ["<@U2>", "<@U7>", "hunter <@U2> we need somebody now", "hunter", "given-up", ""]
Knock = Callable[[str], Iterable[Answer]]


def knocks(both_sides: Neighbours) -> Iterator[tuple[str, Knock]]:
    """Give everything that can be done in our workspace with our own ids."""
    doors, ours = both_sides.doors, both_sides.ours
    fields = filled(ours)
    for verb in ADMINS_VERBS:
        for rest in BEHIND:
            yield f"/hat {verb} {rest}", lambda user, text=f"{verb} {rest}": [doors.command(OURS, user, text, "C1")]
    for value in values(ours, ours):
        for action in ACTION_IDS:
            yield (
                f"{action} {value}",
                lambda user, action=action, value=value: clicks(doors, OURS, user, action, value, fields),
            )
        for callback in CALLBACKS:
            view = {"callback_id": callback, "private_metadata": value, "state": fields}
            yield f"{callback} {value}", lambda user, view=view: [doors.submit(OURS, user, view)]


def test_only_admins_decide_what_admins_decide(neighbours: Neighbours, both: tuple[Neighbours, PutBack]) -> None:
    """Whatever an admin's hands change is tried by everybody who has not the right, from a new listener's first day."""

    def decided() -> dict[str, Any]:
        stored = neighbours.stored(neighbours.ours)
        return {
            **{
                table: [{name: row[name] for name in row.keys() - aside} for row in stored[table]]
                for table, aside in DECIDED_BY_ADMINS.items()
            },
            "admins": [row for row in stored["membership"] if row["is_admin"]],
            "archived": [(row["id"], row["archived_at"]) for row in stored["hat"]],
        }

    _, back = both
    before, touched = decided(), set[str]()
    for what, knock in knocks(neighbours):
        for answer in knock(ADMIN):
            calm(answer, what)
        if not back.needed():
            continue
        after = decided()
        back()
        changed = {name for name in before if after[name] != before[name]}
        touched |= changed
        for user in WITHOUT_THE_RIGHT if changed else ():
            answers = list(knock(user))
            for answer in answers:
                calm(answer, f"{what} by {user}")
            assert decided() == before, f"{what} by {user}"
            assert any(answer.words.strip() for answer in answers), f"{what} by {user}: no sentence"
            back()
    assert {"api_token", "admins", "archived"} <= touched
