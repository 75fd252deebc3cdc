"""Where a value came from, when nobody typed it."""

from messages.content import KpiValue
from messages.escaping import plain
from messages.i18n import N_, language_of, translations

_SENT = {"api": N_("sent by a program"), "import": N_("from an imported file")}


def origin(kpi: KpiValue, language: str) -> str:
    """Say in plain text where a KPI's value came from; nothing when a person reported it."""
    gettext = translations(language_of(language)).gettext
    if kpi.origin == "pull":
        return gettext("read from %(host)s") % {"host": plain(kpi.origin_host, 60)}
    return gettext(_SENT[kpi.origin]) if kpi.origin in _SENT else ""
