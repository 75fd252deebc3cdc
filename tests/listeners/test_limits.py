"""A team as large as it gets stays within Slack's limits wherever it is shown.

Every command is typed and every sort of button that is shown is pressed, by somebody who reads English and by somebody
who reads Swedish; forms are sent as they were opened, and a week's messages go out. What Slack would refuse is
collected; a form that was never opened is a failure too.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.listeners import home_tab
from bot.listeners.commands.table import SUBCOMMANDS
from bot.listeners.register import VIEWS
from bot.playground.blockkit import validate_blocks, validate_view
from bot.playground.blockkit.surfaces import blocks_too_long
from bot.playground.inputs import elements, initial_state, state_value
from bot.services.sending import pictures
from bot.services.sources.fetching import Fetcher, Page
from messages import ids
from messages.verbs import VERBS
from storage import Sessions
from tests.support import fake_slack
from tests.support.doors import Answer, Doors, Json, open_doors, taking_responses
from tests.support.fake_slack import Said
from tests.support.huge_team import FREE, HugeTeam, a_huge_team
from tests.support.replica import StandingClock, replica
from tests.support.week import CHANNEL, FRIDAY_13, MONDAY_8, MONDAY_10, TUESDAY

SHEET = f"{'w' * 500},{'v' * 500}\n" + "".join(f"2026-W{week},123456\n" for week in range(30, 49))
# One word for each command: the verbs of a language are tried elsewhere.
VERBS_TYPED = sorted({verb.name for verb in VERBS if verb.name.isascii()} & SUBCOMMANDS.keys())


# Sent, each of them would end the offer or the agreement from which the others are opened.
OPENED_ONLY = {ids.COUNTER_SUBMIT, ids.DECLINE_SUBMIT, ids.LATER_SUBMIT, ids.CHANGE_SUBMIT}
LAST = {ids.OFFER_ACCEPT, ids.REVIEW_KEEP, ids.QUESTION_REPLY, ids.HAT_ARCHIVE, ids.LEAVE_TEAM, ids.REPORT_SKIP}


@dataclass(frozen=True)
class Shown:
    """Something that can be pressed: by whom, and where it stands (nowhere but in a message, if there is no view)."""

    person: str
    action: Json
    view: Json | None


@dataclass
class Walk:
    """Presses and sends whatever is shown, until nothing new is."""

    doors: Doors
    team: HugeTeam
    problems: list[str]
    clock: StandingClock
    waiting: deque[Shown] = field(default_factory=deque)
    pressed: set[tuple[str, str]] = field(default_factory=set)
    sent: set[tuple[str, str]] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)

    def types(self, person: str, text: str) -> None:
        self._meets(person, self.doors.command(self.team.workspace, person, text, CHANNEL), f"/hat {text}")

    def opens_home(self, person: str) -> None:
        event = {"type": "app_home_opened", "tab": "home", "user": person, "view": None}
        self._meets(person, self.doors.event(self.team.workspace, event), "the Home")
        self.sees_home(person)

    def sees_home(self, person: str) -> None:
        view = self.doors.slack.homes.get((self.team.workspace, person))
        if view:
            self._looks(person, view["blocks"], view)

    def starts_shortcut(self, person: str) -> None:
        body = {
            "type": "message_action",
            "callback_id": ids.ASK_SHORTCUT,
            "team": {"id": self.team.workspace, "domain": "huge"},
            "user": {"id": person},
            "channel": {"id": CHANNEL},
            "message": {"ts": "1.2", "text": "Who owns it? " * 200, "user": self.team.english},
            "response_url": self.doors.response_url,
            "trigger_id": "1.2.3",
        }
        self._meets(person, self.doors.knock(body), "the shortcut")

    def is_shown_other_times(self, person: str) -> None:
        """Press what is shown at other times: in the first hour, and when an agreement is looked at again."""
        team, owned = str(self.team.team_id), "2" if person == self.team.english else "1"
        for action_id, value in (
            (ids.HATS_TICK, team),
            (ids.HATS_ASK, team),
            (ids.HAT_ADD, team),
            (ids.TOKEN_NEW, team),
            (ids.REVIEW_CHANGE, owned),
            (ids.REPORT_SKIP, f"{team}:2026-W48"),
            (ids.REVIEW_HAND_OVER, owned),
        ):
            action = {"type": "button", "action_id": action_id, "value": value}
            self.waiting.appendleft(Shown(person, action, None))

    def reads(self, said: Said, person: str) -> None:
        """Look at a message that the bot sent by itself."""
        if blocks_too_long(said.message.blocks):
            self.problems.append(f"{said.key}: msg_blocks_too_long")
        self._looks(person, said.message.blocks, None)

    def presses_everything(self) -> None:
        while self.waiting:
            shown = self.waiting.popleft()
            person, action, view = shown.person, shown.action, shown.view
            where: Json = {"container": {"type": "message", "channel_id": CHANNEL, "message_ts": "1.2"}}
            if view is not None:
                state = {"values": initial_state(named(view["blocks"]))}
                where = {"channel": None, "response_url": None, "container": {"type": "view", "view_id": "V1"}}
                where["view"] = {"id": "V1", "private_metadata": "", **view, "state": state}
            answer = self.doors.click(self.team.workspace, person, action, **where)
            self._meets(person, answer, f"{action['action_id']} {action['value']}"[:120])
            self.sees_home(person)

    def sends(self, person: str, view: Json) -> None:
        """Send a form as it was opened, with what has to be filled in filled in."""
        state = filled(view["blocks"], self.team)
        form = {"private_metadata": "", **view, "state": {"values": state}}
        self._meets(person, self.doors.submit(self.team.workspace, person, form), f"sending {view['callback_id']}")

    def _meets(self, person: str, answer: Answer, after: str) -> None:
        if answer.log:
            self.problems.append(f"{after}: {answer.log[0]}")
        acked = answer.ack
        views = [one for one in (*answer.shown, acked.get("view")) if one and one.get("type") == "modal"]
        for message in (acked, *answer.shown):
            if message.get("blocks") and message.get("type") != "modal":
                self._holds_message(message, after)
                self._looks(person, message["blocks"], None)
        if acked.get("view"):
            self.problems += [f"{after}: {problem}" for problem in validate_view(acked["view"])]
        for view in views:
            self._looks(person, view["blocks"], view)
            self._sends_once(person, view)

    def _sends_once(self, person: str, view: Json) -> None:
        callback = view.get("callback_id", "")
        self.opened.add(callback)
        if "submit" in view and callback not in OPENED_ONLY and (person, callback) not in self.sent:
            self.sent.add((person, callback))
            self.sends(person, view)

    def _holds_message(self, message: Json, after: str) -> None:
        self.problems += [f"{after}: {one}" for one in validate_blocks(message["blocks"], surface="message")]
        if blocks_too_long(message["blocks"]):
            self.problems.append(f"{after}: msg_blocks_too_long")

    def _looks(self, person: str, blocks: list[Json], view: Json | None) -> None:
        for _, element in elements(blocks):
            for value in values_of(element):
                if element["action_id"].startswith((ids.COMMAND_RUN, ids.HOME_RUN)) and not value.startswith("?"):
                    continue  # it does what the command does, which is typed
                # One button of a sort, and of every command that a button writes, is pressed once by each.
                verb = (
                    value.partition(" ")[0] if element["action_id"].startswith((ids.COMMAND_RUN, ids.HOME_RUN)) else ""
                )
                choice = value.rpartition("|")[2] if "|" in value else ""
                sort = f"{element['action_id'].rstrip('_0123456789')} {verb or choice}"
                if (person, sort) not in self.pressed:
                    self.pressed.add((person, sort))
                    action = {"type": element["type"], "action_id": element["action_id"], "value": value}
                    if element["type"] != "button":
                        action |= {"selected_option": {"value": value}}
                    shown = Shown(person, action, view)
                    if element["action_id"] in LAST:
                        self.waiting.append(shown)
                    else:
                        self.waiting.appendleft(shown)


def named(blocks: list[Json]) -> list[Json]:
    """Give every block an id, as Slack does."""
    return [{"block_id": f"b{number}", **block} for number, block in enumerate(blocks)]


def values_of(element: Json) -> list[str]:
    if element["type"] == "button":
        return [element.get("value", "")] if "url" not in element else []
    options = [option["value"] for option in element.get("options", ())]
    return [options[0], options[-1]] if options else []


def filled(blocks: list[Json], team: HugeTeam) -> dict[str, dict[str, Json]]:
    blocks = named(blocks)
    state = initial_state(blocks)
    for block, element in elements(blocks):
        if block["type"] != "input":
            continue
        value = state[block["block_id"]][element["action_id"]]
        if any(value[key] for key in value if key != "type"):
            continue
        options = element.get("options") or [o for g in element.get("option_groups", ()) for o in g["options"]]
        given: Any = "12"
        if options:
            given = [options[0]["value"]] if element["type"].startswith(("multi", "check")) else options[0]["value"]
        elif element["type"] == "users_select":
            given = team.swedish
        elif element["type"] not in ("plain_text_input", "number_input"):
            continue
        state[block["block_id"]][element["action_id"]] = state_value(element, given)
    return state


@pytest.fixture
def walk(sqlite_sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    monkeypatch.setattr(pictures, "PICTURES", pictures.Pictures())
    monkeypatch.setattr(home_tab, "LOOKS", home_tab.Looks())
    problems: list[str] = []
    monkeypatch.setattr(Fetcher, "fetch", lambda *_: Page(SHEET.encode(), "text/csv", "utf-8"))
    monkeypatch.setattr(fake_slack, "_checked", problems.extend)
    clock = StandingClock(TUESDAY)
    team = a_huge_team(sqlite_sessions, TUESDAY, channel=CHANNEL)
    with taking_responses() as urls, open_doors(sqlite_sessions, clock, urls, team.workspace) as doors:
        yield Walk(doors, team, problems, clock)


def test_everything_stays_within_slacks_limits_with_the_largest_team(walk: Walk) -> None:
    team, slack, clock = walk.team, walk.doors.slack, walk.clock
    for person, hat in ((team.english, team.hat_slugs[1]), (team.swedish, team.hat_slugs[2])):
        other = team.english if person == team.swedish else team.swedish
        walk.is_shown_other_times(person)
        walk.presses_everything()
        walk.starts_shortcut(person)
        for verb in VERBS_TYPED:
            for words in ("", hat):
                walk.types(person, f"{verb} {words}".strip())
        for text in (
            f"propose {team.hat_slugs[FREE]} <@{other}>",
            f"pass {hat} <@{other}>",
            f"ask {hat} {'Who may send it? ' * 100}",
            f"kpi add {hat}",
            f"kpi {team.kpi_slugs[0]}",
            f"kpis {team.kpi_slugs[0]}",
            f"source {team.kpi_slugs[0]}",
            f"report {'1 ' * 40}",
        ):
            walk.types(person, text)
    for person in (team.english, team.swedish):
        walk.opens_home(person)
    slack.takes_files = False  # the picture has been drawn in both languages
    walk.presses_everything()
    with replica(team.sessions, slack, clock, workers=1) as bot:
        for instant in (TUESDAY, FRIDAY_13, MONDAY_8, MONDAY_10):
            read = len(slack.said)
            clock.now = instant
            bot.tick()
            for said in slack.said[read:]:
                walk.reads(said, team.swedish if said.recipient == team.swedish else team.english)
            walk.presses_everything()
    assert sorted(set(walk.problems)) == []
    assert sorted({key for table in VIEWS for key in table} - walk.opened) == []
    assert {CHANNEL, team.english, team.swedish} <= {said.recipient for said in slack.said}
