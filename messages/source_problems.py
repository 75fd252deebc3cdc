"""Why a source cannot be read: one table, name to sentence. Plain text, for fields, messages and forms alike."""

from collections.abc import Mapping
from typing import Final

from messages import editing_problems
from messages.escaping import mrkdwn, plain
from messages.i18n import N_, language_of, translations

SENTENCES: Final[Mapping[str, str]] = {
    **{
        name.removeprefix("source_"): text
        for name, text in editing_problems.SENTENCES.items()
        if name.startswith("source_")
    },
    "address_private": N_("“%(host)s” lies inside a private network, and I only read what is on the internet."),
    "busy": N_("Others are trying their addresses right now. Try it again in a moment."),
    "certificate": N_("The certificate of “%(host)s” is not valid, so I don't trust what it sends."),
    "column_twice": N_("Several columns are called “%(text)s”. Give one of them another name."),
    "encoded": N_("The address sends its content compressed, and I can't read that."),
    "expression_failed": N_("“%(text)s” finds nothing that can be counted there."),
    "host_unknown": N_("There is no “%(host)s” on the internet, or it can't be found right now."),
    "lengths_differ": N_("The expressions find %(weeks)s weeks and %(values)s values; each week needs one value."),
    "no_column": N_("There is no column called “%(text)s” in the first row."),
    "no_value": N_("There is no value there yet."),
    "no_week": N_("“%(text)s” is no week. Write weeks like 2026-W48, or a date like 2026-11-23."),
    "not_csv": N_("This is not a CSV file that I can read."),
    "not_json": N_("This is not JSON."),
    "not_public": N_("The address may not be read by everybody. Publish the sheet to the web, or share it by link."),
    "not_text": N_("This is not text in UTF-8."),
    "not_there": N_("There is nothing at this address any more (%(status)s)."),
    "status": N_("The server answers with an error (%(status)s)."),
    "too_large": N_("There is more than %(limit)s MB at this address, and I read no more than that."),
    "too_many_redirects": N_("The address leads from one to the next and never to a page."),
    "too_much": N_("There is so much there that finding “%(text)s” takes too long. Write it shorter, or take less."),
    "too_slow": N_("“%(host)s” took too long to answer."),
    "unreachable": N_("“%(host)s” can't be reached."),
    "value_unreadable": N_("“%(text)s” for %(week)s is not a number that I can take."),
    "web_page": N_("The address shows a web page and no table. Use the link of the CSV file, or a published sheet."),
    "week_missing": N_("There are several values. Say where their weeks stand."),
    "week_twice": N_("%(week)s stands there more than once. Each week needs one row."),
}
_LONGEST: Final = 60


def sentence(name: str, values: Mapping[str, str], language: str) -> str:
    """Say why a source cannot be read, in mrkdwn.

    Raises:
        KeyError: The table has no such problem.
    """
    told = {key: plain(value, _LONGEST) for key, value in values.items()}
    spoken = translations(language_of(language)).gettext(SENTENCES[name])
    return mrkdwn(spoken % told, 300)
