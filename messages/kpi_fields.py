"""The fields of a KPI's form, in the reader's language: what most KPIs need first, the rest with what is usual."""

import re
from collections.abc import Mapping
from typing import Final

from messages.definitions import CADENCES, DIRECTIONS, SHOWN_AS
from messages.editing_content import KpiForm
from messages.escaping import cut, plain
from messages.formats import Formats
from messages.forms import MOST_OPTIONS, Field, Option
from messages.i18n import translations

CURRENCIES: Final = ("SEK", "EUR", "USD", "GBP", "NOK", "DKK", "CHF", "PLN")
MOST_DECIMALS: Final = 6
FIRST: Final = "-"  # stands for 'nothing before it': Slack wants a value
GOAL: Final = "goal"
ONWARDS: Final = "on"  # a target that holds from this week on
OTHER_MONEY: Final = "money"
_LONGEST_NAME = 80
_LONGEST_FORMULA = 300
_CURRENCY = re.compile(r"[A-Z]{3}")


def kpi_fields(form: KpiForm, language: str) -> tuple[Field, ...]:
    """Give the fields for a KPI, or only those for its target."""
    gettext, formats = translations(language).gettext, Formats(language)
    example = gettext("Such as 100, at most 5, under 3 days or 10–20.")
    keep = gettext("Leave it empty to keep the target as it is.")
    target = (
        Field(
            "target",
            gettext("Target"),
            hint=example if form.is_new else f"{example} {keep}",
            initial=formats.typed_target(form.kpi),
            optional=True,
            longest=100,
        ),
        *([_holds(form, language)] if form.weeks else []),
    )
    why = form.asked is not None or form.weeks
    reason = [Field("reason", gettext("Why?"), optional=form.may_define, multiline=True)] if why else []
    if not form.may_define:
        return (*target, *reason)
    return (*_measured(form, language), *target, *_further(form, language), *reason)


def unit_options(language: str, own: str | None = None) -> tuple[Option, ...]:
    """Give the units, money with the currencies that are usual and a KPI's own."""
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
        Option("duration", gettext("A duration")),
    )


def unit_value(unit: str, currency: str | None) -> str:
    """Give the value of a unit's option: money goes with its currency."""
    return f"{unit}:{currency}" if unit == "money" and currency else unit


def _holds(form: KpiForm, language: str) -> Field:
    gettext, formats = translations(language).gettext, Formats(language)
    weeks = (Option(week, gettext("Only %(week)s") % {"week": formats.weekname(week)}) for week in form.weeks)
    options = (Option(ONWARDS, gettext("From this week on")), *weeks)
    return Field("holds", gettext("When the target holds"), "menu", options=options, initial=ONWARDS)


def _measured(form: KpiForm, language: str) -> tuple[Field, ...]:
    gettext, kpi = translations(language).gettext, form.kpi
    units = (*unit_options(language, kpi.currency), Option(OTHER_MONEY, gettext("Money, another currency")))
    return (
        Field("name", gettext("Name"), initial=cut(kpi.name, _LONGEST_NAME), longest=_LONGEST_NAME),
        Field("unit", gettext("Unit"), "menu", options=units, initial=unit_value(kpi.unit, kpi.currency)),
        Field(
            "currency",
            gettext("Another currency"),
            hint=gettext("Only for money in a currency that is not in the list: its code, such as JPY."),
            optional=True,
            longest=10,
        ),
        Field("direction", gettext("Direction"), "menu", options=_options(DIRECTIONS, language), initial=kpi.direction),
    )


def _further(form: KpiForm, language: str) -> tuple[Field, ...]:
    gettext = translations(language).gettext
    decimals = tuple(Option(str(number), str(number)) for number in range(MOST_DECIMALS + 1))
    goal = (Option(GOAL, gettext("This is what the whole chain works for")),)
    formula = gettext(
        "Leave it empty for a number that the owner reports. Or for example Deals / Meetings, or 100 * Deals / "
        "Meetings for percent: the team's KPIs, numbers, + - * / ( ) min max."
    )
    return (
        Field("cadence", gettext("How often"), "menu", options=_options(CADENCES, language), initial=form.cadence),
        Field(
            "formula",
            gettext("Computed from other KPIs"),
            hint=formula,
            initial=form.formula,
            optional=True,
            longest=_LONGEST_FORMULA,
        ),
        Field("decimals", gettext("Decimals"), "menu", options=decimals, initial=str(form.kpi.decimals)),
        Field(
            "shown_as",
            gettext("Its chart shows"),
            "menu",
            options=_options(SHOWN_AS, language),
            initial=form.shown_as,
        ),
        Field(
            "after", gettext("Place in the chain"), "menu", options=_places(form, language), initial=form.after or FIRST
        ),
        *(
            [Field("goal", gettext("The goal"), "boxes", options=goal, optional=True, on=form.is_goal)]
            if form.may_set_goal
            else []
        ),
    )


def _options(words: Mapping[str, str], language: str) -> tuple[Option, ...]:
    gettext = translations(language).gettext
    return tuple(Option(value, gettext(text)) for value, text in words.items())


def _places(form: KpiForm, language: str) -> tuple[Option, ...]:
    gettext = translations(language).gettext
    known = form.chain
    if len(known) >= MOST_OPTIONS:  # the place that it has must be among them
        known = tuple(one for one in known if one[0] == form.after) + known[: MOST_OPTIONS - 2]
    after = dict.fromkeys((slug, gettext("After %(kpi)s") % {"kpi": plain(name, 60)}) for slug, name in known)
    return (Option(FIRST, gettext("First")), *(Option(slug, text) for slug, text in after))
