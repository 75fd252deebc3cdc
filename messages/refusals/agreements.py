"""Refusals about who owns a hat: offers, answers to them, and reviews."""

from collections.abc import Mapping
from typing import Final

from messages.i18n import N_

REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
    "cannot_own": (
        N_("%(person)s can't own a hat: owners are full members of this workspace, not guests or apps."),
        N_("Owners are full members of this workspace, not guests or apps."),
    ),
    "no_channel": (
        N_("%(team)s has no channel where I could ask."),
        N_("The team has no channel where I could ask."),
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
    "no_person_chosen": (N_("Choose a person first."),),
}
