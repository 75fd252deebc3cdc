"""The messages of the weekly rhythm: prompt, reminder and the prompt again after 'not now'."""

from datetime import timedelta

from bot.domain.period import Period
from bot.domain.schedule import SNOOZE, Kind
from bot.services.readings.duties import Duty
from bot.services.sending.letters import Composer, Occasion, TooEarly, Unneeded
from bot.services.sending.putting_off import later_choices
from bot.services.sending.weekly_prompt import first_prompt
from bot.services.teams.rhythms import rhythm_of
from messages import catalog
from messages.content import Message
from messages.i18n import language_of
from storage import members, teams
from storage.tables import Member

# What comes on time was planned for a time at which people may be asked.
_ON_TIME = timedelta(minutes=1)


def _to_member(occasion: Occasion) -> Message | Unneeded | TooEarly:
    claimed, team, batch = occasion.claimed, occasion.team, occasion.batch
    found = batch.person(claimed)
    if found is None or found.member.deleted:
        return Unneeded("the person has left")
    member = found.member
    if found.is_away:
        return Unneeded("the person is away")
    if claimed.kind != SNOOZE and _would_disturb(occasion, member):
        return TooEarly("people are not asked at this time")
    period = Period.parse(claimed.period)
    duty = batch.duty(team, member, period)
    is_prompt = claimed.kind == Kind.PROMPT
    check = batch.open_check(team, member, period) if is_prompt else None
    skipped = batch.skipped(team, member, period) if duty.rows else None
    if (duty.done or skipped is not None) and check is None:
        return Unneeded(_why_unneeded(duty, skipped))
    if not duty.rows and teams.membership(occasion.session, team.id or 0, member.id or 0) is None:
        return Unneeded("the person has left the team")
    language = language_of(members.spoken_locale(member), team.locale)
    if claimed.kind == Kind.REMINDER:
        digest = duty.digest_at()
        if not member.reminders or (digest and digest <= occasion.now):
            return Unneeded("the person wants no reminders" if not member.reminders else "the digest has gone out")
        return catalog.reminder(first_prompt(duty, None, late=occasion.late), language=language)
    later = later_choices(team, member, period, occasion.now) if is_prompt else ()
    return catalog.prompt(
        first_prompt(duty, check, late=occasion.late, skipped=skipped, later=later), language=language
    )


def _would_disturb(occasion: Occasion, member: Member) -> bool:
    """Tell whether what comes late would come on a day off or in quiet hours, other than it was planned."""
    due, now = occasion.claimed.due_at, occasion.now
    if now - due <= _ON_TIME:
        return False
    rhythm = rhythm_of(occasion.team, member)
    return rhythm.asking.allows(due, rhythm.zone) and not rhythm.asking.allows(now, rhythm.zone)


def _why_unneeded(duty: Duty, skipped: str | None) -> str:
    if skipped is not None:
        return "nothing to report this week"
    return "reported already" if duty.rows else "nothing to ask any more"


COMPOSERS: dict[str, Composer] = {
    Kind.PROMPT: _to_member,
    Kind.REMINDER: _to_member,
    SNOOZE: _to_member,
}
