"""What the bot says when something cannot be done: one table, name to sentence.

A new refusal is a line here and its translation. A name may have several sentences: the first one is said whose
placeholders all have a value.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from messages.content import HatName, KpiValue, Person, Refusal
from messages.escaping import mrkdwn, plain
from messages.formats import Formats
from messages.i18n import N_, language_of, translations
from messages.people import Naming

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")

REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
    "no_team": (
        N_("There is no team here yet. Write `/hat setup` in your team's channel to set one up: it takes a minute."),
    ),
    "several_teams": (
        N_("You play in several teams: %(teams)s. Ask in the team's own channel, then I know which one you mean."),
        N_("You play in several teams. Ask in the team's own channel, then I know which one you mean."),
    ),
    "hat_not_found": (
        N_("I know no hat called “%(query)s”. `/hat list` shows them all."),
        N_("I know no such hat. `/hat list` shows them all."),
    ),
    "not_a_member": (
        N_("%(person)s is not in this team. `/hat list` shows who is."),
        N_("You are not in this team yet. Ask a colleague in the team to add you."),
    ),
    "no_person_named": (N_("Whose hats? Name the person with an @, for example `/hat of @anna`."),),
    "unknown_command": (
        N_("I don't know “%(text)s”. Did you mean `/hat %(nearest)s`?"),
        N_("I don't know “%(text)s”. `/hat help` shows what I can do."),
        N_("I didn't get that. `/hat help` shows what I can do."),
    ),
    "nothing_to_report": (
        N_("You have nothing to report: no KPI belongs to a hat of yours this week. `/hat mine` shows your hats."),
    ),
    "not_owner": (
        N_("This hat belongs to %(owner)s, who reports its numbers. A word with them gets it right."),
        N_("This hat isn't yours, so its owner reports the numbers. `/hat list` shows who that is."),
    ),
    "no_such_kpi": (
        N_("I know no KPI called “%(kpi)s” any more. Open the form again to see the current ones."),
        N_("That KPI is gone since you opened the form. Open it again to see the current ones."),
    ),
    "listen_how": (
        N_("Say how I listen in this channel: `/hat listen answer`, `/hat listen offer` or `/hat listen mentions`."),
    ),
    "digest_words": (
        N_("`/hat digest` shows the last digest, `/hat digest %(week)s` a week's, `/hat digest preview` the next."),
        N_("`/hat digest` shows the last digest, `/hat digest 2026-W48` a week's, `/hat digest preview` the next."),
    ),
    "digest_future": (
        N_("That week is still to come. `/hat digest preview` shows the coming digest with the numbers so far."),
    ),
    "not_receiver": (
        N_("The passes of a link are rated by the owner who receives them. `/hat mine` shows your hats."),
    ),
    "form_outdated": (N_("This form is older than the team's numbers. Open it again; nothing you reported is lost."),),
    "report_there": (
        N_("There is nothing left to report for %(week)s: you have done your part. `/hat report` changes a number."),
    ),
    "asked_twice": (
        N_(
            "I have asked you twice about %(week)s, and I won't a third time. `/hat report` takes your numbers "
            "whenever you have them."
        ),
    ),
    "week_unreadable": (
        N_("I can't read “%(text)s” as a week. Write it like `/hat report %(example)s`, or just `/hat report`."),
    ),
    "week_closed": (N_("%(week)s can't be reported now. Your team takes numbers for %(first)s to %(last)s."),),
    "form_empty": (N_("No number was filled in. Write at least one, or close the form and come back later."),),
    "ask_empty": (N_("Write your question first: a sentence is enough."),),
    "ask_no_hats": (N_("There is no hat to ask about yet but your own. `/hat list` shows them all."),),
    "ask_self": (N_("This hat is yours, so the question would come back to you. Who else might know?"),),
    "not_reachable": (
        N_("I can't reach %(person)s in Slack right now. Write to them yourself, or ask somebody who wears the hat."),
        N_("I can reach nobody who wears %(hat)s right now. Try your team's channel."),
        N_("Nobody wears this hat yet, so there is nobody to ask. Try your team's channel."),
    ),
    "answer_empty": (N_("Write your answer first: a sentence is enough."),),
    "question_closed": (N_("This question does not wait for an answer any more."),),
    "question_not_yours": (N_("This question went to somebody else. Its thread is open to everybody, though."),),
    "question_moved": (
        N_("The question is with %(people)s now."),
        N_("The question is with somebody else now."),
    ),
    "question_taken": (
        N_("%(person)s was a moment quicker and has taken the question."),
        N_("Somebody was a moment quicker and has taken the question."),
    ),
    "pass_nowhere": (N_("Choose the right hat, or a person."),),
    "pass_same_hat": (
        N_("The question is about %(hat)s already. Choose another hat, or a person."),
        N_("The question is about that hat already. Choose another one, or a person."),
    ),
    "pass_to_self": (N_("That would bring the question back to you. Choose another hat, or a person."),),
    "pass_to_asker": (
        N_("%(person)s asked the question. Choose somebody else."),
        N_("That would bring the question back to whoever asked. Choose somebody else."),
    ),
    "cannot_be_asked": (
        N_("%(person)s can't be asked: people of this workspace can, no apps and nobody who has left."),
        N_("Only people of this workspace can be asked, no apps and nobody who has left."),
    ),
    "teach_nothing": (N_("There is nothing to teach here any more."),),
    "teach_taken": (
        N_("“%(phrase)s” is a name of %(hat)s already, so it stays there."),
        N_("Another hat is called so already."),
    ),
    "teach_full": (
        N_("“%(phrase)s” can't be one more name: `/hat edit` shows the hat's other names."),
        N_("That can't be one more name: `/hat edit` shows the hat's other names."),
    ),
    "question_not_asked": (N_("Whoever asked says whether it is solved."),),
    "cannot_own": (
        N_("%(person)s can't own a hat: owners are full members of this workspace, not guests or apps."),
        N_("Owners are full members of this workspace, not guests or apps."),
    ),
    "check_guest": (N_("Only full members of the workspace are asked which hats they wore."),),
    "check_no_hats": (N_("Your team has no hats yet. Once it has named some, you can say which ones you wore."),),
    "check_outdated": (
        N_("That week can't be answered any more, or not yet. `/hat check` asks about the current one."),
    ),
    "check_hat_gone": (N_("One of these hats is no longer there. Press Change to see the current ones."),),
    "check_words": (
        N_("Write `/hat check` to say which hats you wore, or `/hat check off` and `on`; an admin may add `team`."),
    ),
    "no_hat_named": (N_("Which hat? Write its name after the command; `/hat list` shows them all."),),
    "deputy_not_yours": (
        N_("%(hat)s is %(owner)s's, so they choose their deputy; an admin of the team can as well."),
        N_("Only a hat's owner, or an admin of the team, chooses its deputy."),
    ),
    "deputy_vacant": (
        N_("Nobody owns %(hat)s yet, so there is nobody to stand in for. `/hat propose` finds it an owner."),
        N_("Nobody owns this hat yet, so there is nobody to stand in for. `/hat propose` finds it an owner."),
    ),
    "deputy_is_owner": (
        N_("The owner of %(hat)s can't stand in for themselves. Name a colleague with an @."),
        N_("The owner can't stand in for themselves. Name a colleague with an @."),
    ),
    "deputy_unnamed": (
        N_("Who stands in? Name the hat and a colleague, for example `/hat deputy email-nurturing @anna`, or `none`."),
    ),
    "away_unreadable": (
        N_(
            "I can't read “%(text)s” as a day. Write for example `/hat away until 24 December`, `24/12`, `week 50` "
            "or `next Monday`."
        ),
        N_("Until when? Write for example `/hat away until 24 December`, `24/12`, `week 50` or `next Monday`."),
    ),
    "away_past": (
        N_("“%(text)s” has begun already. Write the day on which you are back: tomorrow or later."),
        N_("That day has begun already. Write the day on which you are back: tomorrow or later."),
    ),
    "away_too_far": (
        N_("“%(text)s” is more than three years from now. If you leave for good, `/hat leave` hands your hats back."),
        N_("That is more than three years from now. If you leave for good, `/hat leave` hands your hats back."),
    ),
    "admin_already": (
        N_("%(person)s looks after the team already."),
        N_("They look after the team already."),
    ),
    "not_an_admin": (
        N_("%(person)s is no admin of the team."),
        N_("They are no admin of the team."),
    ),
    "last_admin": (
        N_("%(person)s is the team's only admin. Make somebody else an admin first: `/hat admin @member`."),
        N_("That is the team's only admin. Make somebody else an admin first: `/hat admin @member`."),
    ),
    "nobody_named": (N_("Whom do you mean? Name the person with an @."),),
    "no_channel": (
        N_("%(team)s has no channel where I could ask."),
        N_("The team has no channel where I could ask."),
    ),
    "not_admin": (
        N_("Only the team's admins can do that: %(admins)s. Ask one of them."),
        N_("Only an admin of the team can do that."),
    ),
    "hat_has_owner": (
        N_("%(hat)s belongs to %(owner)s already."),
        N_("This hat has an owner already."),
    ),
    "review_over": (
        N_("There is nothing to look at again about %(hat)s right now."),
        N_("There is nothing to look at again about this hat right now."),
    ),
    "hat_is_owned": (
        N_(
            "%(owner)s owns %(hat)s and is the one who can pass it on. "
            "An admin can decide with `/hat force` and a reason."
        ),
        N_(
            "The hat has an owner, who is the one who can pass it on. "
            "An admin can decide with `/hat force` and a reason."
        ),
    ),
    "proposal_decided": (
        N_("This offer about %(hat)s has been decided already. `/hat who` shows where the hat is now."),
        N_("This offer has been decided already. `/hat who` shows where the hat is now."),
    ),
    "proposal_outdated": (
        N_("The offer about %(hat)s has changed since then. Answer the latest one, further down in our conversation."),
        N_("The offer has changed since then. Answer the latest one, further down in our conversation."),
    ),
    "proposal_not_your_turn": (
        N_("It is the other side's turn to answer about %(hat)s. I write to you as soon as they have."),
        N_("It is the other side's turn to answer. I write to you as soon as they have."),
    ),
    "proposal_too_many_rounds": (
        N_("You two have gone back and forth about %(hat)s many times. Talk for a minute, then accept or decline."),
        N_("You two have gone back and forth many times. Talk for a minute, then accept or decline."),
    ),
    "nothing_linked": (N_("No KPIs are linked yet. `/hat link visits → leads` links two."),),
    "nothing_archived": (N_("No hat has been put away. `/hat list` shows them all."),),
    "proposal_gone": (N_("I can't find that offer any more. `/hat who` shows where the hat is now."),),
    "proposal_live": (
        N_("Another offer about %(hat)s waits for an answer. One at a time: try again when it is decided."),
        N_("Another offer about this hat waits for an answer. One at a time: try again when it is decided."),
    ),
    "not_your_proposal": (N_("This offer is between two others. `/hat who` shows where the hat is now."),),
    "not_your_offer": (
        N_("The offer about %(hat)s can be taken back by the one who made it, or by an admin of the team."),
        N_("An offer can be taken back by the one who made it, or by an admin of the team."),
    ),
    "no_proposal": (
        N_("No offer about %(hat)s waits for an answer."),
        N_("No offer about this hat waits for an answer."),
    ),
    "hat_archived": (N_("That hat has been put away, so nobody needs to own it. `/hat list` shows the others."),),
    "reason_missing": (N_("Write why: one sentence is enough, and makes it easier to agree."),),
    "nothing_countered": (
        N_("Nothing differs from what is on the table. Change a target, or close the form and accept."),
    ),
    "owns_already": (
        N_("%(owner)s owns %(hat)s already."),
        N_("%(hat)s is yours already."),
        N_("This hat is yours already."),
    ),
    "propose_to_self": (
        N_("To own %(hat)s yourself, write `/hat volunteer %(slug)s`."),
        N_("To own a hat yourself, write `/hat volunteer` and its name."),
    ),
    "owner_changed": (
        N_("%(hat)s has changed hands since, so this offer no longer fits."),
        N_("The hat has changed hands since, so this offer no longer fits."),
    ),
    "not_your_hat": (
        N_("%(hat)s isn't yours to pass on. `/hat mine` shows your hats."),
        N_("This hat isn't yours to pass on. `/hat mine` shows your hats."),
    ),
    "kpi_unnamed": (N_("The KPI's name needs at least one letter or digit."),),
    "kpi_taken": (
        N_("The team has a KPI called “%(kpi)s” already. Choose another name."),
        N_("The team has a KPI of that name already. Choose another name."),
    ),
    "no_person_chosen": (N_("Choose a person first."),),
    "not_playing": (
        N_("You don't play in %(team)s yet. `/hat join` lets you in."),
        N_("You don't play in this team yet. `/hat join` lets you in."),
    ),
    "cannot_join": (N_("Only full members of this workspace can do that, not guests or apps."),),
    "cannot_wear": (N_("Hats are worn by people of this workspace."),),
    "slack_silent": (N_("I couldn't ask Slack who you are just now. Try again in a minute."),),
    "channel_has_team": (
        N_("This is %(team)s's channel already. `/hat join` lets you in."),
        N_("This channel has a team already. `/hat join` lets you in."),
    ),
    "hat_not_yours": (
        N_("%(hat)s belongs to %(owner)s, who changes it; an admin of the team can as well."),
        N_("Nobody owns %(hat)s yet, so an admin of the team changes it."),
        N_("Only a hat's owner, or an admin of the team, changes it."),
    ),
    "hat_is_there": (
        N_("%(hat)s has not been put away."),
        N_("That hat has not been put away."),
    ),
    "archived_not_found": (
        N_("No hat called “%(query)s” has been put away. These have: %(hats)s."),
        N_("No hat called “%(query)s” has been put away."),
        N_("No hat of that name has been put away."),
    ),
    "owner_wears": (
        N_("You own %(hat)s, so it stays on. Hand it over or step down first."),
        N_("You own this hat, so it stays on. Hand it over or step down first."),
    ),
    "kpi_words": (
        N_("Write `/hat kpi add` and a hat's name, or `/hat kpi edit` or `/hat kpi archive` and a KPI's name."),
    ),
    "kpi_unnamed_here": (N_("Which KPI? Write its name after the command; `/hat kpi` shows them all."),),
    "kpi_several": (
        N_("Several KPIs could be meant: %(kpis)s. Write a little more of the name."),
        N_("Several KPIs could be meant. Write a little more of the name."),
    ),
    "kpi_not_found": (
        N_("I know no KPI called “%(kpi)s”. `/hat kpi` shows them all."),
        N_("I know no such KPI. `/hat kpi` shows them all."),
    ),
    "kpi_in_formula": (
        N_("%(kpi)s is part of what %(others)s is computed from. Change that formula first."),
        N_("Another KPI is computed from this one. Change that formula first."),
    ),
    "kpi_archive_reason": (
        N_(
            "%(kpi)s is part of what %(owner)s agreed to, so they decide. Say why after a colon, and I ask them: "
            "`/hat kpi archive %(slug)s: nobody looks at it`."
        ),
        N_("This KPI is part of what the hat's owner agreed to. Say why after a colon, and I ask them."),
    ),
    "too_few_kpis": (N_("There are no KPIs to link yet. `/hat kpi add` and a hat's name adds one."),),
    "whatif_kpi": (N_("Which KPI? Write it like `/hat whatif leads +10`."),),
    "whatif_unreadable": (N_("By how much? Write a percentage behind the KPI, such as `/hat whatif leads +10`."),),
    "whatif_range": (N_("Between −100 and +1,000 per cent, I can tell what to expect."),),
    "whatif_no_chain": (
        N_("Nothing is linked yet, so nothing can be expected. `/hat chain edit` says which number feeds which."),
    ),
    "link_not_yours": (N_("Only the team's admins, and the owners of the two KPIs' hats, change this link."),),
    "link_unnamed": (N_("Which link? Write it like `/hat unlink visits -> leads`."),),
    "tokens_full": (N_("The team has as many tokens as it can have. Revoke one that is not needed any more."),),
    "token_gone": (N_("That token has been revoked already."),),
    "kpi_computed": (
        N_("%(kpi)s is computed from other KPIs, so its values come from nowhere else."),
        N_("That KPI is computed from others, so its values come from nowhere else."),
    ),
    "something_failed": (
        N_(
            "Something went wrong on my side, and nothing was changed. Try again in a minute. "
            "(Reference: %(reference)s)"
        ),
        N_("Something went wrong on my side, and nothing was changed. Try again in a minute."),
    ),
}

NUMBER_PROBLEMS: Final[Mapping[str, str]] = {
    "empty": N_("There is no number here yet. Write one, for example %(example)s."),
    "not_a_number": N_("I can't read “%(text)s” as a number. Write digits, for example %(example)s."),
    "not_whole": N_("%(kpi)s is counted in whole numbers. Write for example %(example)s."),
    "negative": N_("%(kpi)s can't be below zero. Write for example %(example)s."),
    "too_large": N_("This number is larger, or has more decimals, than I can keep. Write at most 15 digits."),
    "ambiguous": N_("Do you mean %(first)s or %(second)s? Write %(first_typed)s or %(second_typed)s."),
    "grouped": N_("Do you mean %(first)s? Then write %(first_typed)s, without a separator."),
    "range_needed": N_("%(kpi)s should stay within a range. Write both ends, for example 10–20."),
    "no_range": N_("A range goes with the direction “Within a range”. Write one number, or change the direction."),
    "wrong_way": N_("“%(text)s” says the opposite of what is better here. Write just the number."),
}


def sentence(refusal: Refusal, language: str) -> str:
    """Say a refusal in mrkdwn.

    Raises:
        KeyError: The table has no such refusal.
    """
    told = {key: _said(value, language_of(language)) for key, value in refusal.values.items()}
    told = {key: text for key, text in told.items() if text}
    fitting = (s for s in REFUSALS[refusal.name] if told.keys() >= set(_PLACEHOLDER.findall(s)))
    chosen = next(fitting, REFUSALS[refusal.name][-1])
    known = dict.fromkeys(_PLACEHOLDER.findall(chosen), "–") | told
    return translations(language).gettext(chosen) % known


def problem(name: str, text: str, choices: tuple[Decimal, ...], kpi: KpiValue, language: str) -> str:
    """Say in plain text what is wrong with a number and how to write it so that it is accepted.

    Raises:
        KeyError: The table has no such problem.
    """
    formats = Formats(language_of(language))
    whole = kpi.unit == "count" and kpi.decimals == 0
    told = {"text": plain(text, 40), "kpi": plain(kpi.name, 60), "example": _example(kpi, formats, whole=whole)}
    possible = tuple(c for c in choices if not whole or c == c.to_integral_value())
    if name == "ambiguous":
        name = "ambiguous" if len(possible) > 1 else "grouped" if possible else "not_a_number"
    for place, choice in zip(("first", "second"), possible, strict=False):
        told |= {place: formats.number(choice), f"{place}_typed": formats.typed(choice)}
    return translations(language).gettext(NUMBER_PROBLEMS[name]) % told


def _example(kpi: KpiValue, formats: Formats, *, whole: bool) -> str:
    if kpi.unit == "duration":
        return "2 h 30 min"
    return formats.typed(Decimal(120) if whole else Decimal("12.5"))


def _said(value: Any, language: str) -> str:
    naming = Naming(language)
    if isinstance(value, Person):
        return naming.mention(value)
    if isinstance(value, HatName):
        return mrkdwn(value.name, 80)
    if isinstance(value, list | tuple):
        return naming.together(_said(each, language) for each in value)
    return "" if value is None or value == "" else mrkdwn(str(value), 80)
