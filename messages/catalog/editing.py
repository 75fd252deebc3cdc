"""Messages about changing things in Slack: the forms for hats, KPIs, links and teams, and what came of them."""

from collections.abc import Mapping
from typing import Any, Final

from messages import editing_problems, environment, ids
from messages.catalog.onboarding import next_of
from messages.content import Message
from messages.editing_content import Archived, ArchiveQuestion, Chain, HatForm, KpiForm, LinkForm, TeamForm, Welcome
from messages.escaping import mrkdwn, plain
from messages.form_fields import hat_fields, link_fields, team_fields
from messages.forms import Field
from messages.i18n import language_of, translations
from messages.kpi_fields import kpi_fields
from messages.next_step_words import step_lines
from messages.packing import pack
from messages.people import Naming, channel

_ROOM = 10_000  # characters of all lines, of the about 13,200 that Slack takes in one message
_MOST_KPIS: Final = 10


def hat_form(form: HatForm, *, language: str) -> dict[str, Any]:
    """Give the form for a hat, with its first KPI when the hat is new."""
    gettext = translations(language).gettext
    title = gettext("A new hat") if form.is_new else gettext("Change the hat")
    intro = [mrkdwn(form.team, 100)]
    if form.is_new:
        intro.append(gettext("A hat is a role that somebody wears. Who owns it is agreed on afterwards."))
    return _form(ids.HAT_SUBMIT, form.state, title, intro, hat_fields(form, language), language)


def kpi_form(form: KpiForm, *, language: str) -> dict[str, Any]:
    """Give the form for a KPI; whoever may not define it can still suggest another target."""
    spoken = language_of(language)
    gettext, naming = translations(spoken).gettext, Naming(spoken)
    title = gettext("A new KPI") if form.is_new else gettext("Change the KPI")
    name = mrkdwn(form.hat.name, 100)
    intro = [name if form.is_new else f"{name} · {mrkdwn(form.kpi.name, 100)}"]
    if form.asked is not None:
        intro.append(gettext("%(owner)s owns the hat and agrees first.") % {"owner": naming.named(form.asked)})
    if not form.is_new:
        intro.append(gettext("A new target holds from this week on; earlier weeks keep what was agreed then."))
    return _form(ids.KPI_SUBMIT, form.state, title, intro, kpi_fields(form, spoken), language)


def link_form(form: LinkForm, *, language: str) -> dict[str, Any]:
    """Give the form for a link between two KPIs. `form.kpis` must not be empty."""
    gettext = translations(language).gettext
    intro = [gettext("A link says which number feeds which, and how many weeks later.")]
    fields = link_fields(form, language_of(language))
    return _form(ids.LINK_SUBMIT, form.state, gettext("Link two KPIs"), intro, fields, language)


def team_form(form: TeamForm, *, language: str) -> dict[str, Any]:
    """Give the form for a team's settings, or for a new team."""
    gettext = translations(language).gettext
    title = gettext("Team settings") if form.state else gettext("Set up a team")
    fields = team_fields(form, language_of(language))
    invite = gettext("I can't write in %(channel)s yet: write `/invite @hattrick` there.")
    where = channel(form.channel) or gettext("the channel")
    intro = [invite % {"channel": where}] if form.shut_out else []
    return _form(ids.TEAM_SUBMIT, form.state, title, intro, fields, language)


def field_problem(name: str, values: Mapping[str, Any], *, language: str) -> str:
    """Say at a field, in plain text, what is wrong with it. See `messages.editing_problems`."""
    return editing_problems.sentence(name, values, language)


def archive_question(asked: ArchiveQuestion, *, language: str) -> Message:
    """Ask an admin whether a hat is really to be put away, and say what that means."""
    return environment.message(
        "archive_question",
        language,
        asked=asked,
        question=environment.text("archive_question", language, asked=asked),
        lines="\n".join(_consequences(asked, language_of(language))),
    )


def archived(done: Archived, *, language: str) -> Message:
    """Say that a hat has been put away, with the button that brings it back."""
    sentence = environment.text("archived", language, done=done)
    return environment.message("archived", language, done=done, sentence=sentence)


def chain_list(chain: Chain, *, language: str) -> Message:
    """List a team's KPIs in the chain's order, with their hats, targets and what they feed."""
    say = environment.sayings(language)
    packed = pack((str(say.chain_line(kpi)) for kpi in chain.kpis), room=_ROOM)
    return environment.message(
        "chain_list", language, chain=chain, sections=packed.texts, hidden=len(chain.kpis) - packed.lines
    )


def welcome(told: Welcome, *, language: str) -> Message:
    """Tell a channel that a team has been set up in it, how far it has come, and how to go on."""
    state = told.state
    return environment.message(
        "welcome",
        language,
        welcome=told,
        sentence=environment.text("welcome", language, welcome=told),
        lines=step_lines(state, language) if state else [],
        **next_of(state.next_step if state else None, language),
    )


def no_team(state: str, *, language: str) -> Message:
    """Say that there is no team yet, with the button that sets one up. `state` must not be empty."""
    return environment.message("no_team", language, state=state, sentence=environment.text("no_team", language))


def _form(
    callback: str, state: str, title: str, intro: list[str], fields: tuple[Field, ...], language: str
) -> dict[str, Any]:
    submit = translations(language).gettext("Save")
    return environment.view(
        "form", language, callback=callback, state=state, title=title, intro=intro, fields=fields, submit=submit
    )


def _consequences(asked: ArchiveQuestion, language: str) -> list[str]:
    """Say, a line each, what putting a hat away does."""
    spoken, naming = translations(language), Naming(language)
    told = []
    if asked.owner is not None:
        told.append(spoken.gettext("%(owner)s does not own it any more.") % {"owner": naming.mention(asked.owner)})
    if asked.wearers:
        number = {"num": asked.wearers}
        said = spoken.ngettext("%(num)s person takes it off.", "%(num)s people take it off.", asked.wearers)
        told.append(said % number)
    if asked.kpis:
        named = naming.together((mrkdwn(plain(name), 60) for name in asked.kpis), _MOST_KPIS)
        told.append(spoken.gettext("Nobody is asked for %(kpis)s any more.") % {"kpis": named})
    if asked.has_offer:
        told.append(spoken.gettext("The offer that waits for an answer is withdrawn."))
    told.append(
        spoken.gettext("Everything that was reported and agreed stays in the history, and `/hat restore` undoes it.")
    )
    return [f"• {line}" for line in told]
