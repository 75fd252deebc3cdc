"""The digest and what belongs to it: posted, once more, in its thread, and in place of itself when values change.

1. The digest is posted. With that, the report on the chain is kept, its focus is remembered, and what does not fit is
   owed to its thread, and the pitch with it.
2. Whoever presses Discuss begins a thread under it that mentions whom the focus concerns: one for each week.
3. A value that comes later owes an update (`storage.late_values`). It takes the digest's place; with that, the detail's
   update is owed, and a line in the thread that tells what changed.
4. Where Slack will never take the update (the message was deleted, the channel archived), one new message tells what
   changed; later changes take its place. Where that cannot be posted either, the team's admins get it.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.edit_window import EditWindow
from bot.domain.period import Period
from bot.domain.schedule import Kind
from bot.services.chain.chain_looking_back import remember_focus, remember_look_back
from bot.services.chain.chain_reports import keep_report
from bot.services.digests import digest_news as news
from bot.services.digests.digest_changes import changes_of
from bot.services.digests.digest_discussion import discussion_of
from bot.services.digests.digests import Written, write_digest
from bot.services.hats.pitch import pitch_of
from bot.services.sending.letters import Amendment, Composer, Occasion, Reply, Sequel, TooEarly, Unneeded
from bot.services.sending.pictures import drawn
from bot.services.workspaces.scene import Answer
from messages import catalog
from messages.content import Message
from messages.digest_content import DigestChanges
from storage import Session, deliveries, members, teams
from storage.deliveries import Claimed
from storage.tables import Delivery, Team

_NO_DIGEST: Final = Unneeded("its digest stands nowhere")


def _digest(occasion: Occasion) -> Sequel:
    team, period = occasion.team, news.week_of(occasion.claimed.period)
    written = _written(occasion, period, late=occasion.late)
    message = catalog.digest(written.digest, language=team.locale)

    def posted(session: Session, now: datetime) -> None:
        _remember(session, team, period, written, now)
        if written.digest.has_detail:
            _owe_thread(session, occasion.claimed, occasion.claimed.period, now)

    return Sequel(message, posted)


def _detail(occasion: Occasion) -> Reply | Unneeded | TooEarly:
    period = news.week_of(occasion.claimed.period)
    above = _above(occasion, *news.POSTED)
    if not isinstance(above, Delivery):
        return above
    written = _written(occasion, period)
    return Reply(catalog.digest_detail(written.digest, language=occasion.team.locale), above.message_ts or "")


def _pitch(occasion: Occasion) -> Reply | Unneeded | TooEarly:
    team = occasion.team
    above = _above(occasion, *news.POSTED)
    if not isinstance(above, Delivery):
        return above
    period = news.week_of(occasion.claimed.period)
    shown = pitch_of(occasion.session, team.id or 0, team.name, period, now=occasion.now)
    if not shown.shirts:
        return Unneeded("nobody is on the pitch", thread_ts=above.message_ts)
    in_words = catalog.pitch(shown, language=team.locale)
    drawing = Answer(team.locale, shown)
    return Reply(in_words, above.message_ts or "", lambda slack, workspace: drawn(slack, workspace, drawing))


def _update(occasion: Occasion) -> Sequel | Unneeded | TooEarly:
    team, about = occasion.team, occasion.claimed.period
    period = news.week_of(about)
    above = _above(occasion, *news.POSTED, news.MOVED)
    if not isinstance(above, Delivery):
        return above
    if not _is_open(team, period, occasion.now):
        return Unneeded("the week is too long ago to be corrected")
    if above.kind == news.MOVED:
        message = _told_where_it_is(occasion, above)
        posted = None
    else:
        written = _written(occasion, period)
        at = occasion.now.astimezone(ZoneInfo(team.timezone))
        message = catalog.digest(replace(written.digest, updated_at=at), language=team.locale)
        posted = written
    amendment = Amendment(message, above.channel_id or "", above.message_ts or "")

    def updated(session: Session, now: datetime) -> None:
        if posted is not None and posted.report is not None:
            keep_report(session, team, posted.report, now)
        if above.kind == news.MOVED:  # it tells of the change itself
            return
        if news.standing(session, team, period, news.DETAIL):
            _owe(session, occasion.claimed, news.DETAIL_UPDATE, about, now)
        elif posted is not None and posted.digest.has_detail:  # there was nothing to tell when it was posted
            _owe_thread(session, occasion.claimed, str(period), now, above.recipient)
        _owe(session, occasion.claimed, news.CHANGE, about, now, above.recipient)

    return Sequel(amendment, updated)


def _detail_update(occasion: Occasion) -> Amendment | Unneeded:
    period = news.week_of(occasion.claimed.period)
    detail = news.standing(occasion.session, occasion.team, period, news.DETAIL)
    if detail is None:
        return _NO_DIGEST
    message = catalog.digest_detail(_written(occasion, period).digest, language=occasion.team.locale)
    return Amendment(message, detail.channel_id or "", detail.message_ts or "")


def _change(occasion: Occasion) -> Reply | Unneeded | TooEarly:
    above = _above(occasion, *news.POSTED)
    if not isinstance(above, Delivery):
        return above
    changes = _changes(occasion)
    if not changes.changes:
        return Unneeded("no number is another than it was", thread_ts=above.message_ts)
    return Reply(catalog.digest_change(changes, language=occasion.team.locale), above.message_ts or "")


def _moved(occasion: Occasion) -> Message | Unneeded:
    changes = _changes(occasion)
    if not changes.changes:
        return Unneeded("no number is another than it was")
    return catalog.digest_moved(replace(changes, team=occasion.team.name), language=occasion.team.locale)


def _discussion(occasion: Occasion) -> Reply | Unneeded | TooEarly:
    above = _above(occasion, *news.POSTED)
    if not isinstance(above, Delivery):
        return above
    shown = discussion_of(_written(occasion, news.week_of(occasion.claimed.period)), occasion.now)
    return Reply(catalog.digest_discussion(shown, language=occasion.team.locale), above.message_ts or "")


def _written(occasion: Occasion, period: Period, *, late: bool = False) -> Written:
    team = occasion.team
    written = write_digest(occasion.session, team, period, late=late, now=occasion.now)
    return replace(written, digest=replace(written.digest, discuss=f"{team.id}:{period}"))


def _remember(session: Session, team: Team, period: Period, written: Written, now: datetime) -> None:
    if written.report is not None:
        keep_report(session, team, written.report, now)
        remember_focus(session, team, period, written.report.analysis, now)
    if written.looked_back is not None:
        remember_look_back(session, team, period, written.looked_back)


def _above(occasion: Occasion, *kinds: str) -> Delivery | Unneeded | TooEarly:
    """Return the message that something belongs to: the newest of some kinds about the week."""
    period = news.week_of(occasion.claimed.period)
    if news.is_underway(occasion.session, occasion.team, period, *kinds):
        return TooEarly("its digest is on its way")
    return news.standing(occasion.session, occasion.team, period, *kinds) or _NO_DIGEST


def _is_open(team: Team, period: Period, now: datetime) -> bool:
    return period in EditWindow.at(now, team.timezone, team.edit_weeks)


def _changes(occasion: Occasion, *, since: int | None = None) -> DigestChanges:
    about = occasion.claimed.period
    period = news.week_of(about)
    found = changes_of(occasion.session, occasion.team, period, news.number_of(about), since=since)
    return DigestChanges(str(period), found)


def _told_where_it_is(occasion: Occasion, above: Delivery) -> Message:
    changes = _changes(occasion, since=news.number_of(above.period))
    return catalog.digest_moved(replace(changes, team=occasion.team.name), language=occasion.team.locale)


def _owe_thread(session: Session, claimed: Claimed, about: str, now: datetime, recipient: str = "") -> None:
    """Owe what stands under a digest; where that was in doubt, say after a restore, it may stand there already."""
    recipient = recipient or claimed.recipient
    for kind in (news.DETAIL, news.PITCH):
        deliveries.owe_news(
            session,
            workspace_id=claimed.workspace_id,
            team_id=claimed.team_id,
            kind=kind,
            recipient=recipient,
            about=about,
            now=now,
            key=deliveries.key_of(team_id=claimed.team_id, kind=kind, recipient=recipient, period=about),
            doubtful=claimed.doubtful,
        )


def _owe(session: Session, claimed: Claimed, kind: str, about: str, now: datetime, recipient: str = "") -> None:
    deliveries.owe_news(
        session,
        workspace_id=claimed.workspace_id,
        team_id=claimed.team_id,
        kind=kind,
        recipient=recipient or claimed.recipient,
        about=about,
        now=now,
    )


def _to_the_channel(session: Session, team: Team, claimed: Claimed, now: datetime) -> None:
    """Tell what changed in a message of its own, where the team's digests go now."""
    _owe(session, claimed, news.MOVED, claimed.period, now, team.channel_id or "")


def _to_the_admins(session: Session, team: Team, claimed: Claimed, now: datetime) -> None:
    """Tell those who can mend it; who cannot be written to has no other way."""
    if members.by_slack_id(session, team.workspace_id, claimed.recipient) is None:
        for admin in teams.admins(session, team.id or 0):
            _owe(session, claimed, news.MOVED, claimed.period, now, admin.slack_user_id)


OTHER_WAYS: Final = {news.UPDATE: _to_the_channel, news.MOVED: _to_the_admins}

COMPOSERS: dict[str, Composer] = {
    Kind.DIGEST: _digest,
    news.AGAIN: _digest,
    news.DETAIL: _detail,
    news.DETAIL_UPDATE: _detail_update,
    news.PITCH: _pitch,
    news.UPDATE: _update,
    news.CHANGE: _change,
    news.MOVED: _moved,
    news.DISCUSSION: _discussion,
}
