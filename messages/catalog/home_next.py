"""The App Home's section on how far a team has come: admins see the whole way, members what they can do themselves."""

from messages import ids
from messages.catalog.home_sections import Speaker
from messages.escaping import plain
from messages.home_content import Home
from messages.home_layout import Button, Part
from messages.next_step import PARTS, NextStep
from messages.next_step_words import next_sentence, step_lines


def next_step(shown: Home, speaker: Speaker) -> list[Part]:
    """Say what comes next while a team isn't complete, with the buttons that do it."""
    state = shown.set_up
    coming = state.next_step if state else None
    if state is None or coming is None or not shown.plays:
        return []
    said = next_sentence(coming, speaker.language)
    if not shown.is_admin:
        # That some hats still look for an owner is the admins' to pursue, unless the reader is who suggests themselves.
        if coming.step == "more" and not coming.own:
            return []
        return [Part("text", said), *_row(_own_buttons(coming, speaker))]
    parts = [Part("text", said), *_row(_buttons(coming, speaker))]
    if coming.part == len(PARTS):
        return parts
    title = Part("header", speaker.gettext("The team's first steps"))
    return [title, Part("text", "\n".join(step_lines(state, speaker.language))), *parts]


def _row(buttons: tuple[Button, ...]) -> list[Part]:
    return [Part("buttons", buttons=buttons)] if buttons else []


def _own_buttons(coming: NextStep, speaker: Speaker) -> tuple[Button, ...]:
    """Give what a member can do for themselves."""
    _ = speaker.gettext
    if coming.step == "tick":
        return (Button(coming.team, _("Tick the hats that you wear"), ids.HATS_TICK, "primary"),)
    if coming.own and coming.hat and coming.step in {"propose", "more"}:
        return (Button(f"volunteer {coming.hat.slug}", _("I'll take it"), style="primary"),)
    return ()


def _buttons(coming: NextStep, speaker: Speaker) -> tuple[Button, ...]:
    _ = speaker.gettext
    slug = coming.hat.slug if coming.hat else ""
    name = plain(coming.hat.name, 50) if coming.hat else ""
    match coming.step:
        case "hats":
            return (
                Button(coming.team, _("Start with the football team's six hats"), ids.STARTER_HATS, "primary"),
                Button(coming.team, _("Ask who wears which hats today"), ids.HATS_ASK),
                Button(coming.team, _("Add your first hat"), ids.HAT_ADD),
            )
        case "tick":
            ask = Button(coming.team, _("Ask the channel too"), ids.HATS_ASK)
            return (*_own_buttons(coming, speaker), ask)
        case "chain":
            return (Button(f"kpi add {slug}", _("Add a KPI to %(hat)s", hat=name), style="primary"),)
        case "links":
            return (Button("link", _("Link two KPIs"), style="primary"),)
        case "propose" | "more":
            choose = Button(f"propose {slug}", _("Choose somebody to own it"), style="primary")
            return (choose, Button(f"volunteer {slug}", _("I'll take it")))
        case "answer":
            return ()
