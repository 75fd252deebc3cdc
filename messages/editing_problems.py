"""What is said at a field of a form: one table, name to sentence. Plain text: Slack formats nothing there."""

from collections.abc import Mapping
from typing import Any, Final

from messages.content import Person
from messages.escaping import plain
from messages.i18n import N_, language_of, translations
from messages.people import Naming

SENTENCES: Final[Mapping[str, str]] = {
    "name_empty": N_("A name needs at least one letter or digit."),
    "too_long": N_("This is too long: write at most %(limit)s characters."),
    "too_many": N_("These are too many: write at most %(limit)s."),
    "name_taken": N_("“%(name)s” is a name of the hat %(hat)s already. Choose another one."),
    "name_archived": N_(
        "“%(name)s” is a name of the hat %(hat)s, which has been put away: `/hat restore %(slug)s` brings it back."
    ),
    "kpi_taken": N_("The team has a KPI called “%(name)s” already. Choose another name."),
    "target_without_name": N_("Name the KPI whose target this is."),
    "reason_missing": N_("Write why: one sentence helps the owner to agree."),
    "reason_for_week": N_("Write why this week is different: whoever reads the number later wants to know."),
    "definition_first": N_("Save what the KPI measures first; then write the target of a single week."),
    "currency_unknown": N_("I know no currency “%(text)s”. Write its code, such as SEK, EUR or JPY."),
    "formula_unreadable": N_("I can't compute “%(part)s”. Use the team's KPIs, numbers, + - * / ( ), min and max."),
    "formula_unknown": N_("I know no KPI “%(part)s” in this team. Write its name as `/hat kpi` shows it."),
    "formula_without_kpi": N_("A formula is made of at least one of the team's KPIs, for example Deals / Meetings."),
    "formula_too_long": N_("This formula is too long: use at most %(limit)s names, numbers and signs."),
    "formula_loop": N_("The KPIs would be computed from each other in a circle: %(loop)s."),
    "lag_range": N_("A lag is a whole number of weeks from 0 to 52."),
    "link_to_itself": N_("A KPI that feeds itself needs a lag of at least one week."),
    "link_loop": N_("The loop %(loop)s would take no time. Give one of its links a lag of at least one week."),
    "rate_negative": N_("A rate can't be below zero."),
    "time_missing": N_("Choose a time for that day as well."),
    "working_days_missing": N_("Choose at least one working day."),
    "work_ends_first": N_("The working day must end after it begins."),
    "holidays_unknown": N_(
        "I know no public holidays of “%(text)s”. Write a country such as Sweden or SE, or a region such as DE-BY."
    ),
    "edit_weeks_range": N_("Write a number of weeks from 0 to 52."),
    "answer_hours_range": N_("Write a whole number of hours from 1 to 80."),
    "hat_unknown": N_("I know no hat called “%(name)s”. `/hat list` shows them all."),
    "zone_unknown": N_(
        "I know no time zone “%(text)s”. Write for example Europe/Stockholm, or the name of a big city."
    ),
    "time_unreadable": N_("Write a weekday and a time, for example %(example)s, or leave it empty to switch it off."),
    "channel_taken": N_("This is the channel of the team %(team)s already. Choose another one."),
    "channel_unknown": N_("Choose a channel of this workspace."),
    "team_taken": N_("There is a team called %(name)s already. Choose another name."),
    "source_address_unreadable": N_("This is not an address that I can read. Copy it from your browser."),
    "source_address_scheme": N_("An address begins with https:// or http://."),
    "source_address_secret": N_("Leave name and password out of the address: others would see them here."),
    "source_expression_unreadable": N_("“%(text)s” is not an expression that I understand."),
    "source_expression_too_powerful": N_("“%(text)s” can do more than finding values, so I leave it out."),
    "source_no_expression": N_("Say where the values stand."),
    "percent_unreadable": N_("Write a percentage, such as +10 or −5."),
    "percent_range": N_("Write a percentage from −100 to +1,000."),
    "choice_unknown": N_("Choose one of the options."),
    "place_missing": N_("Choose where the new hat plays."),
}


def sentence(name: str, values: Mapping[str, Any], language: str) -> str:
    """Say what is wrong with a field, in plain text.

    Raises:
        KeyError: The table has no such problem.
    """
    spoken = language_of(language)
    naming = Naming(spoken)
    told = {
        key: naming.plainly(value) if isinstance(value, Person) else plain(str(value), 80)
        for key, value in values.items()
    }
    return plain(translations(spoken).gettext(SENTENCES[name]) % told, 290)
