"""Messages about the life of a team: deputies, absences, departures, history, health and changes."""

from collections.abc import Callable
from typing import Any

from messages import audit_words, environment
from messages import done as sentences
from messages.content import HatName, Message, Person
from messages.i18n import language_of, translations
from messages.life_content import AuditLog, AwayState, Departure, Done, Health, History, LeaveQuestion
from messages.packing import pack

_ROOM = 9_500  # characters of all lines of a message, of the about 13,200 that Slack takes
_MOST_LINES = 20  # of a health report: each takes a section of its own with its button
_MOST_HATS = 15


def done(told: Done, *, language: str) -> Message:
    """Say in a sentence what was done."""
    return environment.message("done", language, sentence=sentences.sentence(told, language))


def done_text(told: Done, *, language: str) -> str:
    """Say the same as one mrkdwn sentence."""
    return sentences.sentence(told, language)


def away_state(state: AwayState, *, language: str) -> Message:
    """Say whether the reader is away, and who stands in for each of their hats."""
    lines = [str(_life(language).deputy_line(hat, deputy)) for hat, deputy in state.hats[:_MOST_HATS]]
    hidden = max(0, len(state.hats) - _MOST_HATS)
    return environment.message("away_state", language, state=state, lines="\n".join(lines), hidden=hidden)


def departure(told: Departure, *, language: str) -> Message:
    """Tell a team's admins who does not own hats any more, and which hats are vacant now."""
    return environment.message("departure", language, told=told)


def channel_paused(team: str, channel_id: str, error: str, *, language: str) -> Message:
    """Tell an admin that nothing can be posted in the team's channel, and how to mend it. `error` is Slack's code."""
    told = {"team": team, "channel_id": channel_id}
    sentence = environment.text("channel_paused", language, **told)
    return environment.message("channel_paused", language, **told, sentence=sentence, mend=how_to_mend(error, language))


def how_to_mend(error: str, language: str) -> str:
    """Tell what an admin can do about a channel that Slack lets nothing be posted in."""
    gettext: Callable[[str], str] = translations(language).gettext
    if error == "is_archived":
        return gettext("The channel is archived. Unarchive it, or choose another one with `/hat settings`.")
    if error.startswith("restricted_action"):
        return gettext(
            "Only some people may post there. Let me post in the channel's own settings and post the digest once more "
            "from `/hat digest`, or choose another channel with `/hat settings`."
        )
    return gettext(
        "I am not in the channel, or it is gone. Write `/invite @hattrick` there, or choose another one with "
        "`/hat settings`."
    )


def leave_question(asked: LeaveQuestion, *, language: str) -> Message:
    """Ask whether the reader really wants to leave their team."""
    return environment.message("leave_question", language, asked=asked)


def hat_history(shown: History, *, language: str) -> Message:
    """Tell what happened to a hat, latest first."""
    packed = pack((str(_life(language).history_line(entry)) for entry in shown.entries), room=_ROOM)
    hidden = len(shown.entries) - packed.lines
    return environment.message("hat_history", language, shown=shown, sections=packed.texts, hidden=hidden)


def team_health(shown: Health, *, language: str) -> Message:
    """Tell what could be better about a team's hats, each with the one button that mends it."""
    life = _life(language)
    lines = [(line, str(life.health_line(line)), str(life.health_button(line))) for line in shown.lines[:_MOST_LINES]]
    hidden = max(0, len(shown.lines) - _MOST_LINES)
    mend = how_to_mend(shown.paused, language) if shown.paused else ""
    return environment.message("team_health", language, shown=shown, lines=lines, hidden=hidden, mend=mend)


def audit_log(shown: AuditLog, *, language: str) -> Message:
    """List who changed what in a team, newest first."""
    macro = _life(language).audit_line
    lines = (
        str(macro(line, audit_words.sentence(line, language), audit_words.changes(line, language)))
        for line in shown.lines
    )
    packed = pack(lines, room=_ROOM)
    hidden = len(shown.lines) - packed.lines
    return environment.message("audit_log", language, shown=shown, sections=packed.texts, hidden=hidden)


def volunteers_wanted(hat: HatName, wearers: tuple[Person, ...], *, language: str) -> Message:
    """Ask a channel who would like to own a hat that several people wear and nobody owns; nobody is pinged."""
    return environment.message("volunteers_wanted", language, hat=hat, wearers=wearers)


def _life(language: str) -> Any:
    """Give the macros that make this module's lines."""
    return environment.environment("text", language_of(language)).get_template("_macros/life.j2").module
