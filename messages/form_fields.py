"""The fields of each form, in the reader's language."""

import re
from typing import Final

from messages.editing_content import HatForm, KpiForm, LinkForm, TeamForm
from messages.escaping import cut, plain
from messages.formats import Formats
from messages.forms import MOST_OPTIONS, Field, Option
from messages.i18n import translations
from messages.people import Naming, channel
from messages.settings_content import WorkingTime

POSITIONS: Final = ("defender", "midfielder", "forward", "libero")
SIDES: Final = ("sales", "marketing")
CURRENCIES: Final = ("SEK", "EUR", "USD", "GBP", "NOK", "DKK", "CHF", "PLN")
LANGUAGE_NAMES: Final = (("en", "English"), ("sv", "Svenska"))
MOST_DECIMALS: Final = 6
FIRST: Final = "-"  # stands for 'nothing before it': Slack wants a value
GOAL: Final = "goal"
_LONGEST_NAME = 80
_CURRENCY = re.compile(r"[A-Z]{3}")


def hat_fields(form: HatForm, language: str) -> tuple[Field, ...]:
    """Give the fields for a hat; a new one also has those of its first KPI."""
    gettext, naming = translations(language).gettext, Naming(language)
    sides = tuple(Option(side, _capital(naming.side(side))) for side in SIDES)
    positions = tuple(Option(position, naming.position(position)) for position in POSITIONS)
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
        Field("side", gettext("Side"), "menu", options=sides, initial=form.side),
        Field("position", gettext("Position"), "menu", options=positions, initial=form.position),
        Field("ask_about", gettext("Ask about"), initial=form.ask_about, optional=True, multiline=True, longest=500),
    )
    return fields + _first_kpi(language) if form.is_new else fields


def kpi_fields(form: KpiForm, language: str) -> tuple[Field, ...]:
    """Give the fields for a KPI, or only those for its target."""
    gettext, formats = translations(language).gettext, Formats(language)
    target = "" if form.kpi.target is None else formats.typed(form.kpi.target)
    hint = "" if form.is_new else gettext("Leave it empty to keep the target as it is.")
    last = (
        Field("target", gettext("Target per week"), hint=hint, initial=target, optional=True, longest=100),
        *(
            [Field("reason", gettext("Why?"), optional=form.may_define, multiline=True)]
            if form.asked is not None
            else []
        ),
    )
    return (*_definition(form, language), *last) if form.may_define else last


def link_fields(form: LinkForm, language: str) -> tuple[Field, ...]:
    """Give the fields for a link."""
    gettext, formats = translations(language).gettext, Formats(language)
    ends = tuple(Option(slug, name) for slug, name in form.kpis[:MOST_OPTIONS])
    rate = "" if form.rate is None else formats.typed(form.rate)
    return (
        Field("from", gettext("This KPI"), "menu", options=ends, initial=form.upstream),
        Field("to", gettext("feeds this one"), "menu", options=ends, initial=form.downstream),
        Field("lag", gettext("How many weeks later?"), initial=str(form.lag), longest=10),
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
    languages = tuple(Option(value, text) for value, text in LANGUAGE_NAMES)
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
    """Give the fields for when a team works: what reminders of questions go by."""
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
    )


def _first_kpi(language: str) -> tuple[Field, ...]:
    gettext = translations(language).gettext
    units = _units(language)
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


def _definition(form: KpiForm, language: str) -> tuple[Field, ...]:
    gettext, kpi = translations(language).gettext, form.kpi
    directions = (Option("higher", gettext("More is better")), Option("lower", gettext("Less is better")))
    decimals = tuple(Option(str(number), str(number)) for number in range(MOST_DECIMALS + 1))
    goal = (Option(GOAL, gettext("This is what the whole chain works for")),)
    return (
        Field("name", gettext("Name"), initial=cut(kpi.name, _LONGEST_NAME), longest=_LONGEST_NAME),
        Field(
            "unit",
            gettext("Unit"),
            "menu",
            options=_units(language, kpi.currency),
            initial=unit_value(kpi.unit, kpi.currency),
        ),
        Field("direction", gettext("Direction"), "menu", options=directions, initial=kpi.direction),
        Field("decimals", gettext("Decimals"), "menu", options=decimals, initial=str(kpi.decimals)),
        Field(
            "after", gettext("Place in the chain"), "menu", options=_places(form, language), initial=form.after or FIRST
        ),
        *(
            [Field("goal", gettext("The goal"), "boxes", options=goal, optional=True, on=form.is_goal)]
            if form.may_set_goal
            else []
        ),
    )


def _units(language: str, own: str | None = None) -> tuple[Option, ...]:
    gettext = translations(language).gettext
    currencies = dict.fromkeys([*CURRENCIES, *([own] if own and _CURRENCY.fullmatch(own) else [])])
    return (
        Option("count", gettext("A number")),
        *(
            Option(unit_value("money", currency), gettext("Money, %(currency)s") % {"currency": plain(currency, 5)})
            for currency in currencies
        ),
        Option("percent", gettext("Percent")),
        Option("ratio", gettext("A ratio")),
        Option("duration", gettext("Hours")),
    )


def unit_value(unit: str, currency: str | None) -> str:
    """Give the value of a unit's option: money goes with its currency."""
    return f"{unit}:{currency}" if unit == "money" and currency else unit


def _places(form: KpiForm, language: str) -> tuple[Option, ...]:
    gettext = translations(language).gettext
    known = form.chain
    if len(known) >= MOST_OPTIONS:  # the place that it has must be among them
        known = tuple(one for one in known if one[0] == form.after) + known[: MOST_OPTIONS - 2]
    after = dict.fromkeys((slug, gettext("After %(kpi)s") % {"kpi": plain(name, 60)}) for slug, name in known)
    return (Option(FIRST, gettext("First")), *(Option(slug, text) for slug, text in after))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
