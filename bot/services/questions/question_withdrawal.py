"""A question is taken back by deleting the message that asked it."""

from datetime import datetime

from storage import Sessions, members, questions, workspaces


def withdraw(sessions: Sessions, workspace: str, channel: str, ts: str, user: str, *, now: datetime) -> int | None:
    """Close the question that a deleted message asked. All but the present are Slack's ids, `ts` the message's.

    Returns:
        The question's id, to let its cards say so, also when it was closed so before: they may not have been told. None
        when the message asked none, or when it is answered.
    """
    with sessions.read() as session:
        found = workspaces.by_slack_id(session, workspace)
        asked = questions.in_thread(session, found.id or 0, channel_id=channel, thread_ts=ts) if found else None
        if asked is None or asked.state not in ("open", "withdrawn"):
            return None
        if asked.state == "withdrawn":
            return asked.id
    with sessions.write() as session:
        question = questions.lock(session, asked.workspace_id, asked.id or 0)
        asker = members.get(session, asked.workspace_id, asked.asker_id)
        # Somebody else's message under which it was asked may go without the question.
        if question is None or question.state != "open" or asker is None or asker.slack_user_id != user:
            return None
        question.state, question.closed_at = "withdrawn", now
        question.remind_at = question.escalate_at = None
        return question.id
