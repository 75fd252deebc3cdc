"""A person's weekly messages in their DM, brought up to date after what they did."""

from bot.listeners import home_tab
from bot.listeners.binding import Turn
from bot.services.sending import weekly_prompt
from messages import catalog


def refresh(turn: Turn, state: str) -> bool:
    """Let the messages that asked about the team and week in `state` say what is stored now; the Home, too.

    Returns:
        Whether there was such a message.
    """
    home_tab.refresh(turn)
    answer = weekly_prompt.posted(turn.deps.sessions, turn.asker, state, now=turn.now())
    posted = answer.content
    if posted is None:
        return False
    asked, receipt = posted.weekly.asked, posted.weekly.receipt
    if receipt is None:
        message = catalog.prompt(asked, language=answer.language)
    else:
        message = catalog.prompt_done(receipt, asked.state, asked.check, language=answer.language)
    for channel, ts in posted.places:
        turn.deps.slack.update(turn.asker.workspace, channel, ts, message)
    return bool(posted.places)
