"""The messages of the weekly rhythm: prompt, reminder and digest."""

from bot.domain.period import Period
from bot.domain.schedule import Kind
from bot.services.digests import digest_of
from bot.services.letters import Composer, Occasion, Unneeded
from bot.services.reports import Duty, duty_of
from messages import catalog
from messages.content import Message, Prompt
from messages.i18n import language_of
from storage import members


def _digest(occasion: Occasion) -> Message:
    digest = digest_of(occasion.session, occasion.team, Period.parse(occasion.claimed.period), late=occasion.late)
    return catalog.digest(digest, language=occasion.team.locale)


def _to_owner(occasion: Occasion) -> Message | Unneeded:
    claimed, team = occasion.claimed, occasion.team
    member = members.by_slack_id(occasion.session, claimed.workspace_id, claimed.recipient)
    if member is None or member.deleted:
        return Unneeded("the person has left")
    duty = duty_of(occasion.session, team, member, Period.parse(claimed.period))
    if duty.done:
        return Unneeded("reported already" if duty.rows else "nothing to report any more")
    render = catalog.prompt if claimed.kind == Kind.PROMPT else catalog.reminder
    return render(_prompt(duty, late=occasion.late), language=language_of(member.locale, team.locale))


def _prompt(duty: Duty, *, late: bool) -> Prompt:
    return Prompt(
        team=duty.team.name,
        period=str(duty.period),
        hats=duty.hats,
        kpis=duty.values(reported=False),
        state=duty.state,
        digest_at=duty.digest_at(),
        late=late,
    )


COMPOSERS: dict[str, Composer] = {Kind.PROMPT: _to_owner, Kind.REMINDER: _to_owner, Kind.DIGEST: _digest}
