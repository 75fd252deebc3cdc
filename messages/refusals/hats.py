"""Refusals about hats: naming, wearing and checking them, and their deputies."""

from collections.abc import Mapping
from typing import Final

from messages.i18n import N_

REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
    "hat_not_found": (
        N_("I know no hat called “%(query)s”. `/hat list` shows them all."),
        N_("I know no such hat. `/hat list` shows them all."),
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
    "nothing_archived": (N_("No hat has been put away. `/hat list` shows them all."),),
    "hat_archived": (N_("That hat has been put away, so nobody needs to own it. `/hat list` shows the others."),),
    "cannot_wear": (N_("Hats are worn by people of this workspace."),),
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
}
