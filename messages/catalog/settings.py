"""The form for one's own settings."""

from typing import Any, Final

from messages import environment, ids
from messages.escaping import mrkdwn
from messages.formats import WEEKDAYS, Formats
from messages.forms import Field, Option
from messages.i18n import LANGUAGES, language_of, translations
from messages.languages import language as described
from messages.settings_content import MySettings

TEAMS_TIME: Final = "team"
ON: Final = "on"
SLACKS: Final = "slack"


def my_settings_modal(shown: MySettings, *, language: str) -> dict[str, Any]:
    """Give the form for what somebody sets for themselves."""
    gettext = translations(language).gettext
    return environment.view(
        "form",
        language,
        callback=ids.MY_SETTINGS_SUBMIT,
        state=shown.state,
        title=gettext("My settings"),
        intro=[mrkdwn(shown.team, 100), gettext("The times are on your own clock.")],
        fields=_fields(shown, language_of(language)),
        submit=gettext("Save"),
    )


def _fields(shown: MySettings, language: str) -> tuple[Field, ...]:
    gettext, formats = translations(language).gettext, Formats(language)
    reaches = (
        Option("dm", gettext("In a direct message")),
        Option("thread", gettext("By a mention in the question's thread")),
    )
    at_team = formats.weekly(shown.team_prompt) or gettext("never")
    days = (
        Option(TEAMS_TIME, gettext("At the team's time: %(time)s") % {"time": at_team}),
        *(Option(day, formats.weekday(number)) for number, day in enumerate(WEEKDAYS)),
    )
    day, _, time = shown.prompt.partition(" ")
    fields = (
        Field("reach", gettext("How questions reach you"), "menu", options=reaches, initial=shown.reach),
        Field(
            "prompt_day",
            gettext("When you are asked for your numbers"),
            "menu",
            options=days,
            initial=day or TEAMS_TIME,
        ),
        Field(
            "prompt_time",
            gettext("At what time"),
            "time",
            hint=gettext("Only where you have chosen a day of your own."),
            initial=time,
            optional=True,
        ),
        Field(
            "locale",
            gettext("Language"),
            "menu",
            options=(
                Option(SLACKS, gettext("As in Slack: %(language)s") % {"language": described(shown.slack_locale).name}),
                *(Option(code, described(code).name) for code in LANGUAGES),
            ),
            initial=shown.locale or SLACKS,
        ),
        Field(
            "reminders",
            gettext("Reminders"),
            "boxes",
            options=(Option(ON, gettext("Remind me once when numbers are missing")),),
            optional=True,
            ticked=(ON,) * shown.reminders,
        ),
    )
    if shown.hat_check is None:
        return fields
    check = (Option(ON, gettext("Ask me every week which hats I wore")),)
    return (
        *fields,
        Field("hat_check", gettext("Hat check"), "boxes", options=check, optional=True, ticked=(ON,) * shown.hat_check),
    )
