"""Refusals about numbers: reporting them, KPIs, links and the digest."""

from collections.abc import Mapping
from typing import Final

from messages.i18n import N_

REFUSALS: Final[Mapping[str, tuple[str, ...]]] = {
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
    "nothing_linked": (N_("No KPIs are linked yet. `/hat link visits → leads` links two."),),
    "kpi_unnamed": (N_("The KPI's name needs at least one letter or digit."),),
    "kpi_taken": (
        N_("The team has a KPI called “%(kpi)s” already. Choose another name."),
        N_("The team has a KPI of that name already. Choose another name."),
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
    "kpi_computed": (
        N_("%(kpi)s is computed from other KPIs, so its values come from nowhere else."),
        N_("That KPI is computed from others, so its values come from nowhere else."),
    ),
}
