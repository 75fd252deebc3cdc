"""What the lines of the audit log say: a sentence for each action, and words for the fields and values that changed.

A new action is a line here and its translation. `%(who)s` made the change, `%(what)s` is what was changed.
"""

import re
from collections.abc import Mapping
from typing import Final

from messages.content import Person
from messages.escaping import NOTHING, mrkdwn
from messages.formats import Formats
from messages.i18n import N_, language_of, translations
from messages.life_content import AuditLine
from messages.people import Naming, channel

SENTENCES: Final[Mapping[str, str]] = {
    "agreement.kept": N_("%(who)s kept the hat %(what)s as it was agreed"),
    "channel.listening": N_("%(who)s changed how I listen in %(what)s"),
    "hat.added": N_("%(who)s added the hat %(what)s"),
    "digest.posted_again": N_("%(who)s posted the digest of %(what)s again"),
    "hat.archived": N_("%(who)s put the hat %(what)s away"),
    "hat.changed": N_("%(who)s changed the hat %(what)s"),
    "hat.deputy": N_("%(who)s changed who stands in for the hat %(what)s"),
    "hat.owner": N_("%(who)s settled who owns the hat %(what)s"),
    "hat.restored": N_("%(who)s brought the hat %(what)s back"),
    "hat.taken_off": N_("%(who)s took the hat %(what)s off"),
    "hat.worn": N_("%(who)s put the hat %(what)s on"),
    "kpi.added": N_("%(who)s added the KPI %(what)s"),
    "kpi.archived": N_("%(who)s put the KPI %(what)s away"),
    "kpi.changed": N_("%(who)s changed the KPI %(what)s"),
    "kpi.restored": N_("%(who)s brought the KPI %(what)s back"),
    "kpi.target": N_("%(who)s changed the target of the KPI %(what)s"),
    "link.added": N_("%(who)s linked %(what)s"),
    "link.changed": N_("%(who)s changed the link %(what)s"),
    "link.removed": N_("%(who)s removed the link %(what)s"),
    "member.added": N_("%(who)s added %(what)s to the team"),
    "member.admin": N_("%(who)s settled whether %(what)s is an admin"),
    "member.away": N_("%(who)s noted that %(what)s is away"),
    "member.back": N_("%(who)s noted that %(what)s is back"),
    "member.changed": N_("%(who)s changed what is known of %(what)s"),
    "member.deactivated": N_("%(what)s was deactivated in Slack and left the team"),
    "member.joined": N_("%(what)s joined the team"),
    "member.left": N_("%(what)s left the team"),
    "member.settings": N_("%(who)s changed how they are reached and asked"),
    "member.removed": N_("%(who)s took %(what)s out of the team"),
    "readings.pulled": N_("The numbers of %(what)s were read from its source"),
    "source.removed": N_("%(who)s stopped reading the KPI %(what)s from elsewhere"),
    "source.set": N_("%(who)s set where the KPI %(what)s is read"),
    "proposal.accepted": N_("%(who)s accepted an offer about the hat %(what)s"),
    "proposal.countered": N_("%(who)s answered an offer about the hat %(what)s with other terms"),
    "proposal.declined": N_("%(who)s said no to an offer about the hat %(what)s"),
    "proposal.offered": N_("%(who)s made an offer about the hat %(what)s"),
    "proposal.put_off": N_("%(who)s put off the answer to an offer about the hat %(what)s"),
    "proposal.withdrawn": N_("%(who)s ended an offer about the hat %(what)s"),
    "question.passed_on": N_("%(who)s passed a question on"),
    "readings.received": N_("%(what)s delivered numbers"),
    "team.added": N_("%(who)s set the team up"),
    "team.changed": N_("%(who)s changed the team"),
    "team.goal": N_("%(who)s changed which KPI is the goal"),
    "team.hat_check": N_("%(who)s settled whether the weekly hat check is asked"),
    "team.restored": N_("%(who)s brought the team back"),
    "team.settings": N_("%(who)s changed the team's settings"),
    "token.created": N_("%(who)s made the access token %(what)s"),
    "token.revoked": N_("%(who)s took back the access token %(what)s"),
}
_OTHERWISE: Final = N_("%(who)s changed %(what)s")
FIELDS: Final[Mapping[str, str]] = {
    "admin": N_("admin"),
    "aliases": N_("also called"),
    "answer_hours": N_("working hours until a reminder"),
    "ask_about": N_("what to ask about"),
    "cadence": N_("how often"),
    "candidate": N_("the owner would be"),
    "channel": N_("channel"),
    "corrected": N_("corrected numbers"),
    "currency": N_("currency"),
    "decimals": N_("decimals"),
    "deputy": N_("deputy"),
    "digest": N_("digest"),
    "direction": N_("direction"),
    "edit_weeks": N_("weeks in which numbers can be changed"),
    "feeds": N_("feeds"),
    "formula": N_("formula"),
    "from": N_("from week"),
    "goal": N_("goal"),
    "hat": N_("hat"),
    "hat_check": N_("hat check"),
    "holidays": N_("public holidays"),
    "host": N_("read from"),
    "lag_known": N_("weeks known"),
    "locale": N_("language"),
    "member": N_("in the team"),
    "mode": N_("listening"),
    "name": N_("name"),
    "new": N_("new numbers"),
    "only": N_("only in week"),
    "order": N_("order"),
    "own_locale": N_("own language"),
    "owner": N_("owner"),
    "position": N_("position"),
    "prefix": N_("begins with"),
    "prompt": N_("prompt"),
    "quiet_from": N_("quiet from"),
    "quiet_until": N_("quiet until"),
    "rate": N_("rate"),
    "reach": N_("questions come by"),
    "reminder": N_("reminder"),
    "reminders": N_("reminders"),
    "review": N_("next review"),
    "shown_as": N_("the chart shows"),
    "side": N_("side"),
    "slug": N_("short name"),
    "target": N_("target"),
    "timezone": N_("time zone"),
    "to": N_("to"),
    "unit": N_("unit"),
    "until": N_("until"),
    "values": N_("where the values stand"),
    "wearer": N_("worn by"),
    "wearers": N_("worn by"),
    "weeks": N_("where the weeks stand"),
    "weeks_later": N_("weeks later"),
    "work_ends": N_("working day until"),
    "work_starts": N_("working day from"),
    "working_days": N_("working days"),
}
_VALUES: Final[Mapping[str, str]] = {
    "yes": N_("yes"),
    "no": N_("no"),
    "nobody": N_("nobody"),
    "none": N_("none"),
    "dm": N_("direct message"),
    "thread": N_("mention in the thread"),
}
_HIDDEN: Final = frozenset({"proposal"})  # numbers that only the database needs
_WITHOUT_A_NAME: Final = frozenset({"added", "archived", "removed", "restored"})
_SUFFIX: Final = re.compile(r"_(?:at|id)$")
_TARGET_FROM: Final = re.compile(r"target from (\S+) on")
_MOST_CHANGES = 6


def sentence(line: AuditLine, language: str) -> str:
    """Say in mrkdwn who did what, without a ping."""
    spoken = language_of(language)
    words = SENTENCES.get(line.action, _OTHERWISE)
    what = channel(line.subject) or mrkdwn(line.subject, 80)
    return translations(spoken).gettext(words) % {"who": _actor(line.actor, spoken), "what": f"*{what}*"}


def changes(line: AuditLine, language: str) -> str:
    """Say in mrkdwn which fields differ, as `name: before → after`; nothing when none do."""
    shown = [change for change in line.changes if change[0] not in _HIDDEN]
    return "; ".join(_change(*change, language_of(language)) for change in shown[:_MOST_CHANGES])


def _change(name: str, before: str, after: str, language: str) -> str:
    written = _days if name.replace(" ", "_") == "working_days" else _value
    values = f"{written(before, language)} → {written(after, language)}" if before else written(after, language)
    field = _field(name, language)
    return f"{field}: {values}" if field else values


def _field(name: str, language: str) -> str:
    if name in _WITHOUT_A_NAME:  # the note of something that came or went
        return ""
    gettext = translations(language).gettext
    dated = _TARGET_FROM.fullmatch(name)
    if dated:
        return gettext(N_("target from %(week)s on")) % {"week": mrkdwn(dated[1], 20)}
    known = FIELDS.get(_SUFFIX.sub("", name).replace(" ", "_"))
    return gettext(known) if known else mrkdwn(name.replace("_", " "), 40)


def _value(value: str, language: str) -> str:
    if not value:
        return NOTHING
    if value in _VALUES:
        return translations(language).gettext(_VALUES[value])
    return channel(value) or mrkdwn(value, 80)


def _days(value: str, language: str) -> str:
    """Write ISO weekdays such as `12345` with their names."""
    formats = Formats(language)
    return ", ".join(formats.weekday(int(day) - 1) for day in value if day in "1234567") or NOTHING


def _actor(person: Person, language: str) -> str:
    gettext = translations(language).gettext
    if person.slack_id == "terminal":
        return gettext(N_("the terminal"))
    if person.slack_id == "bot":
        return gettext(N_("the bot"))
    return Naming(language).named(person, 60)
