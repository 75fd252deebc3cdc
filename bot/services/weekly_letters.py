"""The messages of the weekly rhythm: prompt, reminder and digest."""

from bot.domain.period import Period
from bot.domain.schedule import Kind
from bot.services.digests import digest_of
from bot.services.letters import Composer, Occasion, Unneeded
from bot.services.reports import duty_of
from bot.services.weekly_prompt import first_prompt, open_check
from messages import catalog
from messages.content import Message
from messages.i18n import language_of
from storage import members, teams


def _digest(occasion: Occasion) -> Message:
    digest = digest_of(
        occasion.session, occasion.team, Period.parse(occasion.claimed.period), late=occasion.late, now=occasion.now
    )
    return catalog.digest(digest, language=occasion.team.locale)


def _to_member(occasion: Occasion) -> Message | Unneeded:
    claimed, team = occasion.claimed, occasion.team
    found = members.recipient(occasion.session, claimed.workspace_id, claimed.recipient, now=occasion.now)
    if found is None or found[0].deleted:
        return Unneeded("the person has left")
    member, is_away = found
    if is_away:
        return Unneeded("the person is away")
    period = Period.parse(claimed.period)
    duty = duty_of(occasion.session, team, member, period, now=occasion.now)
    is_prompt = claimed.kind == Kind.PROMPT
    check = open_check(occasion.session, team, member, period) if is_prompt else None
    if duty.done and check is None:
        return Unneeded("reported already" if duty.rows else "nothing to ask any more")
    if not duty.rows and teams.membership(occasion.session, team.id or 0, member.id or 0) is None:
        return Unneeded("the person has left the team")
    render = catalog.prompt if is_prompt else catalog.reminder
    asked = first_prompt(duty, check, late=occasion.late)
    return render(asked, language=language_of(member.locale, team.locale))


COMPOSERS: dict[str, Composer] = {Kind.PROMPT: _to_member, Kind.REMINDER: _to_member, Kind.DIGEST: _digest}
