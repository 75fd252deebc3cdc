"""The fields of each form, in the reader's language."""

from typing import Final

from messages.editing_content import HatForm, LinkForm, TeamForm
from messages.formats import Formats
from messages.forms import MOST_OPTIONS, Field, Option
from messages.i18n import translations
from messages.kpi_fields import unit_options
from messages.languages import LANGUAGES
from messages.languages import language as described
from messages.people import Naming, channel
from messages.settings_content import WorkingTime

POSITIONS: Final = ("defender", "midfielder", "forward", "libero")
SIDES: Final = ("sales", "marketing")
_LONGEST_NAME = 80


def hat_fields(form: HatForm, language: str) -> tuple[Field, ...]:
    """Give the fields for a hat; a new one also has those of its first KPI."""
    gettext = translations(language).gettext
    fields = (
        Field("name", gettext("Name"), initial=form.name, longest=_LONGEST_NAME),
        Field(
            "slug",
            gettext("Short name for commands"),
            hint=gettext("Leave it empty to make it from the name."),
            initial=form.slug,
            optional=True,
            longest=_LONGEST_NAME,
        ),
        Field(
            "aliases",
            gettext("Other names"),
            hint=gettext("With commas between them: whatever people call it."),
            initial=", ".join(form.aliases),
            optional=True,
            longest=2000,
        ),
        *place_fields(language, form.side, form.position),
        Field("ask_about", gettext("Ask about"), initial=form.ask_about, optional=True, multiline=True, longest=500),
    )
    return fields + _first_kpi(language) if form.is_new else fields


def place_fields(
    language: str, side: str = "sales", position: str = "midfielder", *, hint: str = "", optional: bool = False
) -> tuple[Field, ...]:
    """Give the fields for where a hat plays; with "" nothing is chosen yet."""
    gettext, naming = translations(language).gettext, Naming(language)
    sides = tuple(Option(one, _capital(naming.side(one))) for one in SIDES)
    positions = tuple(Option(one, naming.position(one)) for one in POSITIONS)
    return (
        Field("side", gettext("Side"), "menu", hint=hint, options=sides, initial=side, optional=optional),
        Field(
            "position", gettext("Position"), "menu", hint=hint, options=positions, initial=position, optional=optional
        ),
    )


def link_fields(form: LinkForm, language: str) -> tuple[Field, ...]:
    """Give the fields for a link."""
    gettext, formats = translations(language).gettext, Formats(language)
    ends = tuple(Option(slug, name) for slug, name in form.kpis[:MOST_OPTIONS])
    rate = "" if form.rate is None else formats.typed(form.rate)
    return (
        Field("from", gettext("This KPI"), "menu", options=ends, initial=form.upstream),
        Field("to", gettext("feeds this one"), "menu", options=ends, initial=form.downstream),
        Field("lag", gettext("How many weeks later?"), initial=str(form.lag), longest=10, optional=True),
        Field(
            "lag_unknown",
            gettext("Is that known?"),
            "boxes",
            hint=gettext("Until the numbers show how many, the weeks above count."),
            options=(Option("unknown", gettext("No: look for it in the numbers")),),
            on=not form.lag_known,
            optional=True,
        ),
        Field(
            "rate",
            gettext("How many come of one?"),
            hint=gettext("Leave it empty to have it worked out from what is reported."),
            initial=rate,
            optional=True,
            longest=100,
        ),
    )


def team_fields(form: TeamForm, language: str) -> tuple[Field, ...]:
    """Give the fields for a team."""
    gettext, formats = translations(language).gettext, Formats(language)
    off = gettext("Leave it empty to switch it off.")
    languages = tuple(Option(code, described(code).name) for code in LANGUAGES)
    times = (
        ("prompt", gettext("When owners are asked for their numbers"), form.prompt),
        ("reminder", gettext("When those who are missing are reminded"), form.reminder),
        ("digest", gettext("When the channel sees the digest"), form.digest),
    )
    return (
        Field("name", gettext("The team's name"), initial=form.name, longest=_LONGEST_NAME),
        Field("locale", gettext("Language in the channel"), "menu", options=languages, initial=form.locale),
        Field("timezone", gettext("Time zone"), initial=form.timezone, longest=64),
        Field(
            "channel",
            gettext("The team's channel"),
            "channel",
            hint=gettext("The digest is posted there every week."),
            initial=form.channel if channel(form.channel) else "",
            optional=True,
        ),
        *(
            Field(name, label, hint=off, initial=formats.weekly(time), optional=True, longest=40)
            for name, label, time in times
        ),
        *(_working_fields(form.working, language) if form.working else ()),
    )


def _working_fields(working: WorkingTime, language: str) -> tuple[Field, ...]:
    """Give the fields for when a team works, and when it is asked: what reminders go by."""
    gettext, formats = translations(language).gettext, Formats(language)
    days = tuple(Option(str(number + 1), formats.weekday(number)) for number in range(7))
    return (
        Field("working_days", gettext("Working days"), "boxes", options=days, ticked=tuple(working.days)),
        Field("work_starts", gettext("The working day begins"), "time", initial=working.starts),
        Field("work_ends", gettext("The working day ends"), "time", initial=working.ends),
        Field(
            "holidays",
            gettext("Public holidays"),
            hint=gettext("A country or region, such as Sweden, SE or DE-BY. Leave it empty for none."),
            initial=working.holidays,
            optional=True,
            longest=80,
        ),
        Field(
            "answer_hours",
            gettext("Working hours until a reminder of a question"),
            initial=str(working.answer_hours),
            longest=10,
        ),
        Field("quiet_from", gettext("Nobody is asked for numbers from"), "time", initial=working.quiet_from),
        Field("quiet_until", gettext("Nobody is asked for numbers until"), "time", initial=working.quiet_until),
        Field(
            "edit_weeks",
            gettext("Weeks back in which numbers can be reported or changed"),
            initial=str(working.edit_weeks),
            longest=10,
        ),
    )


def _first_kpi(language: str) -> tuple[Field, ...]:
    gettext = translations(language).gettext
    units = unit_options(language)
    return (
        Field(
            "kpi",
            gettext("Its first KPI"),
            hint=gettext("What the hat's owner reports every week."),
            optional=True,
            longest=_LONGEST_NAME,
        ),
        Field("unit", gettext("Unit"), "menu", options=units, initial=units[0].value),
        Field("target", gettext("Target per week"), optional=True, longest=100),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
