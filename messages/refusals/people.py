"""Refusals about teams, their people and admins, days away, tokens, and commands that are not understood."""

from collections.abc import Mapping
from typing import Final

from messages.i18n import N_

REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
    "no_team": (
        N_("There is no team here yet. Write `/hat setup` in your team's channel to set one up: it takes a minute."),
    ),
    "several_teams": (
        N_("You play in several teams: %(teams)s. Ask in the team's own channel, then I know which one you mean."),
        N_("You play in several teams. Ask in the team's own channel, then I know which one you mean."),
    ),
    "not_a_member": (
        N_("%(person)s is not in this team. `/hat list` shows who is."),
        N_("You are not in this team yet. Ask a colleague in the team to add you."),
    ),
    "no_person_named": (N_("Whose hats? Name the person with an @, for example `/hat of @anna`."),),
    "unknown_command": (
        N_("I don't know “%(text)s”. Did you mean `/hat %(nearest)s`?"),
        N_("I don't know “%(text)s”. `/hat help` shows what I can do."),
        N_("I didn't get that. `/hat help` shows what I can do."),
    ),
    "away_unreadable": (
        N_(
            "I can't read “%(text)s” as a day. Write for example `/hat away until 24 December`, `24/12`, `week 50` "
            "or `next Monday`."
        ),
        N_("Until when? Write for example `/hat away until 24 December`, `24/12`, `week 50` or `next Monday`."),
    ),
    "away_past": (
        N_("“%(text)s” has begun already. Write the day on which you are back: tomorrow or later."),
        N_("That day has begun already. Write the day on which you are back: tomorrow or later."),
    ),
    "away_too_far": (
        N_("“%(text)s” is more than three years from now. If you leave for good, `/hat leave` hands your hats back."),
        N_("That is more than three years from now. If you leave for good, `/hat leave` hands your hats back."),
    ),
    "admin_already": (
        N_("%(person)s looks after the team already."),
        N_("They look after the team already."),
    ),
    "not_an_admin": (
        N_("%(person)s is no admin of the team."),
        N_("They are no admin of the team."),
    ),
    "last_admin": (
        N_("%(person)s is the team's only admin. Make somebody else an admin first: `/hat admin @member`."),
        N_("That is the team's only admin. Make somebody else an admin first: `/hat admin @member`."),
    ),
    "nobody_named": (N_("Whom do you mean? Name the person with an @."),),
    "not_admin": (
        N_("Only the team's admins can do that: %(admins)s. Ask one of them."),
        N_("Only an admin of the team can do that."),
    ),
    "not_playing": (
        N_("You don't play in %(team)s yet. `/hat join` lets you in."),
        N_("You don't play in this team yet. `/hat join` lets you in."),
    ),
    "cannot_join": (N_("Only full members of this workspace can do that, not guests or apps."),),
    "slack_silent_about": (N_("I couldn't ask Slack who that is just now. Try again in a minute."),),
    "slack_silent": (N_("I couldn't ask Slack who you are just now. Try again in a minute."),),
    "channel_has_team": (
        N_("This is %(team)s's channel already. `/hat join` lets you in."),
        N_("This channel has a team already. `/hat join` lets you in."),
    ),
    "tokens_full": (N_("The team has as many tokens as it can have. Revoke one that is not needed any more."),),
    "token_gone": (N_("That token has been revoked already."),),
    "something_failed": (
        N_(
            "Something went wrong on my side, and nothing was changed. Try again in a minute. "
            "(Reference: %(reference)s)"
        ),
        N_("Something went wrong on my side, and nothing was changed. Try again in a minute."),
    ),
    "stored_not_shown": (
        N_("That is stored, but something went wrong when I tried to show it. (Reference: %(reference)s)"),
        N_("That is stored, but something went wrong when I tried to show it."),
    ),
}
