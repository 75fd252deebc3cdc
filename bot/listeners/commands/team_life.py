"""`/hat` about the life of a team: deputies, being away, leaving, admins, history, health and changes."""

from collections.abc import Callable

from bot.domain.errors import Refused
from bot.listeners import agreeing
from bot.listeners.binding import Turn
from bot.services.hats import health, history
from bot.services.people import absence, leaving, people
from bot.services.teams import team_admins
from bot.services.workspaces import audit_log
from bot.services.workspaces.scene import Answer
from bot.slack.mentions import split_mention
from messages import catalog
from messages.life_content import Done

NOBODY = frozenset({"none", "nobody", "no-one", "clear", "ingen", "inga", "rensa"})


def deputy(turn: Turn, rest: str) -> None:
    """Say who stands in for a hat's owner: `<hat> @member`, or `<hat> none`."""
    words, person = split_mention(rest)
    if person is None:
        hat, _, last = words.rpartition(" ")
        if not hat or last.casefold() not in NOBODY:
            raise Refused("deputy_unnamed")
        words = hat
    if not words:
        raise Refused("deputy_unnamed")
    deps = turn.deps
    _once_known(
        turn,
        person,
        lambda: absence.set_deputy(deps.sessions, deps.directory, turn.asker, words, person, now=turn.now()),
    )


def away(turn: Turn, rest: str) -> None:
    """Be away until a day; without one, tell whether the asker is away."""
    if rest:
        answer = absence.go_away(turn.deps.sessions, turn.asker, rest, now=turn.now())
        turn.deps.wake()
    else:
        answer = absence.state_of(turn.deps.sessions, turn.asker, now=turn.now())
    turn.ack_message(catalog.away_state(answer.content, language=answer.language))


def back(turn: Turn, _rest: str) -> None:
    """Be back before one's time."""
    _say(turn, absence.come_back(turn.deps.sessions, turn.asker, now=turn.now()))


def leave(turn: Turn, _rest: str) -> None:
    """Ask whether the asker really wants to leave the team."""
    answer = leaving.question(turn.deps.sessions, turn.asker)
    turn.ack_message(catalog.leave_question(answer.content, language=answer.language))


def remove(turn: Turn, rest: str) -> None:
    """Take `@member` out of the team."""
    _say(turn, leaving.remove(turn.deps.sessions, turn.asker, _somebody(rest), now=turn.now()))


def admin(turn: Turn, rest: str) -> None:
    """Make `@member` an admin."""
    person = _somebody(rest)
    _once_known(turn, person, lambda: team_admins.appoint(turn.deps.sessions, turn.asker, person, now=turn.now()))


def unadmin(turn: Turn, rest: str) -> None:
    """End the task of `@member` as an admin; without one, the asker's own."""
    person = _somebody(rest or f"<@{turn.asker.user}>")
    _say(turn, team_admins.dismiss(turn.deps.sessions, turn.asker, person, now=turn.now()))


def tell_history(turn: Turn, query: str) -> None:
    """Tell what happened to a hat."""
    if not query:
        raise Refused("no_hat_named")
    answer = history.history(turn.deps.sessions, turn.deps.directory, turn.asker, query, now=turn.now())
    turn.ack_message(catalog.hat_history(answer.content, language=answer.language))


def tell_health(turn: Turn, _rest: str) -> None:
    """Tell what could be better about the team's hats."""
    answer = health.health(turn.deps.sessions, turn.asker, now=turn.now())
    turn.ack_message(catalog.team_health(answer.content, language=answer.language))


def audit(turn: Turn, _rest: str) -> None:
    """Show an admin who changed what."""
    answer = audit_log.latest(turn.deps.sessions, turn.asker)
    turn.ack_message(catalog.audit_log(answer.content, language=answer.language))


def _somebody(rest: str) -> str:
    words, person = split_mention(rest)
    if person is None or words:
        raise Refused("not_a_member", person=words) if words else Refused("nobody_named")
    return person


def _once_known(turn: Turn, person: str | None, work: Callable[[], Answer[Done]]) -> None:
    """Say at once what was done, or after Slack has described somebody whom nobody has spoken of before.

    Slack may take longer for that than a command waits, and than the commands behind it should.
    """
    deps, workspace = turn.deps, turn.asker.workspace
    if not person or people.knows(deps.sessions, workspace, person):
        _say(turn, work())
        return

    def afterwards() -> None:
        people.get_to_know(deps.sessions, deps.slack, workspace, person, now=turn.now())
        answer = work()
        turn.tell(catalog.done(answer.content, language=answer.language))
        deps.wake()

    agreeing.afterwards(turn, afterwards, agreeing.under_what_was_typed)


def _say(turn: Turn, answer: Answer[Done]) -> None:
    turn.ack_message(catalog.done(answer.content, language=answer.language))
    turn.deps.wake()


SUBCOMMANDS: dict[str, Callable[[Turn, str], None]] = {
    "deputy": deputy,
    "ersättare": deputy,
    "ersattare": deputy,
    "away": away,
    "borta": away,
    "back": back,
    "tillbaka": back,
    "leave": leave,
    "lämna": leave,
    "lamna": leave,
    "remove": remove,
    "uteslut": remove,
    "admin": admin,
    "unadmin": unadmin,
    "avadmin": unadmin,
    "history": tell_history,
    "historik": tell_history,
    "health": tell_health,
    "hälsa": tell_health,
    "halsa": tell_health,
    "audit": audit,
    "ändringar": audit,
    "andringar": audit,
}
