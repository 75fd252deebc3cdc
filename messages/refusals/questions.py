"""Refusals about questions, and about listening for them."""

from collections.abc import Mapping
from typing import Final

from messages.i18n import N_

REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
    "listen_how": (
        N_("Say how I listen in this channel: `/hat listen answer`, `/hat listen offer` or `/hat listen mentions`."),
    ),
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
}
