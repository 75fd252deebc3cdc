"""Messages of a team's first hour: after the install, at an invitation, and the steps to the first agreement."""

from typing import Any

from messages import done, environment, ids
from messages.content import Message
from messages.escaping import mrkdwn
from messages.form_fields import place_fields
from messages.forms import Field, Option
from messages.i18n import language_of, translations
from messages.life_content import Done
from messages.next_step import NextStep, SetUpState, TickForm
from messages.next_step_words import next_sentence, step_lines

MOST_BLOCKS = 50  # of a message, as Slack has it
MOST_BOXES = 10  # of one group, as Slack has it
_MOST_HATS = 300  # Slack takes 100 blocks in a view


def installed(*, language: str) -> Message:
    """Greet whoever installed the app, and offer to set up a team."""
    return environment.message("installed", language, sentence=environment.text("installed", language))


def hello(channel_id: str, mode: str = "", next_step: NextStep | None = None, *, language: str) -> Message:
    """Greet a channel that the bot was invited to. `mode` is how it listens there; '' where there is no team yet."""
    has_team = bool(mode)
    return environment.message(
        "hello",
        language,
        sentence=environment.text("hello", language, has_team=has_team),
        has_team=has_team,
        channel_id=channel_id,
        listening=done.sentence(Done(f"listening_{mode}"), language) if has_team else "",
        **next_of(next_step, language),
    )


def elsewhere(message: Message, team: str, channel_id: str | None = None, *, language: str) -> Message:
    """Put above an answer which team it is about, in a channel that is no team's; with `channel_id` offer one there.

    An answer that leaves no room for it stays as it is.
    """
    sentence = environment.text("elsewhere", language, team=team)
    told = environment.message("elsewhere", language, team=team, sentence=sentence, offered=channel_id or "")
    above, *below = told.blocks

    def within(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        framed = [above, *blocks, *below]
        return framed if len(framed) <= MOST_BLOCKS else blocks

    older = within(message.older_blocks) if message.older_blocks is not None else None
    return Message(message.text, within(message.blocks), older)


def hats_asked(team: str, state: str, *, language: str) -> Message:
    """Ask a channel who wears which hats."""
    sentence = environment.text("hats_asked", language, team=team)
    return environment.message("hats_asked", language, team=team, state=state, sentence=sentence)


def set_up_steps(state: SetUpState, just_done: Done | None = None, *, language: str) -> Message:
    """Show the four steps of setting up a team, and how to go on; `just_done` is what the reader has done for it."""
    sentence = environment.text("set_up_steps", language, state=state)
    lines = step_lines(state, language)
    told = next_of(state.next_step, language)
    first = done.sentence(just_done, language) if just_done else ""
    return environment.message(
        "set_up_steps", language, state=state, sentence=sentence, lines=lines, just_done=first, **told
    )


def tick_form(form: TickForm, *, language: str) -> dict[str, Any]:
    """Give the form in which somebody ticks the hats that they wear, and adds one that is missing."""
    gettext = translations(language).gettext
    return environment.view(
        "form",
        language,
        callback=ids.HATS_TICK_SUBMIT,
        state=form.state,
        title=gettext("Hats that you wear"),
        intro=[mrkdwn(form.team, 100)],
        fields=_tick_fields(form, language),
        submit=gettext("Save"),
    )


def next_of(next_step: NextStep | None, language: str) -> dict[str, Any]:
    """Give what `_macros/next_step.json.j2` needs."""
    return {"next_step": next_step, "next_said": next_sentence(next_step, language) if next_step else ""}


def _tick_fields(form: TickForm, language: str) -> tuple[Field, ...]:
    gettext = translations(language).gettext
    shown = form.hats[:_MOST_HATS]
    boxes = tuple(
        Field(
            f"hats_{start // MOST_BOXES}",
            gettext("Hats that you wear today") if start == 0 else gettext("More hats"),
            "boxes",
            options=tuple(Option(str(hat_id), hat.name) for hat_id, hat, _ in shown[start : start + MOST_BOXES]),
            ticked=tuple(str(hat_id) for hat_id, _, worn in shown if worn),
            optional=True,
        )
        for start in range(0, len(shown), MOST_BOXES)
    )
    missing = Field(
        "name",
        gettext("A hat that is missing"),
        hint=gettext("It is added, and you wear it."),
        optional=True,
        longest=80,
    )
    # Nothing is chosen beforehand: where a hat plays is for whoever adds it to say.
    hint = gettext("Only for a hat that is missing.")
    return (*boxes, missing, *place_fields(language_of(language), "", "", hint=hint, optional=True))
