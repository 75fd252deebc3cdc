"""The forms behind the App Home's buttons."""

from typing import Any, Final

from messages import environment, ids
from messages.escaping import mrkdwn
from messages.forms import MOST_OPTIONS, Field, Option
from messages.home_content import HomeForm
from messages.i18n import N_, language_of, speech

# Each form's title, and the command that does the same.
_TITLES: Final = {
    "away": (N_("Being away"), "away until Friday"),
    "deputy": (N_("Deputy"), "deputy"),
    "of": (N_("A colleague's hats"), "of"),
    "people": (N_("Admins and members"), "admin"),
    "unlink": (N_("Take a link away"), "unlink"),
    "restore": (N_("Bring a hat back"), "restore"),
    "archive-kpi": (N_("Put a KPI away"), "kpi archive"),
    "listen": (N_("Listen in a channel"), "listen"),
    "check": (N_("Hat check for all"), "check team off"),
}
_MOST_LETTERS: Final = 150  # of an option's value


def home_form(shown: HomeForm, *, language: str) -> dict[str, Any]:
    """Give the form that asks for what a command still needs."""
    spoken = language_of(language)
    gettext = speech(spoken)[0]
    title, command = _TITLES[shown.name]
    about = [f"*{mrkdwn(shown.about, 100)}*"] if shown.about else []
    return environment.view(
        "form",
        spoken,
        callback=ids.HOME_SUBMIT,
        state=shown.state,
        title=gettext(title),
        intro=[*about, gettext("The same as `/hat %(command)s`", command=command)],
        fields=_fields(shown, spoken),
        submit=gettext("Do it"),
    )


def _fields(shown: HomeForm, language: str) -> tuple[Field, ...]:
    _ = speech(language)[0]
    options = tuple(Option(value, text) for value, text in shown.options[:MOST_OPTIONS] if len(value) <= _MOST_LETTERS)
    person = Field("person", _("Who"), "person")
    match shown.name:
        case "away":
            return (Field("until", _("The day on which you are back"), "date"),)
        case "deputy":
            hint = _("Leave it empty, and nobody stands in.")
            return (Field("person", _("Who stands in"), "person", hint=hint, optional=True),)
        case "people":
            what = (
                Option("admin", _("Make them an admin")),
                Option("unadmin", _("Be an admin no more")),
                Option("remove", _("Take them out of the team")),
            )
            return (Field("what", _("What to do"), "menu", options=what), person)
        case "unlink":
            return (Field("link", _("Link"), "menu", options=options),)
        case "restore":
            return (Field("hat", _("Hat"), "menu", options=options),)
        case "archive-kpi":
            hint = _("Needed when the hat is somebody else's: they are asked first.")
            return (Field("reason", _("Why"), hint=hint, optional=True, multiline=True, longest=500),)
        case "listen":
            modes = (
                Option("answer", _("Answer questions about who owns what")),
                Option("offer", _("Offer the answer to the one who asks")),
                Option("mentions", _("Only when I am mentioned")),
            )
            return (Field("channel", _("Channel"), "channel"), Field("mode", _("How"), "menu", options=modes))
        case "check":
            on = (Option("on", _("Ask everybody every week")), Option("off", _("Ask nobody")))
            return (Field("on", _("Hat check"), "menu", options=on),)
        case _:
            return (person,)
