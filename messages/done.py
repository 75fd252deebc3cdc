"""What the bot says when something was done that needs no more than a sentence: one table, name to sentence.

A new one is a line here and its translation; its placeholders are filled as in `messages.refusals`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from messages.content import HatName, Person
from messages.escaping import NOTHING, mrkdwn
from messages.formats import Formats
from messages.i18n import N_, language_of, translations
from messages.life_content import Done
from messages.people import Naming

SENTENCES: Final[Mapping[str, str]] = {
    "deputy_set": N_("%(deputy)s stands in for %(owner)s with %(hat)s from now on, whenever %(owner)s is away."),
    "deputy_none": N_("Nobody stands in for %(owner)s with %(hat)s any more."),
    "deputy_is": N_("%(deputy)s stands in for %(owner)s with %(hat)s whenever %(owner)s is away."),
    "you_are_deputy": N_(
        "You are the deputy for %(hat)s now. Whenever %(owner)s is away, its questions come to you, "
        "and I ask you for its numbers."
    ),
    "you_stand_in": N_(
        "%(owner)s is away until %(day)s, and you stand in with %(hats)s: the questions come to you, "
        "and I ask you for the numbers."
    ),
    "back": N_("Welcome back! Questions and prompts come to you again."),
    "not_away": N_("You are not away, so questions and prompts come to you as ever."),
    "you_left": N_("You have left %(team)s. Thank you for playing; what you did stays in its history."),
    "removed": N_("%(person)s does not play in %(team)s any more."),
    "removed_with_hats": N_("%(person)s does not play in %(team)s any more. Nobody owns %(hats)s now."),
    "admin": N_("%(person)s looks after the team as an admin now."),
    "unadmin": N_("%(person)s is no admin of the team any more."),
    "you_are_admin": N_(
        "You look after %(team)s as an admin now. `/hat health` shows how its hats are, `/hat help` what you can do."
    ),
    "volunteers_asked": N_("I have asked the channel who would like to own %(hat)s."),
    "review_asked": N_("I have asked %(owner)s to look at the agreement about %(hat)s again."),
    "listening_answer": N_(
        "In this channel I answer who-owns questions in their thread. `/hat listen offer` shows the answer only to "
        "whoever asks, `/hat listen mentions` keeps me quiet unless somebody mentions me."
    ),
    "listening_offer": N_(
        "In this channel I show the answer to a who-owns question only to whoever asks. `/hat listen answer` answers "
        "in the thread, `/hat listen mentions` keeps me quiet unless somebody mentions me."
    ),
    "listening_mentions": N_(
        "In this channel I answer who-owns questions when somebody mentions me. `/hat listen answer` answers all of "
        "them in their thread, `/hat listen offer` only to whoever asks."
    ),
    "hat_added": N_("%(hat)s is there now. Nobody owns it yet."),
    "hat_changed": N_("%(hat)s is changed."),
    "hat_restored": N_(
        "%(hat)s is back, with its KPIs and those who wore it. Nobody owns it until somebody agrees to."
    ),
    "wearing": N_("You wear %(hat)s now."),
    "wearing_already": N_("You wear %(hat)s already."),
    "taken_off": N_("You don't wear %(hat)s any more."),
    "not_wearing": N_("You don't wear %(hat)s."),
    "joined": N_("Welcome to %(team)s! `/hat list` shows its hats; `/hat wear` puts one on."),
    "joined_already": N_("You play in %(team)s already."),
    "kpi_added": N_("%(kpi)s belongs to %(hat)s now."),
    "kpi_asked": N_("I have asked %(owner)s: %(kpi)s belongs to %(hat)s as soon as they agree."),
    "kpi_changed": N_("%(kpi)s is changed."),
    "kpi_target_asked": N_(
        "I have asked %(owner)s about the new target of %(kpi)s. Until they agree, the one before holds."
    ),
    "kpi_definition_asked": N_(
        "I have asked %(owner)s about how %(kpi)s is measured. Until they agree, it stays as it is."
    ),
    "kpi_archived": N_("%(kpi)s has been put away. What was reported stays in the history."),
    "kpi_archive_asked": N_("I have asked %(owner)s whether %(kpi)s can be put away. Until they agree, it stays."),
    "linked": N_("%(upstream)s feeds %(downstream)s."),
    "unlinked": N_("%(upstream)s does not feed %(downstream)s."),
    "team_set_up": N_("%(team)s is there, and you look after it as an admin."),
    "week_skipped": N_("Noted: nothing this week. I won't ask again, and you can undo it in my message to you."),
    "reading_dropped": N_("Forgotten. Nothing was saved; `/hat report` opens the form."),
    "my_settings_saved": N_("Your settings are saved. They hold from now on."),
    "team_changed": N_("The settings of %(team)s are saved."),
    "question_with": N_(
        "Your question about %(hat)s is with %(people)s now. The answer comes to you as a direct message."
    ),
    "alias_taught": N_("“%(phrase)s” finds %(hat)s from now on."),
    "token_revoked": N_("The token %(token)s is refused from now on."),
    "source_reading": N_("I am reading %(host)s …"),
    "source_saved": N_("%(kpi)s is read from there now. I look right away, and before each prompt and digest."),
    "source_removed": N_("%(kpi)s is not read from anywhere any more. What has been read stays."),
    "digest_again": N_("The digest is on its way to the channel once more."),
    "digest_again_already": N_("The digest has been posted again already. `/hat digest` can do it once more."),
    "hats_asked": N_("I have asked the channel of %(team)s. Everybody ticks the hats that they wear today."),
    "hats_asked_already": N_(
        "I have asked the channel of %(team)s today. Everybody ticks the hats that they wear there."
    ),
    "hats_ticked": N_("Noted: you wear %(hats)s."),
    "hats_ticked_none": N_("Noted: you wear no hat today."),
    "starters_added": N_("Hats that are new: %(num)s. Nobody owns them yet; `/hat list` shows them all."),
    "starters_there": N_("Those hats are there already; `/hat list` shows them all."),
}


def sentence(done: Done, language: str) -> str:
    """Say what was done in mrkdwn.

    Raises:
        KeyError: The table has no such sentence.
    """
    spoken = language_of(language)
    told = {name: _said(value, spoken) or NOTHING for name, value in done.values.items()}
    return translations(spoken).gettext(SENTENCES[done.name]) % told


def _said(value: Any, language: str) -> str:
    naming = Naming(language)
    match value:
        case Person():
            return naming.mention(value)
        case HatName():
            return f"*{mrkdwn(value.name, 80)}*"
        case date():
            return Formats(language).day(value)
        case list() | tuple():
            return naming.together(_said(each, language) for each in value)
        case _:
            return mrkdwn(str(value), 80)
